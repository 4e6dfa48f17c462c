"""How well the splits of a release are balanced, and whether anything leaks between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from affectory.release.manifest import SPLITS, ColumnRecord, TableRecord

_BINS = 5


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
class SchemeReport:
    scheme: str
    roles: tuple[RoleReport, ...]
    leaking_groups: tuple[str, ...]


def split_report(items: pa.Table, splits: pa.Table, record: TableRecord) -> tuple[SchemeReport, ...]:
    """Report every scheme of the splits table against the labels of the items table."""
    place = {item: at for at, item in enumerate(items.column("item_id").to_pylist())}
    labels = _label_bins(items, record.columns)
    return tuple(
        _scheme(scheme, [row for row in splits.to_pylist() if row["scheme"] == scheme], place, labels)
        for scheme in sorted(set(splits.column("scheme").to_pylist()))
    )


def label_balance(
    labels: pa.Table, columns: Sequence[ColumnRecord], role_of: Sequence[str | None]
) -> dict[str, dict[str, float | None]]:
    """Compare the labels of each role with those of all items.

    `labels` has the label columns among `columns`, a row per item; `role_of` says where each stands (None: nowhere).
    Returns role -> label column -> total variation distance, 0 to 1; None where no item of the role has the label.
    """
    roles, bins = np.array(role_of, dtype=object), _label_bins(labels, columns)
    return {
        role: {name: _distance(of_all, of_all[roles == role]) for name, of_all in bins.items()}
        for role in _in_order({role for role in role_of if role is not None})
    }


def _label_bins(items: pa.Table, columns: Sequence[ColumnRecord]) -> Mapping[str, npt.NDArray[np.int64]]:
    return {column.name: _bins(items, column) for column in columns if _is_label(column)}


def _is_label(column: ColumnRecord) -> bool:
    """Tell gold values and labels from their dispersion and counts."""
    if column.name.endswith("_label"):
        return True
    scaled = column.minimum is not None and column.maximum is not None
    return scaled and column.kind == "float" and not column.name.endswith("_sd")


def _bins(items: pa.Table, column: ColumnRecord) -> npt.NDArray[np.int64]:
    """Return the bin of each item, -1 without a label: labels as they are, scales in five equal steps."""
    values = items.column(column.name)
    if column.kind == "text":
        codes = values.combine_chunks().dictionary_encode()
        array = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
        return np.asarray(array.indices.fill_null(-1), dtype=np.int64)
    low, high = float(column.minimum or 0.0), float(column.maximum or 0.0)
    numbers = values.to_pandas().to_numpy(dtype=np.float64, na_value=np.nan)
    missing = np.isnan(numbers)
    steps = np.floor((np.where(missing, low, numbers) - low) / (high - low) * _BINS)
    return np.where(missing, -1, np.clip(steps, 0, _BINS - 1)).astype(np.int64)


def _scheme(
    scheme: str,
    rows: list[dict[str, Any]],
    place: Mapping[str, int],
    labels: Mapping[str, npt.NDArray[np.int64]],
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
    labels: Mapping[str, npt.NDArray[np.int64]],
) -> RoleReport:
    own = [row for row in rows if row["role"] == role]
    at = np.array([place[row["item_id"]] for row in own if row["item_id"] in place], dtype=np.int64)
    return RoleReport(
        role=role,
        items=len(own),
        share=len(own) / len(rows),
        groups=len({row["group_id"] for row in own}),
        distances={name: _distance(bins, bins[at]) for name, bins in labels.items()},
    )


def _distance(everything: npt.NDArray[np.int64], some: npt.NDArray[np.int64]) -> float | None:
    size = int(everything.max(initial=0)) + 1
    overall = np.bincount(everything[everything >= 0], minlength=size)
    here = np.bincount(some[some >= 0], minlength=size)
    if not here.sum():
        return None
    return float(np.abs(overall / overall.sum() - here / here.sum()).sum() / 2)


def _in_order(roles: Iterable[str]) -> list[str]:
    return sorted(roles, key=lambda role: (SPLITS.index(role) if role in SPLITS else len(SPLITS), role))
