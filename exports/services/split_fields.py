"""What a split scheme reads of the items: their keys, metadata and dates, and the labels they got."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from rest_framework.exceptions import ValidationError

from affectory.errors import Invalid
from affectory.release.manifest import SPLITS
from annotation.facade import unpack
from exports.schemes import group_keys, iso_instant
from exports.services.source import Source
from exports.services.trace_tables import continuous
from ingest.facade import group_values

Recipe = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A scheme of the recipe and where it stands there; ``whole``: every item must get a role."""

    where: str
    scheme: Recipe
    settled: Mapping[str, str]
    whole: bool


class FieldTable:
    """The fields that schemes name, one list each in the order of the items, read once and kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._told: dict[str, list[Any]] = {}

    def rows(self, asked: Asked) -> pd.DataFrame:
        scheme = asked.scheme
        # As they are held, so that the keys are not copied.
        keys = pd.Series(pd.arrays.ArrowExtensionArray(self.source.items.all_keys))
        columns: dict[str, Any] = {"id": keys}
        for key in group_keys([scheme]):
            columns[key] = _shared(group_values(value) for value in self._stated(key))
        for name in (*scheme.get("categories", ()), *scheme.get("scales", ())):
            columns[name] = self._label(name, asked, numeric=name in scheme["scales"])
        if scheme["kind"] == "date":
            columns["date of the item"] = self._dates(asked)
        if scheme["kind"] == "official":
            columns["official role"] = self._official(asked)
        return pd.DataFrame(columns)

    def _stated(self, name: str) -> list[Any]:
        """What the items themselves say under this name: a group key, else a field of their metadata."""
        if name not in self._told:
            facts = self.source.facts("groups", "metadata")
            stated = (groups.get(name, metadata.get(name)) for groups, metadata in facts)
            self._told[name] = [intern(one) if isinstance(one, str) else one for one in stated]
        return self._told[name]

    def _existing(self, name: str, asked: Asked, field_: str) -> list[Any]:
        values = self._stated(name)
        if all(value is None for value in values):
            raise Invalid(
                f"{asked.where}.{field_}: no item has a group key or metadata field {name!r}.",
                code="invalid_recipe",
            )
        return values

    def _label(self, name: str, asked: Asked, *, numeric: bool) -> list[Any]:
        told = _label_values(self.source, name)
        field_ = "scales" if numeric else "categories"
        values = self._existing(name, asked, field_) if told is None else told
        wrong = next((one for one in values if one is not None and numeric != _is_number(one)), None)
        if wrong is not None:
            raise Invalid(
                f"{asked.where}.{field_}: {name!r} holds {wrong!r}, which is {'no' if numeric else 'a'} number.",
                code="invalid_recipe",
            )
        return list(values) if not numeric else [np.nan if one is None else float(one) for one in values]

    def _dates(self, asked: Asked) -> list[Any]:
        values = self._existing(asked.scheme["field"], asked, "field")
        found = []
        for key, value in zip(self.source.items.keys, values, strict=True):
            try:
                found.append(None if value is None else iso_instant(value))
            except ValidationError as error:
                raise Invalid(
                    f"{asked.where}.field: item {key!r}: {value!r} is no ISO 8601 date.",
                    code="invalid_recipe",
                ) from error
        return found

    def _official(self, asked: Asked) -> list[Any]:
        scheme = asked.scheme
        if "field" in scheme:
            values = self._existing(scheme["field"], asked, "field")
            strange = (
                next((one for one in values if one not in {None, *SPLITS}), None) if asked.whole else None
            )
            if strange is not None:
                raise Invalid(
                    f"{asked.where}.field: {strange!r} cannot be a part of items; there are {', '.join(SPLITS)}.",
                    code="invalid_recipe",
                )
            return values
        values = [scheme["roles"].get(key) for key in self.source.items.keys]
        if all(value is None for value in values):
            raise Invalid(f"{asked.where}.roles: names no item of this dataset.", code="invalid_recipe")
        return values


def _shared(several: Iterable[list[str]]) -> list[list[str] | None]:
    """One list for all items of the same values; None where there are none."""
    first: dict[tuple[str, ...], list[str]] = {}
    return [first.setdefault(tuple(values), values) or None for values in several]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _label_values(source: Source, name: str) -> Sequence[Any] | None:
    """The value of each item in a label column of ``items``, or the mean of its gold trace."""
    if name in source.labels:
        values: list[Any] = source.labels[name].to_pylist()
        return values
    means = _trace_means(source, name)
    return [means.get(item.pk) for item in source.items] if means else None


def _trace_means(source: Source, name: str) -> dict[UUID, float]:
    """The mean over time of ``<question>_<dimension>``, by item."""
    means: dict[UUID, float] = {}
    for question in continuous(source):
        for trace in source.computed[question.study.slug].gold_traces:
            names = [f"{question.name}_{dimension}" for dimension in trace.dimensions]
            if (trace.question, trace.method) != (question.key, "mean") or name not in names:
                continue
            series = unpack(bytes(trace.values), len(names))[:, names.index(name)]
            if not np.isnan(series).all():
                means[trace.item_id] = float(np.nanmean(series))
    return means
