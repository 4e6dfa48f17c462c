"""NOVA: per item a folder with `<role>.<scheme>.<annotator>.annotation` (header) and `.annotation~` (values).

Traces are CONTINUOUS schemes at their own rate from 0 s on (`nan;0` where there is no value), labels of whole
items DISCRETE schemes with one segment, other answers FREE ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from affectory.client.traces import Trace
from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.naming import file_names
from affectory.views.source import Source, by_item, dimensions
from affectory.views.texts import attribute, csv_entry, number, samples, times_s

_GOLD = "gold"


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
    gold = by_item(source.all_gold_traces)
    traces = by_item(source.rater_traces())
    found: dict[str, list[_Track]] = {row["item_id"]: [] for row in source.items}
    for item_id, tracks in found.items():
        for trace in [*gold.get(item_id, []), *traces.get(item_id, [])]:
            tracks.extend(_continuous(source, trace))
    durations = {row["item_id"]: row["duration_s"] for row in source.items}
    for row in source.items:
        for one in source.labelled:
            if row["duration_s"] and row[one.column] is not None:
                found[row["item_id"]].append(
                    _discrete(one.question, one.labels, _GOLD, row[one.column], row["duration_s"])
                )
    labels = {one.question: one.labels for one in source.labelled}
    for answer in source.answers:
        duration_s = durations.get(answer.item_id)
        if not duration_s:
            continue
        if (
            answer.question in labels
            and answer.dimension == "label"
            and answer.value in labels[answer.question]
        ):
            track = _discrete(
                answer.question, labels[answer.question], answer.rater_id, str(answer.value), duration_s
            )
        else:
            track = _free(answer.name, answer.rater_id, answer.value, duration_s)
        found[answer.item_id].append(track)
    return {key: _with_one_name_each(tracks) for key, tracks in found.items()}


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
    who = f"{_GOLD}-{trace.method}" if trace.rater_id is None else f"{trace.rater_id}{take}"
    before = round(float(trace.times_s[0]) * trace.rate_hz) if len(trace) else 0
    for name in dimensions(trace):
        values = [*[None] * before, *samples(trace.series[name])]
        lines = tuple("nan;0" if value is None else f"{number(value)};1" for value in values)
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


def _discrete(question: str, labels: tuple[str, ...], who: str, value: str, duration_s: float) -> _Track:
    items = "".join(f'<item name="{attribute(label)}" id="{at}"/>' for at, label in enumerate(labels))
    header = f'<scheme name="{attribute(question)}" type="DISCRETE">{items}</scheme>'
    end = number(times_s(np.array([duration_s]))[0])
    return _Track(question, who, header, (f"0;{end};{labels.index(value)};1",))


def _free(scheme: str, who: str, value: float | str, duration_s: float) -> _Track:
    told = number(value) if isinstance(value, float) else " ".join(str(value).replace(";", ",").split())
    end = number(times_s(np.array([duration_s]))[0])
    return _Track(scheme, who, f'<scheme name="{attribute(scheme)}" type="FREE"/>', (f"0;{end};{told};1",))


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
    loses="dispersion, the split; ';' in free texts becomes ','",
    opened_by="NOVA, SSI",
    render=render,
    options=(Option("role", "role of the person in NOVA", "subject"),),
)
