"""NOVA: per item a folder with `<role>.<scheme>.<annotator>.annotation` (header) and `.annotation~` (values).

Traces are CONTINUOUS schemes at their own rate from 0 s on (`NaN;0` where there is no value: .NET reads no `nan`),
labels of whole items DISCRETE schemes with one segment, marks DISCRETE ones with a segment each (none: an empty file),
other answers and what else was said of marks FREE ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from affectory.client.traces import Trace
from affectory.views.answers import Answer
from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.marks import GOLD, Marking, labels_of, text_of
from affectory.views.naming import file_names
from affectory.views.source import Row, Source, by_item, dimensions
from affectory.views.texts import attribute, csv_entry, number, samples, times_s

# From, to and what holds meanwhile.
_Told = tuple[float, float, str]
_IN_FREE = str.maketrans({";": ",", '"': "'"})


@dataclass(frozen=True)
class _Track:
    """One annotation of one annotator: the scheme element of the header, and the lines of values."""

    scheme: str
    annotator: str
    header: str
    lines: tuple[str, ...]


def render(source: Source, options: Options) -> Iterator[Entry]:
    role = file_names([options.text("role")])[options.text("role")]
    tracks = _tracks(source)
    if not any(tracks.values()):
        raise ViewRefusedError(
            f"nova needs answers or traces on media with a duration, and {source.ref} has none"
        )
    for item_id, found in tracks.items():
        names = file_names(sorted({track.annotator for track in found}))
        schemes = file_names(sorted({track.scheme for track in found}))
        for track in found:
            path = (
                f"{source.names[item_id]}/{role}.{schemes[track.scheme]}.{names[track.annotator]}.annotation"
            )
            yield Entry(path, _header(track, role).encode())
            yield Entry(f"{path}~", "".join(f"{line}\n" for line in track.lines).encode())
    yield csv_entry("names.csv", ("session", "item_id"), ((source.names[key], key) for key in tracks))


def _tracks(source: Source) -> dict[str, list[_Track]]:
    gold, traces = by_item(source.all_gold_traces), by_item(source.rater_traces())
    answers, markings = by_item(source.answers), by_item(source.markings)
    marked = labels_of(source.markings)
    found = {}
    for row in source.items:
        item_id, duration_s = row["item_id"], row["duration_s"]
        tracks = [
            track
            for trace in [*gold.get(item_id, []), *traces.get(item_id, [])]
            for track in _continuous(source, trace)
        ]
        if duration_s:
            tracks += _whole(source, row, answers.get(item_id, []))
            for marking in markings.get(item_id, []):
                tracks += _marked(marking, marked[marking.question], duration_s)
        found[item_id] = _with_one_name_each(tracks)
    return found


def _whole(source: Source, row: Row, answers: Sequence[Answer]) -> Iterator[_Track]:
    """Give labels and answers, each with one line for all of the item."""
    labels = {one.question: one.labels for one in source.labelled}
    for one in source.labelled:
        if row[one.column] is not None:
            told = [(0.0, row["duration_s"], row[one.column])]
            yield _discrete(one.question, one.labels, GOLD, told)
    for answer in answers:
        known = labels.get(answer.question, ())
        told = [(0.0, row["duration_s"], text_of(answer.value))]
        if answer.dimension == "label" and answer.value in known:
            yield _discrete(answer.question, known, answer.rater_id, told)
        else:
            yield _free(answer.name, answer.rater_id, told)


def _marked(marking: Marking, labels: tuple[str, ...], duration_s: float) -> Iterator[_Track]:
    """Give the marks by time, and beside them a scheme for each thing that was said of them."""
    placed = [(mark.interval_s(duration_s) or (0.0, duration_s), mark) for mark in marking.marks]
    placed.sort(key=lambda one: (one[0], one[1].label))
    told = [(*interval_s, mark.label) for interval_s, mark in placed]
    yield _discrete(marking.question, labels, marking.who, told)
    for detail in sorted({name for mark in marking.marks for name in mark.details}):
        said = [
            (*interval_s, text_of(mark.details[detail]))
            for interval_s, mark in placed
            if detail in mark.details
        ]
        yield _free(f"{marking.question}_{detail}", marking.who, said)


def _with_one_name_each(tracks: list[_Track]) -> list[_Track]:
    """Join the tracks of one scheme and annotator: several labels are several lines."""
    joined: dict[tuple[str, str], _Track] = {}
    for track in tracks:
        key = (track.scheme, track.annotator)
        lines = (*joined[key].lines, *track.lines) if key in joined else track.lines
        joined[key] = _Track(track.scheme, track.annotator, track.header, lines)
    return [joined[key] for key in sorted(joined)]


def _continuous(source: Source, trace: Trace) -> Iterator[_Track]:
    take = f"-take{trace.take}" if trace.take else ""
    who = f"{GOLD}-{trace.method}" if trace.rater_id is None else f"{trace.rater_id}{take}"
    before = round(float(trace.times_s[0]) * trace.rate_hz) if len(trace) else 0
    for name in dimensions(trace):
        values = [*[None] * before, *samples(trace.series[name])]
        lines = tuple("NaN;0" if value is None else f"{number(value)};1" for value in values)
        known = [value for value in values if value is not None]
        lowest, highest = source.range_of(trace.question, name) or (
            min(known, default=0.0),
            max(known, default=0.0),
        )
        header = (
            f'<scheme name="{attribute(f"{trace.question}_{name}")}" type="CONTINUOUS" sr="{number(trace.rate_hz)}"'
            f' min="{number(lowest)}" max="{number(highest)}"/>'
        )
        yield _Track(f"{trace.question}_{name}", who, header, lines)


def _discrete(question: str, labels: tuple[str, ...], who: str, told: Sequence[_Told]) -> _Track:
    items = "".join(f'<item name="{attribute(label)}" id="{at}"/>' for at, label in enumerate(labels))
    header = f'<scheme name="{attribute(question)}" type="DISCRETE">{items}</scheme>'
    return _Track(
        question, who, header, _lines((start, end, str(labels.index(value))) for start, end, value in told)
    )


def _free(scheme: str, who: str, told: Sequence[_Told]) -> _Track:
    # A reader of CSV would take a quote at the beginning for one around the text.
    texts = ((start, end, " ".join(value.translate(_IN_FREE).split())) for start, end, value in told)
    return _Track(scheme, who, f'<scheme name="{attribute(scheme)}" type="FREE"/>', _lines(texts))


def _lines(told: Iterable[_Told]) -> tuple[str, ...]:
    return tuple(
        f"{';'.join(number(time) for time in times_s(np.array([start, end])))};{value};1"
        for start, end, value in told
    )


def _header(track: _Track, role: str) -> str:
    return (
        '<?xml version="1.0" ?>\n<annotation ssi-v="3">\n'
        f'    <info ftype="ASCII" size="{len(track.lines)}"/>\n'
        f'    <meta role="{attribute(role)}" annotator="{attribute(track.annotator)}"/>\n'
        f"    {track.header}\n</annotation>\n"
    )


VIEW = View(
    name="nova",
    summary="a folder per item with .annotation files per question and rater",
    loses="dispersion, the split; in free texts ';' becomes ',' and '\"' becomes \"'\"",
    opened_by="NOVA, SSI",
    render=render,
    options=(Option("role", "role of the person in NOVA", "subject"),),
)
