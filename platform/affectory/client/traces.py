"""Continuous ratings in memory: one NumPy view per trace."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from affectory.client.torch_data import TraceTargets

_FACTS = ("item_id", "question", "rater_id", "take", "method", "gold", "reason", "rate_hz", "t0_s")


@dataclass(frozen=True)
class Trace:
    """One continuous series at a fixed rate.

    `series` maps each dimension to its samples, shape (samples,), float32, in the units of the scale; NaN
    where there is no valid sample. `mask` is True where the sample is valid. `rater_id` and `take` are None
    for gold traces, `method` is None for those of raters. `media_onset_s` is the second of the media file at which the
    item begins: 0 unless the item is a stretch of it. `is_gold` is whether this method is the gold of the question
    (of raters' traces never), `reason` why a dimension has no gold, or what is to be known of it. The arrays are views
    into one buffer: copy before changing.
    """

    item_id: str
    question: str
    rater_id: str | None
    take: int | None
    method: str | None
    rate_hz: float
    t0_s: float
    series: Mapping[str, npt.NDArray[Any]]
    mask: npt.NDArray[np.bool_]
    media_onset_s: float = 0.0
    is_gold: bool = False
    reason: str | None = None

    def __len__(self) -> int:
        return len(self.mask)

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if name.startswith("__") or name == "series":
            raise AttributeError(
                name
            )  # asked for while the object is copied or unpickled, still without series
        try:
            return self.series[name]
        except KeyError:
            known = ", ".join(self.series)
            raise AttributeError(f"this trace has no {name!r}; it has {known}") from None

    @property
    def times_s(self) -> npt.NDArray[np.float64]:
        """Time of each sample from the beginning of the item, shape (samples,), seconds."""
        return self.t0_s + np.arange(len(self)) / self.rate_hz

    @property
    def media_times_s(self) -> npt.NDArray[np.float64]:
        """Time of each sample in the media file of the item, shape (samples,), seconds."""
        return self.media_onset_s + self.times_s

    def has(self, dimensions: Sequence[str]) -> bool:
        """Whether the question of this trace has all these dimensions."""
        return all(name in self.series for name in dimensions)

    def values(self, dimensions: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the samples of several dimensions, shape (samples, dimensions)."""
        return np.column_stack([self.series[name] for name in dimensions])


class Traces(Sequence[Trace]):
    """Traces in the order of the table: `[number]`, `["item"]` for an item that has one, or `.of(item)`."""

    def __init__(self, traces: Sequence[Trace]) -> None:
        self._traces = traces
        self._by_item: dict[str, list[Trace]] = {}
        for trace in traces:
            self._by_item.setdefault(trace.item_id, []).append(trace)

    def __len__(self) -> int:
        return len(self._traces)

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._traces)

    @overload
    def __getitem__(self, key: int | str) -> Trace: ...
    @overload
    def __getitem__(self, key: slice) -> "Traces": ...
    def __getitem__(self, key: int | str | slice) -> "Trace | Traces":
        if isinstance(key, slice):
            return Traces(self._traces[key])
        if isinstance(key, int):
            return self._traces[key]
        found = self.of(key)
        if len(found) != 1:
            raise LookupError(
                f"item {key!r} has {len(found)} traces here; use .of({key!r}), or choose a question"
            )
        return found[0]

    @property
    def items(self) -> list[str]:
        return list(self._by_item)

    def to_torch(
        self,
        target: Sequence[str],
        *,
        step: int = 1,
        media: Callable[[str], Path] | None = None,
        frame_size: tuple[int, int] = (64, 64),
    ) -> "TraceTargets":
        """Return a dataset for torch: one mapping of tensors per trace.

        `DataLoader(found, batch_size=8, collate_fn=found.collate)` pads traces of unequal length. Traces without one
        moment at which all of `target` are valid are left out; `.dropped` says how many.

        Parameters
        ----------
        target : sequence of str
            Dimensions, such as ("valence", "arousal").
        step : int
            Every how many samples one is taken.
        media : callable, optional
            Where the media file of an item is: `ds.media_path`. With it each sample comes with the video
            frame that was on the screen at its time (needs av).
        frame_size : (int, int)
            Width and height of the frames, pixels.

        Returns
        -------
        TraceTargets
        """
        from affectory.client.torch_data import TraceTargets  # noqa: PLC0415  # torch is an extra

        return TraceTargets(self, tuple(target), step=step, media=media, frame_size=frame_size)

    def of(self, item_id: str) -> list[Trace]:
        """Return all traces of an item, an empty list when it has none."""
        return self._by_item.get(item_id, [])


def cut_traces(table: pa.Table, onsets_s: Mapping[str, float]) -> Iterator[Trace]:
    """Cut the list columns of a table into one NumPy view per row; `onsets_s` of the items that are stretches."""
    if not table.num_rows:
        return
    lists = {
        name: _views(table.column(name))
        for name in table.column_names
        if pa.types.is_list(table.schema.field(name).type)
    }
    masks = lists.pop("mask", None)
    facts = table.select([name for name in _FACTS if name in table.column_names]).to_pylist()
    for at, row in enumerate(facts):
        series = {
            name: view for name, views in lists.items() if name != "n" and (view := views[at]) is not None
        }
        mask = masks[at] if masks else None
        yield Trace(
            item_id=row["item_id"],
            question=row["question"],
            rater_id=row.get("rater_id"),
            take=row.get("take"),
            method=row.get("method"),
            rate_hz=row["rate_hz"],
            t0_s=row["t0_s"],
            series=series,
            mask=_valid(series) if mask is None else mask,
            media_onset_s=onsets_s.get(row["item_id"], 0.0),
            # Of releases of before there was a choice.
            is_gold=row.get("gold", row.get("method") == "mean"),
            reason=row.get("reason"),
        )


def _valid(series: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
    dimensions = [values for name, values in series.items() if not name.endswith("_sd")]
    valid: npt.NDArray[np.bool_] = np.logical_and.reduce([~np.isnan(values) for values in dimensions])
    return valid


def _views(column: pa.ChunkedArray) -> list[npt.NDArray[Any] | None]:
    """Return one view per row, None where the row has no list: its question has not this dimension."""
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    members = array.flatten().to_numpy(zero_copy_only=False)
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy()
    ends = np.concatenate([[0], np.cumsum(lengths)]).tolist()
    held = pc.is_valid(array).to_pylist()
    return [
        members[begin:end] if there else None
        for there, (begin, end) in zip(held, pairwise(ends), strict=True)
    ]
