"""Releases as datasets for torch's DataLoader: gold labels of items, traces with their masks.

A DataLoader takes any object with a length and items, so torch is only needed when tensors are made.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.client.errors import UsageError
from affectory.client.extras import extra
from affectory.client.frames import frames_at
from affectory.client.traces import Trace


class ItemTargets:
    """(row, target) pairs: the row as a mapping, the target as a float32 tensor, shape (numbers,).

    `targets` are the columns that the numbers are from, `dropped` counts rows without a value in one of them.
    """

    def __init__(self, table: pa.Table, target: tuple[str, ...]) -> None:
        self.targets = target
        complete = table.filter(_all_valid(table, target))
        self.dropped = table.num_rows - complete.num_rows
        self._rows = complete.drop_columns(list(target))
        self._targets = np.hstack([_numbers(complete.column(name), name) for name in target])

    def __len__(self) -> int:
        return len(self._targets)

    def __getitem__(self, number: int) -> tuple[Mapping[str, Any], Any]:
        row = self._rows.slice(range(len(self))[number], 1).to_pylist()[0]
        return row, extra("torch").from_numpy(self._targets[number].copy())

    @staticmethod
    def collate(batch: Sequence[tuple[Mapping[str, Any], Any]]) -> tuple[list[Mapping[str, Any]], Any]:
        """Return the rows as a list and the targets as one tensor, shape (batch, numbers)."""
        return [row for row, _ in batch], extra("torch").stack([target for _, target in batch])


class TraceTargets:
    """One mapping per trace that has a moment at which all targets are valid; `dropped` counts the others.

    ========== ============================================================================================
    `item_id`  text
    `rater_id` text; None for gold traces
    `times_s`  float64 tensor (samples,): seconds from the beginning of the item
    `values`   float32 tensor (samples, dimensions), zero where there is no valid sample
    `mask`     bool tensor (samples,), true where all dimensions are valid
    `frames`   uint8 tensor (samples, height, width, 3), RGB; only where media were asked for
    ========== ============================================================================================
    """

    def __init__(
        self,
        traces: Sequence[Trace],
        target: tuple[str, ...],
        *,
        step: int = 1,
        media: Callable[[str], Path] | None = None,
        frame_size: tuple[int, int] = (64, 64),
    ) -> None:
        self.targets = target
        self._traces = [trace for trace in traces if trace.has(target) and _rated(trace, target).any()]
        self.dropped = len(traces) - len(self._traces)
        self._step = step
        self._media = media
        self._frame_size = frame_size

    def __len__(self) -> int:
        return len(self._traces)

    def __getitem__(self, number: int) -> dict[str, Any]:
        tensor = extra("torch").from_numpy
        trace = self._traces[number]
        values = trace.values(self.targets)[:: self._step]
        mask = _rated(trace, self.targets)[:: self._step]
        times_s, shown_s = trace.times_s[:: self._step], trace.media_times_s[:: self._step]
        found = {
            "item_id": trace.item_id,
            "rater_id": trace.rater_id,
            "times_s": tensor(times_s),
            "values": tensor(np.where(mask[:, None], values, np.float32(0))),
            "mask": tensor(mask),
        }
        if self._media is not None:
            found["frames"] = tensor(frames_at(self._media(trace.item_id), shown_s, size=self._frame_size))
        return found

    @staticmethod
    def collate(batch: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Pad to the longest: see `pad_traces`."""
        return pad_traces(batch)


def pad_traces(batch: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Collate traces of unequal length: tensors get the shape (batch, samples, ...).

    Added samples are zeros, black frames among them, and `mask` is false for them; what is no tensor becomes a list.
    """
    pad = extra("torch.nn.utils.rnn").pad_sequence
    columns = {key: [one[key] for one in batch] for key in batch[0]}
    return {
        key: pad(column, batch_first=True) if hasattr(column[0], "dtype") else column
        for key, column in columns.items()
    }


def _rated(trace: Trace, target: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Return where all targets are valid, shape (samples,)."""
    valid: npt.NDArray[np.bool_] = trace.mask & ~np.isnan(trace.values(target)).any(axis=1)
    return valid


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
