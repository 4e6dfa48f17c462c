"""Releases as datasets for torch's DataLoader: gold labels of items, traces with their masks.

A DataLoader takes any object with a length and items, so torch is only needed when tensors are made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.client.errors import UsageError
from affectory.client.extras import extra
from affectory.client.traces import Trace


class ItemTargets:
    """(row, target) pairs: the row as a mapping, the target as a float32 tensor, shape (targets,)."""

    def __init__(self, table: pa.Table, target: tuple[str, ...]) -> None:
        unknown = [name for name in target if name not in table.column_names]
        if unknown or not target:
            raise UsageError(
                f"no column {unknown[:1] or target}", f"there is: {', '.join(table.column_names)}"
            )
        complete = table.filter(_all_valid(table, target))
        self.dropped = table.num_rows - complete.num_rows
        self._rows = complete.drop_columns(list(target))
        self._targets = np.hstack([_numbers(complete.column(name), name) for name in target])

    def __len__(self) -> int:
        return len(self._targets)

    def __getitem__(self, number: int) -> tuple[Mapping[str, Any], Any]:
        row = self._rows.slice(range(len(self))[number], 1).to_pylist()[0]
        return row, extra("torch").from_numpy(self._targets[number].copy())


class TraceTargets:
    """(item_id, values, mask) per trace.

    `values` is a float32 tensor of shape (samples, dimensions), zero where there is no valid sample; `mask`
    is a bool tensor of shape (samples,), true where all dimensions are valid.
    """

    def __init__(self, traces: Sequence[Trace], target: tuple[str, ...]) -> None:
        self._traces = traces
        self._target = target

    def __len__(self) -> int:
        return len(self._traces)

    def __getitem__(self, number: int) -> tuple[str, Any, Any]:
        torch = extra("torch")
        trace = self._traces[number]
        values = trace.values(self._target)
        mask = trace.mask & ~np.isnan(values).any(axis=1)
        filled = np.where(mask[:, None], values, np.float32(0))
        return trace.item_id, torch.from_numpy(filled), torch.from_numpy(mask)


def pad_traces(batch: Sequence[tuple[str, Any, Any]]) -> dict[str, Any]:
    """Collate traces of unequal length.

    `values` (batch, samples, dimensions) is padded with zeros, `mask` (batch, samples) with false.

    Use it as `DataLoader(traces.to_torch(("valence", "arousal")), collate_fn=pad_traces, batch_size=8)`.
    """
    pad = extra("torch.nn.utils.rnn").pad_sequence
    item_ids, values, masks = zip(*batch, strict=True)
    return {
        "item_id": list(item_ids),
        "values": pad(list(values), batch_first=True),
        "mask": pad(list(masks), batch_first=True),
    }


def _all_valid(table: pa.Table, target: tuple[str, ...]) -> Any:
    valid = pc.is_valid(table.column(target[0]))
    for name in target[1:]:
        valid = pc.and_(valid, pc.is_valid(table.column(name)))
    return valid


def _numbers(column: pa.ChunkedArray, name: str) -> npt.NDArray[np.float32]:
    """Return a column as shape (rows, numbers per row)."""
    if pa.types.is_list(column.type):
        lengths = set(pc.list_value_length(column).to_pylist())
        if len(lengths) > 1:
            raise UsageError(
                f"the lists in {name!r} have unequal lengths", "use traces() for continuous ratings"
            )
        return np.array(column.to_pylist(), dtype=np.float32).reshape(len(column), -1)
    return np.asarray(column.to_numpy(), dtype=np.float32)[:, None]
