"""How far raters agree on segments, and which stretches of an item most of them marked."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import ceil
from typing import Any

from affectory.aggregation import vote_segments
from affectory.agreement import boundary_f1, frame_iou, unitizing_alpha
from affectory.results import Basis, Measurement
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import AgreementRow, GoldRule, LabelRow
from annotation.questions.marks import as_float, over_pairs


def shared_time(options: dict[str, Any], first: Answer, second: Answer) -> float:
    """Intersection over union of the time of the same label; the labels lie one behind the other for it."""
    frame_s = options["frame_s"]
    each_s = ceil(max(first.duration_s or 0.0, frame_s) / frame_s) * frame_s
    labels = [one["key"] for one in options["labels"]]

    def laid_out(answer: Answer) -> list[tuple[float, float]]:
        return [
            (start_s + place * each_s, end_s + place * each_s)
            for place, label in enumerate(labels)
            for start_s, end_s in _marked(answer, label)
        ]

    continuum = (0.0, len(labels) * each_s)
    return as_float(frame_iou(laid_out(first), laid_out(second), continuum=continuum, frame_s=frame_s))


def stretches_of(segments: Sequence[dict[str, Any]], duration_s: float) -> list[tuple[float, float, str]]:
    """(start_s, end_s, label), an open end at the end of the medium."""
    return [
        (one["start_s"], duration_s if one["end_s"] is None else min(one["end_s"], duration_s), one["label"])
        for one in segments
    ]


def _marked(answer: Answer, label: str | None = None) -> list[tuple[float, float]]:
    stretches = stretches_of(answer.value["segments"], answer.duration_s or 0.0)
    return [(start, end) for start, end, own in stretches if label in {None, own} and end > start]


def segment_agreement(options: dict[str, Any], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    """Per item and over all: shared time and shared boundaries; chance-corrected within each item."""
    frame_s, tolerance_s = options["frame_s"], options["tolerance_s"]
    for label in [None, *(one["key"] for one in options["labels"])]:

        def overlap(first: Answer, second: Answer, label: str | None = label) -> Measurement:
            continuum = (0.0, max(first.duration_s or 0.0, frame_s))
            return frame_iou(
                _marked(first, label), _marked(second, label), continuum=continuum, frame_s=frame_s
            )

        def boundaries(first: Answer, second: Answer, label: str | None = label) -> Measurement:
            return boundary_f1(_marked(first, label), _marked(second, label), tolerance_s=tolerance_s)

        for name, measure in (("frame_iou", overlap), ("boundary_f1", boundaries)):
            for row in over_pairs(answers, measure, name):
                yield AgreementRow(name, row.result, label or "", row.item)
    for item, own in by_item(answers).items():
        yield AgreementRow("unitizing_alpha", _unitized(own, frame_s), item=item)


def _unitized(answers: Sequence[Answer], frame_s: float) -> Measurement:
    """Alpha in whole frames; a rater's segments of one label that touch or overlap are one unit."""
    frames = max(1, round((answers[0].duration_s or 0.0) / frame_s))
    if len(answers) < 2:
        return Basis("Krippendorff alpha for unitizing (1995), all categories", 0, 0, len(answers)).undefined(
            "needs two raters"
        )
    units = [_units(answer, frame_s, frames) for answer in answers]
    return unitizing_alpha(units, continuum=(0, frames)).overall


def _units(answer: Answer, frame_s: float, frames: int) -> list[tuple[float, float, str]]:
    units: list[tuple[float, float, str]] = []
    for label in sorted({one["label"] for one in answer.value["segments"]}):
        reached: list[list[int]] = []
        for start_s, end_s in sorted(_marked(answer, label)):
            start = min(round(start_s / frame_s), frames - 1)
            end = min(max(round(end_s / frame_s), start + 1), frames)
            if reached and start <= reached[-1][1]:
                reached[-1][1] = max(reached[-1][1], end)
            else:
                reached.append([start, end])
        units += [(start, end - start, label) for start, end in reached]
    return units


def voted_segments(options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Iterator[LabelRow]:
    """Of each item the stretches that won frame by frame, each with its mean share of raters."""
    for item, own in by_item(answers).items():
        duration_s = own[0].duration_s or 0.0
        rows = [
            [(start, end, label) for start, end, label in stretches_of(answer.value["segments"], duration_s)]
            for answer in own
        ]
        won = vote_segments(
            rows,
            continuum=(0.0, duration_s),
            frame=options["frame_s"],
            threshold=options["threshold"],
            min_raters=gold.min_raters,
        )
        marks = None if won.segments is None else [_mark(asdict(one)) for one in won.segments]
        provenance = {
            "rule": won.convention,
            "frame_s": options["frame_s"],
            "threshold": options["threshold"],
        }
        yield LabelRow(
            item,
            "frame_vote",
            None if marks is None else {"marks": marks},
            None,
            won.n_raters,
            won.reason or "",
            provenance,
        )


def _mark(won: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": won["label"],
        "start_s": won["start"],
        "end_s": won["end"],
        "share": round(won["share"], 6),
    }
