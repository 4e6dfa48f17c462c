"""Labelled rectangles on a picture or on frames of a video."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from rest_framework import serializers

from affectory.agreement import box_f1
from affectory.results import Measurement
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import Cell, Extent, GoldRule, LabelRow, Outcome
from annotation.questions.marks import (
    CLOSE,
    MarkLabelSerializer,
    Number,
    Word,
    as_float,
    foreign_label,
    names_of,
    over_pairs,
    refusals,
    wrong_marks,
)
from annotation.strict import StrictSerializer, check_unique

SIDES = ("x", "y", "width", "height")


class Options(StrictSerializer):
    labels = MarkLabelSerializer(many=True, allow_empty=False)
    max_boxes = serializers.IntegerField(default=None, allow_null=True, min_value=1)
    min_size = serializers.FloatField(
        default=0.01,
        min_value=0.001,
        max_value=1,
        help_text="least width and height, in parts of the picture",
    )
    iou = serializers.FloatField(
        default=0.5, min_value=0.01, max_value=1, help_text="overlap from which two boxes are the same"
    )
    same_frame_s = serializers.FloatField(
        default=0.02, min_value=0, help_text="boxes of a video this near in time are of the same frame"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_unique(labels=attrs["labels"])
        return attrs


class BoxSerializer(StrictSerializer):
    label = Word()  # type: ignore[assignment]
    x = Number(minimum=0, maximum=1)
    y = Number(minimum=0, maximum=1)
    width = Number(minimum=0, maximum=1)
    height = Number(minimum=0, maximum=1)
    at_s = Number(minimum=0, required=False)


class Answered(StrictSerializer):
    boxes = BoxSerializer(many=True, allow_empty=True)


class Boxes:
    """Places and sizes are parts, 0 to 1, of the natural width and height; ``at_s`` is the frame of a video."""

    name = "boxes"
    continuous = False
    Options = Options
    marks_method = "boxes"

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        return refusals(Answered, value) or wrong_marks(
            "boxes", value["boxes"], options["max_boxes"], partial(_wrong_box, options), done="drawn"
        )

    def unfit_extent(self, options: dict[str, Any], extent: Extent) -> str | None:  # noqa: ARG002
        if extent.kind not in {"image", "video"}:
            return f"boxes are drawn on images and videos; this is {extent.kind}."
        if extent.kind == "video" and extent.duration_s is None:
            return "its duration is not known."
        return None

    def check_places(self, options: dict[str, Any], value: dict[str, Any], extent: Extent) -> dict[str, str]:  # noqa: ARG002
        wrong: dict[str, str] = {}
        moving = extent.kind == "video"
        for index, box in enumerate(value["boxes"]):
            field = f"boxes[{index}].at_s"
            if moving != ("at_s" in box):
                wrong[field] = "has not been answered." if moving else "is for videos only."
            elif moving and box["at_s"] > (extent.duration_s or 0.0) + CLOSE:
                wrong[field] = (
                    f"must not be beyond the end at {extent.duration_s:g} s; it is {box['at_s']:g}."
                )
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        """How many there are, and of each what and where it is: ``box.000.label``, ``box.000.x`` and so on."""
        cells = [Cell("boxes", number=float(len(value["boxes"])))]
        for index, box in enumerate(value["boxes"]):
            cells.append(Cell(f"box.{index:03d}.label", label=box["label"]))
            cells += [
                Cell(f"box.{index:03d}.{field}", number=float(box[field]))
                for field in (*SIDES, "at_s")
                if field in box
            ]
        return cells

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        if not answers:
            return Outcome()

        measure = partial(_agreed, options)
        return Outcome(list(over_pairs(answers, measure, "box_f1")), list(_labels(answers)))

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:
        return as_float(_agreed(options, first, second))

    def told(self, options: dict[str, Any], value: dict[str, Any]) -> str:
        """Sizes and places in hundredths of the picture: ``Face 20 x 30 % at 10, 15 %``."""
        names = names_of(options["labels"])
        return "; ".join(
            "{} {:.0f} x {:.0f} % at {:.0f}, {:.0f} %".format(
                names[box["label"]], *(100 * box[side] for side in ("width", "height", "x", "y"))
            )
            + (f", {box['at_s']:g} s" if "at_s" in box else "")
            for box in value["boxes"]
        )


def _agreed(options: Mapping[str, Any], first: Answer, second: Answer) -> Measurement:
    mine, theirs = _of_one_frame(first, second, options["same_frame_s"])
    return box_f1(mine, theirs, iou=options["iou"])


def _wrong_box(options: Mapping[str, Any], box: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from foreign_label(options, box)
    for size, start, edge in (("width", "x", "right"), ("height", "y", "lower")):
        if box[size] < options["min_size"] - 1e-9:
            yield size, f"must not be below {options['min_size']:g}; it is {box[size]:g}."
        elif box[start] + box[size] > 1 + 1e-6:
            yield size, f"goes beyond the {edge} edge: {start} and {size} together are above 1."


def _of_one_frame(first: Answer, second: Answer, near_s: float) -> tuple[list[Any], list[Any]]:
    """Both raters' boxes as ((x, y, width, height), label); the frames of a video are part of the label.

    A frame of the second rater is named as that of the first which is nearest, where it is near enough.
    """
    frames = sorted({box.get("at_s", 0.0) for box in first.value["boxes"]})

    def named(box: dict[str, Any]) -> str:
        at_s = box.get("at_s", 0.0)
        nearest = min(frames, key=lambda frame: abs(frame - at_s), default=at_s)
        return f"{nearest if abs(nearest - at_s) <= near_s else at_s}/{box['label']}"

    def told(answer: Answer) -> list[tuple[tuple[float, ...], str]]:
        return [(tuple(box[side] for side in SIDES), named(box)) for box in answer.value["boxes"]]

    return told(first), told(second)


def _labels(answers: Sequence[Answer]) -> Iterator[LabelRow]:
    reason = "boxes of several raters are not merged into one: there is no rule that all would expect"
    for item, own in by_item(answers).items():
        yield LabelRow(item, "boxes", None, None, len(own), reason, {"rule": "none"})


QUESTION_TYPE = Boxes()
