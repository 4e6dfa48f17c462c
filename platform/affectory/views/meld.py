"""MELD: one CSV per split, one utterance per line, with the columns of the corpus.

Dialogues and utterances are numbered from 0 in the order of their ids, in each split anew, as in MELD. Season,
episode and times are columns of the corpus that a release does not have; they stay empty.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.source import Labelled, Row, Source
from affectory.views.texts import csv_entry

HEADER = (
    "Sr No.",
    "Utterance",
    "Speaker",
    "Emotion",
    "Sentiment",
    "Dialogue_ID",
    "Utterance_ID",
    "Season",
    "Episode",
    "StartTime",
    "EndTime",
)
_FILES = {"validation": "dev"}
_SENTIMENTS = frozenset({"negative", "neutral", "positive"})
_DIGITS = re.compile(r"(\d+)")


def render(source: Source, options: Options) -> Iterator[Entry]:
    _check(source)
    sentiment = next((one for one in source.labelled if set(one.labels) == _SENTIMENTS), None)
    emotion = _emotion(source, options.text("question"), sentiment)
    spoken = [row for row in source.items if row["text"]]
    for split in source.splits:
        rows = [row for row in spoken if row["split"] == split]
        path = f"{_FILES.get(split, split)}_sent_emo.csv"
        yield csv_entry(path, HEADER, _lines(_numbered(rows), emotion, sentiment))
    yield csv_entry(
        "names.csv",
        ("split", "Dialogue_ID", "Utterance_ID", "item_id"),
        (
            (split, dialogue, utterance, row["item_id"])
            for split in source.splits
            for dialogue, utterance, row in _numbered([row for row in spoken if row["split"] == split])
        ),
    )


def _check(source: Source) -> None:
    columns = {column.name for column in source.manifest.table("items").columns}
    missing = [key for key in ("dialogue", "speaker") if key not in columns]
    if missing:
        raise ViewRefusedError(
            f"meld needs utterances of dialogues; the items of {source.ref} have no group key {missing[0]!r}",
            "name it among the group keys of the dataset's recipe",
        )
    if not any(row["text"] for row in source.items):
        raise ViewRefusedError(f"meld needs items with text, and those of {source.ref} have none")


def _emotion(source: Source, chosen: str, sentiment: Labelled | None) -> Labelled:
    found = {one.question: one for one in source.labelled if one is not sentiment or one.question == chosen}
    there = ", ".join(found) or "none"
    if chosen and chosen not in found:
        raise ViewRefusedError(f"{source.ref} has no category question {chosen!r}", f"it has: {there}")
    if not chosen and len(found) != 1:
        raise ViewRefusedError(
            f"meld needs one category question for the column Emotion; {source.ref} has: {there}",
            "choose one with: --option question=NAME",
        )
    return found[chosen] if chosen else next(iter(found.values()))


def _numbered(rows: Sequence[Row]) -> Iterator[tuple[int, int, Row]]:
    numbers: dict[str, int] = {}
    told: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: _natural(row["item_id"])):
        key = row["dialogue"] or row["item_id"]
        number = numbers.setdefault(key, len(numbers))
        told[key] = told.get(key, -1) + 1
        yield number, told[key], row


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Sort utterance 10 after utterance 2."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in _DIGITS.split(text)]


def _lines(
    rows: Iterator[tuple[int, int, Row]], emotion: Labelled, sentiment: Labelled | None
) -> Iterator[tuple[Any, ...]]:
    for number, (dialogue, utterance, row) in enumerate(rows, start=1):
        felt = row[sentiment.column] if sentiment else None
        known = (row["text"], row["speaker"], row[emotion.column], felt)
        yield (number, *known, dialogue, utterance, None, None, None, None)


VIEW = View(
    name="meld",
    summary="{train,dev,test}_sent_emo.csv, one utterance per line",
    loses="raters and votes, traces, scales, everything but one label and, where it was asked, the sentiment",
    opened_by="loaders of MELD, pandas",
    render=render,
    options=(Option("question", "key of the category question for Emotion, where there are several"),),
)
