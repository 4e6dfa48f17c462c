"""A form of several items with subscales: reverse keys, scores and cut-offs, reckoned on the server."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rest_framework import serializers

from affectory.aggregation import Questionnaire as Scoring
from affectory.aggregation import SubscaleScore, score_questionnaire, summarise_scale
from affectory.agreement import cronbach_alpha
from affectory.results import Measurement
from affectory.tables import RatingTable
from annotation.forms import FORMS, Form
from annotation.questions.answers import Answer
from annotation.questions.contract import AgreementRow, Cell, GoldColumn, GoldRule, LabelRow, Outcome
from annotation.strict import StrictSerializer, check_unique

KEY = r"^[a-z][a-z0-9_]*$"
POINTS_AT_MOST = 11


class PointSerializer(StrictSerializer):
    value = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]


class ItemSerializer(StrictSerializer):
    key = serializers.RegexField(KEY, max_length=40)
    text = serializers.CharField()
    reverse = serializers.BooleanField(default=False)


class BandSerializer(StrictSerializer):
    """``lowest``: the band begins at this score, and ends where the next one begins."""

    name = serializers.CharField()
    lowest = serializers.FloatField()


class SubscaleSerializer(StrictSerializer):
    key = serializers.RegexField(KEY, max_length=40)
    name = serializers.CharField()
    items = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    score = serializers.ChoiceField(["sum", "mean"], default="sum")
    bands = BandSerializer(many=True, default=list)


class Options(StrictSerializer):
    """Either ``form``, a structure of `annotation.forms`, with the texts of its items; or all of it written out.

    Only ``points`` is shown beside the items: a label for each number that can be answered.
    """

    form = serializers.ChoiceField(sorted(FORMS), required=False)
    points = PointSerializer(many=True)
    items = ItemSerializer(many=True, allow_empty=False)
    subscales = SubscaleSerializer(many=True, required=False)
    skippable = serializers.BooleanField(default=False)
    min_answered = serializers.FloatField(
        default=1.0, min_value=0.01, max_value=1, help_text="share of a subscale's items that a score needs"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        values = [point["value"] for point in attrs["points"]]
        if values != sorted(set(values)) or not 1 < len(values) <= POINTS_AT_MOST:
            reason = f"needs 2 to {POINTS_AT_MOST} points with rising values."
            raise serializers.ValidationError({"points": reason})
        if "form" in attrs:
            attrs = _filled_in(attrs, FORMS[attrs["form"]])
        elif not attrs.get("subscales"):
            raise serializers.ValidationError({"subscales": "needs at least one, or a form."})
        _check_keys(attrs)
        return attrs


def _filled_in(attrs: dict[str, Any], form: Form) -> dict[str, Any]:
    """The form's structure around the texts that the protocol brings."""
    _check_texts(attrs, form)
    subscales = [
        {
            "key": one.key,
            "name": one.name,
            "items": list(one.items),
            "score": "mean" if one.mean else "sum",
            "bands": [{"name": name, "lowest": lowest} for name, lowest in one.bands.items()],
        }
        for one in form.subscales
    ]
    items = [{**item, "reverse": item["key"] in form.reverse} for item in attrs["items"]]
    return {**attrs, "items": items, "subscales": subscales}


def _check_texts(attrs: dict[str, Any], form: Form) -> None:
    keys = [item["key"] for item in attrs["items"]]
    lacking = [key for key in form.items if key not in keys]
    strange = [key for key in keys if key not in form.items]
    if lacking:
        raise serializers.ValidationError(
            {"items": f"{form.title} has an item {lacking[0]!r} without a text."}
        )
    if strange:
        raise serializers.ValidationError({"items": f"{form.title} has no item {strange[0]!r}."})
    values = [point["value"] for point in attrs["points"]]
    if values != list(range(form.low, form.high + 1)):
        raise serializers.ValidationError({"points": f"{form.title} goes from {form.low} to {form.high}."})


def _check_keys(attrs: dict[str, Any]) -> None:
    check_unique(items=attrs["items"])
    check_unique(subscales=attrs["subscales"])
    keys = {item["key"] for item in attrs["items"]}
    for subscale in attrs["subscales"]:
        strange = [key for key in subscale["items"] if key not in keys]
        if strange:
            raise serializers.ValidationError(
                {"subscales": f"{subscale['key']}: there is no item {strange[0]!r}."}
            )


class Questionnaire:
    name = "questionnaire"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        keys = [item["key"] for item in options["items"]]
        points = [point["value"] for point in options["points"]]
        wrong = dict.fromkeys(sorted(set(value) - set(keys)), "is not an item of this form.")
        for key in keys:
            if key not in value:
                if not options["skippable"]:
                    wrong[key] = "has not been answered."
            elif type(value[key]) is not int or value[key] not in points:
                wrong[key] = f"must be one of {', '.join(map(str, points))}."
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:
        """Every item as it was answered, and under ``score:`` every subscale, with its band where there are any."""
        answered = [
            Cell(item["key"], number=value[item["key"]]) for item in options["items"] if item["key"] in value
        ]
        scored = []
        for subscale in options["subscales"]:
            score = _scored(options, subscale, value)
            if score.score is not None:
                scored.append(Cell(f"score:{subscale['key']}", number=score.score, label=score.band))
        return [*answered, *scored]

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:
        return "mean", [GoldColumn(one["key"], *_limits(options, one)) for one in options["subscales"]]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        return Outcome(list(_consistency(options, answers)), list(_labels(options, answers, gold)))


def _ends(options: dict[str, Any]) -> tuple[int, int]:
    return options["points"][0]["value"], options["points"][-1]["value"]


def _limits(options: dict[str, Any], subscale: dict[str, Any]) -> tuple[float, float]:
    low, high = _ends(options)
    n = 1 if subscale["score"] == "mean" else len(subscale["items"])
    return low * n, high * n


def _scored(options: dict[str, Any], subscale: dict[str, Any], value: dict[str, Any]) -> SubscaleScore:
    low, high = _ends(options)
    form = Scoring(
        low=low,
        high=high,
        subscales={subscale["key"]: tuple(subscale["items"])},
        reverse=frozenset(item["key"] for item in options["items"] if item["reverse"]),
        use_mean=subscale["score"] == "mean",
        min_answered=options["min_answered"],
        bands={band["name"]: band["lowest"] for band in subscale["bands"]},
    )
    return score_questionnaire(value, form)[subscale["key"]]


def _consistency(options: dict[str, Any], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    """Cronbach's alpha of each subscale: its items are the raters, and each filled form (a person) is a unit."""
    low, high = _ends(options)
    turned = {item["key"] for item in options["items"] if item["reverse"]}
    for subscale in options["subscales"]:
        keys = subscale["items"]
        if len(keys) > 1:
            values = np.array(
                [[answer.value.get(key, np.nan) for answer in answers] for key in keys], dtype=np.float64
            )
            reverse = np.array([key in turned for key in keys])
            values[reverse] = low + high - values[reverse]
            yield AgreementRow("cronbach_alpha", _of_items(values), subscale["key"])


def _of_items(values: "np.ndarray[Any, np.dtype[np.float64]]") -> Measurement:
    found = cronbach_alpha(values)
    convention = (
        "Cronbach alpha over the items of a subscale; units are filled forms, reversed items turned round"
    )
    reason = found.reason and found.reason.replace("raters", "items").replace("rater", "item")
    return Measurement(
        found.value,
        found.ci,
        found.n_units_used,
        found.n_units_dropped,
        found.n_raters,
        convention,
        reason,
        found.details,
    )


def _labels(options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Iterator[LabelRow]:
    """The mean of each subscale's score over all forms that were filled in about an item."""
    keys = [one["key"] for one in options["subscales"]]
    items = [answer.item for answer in answers]
    tables: list[RatingTable] = []
    for subscale in options["subscales"]:
        told = (_scored(options, subscale, answer.value).score for answer in answers)
        scores = [np.nan if score is None else score for score in told]
        tables.append(RatingTable.from_slots(items, scores))
    found = [summarise_scale(table, min_raters=gold.min_raters) for table in tables]
    provenance = {"rule": found[0].convention, "of": "scores of filled forms", "min_raters": gold.min_raters}
    for index, item in enumerate(tables[0].units or ()):
        reasons = [one.reasons[index] for one in found]
        value = _present(keys, [float(one.mean[index]) for one in found], reasons)
        spread = _present(keys, [float(one.sd[index]) for one in found], reasons)
        why = "" if value else next(filter(None, reasons), "")
        n = max(int(one.n[index]) for one in found)
        yield LabelRow(item, "mean", value, spread, n, why, provenance)


def _present(
    keys: Sequence[str], numbers: Sequence[float], reasons: Sequence[str | None]
) -> dict[str, float | None] | None:
    """A number per subscale, None where it has too few answers; None when all have."""
    if all(reasons):
        return None
    return {key: None if why else number for key, number, why in zip(keys, numbers, reasons, strict=True)}


QUESTION_TYPE = Questionnaire()
