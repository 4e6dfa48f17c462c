"""One or more numbers on named scales: Likert, sliders, manikins."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rest_framework import serializers

from affectory.aggregation import summarise_scale
from affectory.agreement import icc, icc_one_way, krippendorff_alpha
from affectory.results import FloatArray
from affectory.tables import RatingTable
from annotation.analysis.cross_check import second_opinion
from annotation.questions.contract import AgreementRow, Answer, Cell, GoldRule, LabelRow, Outcome
from annotation.questions.dimensions import DimensionSerializer, check_keys, out_of_range
from annotation.strict import StrictSerializer


class ScaleDimensionSerializer(DimensionSerializer):
    step = serializers.FloatField(min_value=1e-6)


class Options(StrictSerializer):
    dimensions = ScaleDimensionSerializer(many=True, allow_empty=False)
    style = serializers.ChoiceField(["slider", "buttons"], default="buttons")  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_keys(attrs["dimensions"])
        return attrs


class Scale:
    name = "scale"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        dimensions = {dimension["key"]: dimension for dimension in options["dimensions"]}
        wrong = dict.fromkeys(sorted(set(value) - set(dimensions)), "is not a dimension of this scale.")
        for key, dimension in dimensions.items():
            reason = out_of_range(dimension, value[key]) if key in value else "has not been answered."
            if reason:
                wrong[key] = reason
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:
        keys = [dimension["key"] for dimension in options["dimensions"]]
        return [Cell(key, number=float(value[key])) for key in keys if key in value]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        keys = [dimension["key"] for dimension in options["dimensions"]]
        tables = [_table(key, answers) for key in keys]
        agreement = [row for key, table in zip(keys, tables, strict=True) for row in _agreement(key, table)]
        return Outcome(agreement, list(_labels(keys, tables, gold)))


def _table(key: str, answers: Sequence[Answer]) -> RatingTable:
    items, raters = [answer.item for answer in answers], [answer.rater for answer in answers]
    values = [float(answer.value[key]) for answer in answers]
    if None in raters:
        return RatingTable.from_slots(items, values)
    return RatingTable.from_long(items, raters, values)


def _agreement(key: str, table: RatingTable) -> Iterator[AgreementRow]:
    yield AgreementRow(
        "krippendorff_alpha_interval", krippendorff_alpha(table, level="interval", ci=0.95), key
    )
    ordinal = krippendorff_alpha(table, level="ordinal")
    yield AgreementRow(
        "krippendorff_alpha_ordinal", ordinal, key, details=second_opinion(table, "ordinal", ordinal)
    )
    complete = table.kind == "raters" and not np.isnan(table.dense()).any()
    for name, found in (icc(table) if complete else icc_one_way(table)).items():
        yield AgreementRow(name, found, key)


def _labels(keys: Sequence[str], tables: Sequence[RatingTable], gold: GoldRule) -> Iterator[LabelRow]:
    """One label per item, with all its dimensions: they were answered together."""
    found = [summarise_scale(table, min_raters=gold.min_raters) for table in tables]
    means, sds = ([_rounded(getattr(one, name), gold.decimals) for one in found] for name in ("mean", "sd"))
    provenance = {"rule": found[0].convention, "min_raters": gold.min_raters, "decimals": gold.decimals}
    for index, item in enumerate(tables[0].units or ()):
        reason = found[0].reasons[index]
        value = None if reason else dict(zip(keys, (float(mean[index]) for mean in means), strict=True))
        spread = None if reason else dict(zip(keys, (float(sd[index]) for sd in sds), strict=True))
        yield LabelRow(item, "mean", value, spread, int(found[0].n[index]), reason or "", provenance)


def _rounded(values: FloatArray, decimals: int | None) -> FloatArray:
    return values if decimals is None else values.round(decimals)


QUESTION_TYPE = Scale()
