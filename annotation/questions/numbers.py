"""Answers that are numbers on dimensions: their agreement and their mean, alike for every question type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pyarrow as pa

from affectory.aggregation import summarise_scale
from affectory.agreement import icc, icc_one_way, krippendorff_alpha
from affectory.results import FloatArray
from affectory.tables import RatingTable
from annotation.analysis.cross_check import second_opinion
from annotation.questions.answers import Answers, RatedItems
from annotation.questions.contract import INTERVAL, AgreementRow, GoldRule, LabelRow, MadeLabels, Outcome


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
    return Outcome(agreement, _labels(numbers.answers.items, tables, gold))


def agreement_of_numbers(numbers: Numbers) -> Sequence[AgreementRow]:
    """The agreement that `analyse_numbers` finds, without the labels."""
    if not numbers.answers:
        return ()
    return [row for key, table in numbers.tables().items() for row in _agreement(key, table)]


def _agreement(key: str, table: RatingTable) -> Iterator[AgreementRow]:
    yield AgreementRow(
        "krippendorff_alpha_interval", krippendorff_alpha(table, level="interval", **INTERVAL), key
    )
    ordinal = krippendorff_alpha(table, level="ordinal", **INTERVAL)
    yield AgreementRow(
        "krippendorff_alpha_ordinal", ordinal, key, details=second_opinion(table, "ordinal", ordinal)
    )
    complete = table.kind == "raters" and not np.isnan(table.dense()).any()
    for name, found in (icc(table) if complete else icc_one_way(table, **INTERVAL)).items():
        yield AgreementRow(name, found, key)


def _labels(items: RatedItems, tables: Mapping[str, RatingTable], gold: GoldRule) -> MadeLabels:
    found = [summarise_scale(table, min_raters=gold.min_raters) for table in tables.values()]
    means, sds = (
        np.column_stack([_rounded(getattr(one, name), gold.decimals) for one in found])
        for name in ("mean", "sd")
    )
    provenance = {"rule": found[0].convention, "min_raters": gold.min_raters, "decimals": gold.decimals}
    units = pa.array(next(iter(tables.values())).units or (), pa.int64())
    n, reasons = found[0].n, found[0].reasons

    def made(item: UUID, at: int, _method: int) -> LabelRow:
        reason = reasons[at]
        value = None if reason else dict(zip(tables, means[at].tolist(), strict=True))
        spread = None if reason else dict(zip(tables, sds[at].tolist(), strict=True))
        return LabelRow(item, "mean", value, spread, int(n[at]), reason or "", provenance)

    return MadeLabels(items.ids.take(units), ["mean"], made)


def _rounded(values: FloatArray, decimals: int | None) -> FloatArray:
    return values if decimals is None else values.round(decimals)
