"""Events of an EEG-BIDS recording: what was shown, answers about all of it or a trial, marks from when to when."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from affectory.views.answers import Answer
from affectory.views.contract import Entry
from affectory.views.marks import GOLD, Detail, Marking, text_of
from affectory.views.source import Row, Source
from affectory.views.texts import csv_entry, json_entry, number

RECORDING = "recording"
_NONE = "n/a"
_TIME_DECIMALS = 6
_COLUMNS = {
    "trial_type": "Question that was asked about the recording",
    "rater": "Pseudonym of the rater; gold for the label over raters",
    "response": "What the rater answered",
}


@dataclass(frozen=True)
class Event:
    """One line; `details` are columns of their own, as only some events have them."""

    onset_s: float
    duration_s: float
    question: str
    rater: str
    response: str
    details: Mapping[str, str]


@dataclass(frozen=True)
class Rated:
    """What was rated of a recording: an item, from `start_s` of the recording on, negative before it began.

    It is the recording itself, or a trial, whose `stimulus` is the item that was shown meanwhile.
    """

    row: Row
    start_s: float
    duration_s: float
    stimulus: str | None = None


def recording_of(row: Row) -> str | None:
    """Return the item_id of the recording that a trial shows; None of other items."""
    parts = json.loads(row["parts"]) if row["kind"] == "trial" and row.get("parts") else {}
    recording: str | None = parts.get(RECORDING)
    return recording


def trials_of(rows: Sequence[Row]) -> dict[str, list[Rated]]:
    """Return the trials on each recording, by their beginning."""
    found: dict[str, list[Rated]] = {}
    for row in rows:
        if row["kind"] == "trial" and row.get("parts"):
            parts = json.loads(row["parts"])
            # A trial counts from the beginning of its stimulus, which is 0.
            onsets_s = json.loads(row.get("part_onsets_s") or "{}")
            start_s = 0.0 - onsets_s.get(RECORDING, 0.0)
            trial = Rated(row, start_s, row["duration_s"] or 0.0, parts.get("stimulus"))
            found.setdefault(parts.get(RECORDING, ""), []).append(trial)
    return {key: sorted(trials, key=lambda one: one.start_s) for key, trials in found.items()}


def events_of(
    source: Source, rated: Rated, answers: Sequence[Answer], markings: Sequence[Marking]
) -> Iterator[Event]:
    """Give stimulus, label and answers as events over all that was rated, then the marks.

    Whoever looked for marks and saw nothing has no event.
    """
    start_s, length_s = rated.start_s, rated.duration_s
    if rated.stimulus is not None:
        yield Event(start_s, length_s, "stimulus", "", rated.stimulus, {})
    for one in source.labelled:
        if rated.row[one.column] is not None:
            yield Event(start_s, length_s, one.question, GOLD, rated.row[one.column], {})
    for answer in answers:
        yield Event(start_s, length_s, answer.name, answer.rater_id, text_of(answer.value), {})
    for marking in markings:
        for mark in marking.marks:
            begin_s, end_s = mark.interval_s(length_s) or (0.0, length_s)
            details = {name: _detail(name, value, start_s) for name, value in mark.details.items()}
            lasts_s = round(end_s - begin_s, _TIME_DECIMALS)
            yield Event(start_s + begin_s, lasts_s, marking.question, marking.who, mark.label, details)


def _detail(name: str, value: Detail, start_s: float) -> str:
    """Return a detail of a mark; the apex is a time, too, and of the recording as all the others."""
    apex = name == "apex_s" and not isinstance(value, str)
    return number(round(float(value) + start_s, _TIME_DECIMALS)) if apex else text_of(value)


def event_files(stem: str, told: Iterable[Event]) -> Iterator[Entry]:
    """Give the events by time, and what their columns are; nothing where there are none."""
    events = sorted(told, key=lambda event: event.onset_s)
    if not events:
        return
    details = sorted({(event.question, name) for event in events for name in event.details})
    said = {f"{question}_{name}": f"{name} of what was marked for {question}" for question, name in details}
    yield csv_entry(
        f"{stem}_events.tsv",
        ("onset", "duration", *_COLUMNS, *said),
        (_line(event, details) for event in events),
        delimiter="\t",
    )
    described = {name: {"Description": told} for name, told in (_COLUMNS | said).items()}
    yield json_entry(f"{stem}_events.json", described)


def _line(event: Event, details: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    told = (
        event.details.get(name, _NONE) if question == event.question else _NONE for question, name in details
    )
    texts = (event.question, event.rater, event.response, *told)
    times = (number(round(event.onset_s, _TIME_DECIMALS)), number(event.duration_s))
    return (*times, *(" ".join(text.split()) or _NONE for text in texts))
