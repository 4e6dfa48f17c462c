"""EEG-BIDS: the recordings, what was rated as events, each rater's continuous rating as a recording of its own.

sub-<subject>/eeg/sub-<subject>_task-<task>_run-<n>_eeg.edf + _eeg.json, _channels.tsv, _events.tsv
sub-<subject>/eeg/sub-<subject>_task-<task>_run-<n>_recording-<rater>_physio.tsv.gz + .json

The subject of an item is its group key `subject`. What was rated of a trial, which shows a stimulus while the recording
was made, is told in the time of the recording.
"""

import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from affectory.client.traces import Trace
from affectory.release.manifest import FileRecord
from affectory.views.contract import MEDIA, Entry, Option, Options, View, ViewRefusedError
from affectory.views.edf import Channel, Recording, read_edf_header
from affectory.views.eeg_events import RECORDING, Rated, event_files, events_of, recording_of, trials_of
from affectory.views.marks import GOLD
from affectory.views.naming import labels
from affectory.views.source import Row, Source, by_item, dimensions
from affectory.views.texts import csv_entry, csv_text, json_entry, number, samples

BIDS_VERSION = "1.10.0"
_SUFFIXES = frozenset({".edf", ".bdf"})
_NONE = "n/a"
_TYPES = {"EOG": "EOG", "ECG": "ECG", "EKG": "ECG", "EMG": "EMG", "GSR": "GSR", "EDA": "GSR", "RESP": "RESP"}


@dataclass(frozen=True)
class _Run:
    """One recording: its item, file and trials, and the beginning of the names of its files."""

    row: Row
    file: Path
    suffix: str
    stem: str
    trials: Sequence[Rated]


def render(source: Source, options: Options) -> Iterator[Entry]:
    runs = _runs(source, options)
    answers, markings = by_item(source.answers), by_item(source.markings)
    gold = source.all_gold_traces
    traces = by_item([*gold, *source.rater_traces()])
    yield from _dataset(source, runs)
    for run in runs:
        item_id = run.row["item_id"]
        recording = read_edf_header(run.file, item_id)
        yield Entry(f"{run.stem}_eeg{run.suffix}", run.file)
        yield json_entry(f"{run.stem}_eeg.json", _sidecar(recording, options.text("task")))
        yield _channels(run.stem, recording.channels)
        onset_s = source.onsets_s.get(item_id, 0.0)
        length_s = run.row["duration_s"] or recording.duration_s
        trials = (replace(trial, start_s=onset_s + trial.start_s) for trial in run.trials)
        rated = [Rated(run.row, onset_s, length_s), *trials]
        yield from event_files(
            run.stem,
            (
                event
                for one in rated
                for event in events_of(
                    source, one, answers.get(one.row["item_id"], []), markings.get(one.row["item_id"], [])
                )
            ),
        )
        yield from _recordings(
            source, run, [(one, trace) for one in rated for trace in traces.get(one.row["item_id"], [])]
        )


@dataclass(frozen=True)
class _Held:
    """An original recording: its item, and its file in the release and on this machine."""

    row: Row
    record: FileRecord
    file: Path


def _held(source: Source, key: str) -> list[_Held]:
    """Recordings that are items, and those that are only shown in trials, of which these tell split and subject."""
    files = source.originals(_SUFFIXES)
    paths = source.dataset.media_paths(list(files), original=True) if files else {}
    found = {
        item_id: _Held(row, files[item_id], paths[item_id])
        for row in source.items
        if (item_id := row["item_id"]) in files
    }
    shown = source.part_originals(RECORDING, _SUFFIXES)
    for row in source.items:
        recording = recording_of(row)
        if row["item_id"] in shown and recording is not None and recording not in found:
            told = dict.fromkeys(row) | {"item_id": recording, "split": row["split"], key: row.get(key)}
            path = source.dataset.media_path(row["item_id"], part=RECORDING, original=True)
            found[recording] = _Held(told, shown[row["item_id"]], path)
    return list(found.values())


def _runs(source: Source, options: Options) -> list[_Run]:
    key = options.text("subject")
    held = _held(source, key)
    if not held:
        raise ViewRefusedError(
            f"eeg-bids needs original recordings in EDF or BDF, and {source.ref} has none",
            'publish a release with the media policy full (`"media": "full"` in the recipe)',
        )
    if key not in {column.name for column in source.manifest.table("items").columns}:
        raise ViewRefusedError(
            f"eeg-bids needs to know the subjects; the items of {source.ref} have no group key {key!r}",
            "name the group key with: --option subject=KEY",
        )
    unknown = next((one.row["item_id"] for one in held if not one.row[key]), None)
    if unknown is not None:
        raise ViewRefusedError(f"eeg-bids needs to know the subjects; item {unknown!r} has no {key}")
    subjects, task = labels(sorted({one.row[key] for one in held})), labels([options.text("task")])
    trials = trials_of(source.items)
    runs = []
    ordered = sorted(held, key=lambda one: (one.row[key], one.row["item_id"]))
    for subject, own in groupby(ordered, key=lambda one: one.row[key]):
        for place, one in enumerate(own, start=1):
            sub = f"sub-{subjects[subject]}"
            stem = f"{sub}/eeg/{sub}_task-{task[options.text('task')]}_run-{place}"
            suffix = Path(one.record.path).suffix
            runs.append(_Run(one.row, one.file, suffix, stem, trials.get(one.row["item_id"], ())))
    return runs


def _dataset(source: Source, runs: Sequence[_Run]) -> Iterator[Entry]:
    manifest = source.manifest
    yield json_entry(
        "dataset_description.json",
        {
            "Name": manifest.name,
            "BIDSVersion": BIDS_VERSION,
            "DatasetType": "raw",
            "License": manifest.licence or "other",
            "GeneratedBy": [
                {"Name": "affectory", "Description": f"Rendered from {source.ref}, {manifest.digest}"}
            ],
        },
    )
    simulated = "\nRatings of simulated raters are among these.\n" if manifest.simulated else ""
    yield Entry("README", f"{source.ref}\n{manifest.digest}\n{simulated}".encode())
    # Files that are not part of BIDS: which release this is.
    yield Entry(".bidsignore", b"affectory-view.json\n")
    subjects = sorted({run.stem.split("/", 1)[0] for run in runs})
    yield csv_entry(
        "participants.tsv", ("participant_id",), ([subject] for subject in subjects), delimiter="\t"
    )
    yield csv_entry(
        "code/items.tsv",
        ("item_id", "split", "recording"),
        (
            (row["item_id"], row["split"], run.stem)
            for run in runs
            for row in (run.row, *(trial.row for trial in run.trials))
        ),
        delimiter="\t",
    )


def _sidecar(recording: Recording, task: str) -> dict[str, Any]:
    rates = [channel.rate_hz for channel in recording.channels]
    kinds = [_kind(channel) for channel in recording.channels]
    return {
        "TaskName": task,
        "SamplingFrequency": max(rates, default=0.0),
        "EEGReference": _NONE,
        "PowerLineFrequency": _NONE,
        "SoftwareFilters": _NONE,
        "EEGChannelCount": kinds.count("EEG"),
        "EOGChannelCount": kinds.count("EOG"),
        "ECGChannelCount": kinds.count("ECG"),
        "EMGChannelCount": kinds.count("EMG"),
        "RecordingDuration": recording.duration_s,
        "RecordingType": "continuous",
    }


def _kind(channel: Channel) -> str:
    name = channel.name.upper()
    return next((kind for begin, kind in _TYPES.items() if name.startswith(begin)), "EEG")


def _channels(stem: str, channels: Sequence[Channel]) -> Entry:
    rows = ((one.name, _kind(one), one.unit or _NONE, number(one.rate_hz)) for one in channels)
    header = ("name", "type", "units", "sampling_frequency")
    return csv_entry(f"{stem}_channels.tsv", header, rows, delimiter="\t")


def _recordings(source: Source, run: _Run, traces: Sequence[tuple[Rated, Trace]]) -> Iterator[Entry]:
    keys = {_key(rated, trace): (rated, trace) for rated, trace in traces}
    names = labels(sorted(keys))
    for key, (rated, trace) in sorted(keys.items(), key=lambda one: one[0]):
        columns = dimensions(trace)
        rows = zip(
            *([number(value, _NONE) for value in samples(trace.series[name])] for name in columns),
            strict=True,
        )
        base = f"{run.stem}_recording-{names[key]}_physio"
        yield Entry(f"{base}.tsv.gz", _gzip(csv_text((), rows, delimiter="\t").encode()))
        yield json_entry(f"{base}.json", _physio(source, rated, trace, columns))


def _key(rated: Rated, trace: Trace) -> str:
    who = f"{GOLD} {trace.method}" if trace.rater_id is None else f"{trace.rater_id}"
    of_trial = f" {trace.item_id}" if rated.stimulus else ""
    return f"{who} {trace.question}" + (f" take {trace.take}" if trace.take else "") + of_trial


def _physio(source: Source, rated: Rated, trace: Trace, columns: Sequence[str]) -> Mapping[str, Any]:
    described = {}
    for name in columns:
        limits = source.range_of(trace.question, name)
        span = f" from {number(limits[0])} to {number(limits[1])}" if limits else ""
        described[name] = {"Description": f"Continuous rating of {name}{span}", "Units": "arbitrary"}
    who = {"Rater": trace.rater_id} if trace.rater_id is not None else {"FusionMethod": trace.method}
    return {
        "SamplingFrequency": trace.rate_hz,
        "StartTime": rated.start_s + trace.t0_s,
        "Columns": list(columns),
        "PhysioType": "generic",
        "Question": trace.question,
        **({"Trial": trace.item_id} if rated.stimulus else {}),
        **who,
        **described,
    }


def _gzip(content: bytes) -> bytes:
    """Compress without a name and a time in the header, so that the same rows give the same bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as stream:
        stream.write(content)
    return out.getvalue()


VIEW = View(
    name="eeg-bids",
    summary="EDF recordings as EEG-BIDS, answers and marks as events, one physio recording per rater and trace",
    loses="dispersion, excluded answers, items that are neither recordings nor trials on them",
    opened_by="bids-validator, MNE-BIDS, EEGLAB",
    render=render,
    needs=(MEDIA,),
    options=(
        Option("subject", "group key that names the subject of a recording", "subject"),
        Option("task", "what the subject did, as BIDS wants it in file names", "affect"),
    ),
)
