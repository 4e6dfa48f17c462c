"""Answers that are numbers on dimensions: their agreement and their mean, alike for every question type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affectory.aggregation import summarise_scale
from affectory.agreement import icc, icc_one_way, krippendorff_alpha
from affectory.results import FloatArray
from affectory.tables import RatingTable
from annotation.analysis.cross_check import second_opinion
from annotation.questions.answers import Answers, RatedItem
from annotation.questions.contract import AgreementRow, GoldRule, LabelRow, Outcome


@dataclass(frozen=True)
class Numbers:
    """The numbers of many answers: an array for every dimension asked, shape (answers,)."""

    answers: Answers
    values: Mapping[str, FloatArray]

    def tables(self) -> dict[str, RatingTable]:
        """Their units are places in the items of the answers."""
        return {key: self._table(values) for key, values in self.values.items()}

    def _table(self, values: FloatArray) -> RatingTable:
        if self.answers.anonymous:
            return RatingTable.from_slots(self.answers.item, values)
        return RatingTable.from_long(self.answers.item, self.answers.rater, values)


def analyse_numbers(numbers: Numbers, gold: GoldRule) -> Outcome:
    """Agreement of each dimension, and one label per item with the means of all: they were answered together."""
    if not numbers.answers:
        return Outcome()
    tables = numbers.tables()
    agreement = [row for key, table in tables.items() for row in _agreement(key, table)]
    return Outcome(agreement, list(_labels(numbers.answers.items, tables, gold)))


def agreement_of_numbers(numbers: Numbers) -> Sequence[AgreementRow]:
    """The agreement that `analyse_numbers` finds, without the labels."""
    if not numbers.answers:
        return ()
    return [row for key, table in numbers.tables().items() for row in _agreement(key, table)]


def _agreement(key: str, table: RatingTable) -> Iterator[AgreementRow]:
    yield AgreementRow(
        "krippendorff_alpha_interval", krippendorff_alpha(table, level="interval", ci=0.95), key
    )
    ordinal = krippendorff_alpha(table, level="ordinal", ci=0.95)
    yield AgreementRow(
        "krippendorff_alpha_ordinal", ordinal, key, details=second_opinion(table, "ordinal", ordinal)
    )
    complete = table.kind == "raters" and not np.isnan(table.dense()).any()
    for name, found in (icc(table) if complete else icc_one_way(table, ci=0.95)).items():
        yield AgreementRow(name, found, key)


def _labels(
    items: Sequence[RatedItem], tables: Mapping[str, RatingTable], gold: GoldRule
) -> Iterator[LabelRow]:
    found = [summarise_scale(table, min_raters=gold.min_raters) for table in tables.values()]
    # As lists: taking one number at a time out of an array is slow.
    means, sds = (
        np.column_stack([_rounded(getattr(one, name), gold.decimals) for one in found]).tolist()
        for name in ("mean", "sd")
    )
    provenance = {"rule": found[0].convention, "min_raters": gold.min_raters, "decimals": gold.decimals}
    units = next(iter(tables.values())).units or ()
    rows = zip(units, means, sds, found[0].n.tolist(), found[0].reasons, strict=True)
    for item, mean, sd, n, reason in rows:
        value = None if reason else dict(zip(tables, mean, strict=True))
        spread = None if reason else dict(zip(tables, sd, strict=True))
        yield LabelRow(items[item].id, "mean", value, spread, n, reason or "", provenance)


def _rounded(values: FloatArray, decimals: int | None) -> FloatArray:
    return values if decimals is None else values.round(decimals)
