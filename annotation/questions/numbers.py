"""Answers that are numbers on dimensions: their agreement and their mean, alike for every question type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from affectory.aggregation import summarise_scale
from affectory.agreement import icc, icc_one_way, krippendorff_alpha
from affectory.results import FloatArray
from affectory.tables import RatingTable
from annotation.analysis.cross_check import second_opinion
from annotation.questions.contract import AgreementRow, GoldRule, LabelRow, Outcome


@dataclass(frozen=True)
class Numbers:
    """One rater's numbers on one item, for every dimension asked; ``rater`` None: nobody in particular."""

    item: UUID
    rater: int | None
    values: Mapping[str, float]


def analyse_numbers(keys: Sequence[str], answers: Sequence[Numbers], gold: GoldRule) -> Outcome:
    """Agreement of each dimension, and one label per item with the means of all: they were answered together."""
    if not answers:
        return Outcome()
    tables = [_table(key, answers) for key in keys]
    agreement = [row for key, table in zip(keys, tables, strict=True) for row in _agreement(key, table)]
    return Outcome(agreement, list(_labels(keys, tables, gold)))


def _table(key: str, answers: Sequence[Numbers]) -> RatingTable:
    items, raters = [answer.item for answer in answers], [answer.rater for answer in answers]
    values = [float(answer.values[key]) for answer in answers]
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
