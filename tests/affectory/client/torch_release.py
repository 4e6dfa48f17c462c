"""A small release to train on: a scale and two continuous questions, of which one is rated on a film."""

import datetime as dt
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from affectory.release.card import Card
from affectory.release.tables import (
    annotations_table,
    gold_columns,
    gold_traces_table,
    items_table,
    label_columns,
    traces_table,
)
from affectory.release.writer import ReleaseWriter

SPLITS = {"film": "train", "short": "train", "other": "test"}
SAMPLES = {"film": 20, "short": 12, "other": 16}
RATE_HZ = 10.0
RATERS = ("ada", "bob")
LABELS = ("joy", "fear")
SHOWN = (0, 0, 2, 3, 4, 5, 5, 7, 8, 9)  # which picture of the film is on the screen, every 0.2 s
STEP_OF_GREY = 20


def write_film(path: Path) -> Path:
    """Write 2 s at 5 pictures a second, each brighter than the last; the second and seventh are missing."""
    grey = f"color=black:size=32x16:rate=5:duration=2,format=gray,geq=lum='{STEP_OF_GREY}*N'"
    gaps = "select='not(eq(mod(n,5),1))',format=gbrp"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-loglevel", "error", "-f", "lavfi"]
    lossless = ["-fps_mode", "vfr", "-c:v", "ffv1"]
    subprocess.run([*command, "-i", f"{grey},{gaps}", *lossless, str(path)], check=True)
    return path


def write_release(folder: Path, film: Path, *, onset_s: float | None = None) -> None:
    """With `onset_s` all items are stretches of the film that begin there."""
    writer = ReleaseWriter(folder)
    media = writer.add_media(film, suffix=".mkv")
    spec = items_table(
        [
            *gold_columns("mood", "valence", minimum=-1, maximum=1, source="mean over raters"),
            *gold_columns("mood", "arousal", minimum=-1, maximum=1, source="mean over raters"),
            *gold_columns("after", "valence", minimum=-1, maximum=1, source="mean over raters"),
            *label_columns("emotion", LABELS, source="votes"),
        ],
        with_stretches=onset_s is not None,
    )
    about = {"media_path": media.path} | ({} if onset_s is None else {"media_onset_s": onset_s})
    for split in ("train", "test"):
        writer.write(spec, [_item(item) | about for item in SPLITS if SPLITS[item] == split], part=split)
    writer.write(annotations_table(), _annotations())
    writer.set_schemes({"labels": {"emotion": LABELS}})
    writer.write(traces_table(("dominance", "grip", "valence")), _traces())
    writer.write(gold_traces_table(("dominance", "grip", "valence")), _gold_traces())
    writer.finish(
        name="train-me",
        version="1.0.0",
        created_at="2026-11-20T08:00:00Z",
        card=Card(title="Train me", description="For the tests.", licence="CC0-1.0", simulated=True),
        media_policy="proxy",
    )


def _item(item: str) -> dict[str, Any]:
    return {
        "item_id": item,
        "kind": "video",
        "split": SPLITS[item],
        "group_id": item,
        "mood_valence": 0.5,
        "mood_arousal": None if item == "short" else -0.25,
        "after_valence": 1.0,
        "emotion_label": "joy",
        "emotion_votes": [2, 0],
        "duration_s": 2.0,
    }


def _annotations() -> Iterator[dict[str, Any]]:
    """What each rater answered, in answers of their own; bob was asked of `film` twice, his last was too fast."""
    for item in sorted(SPLITS):
        yield _cell(item, "ada", "emotion", "1", "label", value_label="joy")
        yield _cell(item, "ada", "mood", "2", "arousal", value_num=0.25)
        yield _cell(item, "ada", "mood", "2", "valence", value_num=0.5)
        yield _cell(item, "bob", "emotion", "3", "label:fear", value_label="fear")
        yield _cell(item, "bob", "emotion", "3", "label:joy", value_label="joy")
        if item == "film":
            yield _cell(item, "bob", "mood", "4", "arousal", value_num=0.75)
            yield _cell(item, "bob", "mood", "5", "arousal", value_num=-0.5)
            yield _cell(item, "bob", "mood", "4", "valence", value_num=1.0)
            yield _cell(item, "bob", "mood", "5", "valence", value_num=-1.0)
        if item == "other":
            yield _cell(item, "bob", "mood", "6", "valence", value_num=1.0)


def _cell(item: str, rater: str, question: str, number: str, dimension: str, **value: Any) -> dict[str, Any]:
    return {
        "item_id": item,
        "rater_id": rater,
        "question": question,
        "dimension": dimension,
        "response_id": f"{item}-{number}",
        "simulated": rater == "bob",
        "answered_at": dt.datetime(2026, 11, 1, 12, int(number), tzinfo=dt.UTC),
        "excluded": "too fast" if number == "6" else None,
        **value,
    }


def _traces() -> Iterator[dict[str, Any]]:
    """Each rater's; bob's of `short` has no valid moment. Only `grip` has one dimension."""
    for item in sorted(SPLITS):
        for rater in RATERS:
            n = SAMPLES[item]
            nothing = (item, rater) == ("short", "bob")
            values = [None] * n if nothing else [None, *(step / 100 for step in range(1, n))]
            about = {"item_id": item, "rater_id": rater, "take": 0, "simulated": True}
            about |= {"rate_hz": RATE_HZ, "t0_s": 0.0, "mask": [value is not None for value in values]}
            yield {**about, "question": "held", "grip": values}
            yield {**about, "question": "va", "valence": values, "dominance": values}


def _gold_traces() -> Iterator[dict[str, Any]]:
    for item in sorted(SPLITS):
        n = SAMPLES[item]
        about = {"item_id": item, "rate_hz": RATE_HZ, "t0_s": 0.0, "n": [2] * n}
        for method in ("least", "most"):
            yield {**about, "question": "held", "method": method, "gold": False, "grip": [0.5] * n}
        for method, value in {"ewe": 0.75, "mean": 0.25}.items():
            series = {name: [value] * n for name in ("valence", "dominance")}
            yield {**about, "question": "va", "method": method, "gold": method == "mean", **series}
