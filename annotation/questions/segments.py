"""Segments on the timeline of a medium: when something begins, is strongest and ends, and what it is."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from rest_framework import serializers

from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, Extent, GoldRule, Outcome
from annotation.questions.marks import (
    CLOSE,
    OVERLAPS,
    MarkLabelSerializer,
    Number,
    Word,
    Words,
    foreign_label,
    meeting,
    names_of,
    refusals,
    wrong_marks,
)
from annotation.questions.segment_votes import segment_agreement, shared_time, stretches_of, voted_segments
from annotation.strict import StrictSerializer, check_unique

POINTS = ("none", "optional", "required")
SNAPS = ("none", "step", "frames", "samples")
CLOSE_SAMPLES = 2e-6
"""Samples are nearer to each other than `CLOSE`; pages write microseconds."""


class AttributeSerializer(StrictSerializer):
    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=60)
    name = serializers.CharField()
    # Without defaults: documents that were stored before there were people stay as they are.
    choices = MarkLabelSerializer(many=True, allow_empty=False, required=False)
    people = serializers.BooleanField(
        required=False, help_text="in place of choices: one of those who are marked in the item"
    )
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("choices" in attrs) == attrs.get("people", False):
            raise serializers.ValidationError({"choices": "say either choices or people = true."})
        check_unique(choices=attrs.get("choices", ()))
        if attrs["key"] in {"label", "start_s", "end_s", "apex_s"}:
            raise serializers.ValidationError({"key": "is the name of something that each segment has."})
        return attrs


class Options(StrictSerializer):
    labels = MarkLabelSerializer(many=True, allow_empty=False)
    attributes = AttributeSerializer(many=True, default=list)
    overlap = serializers.ChoiceField(
        OVERLAPS, default="none", help_text="none; labels: of different labels only; any"
    )
    open_end = serializers.BooleanField(default=False, help_text="a segment may go on beyond the medium")
    apex = serializers.ChoiceField(
        POINTS, default="none", help_text="whether a segment has its strongest moment"
    )
    snap = serializers.ChoiceField(SNAPS, default="none")
    step_s = serializers.FloatField(default=None, allow_null=True, min_value=1e-3)
    min_length_s = serializers.FloatField(default=0.0, min_value=0)
    max_segments = serializers.IntegerField(default=None, allow_null=True, min_value=1)
    frame_s = serializers.FloatField(
        default=0.1, min_value=1e-3, help_text="raster of agreement and votes, in seconds"
    )
    tolerance_s = serializers.FloatField(
        default=0.5, min_value=0, help_text="of boundaries that count as the same, in seconds"
    )
    threshold = serializers.FloatField(
        default=0.5, min_value=0, max_value=0.999, help_text="a frame is won above this share of raters"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_unique(labels=attrs["labels"])
        check_unique(attributes=attrs["attributes"])
        if (attrs["snap"] == "step") != (attrs["step_s"] is not None):
            raise serializers.ValidationError({"step_s": "belongs to snap = 'step', and to nothing else."})
        return attrs


class SegmentSerializer(StrictSerializer):
    label = Word()  # type: ignore[assignment]
    start_s = Number(minimum=0)
    end_s = Number(minimum=0, allow_null=True)
    apex_s = Number(minimum=0, allow_null=True, required=False)
    attributes = Words(required=False)


class Answered(StrictSerializer):
    segments = SegmentSerializer(many=True, allow_empty=True)


class Segments:
    name = "segments"
    continuous = False
    Options = Options
    marks_method = "frame_vote"

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        wrong = refusals(Answered, value)
        if wrong:
            return wrong
        segments = value["segments"]
        wrong = wrong_marks("segments", segments, options["max_segments"], partial(_wrong_segment, options))
        stretches = stretches_of(segments, float("inf"))
        for later, earlier in meeting(stretches, options["overlap"], _close(options)):
            wrong.setdefault(
                f"segments[{later}]", f"overlaps segments[{earlier}], which is not allowed here."
            )
        return wrong

    def unfit_extent(self, options: dict[str, Any], extent: Extent) -> str | None:
        if extent.no_timeline:
            return extent.no_timeline
        if _of_people(options) and not extent.people:
            return "nobody is marked in it."
        if options["snap"] == "frames" and not (extent.frame_rate_hz or extent.pictures_s):
            return "its frame rate is not known, and segments snap to frames."
        if options["snap"] == "samples" and extent.samples is None:
            return "it is no recording whose samples are known, and segments snap to samples."
        return None

    def check_places(self, options: dict[str, Any], value: dict[str, Any], extent: Extent) -> dict[str, str]:
        duration_s = extent.duration_s or 0.0
        wrong: dict[str, str] = {}
        for index, segment in enumerate(value["segments"]):
            for key in _of_people(options) & segment.get("attributes", {}).keys():
                if segment["attributes"][key] not in extent.people:
                    wrong[f"segments[{index}].attributes.{key}"] = "is not marked in this item."
            for field in ("start_s", "end_s", "apex_s"):
                at_s = segment.get(field)
                if at_s is None:
                    continue
                if at_s > duration_s + _close(options):
                    reason = f"must not be beyond the end at {duration_s:g} s; it is {at_s:g}."
                    wrong[f"segments[{index}].{field}"] = reason
                elif not _on_grid(options, extent, at_s):
                    wrong[f"segments[{index}].{field}"] = (
                        f"must lie on {_grid(options, extent)}; it is {at_s:g}."
                    )
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        """How many there are, and of each what it is: ``segment.000.start_s`` and so on."""
        segments = value["segments"]
        cells = [Cell("segments", number=float(len(segments)))]
        for index, segment in enumerate(segments):
            at = f"segment.{index:03d}"
            cells.append(Cell(f"{at}.label", label=segment["label"]))
            cells += [
                Cell(f"{at}.{field}", number=float(segment[field]))
                for field in ("start_s", "end_s", "apex_s")
                if segment.get(field) is not None
            ]
            cells += [
                Cell(f"{at}.{key}", label=choice) for key, choice in segment.get("attributes", {}).items()
            ]
        return cells

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        timed = [answer for answer in answers if answer.duration_s]
        if not timed:
            return Outcome()
        return Outcome(list(segment_agreement(options, timed)), list(voted_segments(options, timed, gold)))

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:
        """Shared time of the same label."""
        return shared_time(options, first, second)

    def proposal_of(
        self, options: dict[str, Any], marks: Sequence[dict[str, Any]], extent: Extent
    ) -> dict[str, Any] | None:
        if options["apex"] == "required" or any(one["required"] for one in options["attributes"]):
            return None
        ends = ("start_s", "end_s")
        return {
            "segments": [
                {"label": mark["label"], **{end: _nearest(options, extent, mark[end]) for end in ends}}
                for mark in marks
            ]
        }

    def told(self, options: dict[str, Any], value: dict[str, Any]) -> str:
        """``Joy 1.2-3.5 s (^ 2 s, Low); Fear 4 s -``: the strongest moment stands behind ``^``."""
        return "; ".join(_told(options, segment) for segment in value["segments"])


def _told(options: Mapping[str, Any], segment: Mapping[str, Any]) -> str:
    names = names_of(options["labels"], *(one.get("choices", ()) for one in options["attributes"]))
    end_s, apex_s = segment["end_s"], segment.get("apex_s")
    until = " s -" if end_s is None else f"-{end_s:g} s"
    more = [
        *([] if apex_s is None else [f"^ {apex_s:g} s"]),
        *(names.get(choice, choice) for choice in segment.get("attributes", {}).values()),
    ]
    return f"{names[segment['label']]} {segment['start_s']:g}{until}" + (
        f" ({', '.join(more)})" if more else ""
    )


def _of_people(options: Mapping[str, Any]) -> set[str]:
    """Keys of the attributes that name somebody in the item."""
    return {one["key"] for one in options["attributes"] if one.get("people")}


def _wrong_segment(options: Mapping[str, Any], segment: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from foreign_label(options, segment)
    start_s, end_s, apex_s = segment["start_s"], segment["end_s"], segment.get("apex_s")
    if end_s is None:
        if not options["open_end"]:
            yield "end_s", "must be given; a segment without an end is not allowed here."
    elif end_s <= start_s:
        yield "end_s", f"must be after start_s ({start_s:g}); it is {end_s:g}."
    elif end_s - start_s < options["min_length_s"] - _close(options):
        yield "end_s", f"must be at least {options['min_length_s']:g} s after start_s."
    yield from _wrong_apex(options, start_s, end_s, apex_s)
    yield from _wrong_attributes(options, segment.get("attributes", {}))


def _wrong_apex(
    options: Mapping[str, Any], start_s: float, end_s: float | None, apex_s: float | None
) -> Iterator[tuple[str, str]]:
    if apex_s is None:
        if options["apex"] == "required":
            yield "apex_s", "has not been answered."
    elif options["apex"] == "none":
        yield "apex_s", "is not asked here."
    elif apex_s < start_s or (end_s is not None and apex_s > end_s):
        yield "apex_s", f"must lie within the segment; it is {apex_s:g}."


def _wrong_attributes(options: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = {attribute["key"]: attribute for attribute in options["attributes"]}
    for key, choice in given.items():
        if key not in known:
            yield f"attributes.{key}", "is not asked here."
        elif "choices" in known[key] and choice not in {one["key"] for one in known[key]["choices"]}:
            yield f"attributes.{key}", f"{choice!r} is not offered here."
    for key, attribute in known.items():
        if attribute["required"] and key not in given:
            yield f"attributes.{key}", "has not been answered."


def _on_grid(options: dict[str, Any], extent: Extent, at_s: float) -> bool:
    """The end of the medium is always a place, also where the grid has none."""
    close = _close(options)
    if abs(at_s - (extent.duration_s or 0.0)) <= close:
        return True
    if options["snap"] == "frames" and extent.pictures_s:
        after = bisect_left(extent.pictures_s, at_s - close)
        return after < len(extent.pictures_s) and extent.pictures_s[after] <= at_s + close
    step_s = _step_s(options, extent)
    from_s = extent.samples.first_s if options["snap"] == "samples" and extent.samples else 0.0
    return step_s is None or abs(at_s - from_s - round((at_s - from_s) / step_s) * step_s) <= close


def _nearest(options: dict[str, Any], extent: Extent, at_s: float) -> float:
    """The place of the grid that is next to a time."""
    if options["snap"] == "frames" and extent.pictures_s:
        return min((*extent.pictures_s, extent.duration_s or at_s), key=lambda place: abs(place - at_s))
    step_s = _step_s(options, extent)
    if step_s is None:
        return at_s
    from_s = extent.samples.first_s if options["snap"] == "samples" and extent.samples else 0.0
    place_s = round(from_s + round((at_s - from_s) / step_s) * step_s, 6)
    return max(0.0, min(place_s, extent.duration_s or place_s))


def _close(options: Mapping[str, Any]) -> float:
    return CLOSE_SAMPLES if options["snap"] == "samples" else CLOSE


def _step_s(options: dict[str, Any], extent: Extent) -> float | None:
    if options["snap"] == "samples":
        return 1 / extent.samples.rate_hz if extent.samples else None
    if options["snap"] == "frames":
        return 1 / extent.frame_rate_hz if extent.frame_rate_hz else None
    return float(options["step_s"]) if options["snap"] == "step" else None


def _grid(options: dict[str, Any], extent: Extent) -> str:
    if options["snap"] == "frames" and extent.pictures_s:
        return f"the beginning of {'a frame' if extent.kind == 'video' else 'an image'}"
    if options["snap"] == "samples" and extent.samples:
        return f"a sample of {extent.samples.rate_hz:g} Hz"
    if options["snap"] == "frames":
        return f"a frame of {extent.frame_rate_hz:g} Hz"
    return f"a step of {options['step_s']:g} s"


QUESTION_TYPE = Segments()
