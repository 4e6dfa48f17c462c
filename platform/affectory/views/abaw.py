"""ABAW / Aff-Wild2, valence-arousal task: one text file per video, one line per frame.

`-5` stands for a frame without a value, as loaders of the challenge expect. Categories of whole items are not
written: the expression task wants one per frame, and nobody rated frames.
"""

from collections.abc import Iterator

from affectory.views.contract import METHOD, QUESTION, Entry, Option, Options, View
from affectory.views.frames import VALENCE_AROUSAL, on_frames, valence_arousal_traces
from affectory.views.source import Source
from affectory.views.texts import csv_entry, number

_FOLDERS = {"train": "Train_Set", "validation": "Validation_Set", "test": "Test_Set"}
_NO_VALUE = "-5"


def render(source: Source, options: Options) -> Iterator[Entry]:
    rows = {row["item_id"]: row for row in source.items}
    for trace in valence_arousal_traces(source, options, VIEW.name):
        row, fps = rows[trace.item_id], options.positive("fps") or trace.rate_hz
        values = [on_frames(trace, name, fps, row["duration_s"]) for name in VALENCE_AROUSAL]
        lines = [",".join(number(value, _NO_VALUE) for value in frame) for frame in zip(*values, strict=True)]
        # One number missing makes the frame a frame without values.
        lines = [f"{_NO_VALUE},{_NO_VALUE}" if _NO_VALUE in line.split(",") else line for line in lines]
        folder = _FOLDERS.get(row["split"], f"{row['split']}_Set")
        text = "\n".join([",".join(VALENCE_AROUSAL), *lines]) + "\n"
        yield Entry(f"VA_Estimation_Challenge/{folder}/{source.names[trace.item_id]}.txt", text.encode())
    yield csv_entry("names.csv", ("name", "item_id", "split"), _names(source))


def _names(source: Source) -> Iterator[tuple[str, str, str]]:
    for row in source.items:
        yield source.names[row["item_id"]], row["item_id"], row["split"]


VIEW = View(
    name="abaw",
    summary="VA_Estimation_Challenge/{Train,Validation,Test}_Set/<item>.txt, one line per frame",
    loses="raters, dispersion, categories, everything but gold valence and arousal",
    opened_by="loaders of the ABAW challenges (Aff-Wild2)",
    render=render,
    needs=("gold_traces",),
    options=(QUESTION, METHOD, Option("fps", "frames per second of the videos (rate of the trace)")),
)
