"""What questions about places in an item share: labels, strict fields of answers, and means over pairs of raters."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from rest_framework import serializers

from affectory.agreement import cluster_mean
from affectory.results import Basis, Measurement
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import AgreementRow
from annotation.strict import StrictSerializer, error_lines

OVERLAPS = ("none", "labels", "any")
CLOSE = 1e-3
"""Times and places of an answer may be off by this much: pages round to fewer digits than rates have."""


class MarkLabelSerializer(StrictSerializer):
    key = serializers.RegexField(r"^[A-Za-z0-9][\w.+-]*$", max_length=60)
    name = serializers.CharField()
    definition = serializers.CharField(default="", allow_blank=True)


# --- answers, which are stored as given and therefore never coerced -----------------------------------------


class Number(serializers.Field):  # type: ignore[type-arg]
    """A finite number from ``minimum`` on, not a text that looks like one."""

    def __init__(self, *, minimum: float = -math.inf, maximum: float = math.inf, **more: Any) -> None:
        super().__init__(**more)
        self.minimum, self.maximum = minimum, maximum

    def to_internal_value(self, given: Any) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
            raise serializers.ValidationError("must be a number.")
        if given < self.minimum:
            raise serializers.ValidationError(f"must not be below {self.minimum:g}; it is {given:g}.")
        if given > self.maximum:
            raise serializers.ValidationError(f"must not be above {self.maximum:g}; it is {given:g}.")
        return float(given)


class Whole(Number):
    def to_internal_value(self, given: Any) -> float:
        if not isinstance(given, int):
            raise serializers.ValidationError("must be a whole number.")
        return super().to_internal_value(given)


class Word(serializers.Field):  # type: ignore[type-arg]
    """A text, not a number that could be written as one."""

    def to_internal_value(self, given: Any) -> str:
        if not isinstance(given, str):
            raise serializers.ValidationError("must be a text.")
        return given


class Words(serializers.Field):  # type: ignore[type-arg]
    """An object of texts by their keys."""

    def to_internal_value(self, given: Any) -> dict[str, str]:
        if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
            raise serializers.ValidationError("must be an object of texts.")
        return given


def refusals(schema: type[StrictSerializer], value: dict[str, Any]) -> dict[str, str]:
    """Field -> reason for all that the schema of an answer refuses."""
    checked = schema(data=value)
    if checked.is_valid():
        return {}
    lines = (line.partition(": ") for line in error_lines(checked.errors))
    return {field: reason for field, _, reason in lines}


def wrong_marks(
    field: str,
    marks: Sequence[Mapping[str, Any]],
    most: int | None,
    wrong_in: Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]],
    *,
    done: str = "marked",
) -> dict[str, str]:
    """Field -> reason for the first (field, reason) that ``wrong_in`` finds in each mark, and for too many marks."""
    wrong: dict[str, str] = {}
    for index, mark in enumerate(marks):
        for part, reason in wrong_in(mark):
            wrong.setdefault(f"{field}[{index}].{part}", reason)
    if most is not None and len(marks) > most:
        wrong[field] = f"at most {most} may be {done}; there are {len(marks)}."
    return wrong


def foreign_label(options: Mapping[str, Any], mark: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if mark["label"] not in {label["key"] for label in options["labels"]}:
        yield "label", f"{mark['label']!r} is not a label of this question."


def meeting(
    spans: Sequence[tuple[float, float, str]], overlap: str, close: float = CLOSE
) -> Iterator[tuple[int, int]]:
    """Pairs (later, earlier in the list) of (start, end, label) that overlap, by more than ``close``, but may not."""
    if overlap == "any":
        return
    for later, (start, end, label) in enumerate(spans):
        for earlier, (other_start, other_end, other_label) in enumerate(spans[:later]):
            apart = overlap == "labels" and label != other_label
            if not apart and start < other_end - close and other_start < end - close:
                yield later, earlier


def names_of(*offered: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {one["key"]: one["name"] for records in offered for one in records}


def as_float(found: Measurement) -> float:
    """Of a measure that has always a value: when neither marked anything, it is 1."""
    return 1.0 if found.value is None else float(found.value)


# --- agreement ------------------------------------------------------------------------------------------------


def over_pairs(
    answers: Sequence[Answer], measure: Callable[[Answer, Answer], Measurement], name: str
) -> Iterator[AgreementRow]:
    """Mean over the pairs of raters of each item, for the item and over all pairs of all items.

    A pair in which nobody marked anything says nothing about where marks lie; it is counted as dropped.
    """
    every: list[Measurement] = []
    place: list[int] = []
    items = by_item(answers)
    for at, (item, own) in enumerate(items.items()):
        pairs = [measure(first, second) for first, second in combinations(own, 2)]
        every += pairs
        place += [at] * len(pairs)
        yield AgreementRow(name, mean_of(pairs, len(own)), item=item)
    whole = mean_of(every, max(map(len, items.values()), default=0))
    yield AgreementRow(name, _with_interval(whole, every, place))


def _with_interval(whole: Measurement, pairs: Sequence[Measurement], items: Sequence[int]) -> Measurement:
    """Pairs of one item stand or fall together, so items are what is drawn again."""
    if whole.value is None:
        return whole
    values = [one.value if _usable(one) else None for one in pairs]
    over = cluster_mean(np.array(values, dtype=np.float64), items, unit="item")
    return replace(whole, ci=over.ci, reason=over.reason, details={**whole.details, **over.details})


def _usable(pair: Measurement) -> bool:
    return pair.value is not None and pair.reason is None


def mean_of(pairs: Sequence[Measurement], n_raters: int) -> Measurement:
    """Mean of those pairs that have a value and no reservation."""
    used = [one.value for one in pairs if one.value is not None and _usable(one)]
    convention = pairs[0].convention if pairs else "no pair of raters"
    basis = Basis(f"{convention}; mean over pairs of raters", len(used), len(pairs) - len(used), n_raters)
    if not pairs:
        return basis.undefined("no item has two raters")
    if not used:
        return basis.undefined("nobody marked anything")
    return basis.measured(sum(used) / len(used), details={"pairs": len(used), "lowest": min(used)})
