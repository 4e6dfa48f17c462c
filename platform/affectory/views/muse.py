"""MuSe / AVEC: timestamp and value per item and dimension, the raters' traces beside, a partition file.

label_segments/<dimension>/<id>.csv    gold: timestamp in ms, value, segment_id (stretches without a gap)
raw/<dimension>/<id>.csv               timestamp in s, one column per rater, as the MuSe toolbox takes it
metadata/partition.csv                 id, partition: train, devel, test
metadata/names.csv                     id, item_id
metadata/segment_info/<id>.csv         start and end of each segment in ms

The baselines want whole numbers as ids, so the items are numbered from 1 in the order of item_id; and labels for every
id of the partition, so that items without a gold trace are not in it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from affectory.client.traces import Trace
from affectory.views.contract import METHOD, QUESTION, Entry, Options, View
from affectory.views.source import Source, by_item, dimensions, rater_columns
from affectory.views.texts import csv_entry, samples, times_s

# Number of the stretch; time in ms and place of each of its samples.
Segments = list[tuple[int, list[tuple[float, int]]]]

_PARTITIONS = {"validation": "devel"}
_MS_DECIMALS = 3


def render(source: Source, options: Options) -> Iterator[Entry]:
    gold = source.gold_traces(options)
    names = {row["item_id"]: str(number) for number, row in enumerate(source.items, start=1)}
    labelled = {trace.item_id for trace in gold}
    yield csv_entry(
        "metadata/partition.csv",
        ("id", "partition"),
        (
            (names[row["item_id"]], _PARTITIONS.get(row["split"], row["split"]))
            for row in source.items
            if row["item_id"] in labelled
        ),
    )
    yield csv_entry("metadata/names.csv", ("id", "item_id"), ((name, key) for key, name in names.items()))
    for trace in gold:
        segments = _segments(trace)
        yield csv_entry(
            f"metadata/segment_info/{names[trace.item_id]}.csv",
            ("start", "end", "segment_id"),
            ((rows[0][0], rows[-1][0], segment) for segment, rows in segments),
        )
        yield from _labels(trace, names[trace.item_id], segments)
    for item_id, traces in by_item(source.rater_traces(gold[0].question)).items():
        yield from _raw(traces, names[item_id])


def _labels(trace: Trace, name: str, segments: Segments) -> Iterator[Entry]:
    for dimension in dimensions(trace):
        values = samples(trace.series[dimension])
        yield csv_entry(
            f"label_segments/{dimension}/{name}.csv",
            ("timestamp", "value", "segment_id"),
            ((time_ms, values[at], segment) for segment, places in segments for time_ms, at in places),
        )


def _segments(trace: Trace) -> Segments:
    """Return the stretches without a gap, numbered from 1: (time in ms, place) of their samples."""
    places = enumerate(zip(_times_ms(trace), trace.mask.tolist(), strict=True))
    runs = [list(run) for valid, run in groupby(places, key=lambda entry: entry[1][1]) if valid]
    return [(number, [(time, at) for at, (time, _) in run]) for number, run in enumerate(runs, start=1)]


def _times_ms(trace: Trace) -> list[float]:
    return [float(time) for time in np.round(trace.times_s * 1000, _MS_DECIMALS).tolist()]


def _raw(traces: Sequence[Trace], name: str) -> Iterator[Entry]:
    columns = rater_columns(traces)
    longest = max(traces, key=len)
    times = times_s(longest.times_s)
    for dimension in dimensions(longest):
        values = [samples(trace.series[dimension]) for trace in columns.values()]
        padded = [[*column, *[None] * (len(times) - len(column))] for column in values]
        yield csv_entry(
            f"raw/{dimension}/{name}.csv",
            ("timestamp", *columns),
            ((time, *row) for time, *row in zip(times, *padded, strict=True)),
        )


VIEW = View(
    name="muse",
    summary="label_segments, raw traces per rater and partition as in MuSe and AVEC",
    loses="categories and other answers about whole items; samples in gaps",
    opened_by="the baselines and the toolbox of MuSe, pandas",
    render=render,
    needs=("gold_traces",),
    options=(QUESTION, METHOD),
)
