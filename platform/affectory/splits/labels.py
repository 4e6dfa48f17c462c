"""Labels of items as strata, of which every role should hold its share."""

from array import array

import numpy as np
import pandas as pd

from affectory.results import BoolArray, FloatArray, IntArray
from affectory.splits.placement import Targets
from affectory.splits.schemes import Scheme
from affectory.splits.values import present


def strata_of(table: pd.DataFrame, scheme: Scheme) -> tuple[FloatArray, list[tuple[int, str]]]:
    """Give one-hot strata per item, and first column and name of each question."""
    parts = [(name, _label_columns(table[name])) for name in scheme.categories]
    if scheme.scales:
        parts.append((f"grid({', '.join(scheme.scales)})", _grid_columns(table, scheme)))
    if not parts:
        parts = [("items", np.ones((len(table), 1)))]
    widths = [columns.shape[1] for _, columns in parts]
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
    questions = [(int(start), name) for start, (name, _) in zip(starts, parts, strict=True)]
    return np.hstack([columns for _, columns in parts]), questions


def targets_of(
    group: IntArray,
    placed: BoolArray,
    strata: FloatArray,
    questions: list[tuple[int, str]],
    shares: FloatArray,
) -> Targets:
    """What the groups that are `placed` hold, for the optimiser."""
    sizes = np.bincount(group, minlength=placed.size).astype(np.float64)
    gathered = np.zeros((placed.size, strata.shape[1]))
    np.add.at(gathered, group, strata)
    starts = np.array([start for start, _ in questions], dtype=np.int64)
    return Targets(sizes[placed], gathered[placed], starts, shares)


def _label_columns(labels: pd.Series) -> FloatArray:
    number: dict[str, int] = {}
    row, code = array("q"), array("q")
    for at, label in enumerate(labels):
        for one in present(label):
            row.append(at)
            code.append(number.setdefault(str(one), len(number)))
    column = {label: at for at, label in enumerate(sorted(number))}
    hot = np.zeros((len(labels), max(len(column), 1)))
    hot[row, np.array([column[label] for label in number], dtype=np.int64)[code]] = 1
    return hot


def _grid_columns(table: pd.DataFrame, scheme: Scheme) -> FloatArray:
    numbers = table[list(scheme.scales)].to_numpy(dtype=np.float64)
    cell = np.zeros(len(numbers), dtype=np.int64)
    known = ~np.isnan(numbers).any(axis=1)
    for column in numbers.T:
        inner = np.quantile(column[known], np.arange(1, scheme.bins) / scheme.bins) if known.any() else []
        cell = cell * scheme.bins + np.searchsorted(inner, column, side="right")
    present, code = np.unique(cell[known], return_inverse=True)
    hot = np.zeros((len(numbers), max(present.size, 1)))
    hot[np.flatnonzero(known), code] = 1
    return hot
