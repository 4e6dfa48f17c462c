"""How well the splits of a release are balanced, and whether anything leaks between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from affectory.release.manifest import SPLITS, ColumnRecord, TableRecord

_BINS = 5
Labels: TypeAlias = "Mapping[str, pa.Array | pa.ChunkedArray]"
# A label in people's own words may have thousands of values.
_VALUES_AT_MOST = 40


@dataclass(frozen=True)
class RoleReport:
    """One role or fold of a scheme.

    `distances` maps a label column to the total variation distance, 0 to 1, between its distribution in this
    role and in all items; None where no item of the role has the label.
    """

    role: str
    items: int
    share: float
    groups: int
    distances: Mapping[str, float | None]


@dataclass(frozen=True)
class Distribution:
    """How many items of each role have each value of a label; items without the label are not counted.

    `values` are the labels, most frequent first (None: all others), or None where `edges` are the ends of the equal
    steps of a scale, one more than there are steps. `counts` maps a role to a count for each value or step.
    """

    label: str
    values: tuple[str | None, ...] | None
    edges: tuple[float, ...] | None
    counts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class _Binned:
    """`of` is the place of each item's value in `values`, or of its step between `edges`; -1: no label."""

    of: npt.NDArray[np.int64]
    values: tuple[str, ...] | None = None
    edges: tuple[float, ...] | None = None

    def counted(self, some: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        here = self.of[some]
        return np.bincount(here[here >= 0], minlength=_BINS if self.values is None else len(self.values))

    def distribution(self, label: str, members: Mapping[str, npt.NDArray[np.bool_]]) -> Distribution:
        counts = {role: self.counted(own).tolist() for role, own in members.items()}
        values: tuple[str | None, ...] | None = self.values
        if values is not None and len(values) > _VALUES_AT_MOST:
            values = (*values[:_VALUES_AT_MOST], None)
            counts = {role: [*of[:_VALUES_AT_MOST], sum(of[_VALUES_AT_MOST:])] for role, of in counts.items()}
        return Distribution(label, values, self.edges, {role: tuple(of) for role, of in counts.items()})


@dataclass(frozen=True)
class SchemeReport:
    scheme: str
    roles: tuple[RoleReport, ...]
    leaking_groups: tuple[str, ...]


def split_report(items: pa.Table, splits: pa.Table, record: TableRecord) -> tuple[SchemeReport, ...]:
    """Report every scheme of the splits table against the labels of the items table."""
    place = {item: at for at, item in enumerate(items.column("item_id").to_pylist())}
    labels = _label_bins(dict(zip(items.column_names, items.columns, strict=True)), record.columns)
    return tuple(
        _scheme(scheme, [row for row in splits.to_pylist() if row["scheme"] == scheme], place, labels)
        for scheme in sorted(set(splits.column("scheme").to_pylist()))
    )


def label_balance(
    labels: Labels, columns: Sequence[ColumnRecord], role_of: Sequence[str | None]
) -> dict[str, dict[str, float | None]]:
    """Compare the labels of each role with those of all items.

    `labels` has those of the label columns among `columns`, a value per item; `role_of` says where each stands
    (None: nowhere).
    Returns role -> label column -> total variation distance, 0 to 1; None where no item of the role has the label.
    """
    bins, members = _label_bins(labels, columns), _members(role_of)
    return {
        role: {name: _distance(binned, own) for name, binned in bins.items()} for role, own in members.items()
    }


def label_distributions(
    labels: Labels, columns: Sequence[ColumnRecord], role_of: Mapping[str, Sequence[str | None]]
) -> dict[str, tuple[Distribution, ...]]:
    """Count the labels of each role of each scheme; labels that no item has are left out.

    Arguments as for `label_balance`, but that `role_of` is by scheme.
    """
    bins = _label_bins(labels, columns)
    known = {name: binned for name, binned in bins.items() if (binned.of >= 0).any()}
    members = {scheme: _members(roles) for scheme, roles in role_of.items()}
    return {
        scheme: tuple(binned.distribution(name, of) for name, binned in known.items())
        for scheme, of in members.items()
    }


def _members(role_of: Sequence[str | None]) -> dict[str, npt.NDArray[np.bool_]]:
    """Which items stand in each role."""
    roles = np.array(role_of, dtype=object)
    return {role: roles == role for role in _in_order({role for role in role_of if role is not None})}


def _label_bins(labels: Labels, columns: Sequence[ColumnRecord]) -> Mapping[str, _Binned]:
    return {column.name: _binned(labels[column.name], column) for column in columns if _is_label(column)}


def _is_label(column: ColumnRecord) -> bool:
    """Tell gold values and labels from their dispersion and counts."""
    if column.name.endswith("_label"):
        return True
    scaled = column.minimum is not None and column.maximum is not None
    return scaled and column.kind == "float" and not column.name.endswith("_sd")


def _binned(values: pa.Array | pa.ChunkedArray, column: ColumnRecord) -> _Binned:
    """Put labels as they are, scales in equal steps."""
    if column.kind == "text":
        return _by_value(values)
    low, high = float(column.minimum or 0.0), float(column.maximum or 0.0)
    numbers = values.to_pandas().to_numpy(dtype=np.float64, na_value=np.nan)
    missing = np.isnan(numbers)
    steps = np.floor((np.where(missing, low, numbers) - low) / (high - low) * _BINS)
    edges = tuple(round(float(edge), 9) for edge in np.linspace(low, high, _BINS + 1))
    return _Binned(np.where(missing, -1, np.clip(steps, 0, _BINS - 1)).astype(np.int64), edges=edges)


def _by_value(values: pa.Array | pa.ChunkedArray) -> _Binned:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    array = whole.dictionary_encode()
    names = array.dictionary.to_pylist()
    code = np.asarray(array.indices.fill_null(-1), dtype=np.int64)
    times = np.bincount(code[code >= 0], minlength=len(names)).tolist()
    ranked = sorted(range(len(names)), key=lambda at: (-times[at], names[at]))
    place = np.full(len(names) + 1, -1, dtype=np.int64)  # the last one is that of -1, no label
    place[ranked] = np.arange(len(names))
    return _Binned(place[code], values=tuple(names[at] for at in ranked))


def _scheme(
    scheme: str,
    rows: list[dict[str, Any]],
    place: Mapping[str, int],
    labels: Mapping[str, _Binned],
) -> SchemeReport:
    roles_of: dict[str, set[str]] = {}
    for row in rows:
        if row["group_id"] is not None:
            roles_of.setdefault(row["group_id"], set()).add(row["role"])
    return SchemeReport(
        scheme=scheme,
        roles=tuple(_role(role, rows, place, labels) for role in _in_order({row["role"] for row in rows})),
        leaking_groups=tuple(sorted(group for group, roles in roles_of.items() if len(roles) > 1)),
    )


def _role(
    role: str,
    rows: list[dict[str, Any]],
    place: Mapping[str, int],
    labels: Mapping[str, _Binned],
) -> RoleReport:
    own = [row for row in rows if row["role"] == role]
    at = np.array([place[row["item_id"]] for row in own if row["item_id"] in place], dtype=np.int64)
    return RoleReport(
        role=role,
        items=len(own),
        share=len(own) / len(rows),
        groups=len({row["group_id"] for row in own}),
        distances={name: _distance(binned, at) for name, binned in labels.items()},
    )


def _distance(binned: _Binned, some: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> float | None:
    overall, here = binned.counted(np.ones(binned.of.size, dtype=bool)), binned.counted(some)
    if not here.sum():
        return None
    return float(np.abs(overall / overall.sum() - here / here.sum()).sum() / 2)


def _in_order(roles: Iterable[str]) -> list[str]:
    return sorted(roles, key=lambda role: (SPLITS.index(role) if role in SPLITS else len(SPLITS), role))
