"""Small releases whose views a person can read through: a film with traces, dialogues, an EEG recording."""

import datetime as dt
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pyarrow as pa

from affectory.release.card import Card
from affectory.release.manifest import Manifest
from affectory.release.tables import (
    Column,
    TableSpec,
    annotations_table,
    gold_columns,
    gold_traces_table,
    items_table,
    label_columns,
    mark_columns,
    raters_table,
    splits_table,
    traces_table,
)
from affectory.release.writer import ReleaseWriter
from affectory.taxonomy import get_taxonomy

Row = dict[str, Any]
CREATED_AT = "2026-11-20T08:00:00Z"
CARD = Card(
    title="Views",
    description="A release to be shown in other layouts.",
    licence="CC-BY-4.0",
    authors=("A. Researcher",),
    simulated=True,
    rai={"dataBiases": "Simulated raters only."},
)
MELD = get_taxonomy("meld7").keys
FOG = "films/fog.mp4"
WORLDLY = '=1+1; größe, <b>"日本"</b> & \\n\n# second\tline / ]]>'
VA = [{"key": name, "min": -1, "max": 1} for name in ("valence", "arousal")]
FILM_SCHEMES = {
    "taxonomies": {"meld7": get_taxonomy("meld7").as_dict()},
    "scales": {"affect": VA, "liking": [{"key": "liking", "min": 0, "max": 10}]},
    "gold_trace_rates_hz": {"affect": 4},
}


def write(
    folder: Path,
    tables: Iterable[tuple[TableSpec, Sequence[Row]]],
    *,
    name: str,
    schemes: Mapping[str, Any],
    media: Mapping[str, bytes] | None = None,
    suffix: str = ".mp4",
    media_policy: str = "none",
) -> Manifest:
    """Write a release; `media` gives the bytes by item_id."""
    writer = ReleaseWriter(folder)
    paths = {}
    for item_id, content in (media or {}).items():
        source = folder.parent / f"{folder.name}-{len(paths)}{suffix}"
        source.write_bytes(content)
        paths[item_id] = writer.add_media(source, suffix=suffix).path
    for spec, rows in tables:
        if spec.name != "items":
            writer.write(spec, sorted(rows, key=lambda row: tuple(row[key] for key in spec.primary_key)))
            continue
        for split in ("train", "validation", "test"):
            own = [row | {"media_path": paths.get(row["item_id"])} for row in rows if row["split"] == split]
            writer.write(spec, own, part=split)
    writer.set_schemes(schemes)
    return writer.finish(
        name=name, version="1.0.0", created_at=CREATED_AT, card=CARD, media_policy=media_policy
    )


def answer(item_id: str, rater: str, question: str, value: float | str, **more: Any) -> Row:
    by_label = isinstance(value, str)
    return {
        "item_id": item_id,
        "rater_id": rater,
        "question": question,
        "dimension": "label" if by_label else question,
        "response_id": f"{item_id}-{rater}-{question}",
        "value_label" if by_label else "value_num": value,
        "perspective": "observer",
        "simulated": True,
        "answered_at": dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC),
        "excluded": None,
    } | more


def trace(item_id: str, rater: str, valence: Sequence[float | None], **more: Any) -> Row:
    return {
        "item_id": item_id,
        "rater_id": rater,
        "question": "affect",
        "take": 0,
        "simulated": True,
        "rate_hz": 4.0,
        "t0_s": 0.0,
        "valence": valence,
        "arousal": [None if value is None else -value for value in valence],
        "mask": [value is not None for value in valence],
        "rule": "hold",
        "coverage": 0.8,
    } | more


def gold_trace(item_id: str, valence: Sequence[float | None], **more: Any) -> Row:
    return {
        "item_id": item_id,
        "question": "affect",
        "method": "mean",
        "gold": more.get("method", "mean") == "mean",
        "rate_hz": 4.0,
        "t0_s": 0.0,
        "valence": valence,
        "valence_sd": [None if value is None else 0.1 for value in valence],
        "arousal": [None if value is None else -value for value in valence],
        "arousal_sd": [None if value is None else 0.1 for value in valence],
        "n": [0 if value is None else 2 for value in valence],
    } | more


def raters(ids: Iterable[str], kind: str = "simulated") -> list[Row]:
    return [
        {"rater_id": one, "kind": kind, "simulated": kind == "simulated", "n_responses": 1} for one in ids
    ]


def film_items(change: Callable[[Row], Row] = lambda row: row) -> tuple[TableSpec, list[Row]]:
    spec = items_table(
        [
            *label_columns("emotion", MELD, source="votes"),
            *gold_columns("liking", "liking", minimum=0, maximum=10, source="mean"),
            Column("open_words", pa.list_(pa.string()), "Words in the raters' own"),
        ],
        ["film"],
    )
    rows = [
        {
            "item_id": f"films/{name}.mp4",
            "kind": "video",
            "split": split,
            "group_id": name,
            "film": name,
            "condition": "audio-visual",
            "n_raters": 2,
            "emotion_label": label,
            "emotion_votes": [int(one == label) * 2 for one in MELD] if label else None,
            "liking_liking": 7.5,
            "liking_liking_sd": 0.5,
            "liking_liking_n": 2,
            "open_words": ['"None" of it', "größer, weiter"] if label else None,
            "duration_s": 1.5,
        }
        for name, split, label in (
            ("fog", "train", "joy"),
            ("sun", "validation", None),
            ("tram", "test", "anger"),
        )
    ]
    return spec, [change(row) for row in rows]


def film_tables() -> list[tuple[TableSpec, list[Row]]]:
    spec, items = film_items()
    keys = [row["item_id"] for row in items]
    answers = [
        answer(keys[0], "r1", "emotion", "joy"),
        answer(keys[0], "r2", "emotion", "joy"),
        answer(keys[0], "r1", "liking", 7.0),
        answer(keys[0], "r2", "liking", 8.0),
        answer(keys[1], "r1", "emotion", "fear", excluded="too fast"),
        answer(keys[2], "r2", "emotion", "anger"),
    ]
    traces = [
        trace(keys[0], "r1", [None, 0.1, 0.2, 0.3, 0.4, -0.5]),
        trace(keys[0], "r2", [0.0, 0.1, None, 0.5, 0.0]),
        trace(keys[1], "r1", [0.25, 0.5]),
        trace(keys[1], "r2", [0.9, 0.9], excluded="held still"),
    ]
    gold = [
        gold_trace(keys[0], [None, 0.1, None, 0.4, 0.2, -0.5]),
        gold_trace(keys[1], [0.25, 0.5]),
    ]
    return [
        (spec, items),
        (annotations_table(), answers),
        (traces_table(("valence", "arousal"), minimum=-1, maximum=1), traces),
        (gold_traces_table(("valence", "arousal")), gold),
        (raters_table(), raters(["r1", "r2"])),
        (splits_table(), splits(items)),
    ]


def splits(items: Sequence[Row]) -> list[Row]:
    return [
        {"scheme": "default", "item_id": row["item_id"], "group_id": row["group_id"], "role": row["split"]}
        for row in items
    ]


def film_release(folder: Path, *, media: bool = True) -> Manifest:
    tables = film_tables()
    contents = {row["item_id"]: f"clip of {row['film']}".encode() for row in tables[0][1]} if media else {}
    return write(
        folder,
        tables,
        name="views-film",
        schemes=FILM_SCHEMES,
        media=contents,
        media_policy="proxy" if media else "none",
    )


def worldly_release(folder: Path) -> Manifest:
    """The film with free texts that trouble file formats: markup, separators, scripts, a formula, line breaks."""
    tables = film_tables()
    told = [answer(FOG, "r1", "why", text, dimension="text") for text in [WORLDLY]]
    words = [{**row, "value_label": None, "value_text": row["value_label"]} for row in told]
    return write(
        folder,
        [(spec, [*rows, *words] if spec.name == "annotations" else rows) for spec, rows in tables],
        name="views-worldly",
        schemes=FILM_SCHEMES,
    )


def crowd_release(folder: Path, n_raters: int) -> Manifest:
    """The film rated by a crowd: one label and one short trace each."""
    spec, items = film_items()
    crowd = [f"w{number:03d}" for number in range(n_raters)]
    first = items[0]["item_id"]
    return write(
        folder,
        [
            (spec, items),
            (annotations_table(), [answer(first, one, "emotion", "joy") for one in crowd]),
            (traces_table(("valence", "arousal")), [trace(first, one, [0.1, 0.2]) for one in crowd]),
            (raters_table(), raters(crowd, "crowd")),
            (splits_table(), splits(items)),
        ],
        name="views-crowd",
        schemes=FILM_SCHEMES,
    )


def dialogue_release(folder: Path, *, test: str = "test") -> Manifest:
    """Utterances 1, 2 and 10 of one dialogue and one of another, with emotion and sentiment.

    `test` is the split of the other dialogue.
    """
    spec = items_table(
        [
            *label_columns("emotion", MELD, source="votes"),
            *label_columns("sentiment", get_taxonomy("sentiment3").keys, source="votes"),
        ],
        ["dialogue", "speaker"],
    )
    said = [
        ("a.json#cake/1", "train", "cake", "Nora", "Did you set the timer, Tom?", "neutral", "neutral"),
        ("a.json#cake/10", "train", "cake", "Tom", 'The "timer"?', "surprise", "negative"),
        ("a.json#cake/2", "train", "cake", "Nora", "Yes, for the cake!", "anger", None),
        ("b.json#train/1", test, "train", "Ida", "It is late.", None, None),
    ]
    items = [
        {
            "item_id": item_id,
            "kind": "dialogue",
            "split": split,
            "group_id": dialogue,
            "dialogue": dialogue,
            "speaker": speaker,
            "condition": "text",
            "n_raters": 1,
            "emotion_label": emotion,
            "sentiment_label": sentiment,
            "text": text,
        }
        for item_id, split, dialogue, speaker, text, emotion, sentiment in said
    ]
    answers = [
        answer(row["item_id"], "r1", "emotion", row["emotion_label"]) for row in items if row["emotion_label"]
    ]
    answers.append(answer("a.json#cake/1", "r1", "sentiment", "neutral"))
    taxonomies = {name: get_taxonomy(name).as_dict() for name in ("meld7", "sentiment3")}
    return write(
        folder,
        [
            (spec, items),
            (annotations_table(), answers),
            (raters_table(), raters(["r1"])),
            (splits_table(), splits(items)),
        ],
        name="views-dialogue",
        schemes={"taxonomies": taxonomies, "scales": {}},
    )


def edf_bytes(folder: Path) -> bytes:
    """Two seconds of two EEG channels and one of the eye."""
    times = np.arange(200) / 100
    signals = [
        edfio.EdfSignal(50 * np.sin(2 * np.pi * rate * times), 100, label=label, physical_dimension="uV")
        for label, rate in (("Fp1", 10), ("Cz", 4), ("EOG left", 1))
    ]
    path = folder / "recording.edf"
    edfio.Edf(signals).write(path)
    return path.read_bytes()


def eeg_release(
    folder: Path,
    *,
    more_items: Sequence[Row] = (),
    more_answers: Sequence[Row] = (),
    more_traces: Sequence[Row] = (),
    **item: Any,
) -> Manifest:
    """Three recordings of two people; `more_items` are trials on them, `item` changes all recordings."""
    timed = bool(more_items)
    labels = label_columns("emotion", MELD, source="votes")
    cut = "media_onset_s" in item
    spec = items_table(labels, ["subject"], with_parts=timed, with_times=timed, with_stretches=cut)
    items = [
        {
            "item_id": f"eeg/{key}.edf",
            "kind": "eeg",
            "split": "train",
            "group_id": subject,
            "subject": subject,
            "n_raters": 1,
            "emotion_label": "joy",
            "emotion_votes": [int(one == "joy") for one in MELD],
            "duration_s": 2.0,
        }
        | item
        for key, subject in (("p1-a", "p-1"), ("p1-b", "p-1"), ("p2-a", "p-2"))
    ]
    first = items[0]["item_id"]
    answers = [answer(row["item_id"], "r1", "emotion", "joy") for row in items]
    contents = edf_bytes(folder.parent)
    return write(
        folder,
        [
            (spec, [*items, *more_items]),
            (annotations_table(), [*answers, *more_answers]),
            (traces_table(("valence", "arousal")), [trace(first, "r1", [None, 0.25, 0.5]), *more_traces]),
            (gold_traces_table(("valence", "arousal")), [gold_trace(first, [None, 0.25, 0.5])]),
            (raters_table(), raters(["r1"])),
            (splits_table(), splits([*items, *more_items])),
        ],
        name="views-eeg",
        schemes=FILM_SCHEMES,
        media={row["item_id"]: contents for row in items},
        suffix=".edf",
        media_policy="full",
    )


def png_bytes(width: int, height: int, shade: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    # Stored, not compressed: the bytes do not depend on the zlib of the machine.
    rows = zlib.compress(b"".join(b"\0" + bytes([shade]) * width for _ in range(height)), level=0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def box_answers(
    item_id: str, rater: str, boxes: Sequence[tuple[str, Sequence[float]]], **more: Any
) -> list[Row]:
    """Rows of one answer to a question of type boxes: label, and x, y, width, height in parts."""
    rows = [answer(item_id, rater, "things", float(len(boxes)), dimension="boxes", **more)]
    for number, (label, sides) in enumerate(boxes):
        name = f"box.{number:03d}"
        rows.append(answer(item_id, rater, "things", label, dimension=f"{name}.label", **more))
        for side, value in zip(("x", "y", "width", "height"), sides, strict=True):
            rows.append(answer(item_id, rater, "things", float(value), dimension=f"{name}.{side}", **more))
    return rows


# Two agree on the cat, and on the place of something that each called otherwise.
GOLD_THINGS = (
    '[{"height":0.275,"label":"cat","mean_iou":0.88,"share":1.0,"width":0.525,"x":0.225,"y":0.5},'
    '{"height":0.5,"label":null,"mean_iou":1.0,"reason":"tie: cat, dog","share":1.0,"width":0.1,"x":0.0,"y":0.5}]'
)


def picture_release(folder: Path) -> Manifest:
    """Four pictures, and a clip with a box.

    On the second nobody saw anything, the third was not asked about, and of the fourth there is no gold.
    """
    items = [
        {
            "item_id": f"pictures/{key}.jpg",
            "kind": "image",
            "split": split,
            "group_id": key,
            "n_raters": 2,
            "things_marks": gold,
            "things_n": 2,
        }
        for key, split, gold in (
            ("a", "train", GOLD_THINGS), ("b", "train", "[]"), ("c", "test", None), ("d", "test", None),
        )
    ]  # fmt: skip
    a, b, c, d = (row["item_id"] for row in items)
    answers = [
        *box_answers(a, "r1", [("cat", (0.25, 0.5, 0.5, 0.25)), ("dog", (0, 0, 0.1, 1))]),
        *box_answers(a, "r2", [("cat", (0.2, 0.5, 0.55, 0.3))]),
        *box_answers(a, "r3", [("dog", (0.1, 0.1, 0.1, 0.1))], excluded="too fast"),
        *box_answers(b, "r1", []),
        answer(c, "r1", "emotion", "joy"),
        *box_answers(d, "r1", [("cat", (0, 0, 0.5, 0.5))]),
        *box_answers(d, "r2", [("cat", (0.5, 0.5, 0.5, 0.5))]),
    ]
    clip = {**items[0], "things_marks": None, "item_id": "films/z.mp4", "kind": "video", "split": "train"}
    framed = [*box_answers(clip["item_id"], "r1", [("cat", (0, 0, 1, 1))])]
    framed.append(answer(clip["item_id"], "r1", "things", 1.5, dimension="box.000.at_s"))
    return write(
        folder,
        [
            (items_table(mark_columns("things", source="marks")), [clip, *items]),
            (annotations_table(), [*answers, *framed]),
            (raters_table(), raters(["r1", "r2", "r3"])),
            (splits_table(), splits([clip, *items])),
        ],
        name="views-pictures",
        schemes={"taxonomies": {}, "scales": {}},
        media={
            a: png_bytes(40, 20, 10),
            b: png_bytes(30, 30, 200),
            c: png_bytes(10, 10, 90),
            d: png_bytes(8, 8, 60),
        },
        suffix=".png",
        media_policy="proxy",
    )
