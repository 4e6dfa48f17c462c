"""A small release with every standard table, for the tests of the release and client rooms."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from affectory.release.card import Card, Section
from affectory.release.manifest import Manifest
from affectory.release.tables import (
    TableSpec,
    annotations_table,
    gold_columns,
    gold_traces_table,
    items_table,
    label_columns,
    mapped_columns,
    raters_table,
    splits_table,
    traces_table,
)
from affectory.release.writer import ReleaseWriter

CREATED_AT = "2026-11-20T08:00:00Z"
SPLIT_OF = {0: "train", 1: "train", 2: "train", 3: "validation", 4: "test"}
LABELS = ("joy", "anger", "fear")
RATERS = ("r0", "r1", "r2")
DIMENSIONS = ("valence", "arousal")
SCHEMES = {"taxonomies": {"basic": {"labels": list(LABELS)}}, "scales": {"va": {"min": -1, "max": 1}}}
CARD = Card(
    title="Demo film",
    description="Short clips, rated by simulated raters.",
    licence="CC-BY-4.0",
    authors=("A. Researcher",),
    simulated=True,
    sections=(Section("Motivation", "To have something to test with."),),
    rai={"dataBiases": "Simulated raters only."},
)

Change = Callable[[dict[str, Any]], dict[str, Any] | None]


def items_spec(*extra: Any) -> TableSpec:
    columns = (
        *gold_columns("va", "valence", minimum=-1, maximum=1, source="mean over raters"),
        *label_columns("emotion", LABELS, source="votes"),
        *mapped_columns("emotion", ("valence",), minimum=-1, maximum=1, source="test anchors"),
        *extra,
    )
    return items_table(columns, ["film"])


def item_id(number: int) -> str:
    return f"item-{number:04d}"


def item_rows(items: int, media: dict[str, str]) -> Iterator[dict[str, Any]]:
    for number in range(items):
        path = media.get(item_id(number))
        yield {
            "item_id": item_id(number),
            "kind": "video",
            "split": SPLIT_OF[number % 5],
            "group_id": f"group-{number % 5}",
            "film": f"film-{number % 5}",
            "condition": "audio-visual",
            "n_raters": len(RATERS),
            "va_valence": (number % 21 - 10) / 10,
            "va_valence_sd": None if number == 0 else 0.25,
            "va_valence_n": len(RATERS),
            "emotion_label": LABELS[number % 3],
            "emotion_votes": [number % 3, 1, 0],
            "emotion_valence_mapped": 0.5,
            "media_path": path,
            "media_sha256": Path(path).stem if path else None,
            "duration_s": 2.0,
            "text": None,
        }


def annotation_rows(items: int) -> Iterator[dict[str, Any]]:
    for number in range(items):
        for rater in RATERS:
            yield {
                "item_id": item_id(number),
                "rater_id": rater,
                "question": "va",
                "dimension": "valence",
                "response_id": f"{number}-{rater}",
                "value_num": (number % 21 - 10) / 10,
                "perspective": "observer",
                "simulated": rater != "r0",
                "answered_at": dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC),
                "duration_ms": 1500,
                "excluded": "too fast" if rater == "r2" and number == 1 else None,
            }


def trace_rows(items: int) -> Iterator[dict[str, Any]]:
    for number in range(items):
        for rater in RATERS:
            yield {
                "item_id": item_id(number),
                "rater_id": rater,
                "question": "trace",
                "take": 0,
                "simulated": True,
                "rate_hz": 25.0,
                "t0_s": 0.0,
                "valence": [None, *((number + step) / 1000 for step in range(49))],
                "arousal": [None, *(-step / 1000 for step in range(49))],
                "mask": [False, *[True] * 49],
                "rule": "hold",
                "coverage": 0.98,
            }


def gold_trace_rows(items: int) -> Iterator[dict[str, Any]]:
    for number in range(items):
        yield {
            "item_id": item_id(number),
            "question": "trace",
            "method": "mean",
            "gold": True,
            "rate_hz": 25.0,
            "t0_s": 0.0,
            "valence": [None, *((number + step) / 1000 for step in range(49))],
            "valence_sd": [None, *[0.0] * 49],
            "arousal": [None, *(-step / 1000 for step in range(49))],
            "arousal_sd": [None, *[0.0] * 49],
            "n": [0, *[3] * 49],
        }


def fill(
    writer: ReleaseWriter,
    *,
    items: int = 10,
    change: Change | None = None,
    media: bool = False,
    spec: Any = None,
) -> None:
    """Write all tables. `change` may alter an item row, or drop it by returning None."""
    paths: dict[str, str] = {}
    if media:
        paths = {item_id(number): _add_media(writer, number) for number in range(items)}
    rows = [
        changed for row in item_rows(items, paths) if (changed := change(row) if change else row) is not None
    ]
    for split in ("train", "validation", "test"):
        writer.write(spec or items_spec(), [row for row in rows if row["split"] == split], part=split)
    writer.write(annotations_table(), annotation_rows(items))
    writer.write(traces_table(DIMENSIONS, minimum=-1, maximum=1), trace_rows(items))
    writer.write(gold_traces_table(DIMENSIONS), gold_trace_rows(items))
    raters = [
        {"rater_id": r, "kind": "crowd", "simulated": r != "r0", "n_responses": 2 * items} for r in RATERS
    ]
    writer.write(raters_table(), raters)
    placed = [
        {"scheme": "default", "item_id": r["item_id"], "group_id": r["group_id"], "role": r["split"]}
        for r in rows
    ]
    writer.write(splits_table(), placed)
    writer.set_schemes(SCHEMES)


def _add_media(writer: ReleaseWriter, number: int) -> str:
    content = f"clip {number}".encode() * 50_000
    source = writer.contents().root.parent / f"source-{number}.mp4"
    source.write_bytes(content)
    record = writer.add_media(source, suffix=".mp4", sha256=hashlib.sha256(content).hexdigest())
    return record.path


def write_release(
    folder: Path, *, name: str = "demo-film", version: str = "1.0.0", media: bool = False, **how: Any
) -> Manifest:
    writer = ReleaseWriter(folder)
    fill(writer, media=media, **how)
    return writer.finish(
        name=name,
        version=version,
        created_at=CREATED_AT,
        card=CARD,
        media_policy="proxy" if media else "none",
    )
