"""WebDataset: tar shards per split, one sample per item, for streaming while training.

A sample is `<key>.json` (the item's row, the answers of raters), its medium, and where the release has traces
`<key>.gold.npy` and with raters=yes `<key>.raters.npy`. The keys stand in the order of item_id; members have no
owner and no time, so the same release gives the same tar files.
"""

import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from affectory.client.traces import Trace
from affectory.views.contract import METHOD, QUESTION, Entry, Option, Options, View
from affectory.views.source import Row, Source, by_item, dimensions, rater_columns

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class _Member:
    name: str
    content: bytes | Path

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


@dataclass(frozen=True)
class _Parts:
    """What can stand beside an item, by item_id."""

    media: Mapping[str, Path]
    gold: Mapping[str, Trace]
    raters: Mapping[str, Sequence[Trace]]
    answers: Mapping[str, Sequence[Mapping[str, Any]]]


def render(source: Source, options: Options) -> Iterator[Entry]:
    parts = _parts(source, options)
    for split in source.splits:
        rows = [row for row in source.items if row["split"] == split]
        shards = list(_batches(rows, options.whole("shard_items")))
        for number, shard in enumerate(shards):
            yield Entry(f"{split}-{number:06d}.tar", _tar(_members(source, shard, parts)))


def _batches(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _parts(source: Source, options: Options) -> _Parts:
    answers: dict[str, list[Mapping[str, Any]]] = {}
    for answer in source.cells if options.flag("raters") else ():
        told = {"rater": answer.rater_id, "question": answer.question, "dimension": answer.dimension}
        answers.setdefault(answer.item_id, []).append({**told, "value": answer.value})
    return _Parts(
        media=source.media if options.flag("media") else {},
        gold={trace.item_id: trace for trace in source.gold_traces(options)}
        if source.all_gold_traces
        else {},
        raters=by_item(source.rater_traces(options.text("question"))) if options.flag("raters") else {},
        answers=answers,
    )


def _members(source: Source, rows: Sequence[Row], parts: _Parts) -> Iterator[_Member]:
    for row in rows:
        item_id, key = row["item_id"], source.names[row["item_id"]]
        gold, raters = parts.gold.get(item_id), parts.raters.get(item_id, ())
        told = {name: value for name, value in row.items() if value is not None} | {"release": source.ref}
        if gold is not None:
            told["gold_trace"] = _facts(gold) | {"method": gold.method}
        if raters:
            told["rater_traces"] = _facts(raters[0]) | {"raters": list(rater_columns(raters))}
        if item_id in parts.answers:
            told["answers"] = parts.answers[item_id]
        yield _Member(f"{key}.json", json.dumps(told, ensure_ascii=False).encode())
        if item_id in parts.media:
            yield _Member(source.media_name(item_id), parts.media[item_id])
        if gold is not None:
            yield _Member(f"{key}.gold.npy", _npy(gold.values(dimensions(gold))))
        if raters:
            yield _Member(f"{key}.raters.npy", _npy(_stacked(raters)))


def _facts(trace: Trace) -> dict[str, Any]:
    return {
        "question": trace.question,
        "rate_hz": trace.rate_hz,
        "t0_s": trace.t0_s,
        "dimensions": dimensions(trace),
    }


def _stacked(traces: Sequence[Trace]) -> npt.NDArray[np.float32]:
    """Return shape (raters, samples, dimensions); NaN where a trace is shorter or has no valid sample."""
    names = dimensions(traces[0])
    stacked = np.full((len(traces), max(map(len, traces)), len(names)), np.nan, dtype=np.float32)
    for at, trace in enumerate(traces):
        stacked[at, : len(trace)] = trace.values(names)
    return stacked


def _npy(array: npt.NDArray[np.float32]) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(
        out, np.ascontiguousarray(array, dtype="<f4"), version=(1, 0), allow_pickle=False
    )
    return out.getvalue()


def _tar(members: Iterator[_Member]) -> Iterator[bytes]:
    for member in members:
        header = tarfile.TarInfo(member.name)
        header.size, header.mode, header.mtime = member.size, 0o644, 0
        yield header.tobuf(tarfile.USTAR_FORMAT)
        yield from _bytes_of(member)
        yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _bytes_of(member: _Member) -> Iterator[bytes]:
    if isinstance(member.content, bytes):
        yield member.content
        return
    with member.content.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece


VIEW = View(
    name="webdataset",
    summary="tar shards per split: JSON, medium and trace arrays of each item",
    loses="answers that did not count; tables of raters and splits",
    opened_by="webdataset, datasets (Hugging Face)",
    render=render,
    options=(
        QUESTION,
        METHOD,
        Option("media", "put the media files in", "yes", ("yes", "no")),
        Option("raters", "put the traces and answers of each rater in", "no", ("yes", "no")),
        Option("shard_items", "items per shard", "1000"),
    ),
)
