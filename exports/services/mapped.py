"""Label columns that nobody rated: those of the recipe's mappings, each with where its values come from.

A new kind is a serializer in `exports.mappings` and an entry of `KINDS` here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from affectory.errors import Invalid
from affectory.mapping import AxisFit, convert_scale, fit_mapping, nearest_category, vad_to_categories
from affectory.release.tables import Column
from affectory.results import BoolArray, FloatArray
from affectory.splits import SplitAssignment
from affectory.taxonomy import get_taxonomy
from annotation.facade import GoldColumn
from exports.recipe import mappings_of
from exports.services.label_columns import AXES
from exports.services.questions import Question
from exports.services.source import Source

LEARNT_FROM = "train"
#: Numbers that were computed have no more digits than are the same on every machine.
DECIMALS = 6


class Mapped(NamedTuple):
    """``columns`` with their ``values``, one for each item.

    ``reports``: of each mapping what it is, and as ``found`` what came of it: items, source, fit on held-out groups.
    """

    columns: tuple[Column, ...]
    values: Mapping[str, pa.Array]
    reports: list[dict[str, Any]]


class _Found(NamedTuple):
    columns: list[Column]
    values: list[pa.Array]
    told: Mapping[str, Any]


@dataclass(frozen=True)
class _Asked:
    """One mapping of the recipe; ``field``: where it stands there, for errors."""

    field: str
    mapping: Mapping[str, Any]
    source: Source
    splits: SplitAssignment

    @property
    def name(self) -> str:
        return str(self.mapping["name"])

    @cached_property
    def question(self) -> Question:
        return self.named("question")

    def named(self, key: str) -> Question:
        wanted = self.mapping[key]
        for question in self.source.questions:
            if question.name == wanted:
                return question
        raise self.refused(
            key, f"no question is called {wanted!r}", [one.name for one in self.source.questions]
        )

    def refused(self, key: str, reason: str, there_are: Sequence[str] = ()) -> Invalid:
        listed = f"; there are: {', '.join(there_are)}" if there_are else ""
        line = f"{self.field}.{key}: {reason}{listed}."
        return Invalid(f"The recipe is not right: {line}", code="invalid_recipe", details={"errors": [line]})

    def gold(self, key: str) -> Sequence[GoldColumn]:
        """The numbers that the labels of a question hold."""
        found = self.named(key).gold
        if found is None:
            numeric = [one.name for one in self.source.questions if one.gold]
            raise self.refused(key, f"the labels of {self.mapping[key]!r} are no numbers", numeric)
        return found[1]

    def numbers(self, key: str) -> FloatArray:
        """Gold, shape (items, dimensions), NaN where an item has none."""
        name = self.mapping[key]
        columns = [self.source.labels[f"{name}_{one.key}"] for one in self.gold(key)]
        return np.column_stack([_floats(column) for column in columns])

    def points(self) -> FloatArray:
        """Gold on valence, arousal and, where it is asked for, dominance, each from -1 to 1."""
        bounded = {one.key: one for one in self.gold("question") if not {one.minimum, one.maximum} & {None}}
        if not {"valence", "arousal"} <= set(bounded):
            raise self.refused(
                "question", "it needs valence and arousal on scales that have ends", sorted(bounded)
            )
        axes = [bounded[axis] for axis in AXES if axis in bounded]
        return np.column_stack([convert_scale(self._axis(one), _ends(one)).values for one in axes])

    def _axis(self, one: GoldColumn) -> FloatArray:
        return _floats(self.source.labels[f"{self.question.name}_{one.key}"])

    def features(self) -> FloatArray:
        """What is learnt from: shares of the votes, or gold numbers."""
        if not self.question.votes:
            return self.numbers("question")
        votes = self.source.labels[f"{self.question.name}_votes"]
        counts = np.full((len(votes), len(self.question.votes)), np.nan)
        there = votes.is_valid().to_numpy(zero_copy_only=False)
        counts[there] = votes.flatten().to_numpy().reshape(-1, counts.shape[1])
        total = counts.sum(axis=1, keepdims=True)
        shares: FloatArray = np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)
        return shares

    @cached_property
    def learnt(self) -> BoolArray:
        """Which items a mapping may be fitted on."""
        return np.array([role == LEARNT_FROM for role in self.splits.roles.in_order()])

    def column(self, end: str, type_: pa.DataType, description: str, **more: Any) -> Column:
        return Column(f"{self.question.name}_{end}", type_, description, **more)


def map_labels(source: Source, splits: SplitAssignment) -> Mapped:
    """All mappings of the recipe; raises Invalid where one names what is not there, or a column that is."""
    taken = set(source.labels)
    columns: list[Column] = []
    values: dict[str, pa.Array] = {}
    reports = list(_of_taxonomies(source))
    for at, mapping in enumerate(mappings_of(source.dataset.recipe)):
        asked = _Asked(f"mappings[{at}]", mapping, source, splits)
        found = KINDS[mapping["kind"]](asked)
        names = [column.name for column in found.columns]
        if double := taken & set(names):
            raise asked.refused("name", f"a column {min(double)!r} is there already")
        taken |= set(names)
        columns += found.columns
        values |= dict(zip(names, found.values, strict=True))
        told = {"items": _items_with(found.values[0]), **found.told}
        reports.append({**mapping, "columns": names, "found": told})
    return Mapped(tuple(columns), values, reports)


def _items_with(values: pa.Array) -> int:
    return int(len(values) - values.null_count)


def _of_taxonomies(source: Source) -> Iterator[dict[str, Any]]:
    """What every question with a taxonomy is mapped by, unasked."""
    for question in source.questions:
        if question.taxonomy:
            names = [f"{question.name}_{axis}_mapped" for axis in AXES]
            taxonomy = get_taxonomy(question.taxonomy)
            yield {
                "name": "mapped",
                "kind": "centroid",
                "question": question.name,
                "taxonomy": taxonomy.name,
                "columns": names,
                "found": {
                    "items": _items_with(source.labels[names[0]]),
                    "source": f"mean of the coordinates of the votes, {taxonomy.name}@{taxonomy.version}",
                },
            }


def _nearest(asked: _Asked) -> _Found:
    taxonomy = get_taxonomy(asked.mapping["taxonomy"])
    found = nearest_category(asked.points(), taxonomy)
    source = f"{found.convention} to the coordinates of {taxonomy.name}@{taxonomy.version}"
    column = asked.column(
        asked.name,
        pa.string(),
        f"Label nearest to the gold of {asked.question.name!r}; nobody chose it",
        source=source,
    )
    return _Found([column], [pa.array(found.labels, pa.string())], {"source": source})


def _shares(asked: _Asked) -> _Found:
    taxonomy = get_taxonomy(asked.mapping["taxonomy"])
    found = vad_to_categories(asked.points(), taxonomy, spread=asked.mapping["spread"])
    source = f"{found.convention}, coordinates of {found.taxonomy}"
    listed = ", ".join(taxonomy.keys)
    column = asked.column(
        asked.name,
        pa.list_(pa.float64()),
        f"Shares of labels computed from the gold of {asked.question.name!r}, in the order {listed}; nobody chose them",
        minimum=0,
        maximum=1,
        source=source,
        decimals=DECIMALS,
    )
    rows = [None if np.isnan(row).any() else row.tolist() for row in found.shares]
    return _Found([column], [pa.array(rows, column.type)], {"source": source})


def _scaled(asked: _Asked) -> _Found:
    low, high = asked.mapping["low"], asked.mapping["high"]
    gold = asked.gold("question")
    endless = [one.key for one in gold if {one.minimum, one.maximum} & {None}]
    if endless:
        raise asked.refused(
            "question", f"{endless[0]!r} has no ends", [one.key for one in gold if one.key not in endless]
        )
    columns, values = [], []
    for one, numbers in zip(gold, asked.numbers("question").T, strict=True):
        source = f"straight line from {one.minimum:g} to {one.maximum:g} onto {low:g} to {high:g}"
        columns.append(
            asked.column(
                f"{one.key}_{asked.name}",
                pa.float64(),
                f"Gold {one.key} of {asked.question.name!r} on another scale",
                minimum=min(low, high),
                maximum=max(low, high),
                source=source,
                decimals=DECIMALS,
            )
        )
        values.append(_array(convert_scale(numbers, _ends(one), (low, high)).values))
    return _Found(columns, values, {"source": columns[0].source})


def _fitted(asked: _Asked) -> _Found:
    settings = {key: asked.mapping[key] for key in ("penalty", "neighbours", "seed") if key in asked.mapping}
    gold = asked.gold("target")
    x, y = asked.features(), asked.numbers("target")
    groups = list(asked.splits.groups.in_order())
    learnt = asked.learnt
    told: dict[str, Any]
    try:
        fitted = fit_mapping(
            x[learnt],
            y[learnt],
            kind=asked.mapping["kind"],
            groups=[group for group, used in zip(groups, learnt, strict=True) if used],
            name=f"the {LEARNT_FROM} items of {asked.source.dataset.name}",
            **settings,
        )
    except ValueError as error:
        # Too little to learn from is no fault of the recipe: there may be more items in the next release.
        predicted, source, told = np.full_like(y, np.nan), "not fitted", {"reason": str(error)}
    else:
        predicted, source = fitted.predict(x).values, fitted.source
        told = {
            "parameters": dict(fitted.parameters),
            "fit": [_fit(one.key, axis) for one, axis in zip(gold, fitted.report, strict=True)],
        }
    columns = [
        asked.column(
            f"{one.key}_{asked.name}",
            pa.float64(),
            f"{one.key} of {asked.mapping['target']!r} predicted from {asked.question.name!r}; nobody rated it",
            source=source,
            decimals=DECIMALS,
        )
        for one in gold
    ]
    return _Found(columns, [_array(numbers) for numbers in predicted.T], {"source": source, **told})


def _fit(dimension: str, axis: AxisFit) -> dict[str, Any]:
    """How well held-out groups of the training part were predicted."""
    return {
        "dimension": dimension,
        "r": axis.r.value,
        "ccc": axis.ccc.value,
        "slope": axis.slope,
        "rmse": axis.rmse,
        "n_items": axis.r.n_units_used,
    }


def _ends(one: GoldColumn) -> tuple[float, float]:
    assert one.minimum is not None and one.maximum is not None  # noqa: S101, PT018  # its callers looked
    return one.minimum, one.maximum


def _floats(column: pa.Array) -> FloatArray:
    found: FloatArray = column.to_numpy(zero_copy_only=False).astype(np.float64)
    return found


def _array(numbers: FloatArray) -> pa.Array:
    return pa.array(numbers, pa.float64(), from_pandas=True)


KINDS: Mapping[str, Callable[[_Asked], _Found]] = {
    "nearest": _nearest,
    "shares": _shares,
    "scale": _scaled,
    "ridge": _fitted,
    "knn": _fitted,
}
