"""Results of Label Studio: answers as controls of the whole task, marks as regions of what the task shows."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from affectory.client.media import ONSET
from affectory.views.answers import Answer
from affectory.views.marks import Detail, Mark, Marking, text_of
from affectory.views.source import Row
from affectory.views.texts import number

# The tag that shows an item, by its kind; what has no tag of its own is shown as its text.
TAGS = {"video": "Video", "audio": "Audio", "image": "Image"}
_SIDES = ("x", "y", "width", "height")
_SLACK_FRAMES = 1e-6


@dataclass(frozen=True)
class Result:
    """One value of one control.

    `region` is the number of the mark that it belongs to, None for one about the whole task; a result on a region of
    another control names that one in `within`.
    """

    control: str
    type_: str
    value: Mapping[str, Any]
    region: int | None = None
    within: str | None = None


@dataclass
class Control:
    """A control with the labels that it offers, in their order; `within` as in `Result`."""

    type_: str
    labels: dict[str, None] = field(default_factory=dict)
    within: str | None = None


def answer_results(answers: Sequence[Answer], controls: Mapping[str, Control]) -> Iterator[Result]:
    """Give the answers of one rater about the whole item, by control."""
    values: dict[str, list[Detail]] = {}
    for answer in answers:
        values.setdefault(answer.name, []).append(answer.value)
    for name, found in sorted(values.items()):
        yield whole_result(name, controls[name].type_, found)


def whole_result(control: str, type_: str, values: list[Detail]) -> Result:
    held = {"choices": values, "number": values[-1], "text": values}
    key = {"choices": "choices", "number": "number", "textarea": "text"}[type_]
    return Result(control, type_, {key: held[key]})


def marked_results(row: Row, markings: Iterable[Marking], fps: float) -> Iterator[Result]:
    """Give marks as regions where what the task shows has such places, else as lines of text."""
    for marking in markings:
        told: list[Detail] = []
        for place, mark in enumerate(marking.marks):
            region = _region(row, mark, fps)
            if region:
                yield from _on_region(marking.question, place, mark, region)
            else:
                told.append(_told(mark))
        if told:
            yield whole_result(f"{marking.question}_marks", "textarea", told)


def add_controls(controls: dict[str, Control], results: Iterable[Result]) -> None:
    """Add what the results of marks need, sorted."""
    for one in results:
        control = controls.setdefault(one.control, Control(one.type_, within=one.within))
        if one.type_ in one.value and one.type_ != "number":
            labels = {*control.labels, *one.value[one.type_]}
            control.labels = dict.fromkeys(sorted(labels))


@dataclass(frozen=True)
class _Region:
    """Type and place of a region; `used` are the details of the mark that the place tells already."""

    type_: str
    place: Mapping[str, Any]
    used: frozenset[str] = frozenset()


def _region(row: Row, mark: Mark, fps: float) -> _Region | None:
    kind, details = row["kind"], mark.details
    interval_s = None if mark.start_s is None else _in_file(row, mark.interval_s(row["duration_s"]))
    if kind == "audio" and interval_s:
        return _Region("labels", dict(zip(("start", "end"), interval_s, strict=True)))
    if kind == "video" and interval_s:
        return _Region("timelinelabels", {"ranges": [_frames(interval_s, fps)]})
    if kind == "image" and details.keys() >= set(_SIDES):
        sides = {side: float(details[side]) * 100 for side in _SIDES}
        return _Region("rectanglelabels", {**sides, "rotation": 0}, frozenset(_SIDES))
    if kind not in TAGS and row["text"] and details.get("part") == 0:
        return _text_region(row["text"], details)
    return None


def _in_file(row: Row, interval_s: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the times in the file that the task shows, of which the item may be a stretch."""
    onset_s = row.get(ONSET) or 0.0
    return interval_s and (interval_s[0] + onset_s, interval_s[1] + onset_s)


def _frames(interval_s: tuple[float, float], fps: float) -> dict[str, int]:
    """Return the first and the last frame, counted from 1."""
    first = math.floor(interval_s[0] * fps + _SLACK_FRAMES) + 1
    return {"start": first, "end": max(first, math.ceil(interval_s[1] * fps - _SLACK_FRAMES))}


def _text_region(text: str, details: Mapping[str, Detail]) -> _Region:
    start, end = int(details["start"]), int(details["end"])
    place = {"start": start, "end": end, "text": text[start:end]}
    return _Region("labels", place, frozenset({"part", "start", "end", "text"}))


def _on_region(question: str, place: int, mark: Mark, region: _Region) -> Iterator[Result]:
    yield Result(question, region.type_, {**region.place, region.type_: [mark.label]}, place)
    for name, value in sorted(mark.details.items()):
        if name not in region.used:
            type_, held = ("choices", [value]) if isinstance(value, str) else ("number", value)
            yield Result(f"{question}_{name}", type_, {**region.place, type_: held}, place, within=question)


def _told(mark: Mark) -> str:
    times = [number(time) for time in (mark.start_s, mark.end_s) if time is not None]
    when = [f"{'-'.join(times)} s"] if times else []
    return " ".join(
        [mark.label, *when, *(f"{name}={text_of(value)}" for name, value in mark.details.items())]
    )
