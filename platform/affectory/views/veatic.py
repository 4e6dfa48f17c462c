"""VEATIC: rating_averaged/<number>_{valence,arousal}.csv, one line per frame: frame, value.

The loader of the corpus wants whole numbers as names, so the items are numbered from 0 in the order of item_id;
names.csv tells which is which. It cuts each video itself: the first 70 % are for training.
"""

from collections.abc import Iterator

from affectory.views.contract import METHOD, QUESTION, Entry, Option, Options, View
from affectory.views.frames import VALENCE_AROUSAL, on_frames, valence_arousal_traces
from affectory.views.source import Source
from affectory.views.texts import csv_entry, number


def render(source: Source, options: Options) -> Iterator[Entry]:
    durations = {row["item_id"]: row["duration_s"] for row in source.items}
    numbers = {row["item_id"]: at for at, row in enumerate(source.items)}
    for trace in valence_arousal_traces(source, options, VIEW.name):
        fps = options.positive("fps") or trace.rate_hz
        for name in VALENCE_AROUSAL:
            values = on_frames(trace, name, fps, durations[trace.item_id])
            lines = "".join(f"{frame},{number(value, 'nan')}\n" for frame, value in enumerate(values))
            yield Entry(f"rating_averaged/{numbers[trace.item_id]}_{name}.csv", lines.encode())
    yield csv_entry(
        "names.csv",
        ("number", "item_id", "split"),
        ((numbers[row["item_id"]], row["item_id"], row["split"]) for row in source.items),
    )


VIEW = View(
    name="veatic",
    summary="rating_averaged/<number>_valence.csv and _arousal.csv, one line per frame",
    loses="raters, dispersion, the split (the loader cuts at 70 % of each video), all but gold valence and arousal",
    opened_by="the loader published with VEATIC, numpy.loadtxt",
    render=render,
    needs=("gold_traces",),
    options=(QUESTION, METHOD, Option("fps", "frames per second of the videos (rate of the trace)")),
)
