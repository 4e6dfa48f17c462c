"""Events of an EEG-BIDS recording: answers about all of it, and marks from when to when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from affectory.views.answers import Answer
from affectory.views.contract import Entry
from affectory.views.marks import GOLD, Marking, text_of
from affectory.views.source import Row, Source
from affectory.views.texts import csv_entry, json_entry, number

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


def whole_events(source: Source, row: Row, answers: Sequence[Answer], duration_s: float) -> Iterator[Event]:
    """Give the label and the answers about the recording as events over all of it."""
    for one in source.labelled:
        if row[one.column] is not None:
            yield Event(0, duration_s, one.question, GOLD, row[one.column], {})
    for answer in answers:
        yield Event(0, duration_s, answer.name, answer.rater_id, text_of(answer.value), {})


def marked_events(markings: Sequence[Marking], duration_s: float) -> Iterator[Event]:
    """Give the marks by time; whoever saw nothing has no event."""
    events = []
    for marking in markings:
        for mark in marking.marks:
            start_s, end_s = mark.interval_s(duration_s) or (0.0, duration_s)
            details = {name: text_of(value) for name, value in mark.details.items()}
            length_s = round(end_s - start_s, _TIME_DECIMALS)
            events.append(Event(start_s, length_s, marking.question, marking.who, mark.label, details))
    yield from sorted(events, key=lambda event: (event.onset_s, event.question, event.rater, event.response))


def event_files(stem: str, events: Sequence[Event]) -> Iterator[Entry]:
    """Give the events and what their columns are; nothing where there are none."""
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
