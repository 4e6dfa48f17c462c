"""What all continuous questions share; each kind of trace is a module of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from rest_framework import serializers

from affectory.errors import NotFound
from annotation import questions
from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, GoldRule, Outcome
from annotation.questions.dimensions import DimensionSerializer, out_of_range
from annotation.strict import StrictSerializer, check_unique

# How values compare between raters: as numbers; only as ups and downs of the same rater; not at all but by name.
Reading = Literal["interval", "relative", "nominal"]


class TraceSettings(StrictSerializer):
    """What every trace may set. ``flip``: dimensions whose axis is turned round for half of the raters."""

    heartbeat_hz = serializers.FloatField(default=5.0, min_value=1, max_value=30)
    rewind = serializers.BooleanField(default=False)
    idle_hint_s = serializers.FloatField(default=20.0, min_value=0)
    flip = serializers.ListField(child=serializers.CharField(), default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        keys = {one["key"] for one in attrs.get("dimensions", ())}
        unknown = [key for key in attrs["flip"] if key not in keys]
        if unknown:
            raise serializers.ValidationError(
                {"flip": f"{unknown[0]!r} is not a dimension of this question."}
            )
        return attrs


class DirectionSerializer(StrictSerializer):
    """A dimension without ends; ``key`` is the column's name in tables and releases."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40)
    name = serializers.CharField()
    low_label = serializers.CharField()
    high_label = serializers.CharField()


class PointSerializer(StrictSerializer):
    time_s = serializers.FloatField(min_value=0)
    value = serializers.ListField(child=serializers.FloatField(), allow_empty=False)


class TargetSerializer(StrictSerializer):
    """A practice item's known curve, straight between its points; ``band`` is how near counts as on it."""

    item = serializers.CharField(help_text="key of an item of the collection")
    band = serializers.FloatField(min_value=1e-9)
    points = PointSerializer(many=True, allow_empty=False)


class TraceOptions(TraceSettings):
    """``start``: where the cursor stands before the first input; the middle of each dimension unless given."""

    count = 0
    dimensions = DimensionSerializer(many=True)
    start = serializers.ListField(child=serializers.FloatField(), required=False)
    targets = TargetSerializer(many=True, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        dimensions = attrs["dimensions"]
        if len(dimensions) != self.count:
            raise serializers.ValidationError({"dimensions": f"needs exactly {self.count}."})
        check_unique(dimensions=dimensions)
        attrs.setdefault("start", [(one["min"] + one["max"]) / 2 for one in dimensions])
        if len(attrs["start"]) != self.count:
            raise serializers.ValidationError({"start": "needs one value for each dimension."})
        for one, value in zip(dimensions, attrs["start"], strict=True):
            reason = out_of_range(one, value)
            if reason:
                raise serializers.ValidationError({"start": f"{one['key']} {reason}"})
        for target in attrs["targets"]:
            _check_points(target["points"], dimensions)
        return super().validate(attrs)


def _check_points(points: Sequence[dict[str, Any]], dimensions: Sequence[dict[str, Any]]) -> None:
    times = [point["time_s"] for point in points]
    if any(after <= before for before, after in pairwise(times)):
        raise serializers.ValidationError({"targets": "the times of the points must rise."})
    for point in points:
        if len(point["value"]) != len(dimensions):
            raise serializers.ValidationError({"targets": "a point needs one value for each dimension."})
        for one, value in zip(dimensions, point["value"], strict=True):
            reason = out_of_range(one, value)
            if reason:
                raise serializers.ValidationError({"targets": f"{one['key']} {reason}"})


@dataclass(frozen=True)
class Target:
    """A known curve; ``values``: one list per point, one number per dimension. ``band`` None: nearness is not told."""

    times_s: list[float]
    values: list[list[float]]
    band: float | None


class ContinuousQuestion:
    """Answered with the id of a finished trace; `annotation.analysis.traces` computes its agreement and gold.

    ``of_item`` False: it tells something about the rater, and nothing about the item beside which it is asked.
    """

    continuous = True
    of_item = True

    def __init__(self, name: str, options: type[TraceSettings], *, reading: Reading = "interval") -> None:
        self.name = name
        self.Options: type[StrictSerializer] = options
        self.reading = reading

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:  # noqa: ARG002
        if set(value) == {"trace"} and isinstance(value["trace"], str):
            return {}
        return {"trace": "must be the id of a finished trace, and nothing else."}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return []

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        return Outcome()

    def dimensions(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        """What the numbers of an event mean: key, name, min, max (null: no end), low_label, high_label."""
        return [{"min": None, "max": None, **one} for one in options["dimensions"]]

    def duration_s(self, options: dict[str, Any]) -> float | None:  # noqa: ARG002
        """Length of what is played; None: the item's."""
        return None

    def target(self, options: dict[str, Any], item_key: str) -> Target | None:
        """What the rater was to follow on this item, where that is known."""
        for one in options.get("targets", ()):
            if one["item"] == item_key:
                points = one["points"]
                values = [list(point["value"]) for point in points]
                return Target([point["time_s"] for point in points], values, one["band"])
        return None

    def shown(
        self, options: dict[str, Any], *, item_key: str, practice: bool, flipped: Sequence[str]
    ) -> dict[str, Any]:
        """The options as this rater's page gets them on this item: no curve but that of a practice item."""
        told = {key: value for key, value in options.items() if key not in {"targets", "flip"}}
        target = self.target(options, item_key) if practice else None
        if target is not None:
            points = zip(target.times_s, target.values, strict=True)
            told["target_points"] = [{"time_s": time_s, "value": value} for time_s, value in points]
            told["target_band"] = target.band
        return {**told, "flipped": list(flipped)}


class CategoricalTrace(ContinuousQuestion):
    """One whole number: which label stands; 0 is none of them."""

    def __init__(self, name: str, options: type[TraceSettings]) -> None:
        super().__init__(name, options, reading="nominal")

    def dimensions(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        """Its ``labels`` name the values 0, 1, 2 ... in their order."""
        labels = options["labels"]
        told = {"low_label": options["none"], "high_label": labels[-1]["name"]}
        keys = [options["none"], *(label["key"] for label in labels)]
        whole = {"min": 0, "max": len(labels), "labels": keys}
        return [{"key": options["key"], "name": options["key"], **whole, **told}]


def continuous_type(name: str) -> ContinuousQuestion:
    """The continuous question type of this name; raises NotFound for any other."""
    kind = questions.question_type(name)
    if not isinstance(kind, ContinuousQuestion):
        raise NotFound(f"{name!r} is not answered with a trace.")
    return kind


def fusion_of(question: dict[str, Any], gold: GoldRule) -> str | None:
    """Which fusion of a question's traces is the gold; None where there is no choice."""
    kind = questions.question_type(question["type"])
    several = isinstance(kind, ContinuousQuestion) and kind.reading == "interval"
    return gold.fusion if several else None


def tells_of_rater(name: str) -> bool:
    """Whether questions of this type say something of the rater and nothing of the item, as a calibration does."""
    kind = questions.question_type(name)
    return isinstance(kind, ContinuousQuestion) and not kind.of_item
