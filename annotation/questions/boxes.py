"""Labelled rectangles on a picture or on frames of a video."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any

from rest_framework import serializers

from affectory.aggregation import ConsensusBox, consensus_boxes
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
MIN_SHARE = 0.5
DECIMALS = 6
Sides = tuple[float, float, float, float]


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
    # Without a default written down: documents that were stored before boxes were merged stay as they are.
    min_share = serializers.FloatField(
        required=False,
        min_value=0.01,
        max_value=1,
        help_text="least share of the raters who drew a box that is kept; at least two where several answered; 0.5",
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
    marks_method = "box_consensus"

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

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()

        measure = partial(_agreed, options)
        return Outcome(list(over_pairs(answers, measure, "box_f1")), list(_labels(options, answers, gold)))

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:
        return as_float(_agreed(options, first, second))

    def proposal_of(
        self,
        options: dict[str, Any],  # noqa: ARG002
        marks: Sequence[dict[str, Any]],
        extent: Extent,  # noqa: ARG002
    ) -> dict[str, Any] | None:
        """None where raters agree on a place, but not on what it is."""
        fields = ("label", *SIDES, "at_s")
        if any(mark["label"] is None for mark in marks):
            return None
        return {"boxes": [{field: mark[field] for field in fields if field in mark} for mark in marks]}

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


def _of_one_frame(
    first: Answer, second: Answer, near_s: float
) -> tuple[list[tuple[Sides, str]], list[tuple[Sides, str]]]:
    """Both raters' boxes as ((x, y, width, height), label); the frames of a video are part of the label.

    A frame of the second rater is named as that of the first which is nearest, where it is near enough.
    """
    frames = sorted({box.get("at_s", 0.0) for box in first.value["boxes"]})

    def named(box: dict[str, Any]) -> str:
        at_s = box.get("at_s", 0.0)
        nearest = min(frames, key=lambda frame: abs(frame - at_s), default=at_s)
        return f"{nearest if abs(nearest - at_s) <= near_s else at_s}/{box['label']}"

    def told(answer: Answer) -> list[tuple[Sides, str]]:
        return [(_sides(box), named(box)) for box in answer.value["boxes"]]

    return told(first), told(second)


def _labels(options: Mapping[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Iterator[LabelRow]:
    """Of each item the boxes that enough raters drew; frames of a video that are near in time are one."""
    rule = {"iou": options["iou"], "min_share": options.get("min_share", MIN_SHARE)}
    for item, own in by_item(answers).items():
        found = consensus_boxes(
            [
                [(_sides(box), box["label"], box.get("at_s", 0.0)) for box in one.value["boxes"]]
                for one in own
            ],
            **rule,
            near_s=options["same_frame_s"],
            min_raters=gold.min_raters,
        )
        moving = any("at_s" in box for one in own for box in one.value["boxes"])
        marks = None if found.boxes is None else [_mark(one, moving=moving) for one in found.boxes]
        spread = [one.mean_iou for one in found.boxes or () if one.mean_iou is not None]
        yield LabelRow(
            item,
            Boxes.marks_method,
            None if marks is None else {"marks": marks},
            {"mean_iou": round(fmean(spread), DECIMALS)} if spread else None,
            found.n_raters,
            found.reason or "",
            {"rule": found.convention, **rule, "left_out": found.n_left_out},
        )


def _sides(box: Mapping[str, Any]) -> Sides:
    return box["x"], box["y"], box["width"], box["height"]


def _mark(merged: ConsensusBox, *, moving: bool) -> dict[str, Any]:
    """What is not known is left out; without a label, ``reason`` tells which were given equally often."""
    told = {
        "label": merged.label,
        **{side: round(value, DECIMALS) for side, value in zip(SIDES, merged.box, strict=True)},
        "share": round(merged.share, DECIMALS),
    }
    if moving:
        told["at_s"] = merged.at_s
    if merged.mean_iou is not None:
        told["mean_iou"] = round(merged.mean_iou, DECIMALS)
    return told if merged.reason is None else {**told, "reason": merged.reason}


QUESTION_TYPE = Boxes()
