"""What a view can read of a release: rows, traces, labels and media of one split or of all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from affectory.client.dataset import Dataset
from affectory.client.media import ONSET
from affectory.client.traces import Trace
from affectory.release.manifest import SPLITS, FileRecord, Manifest
from affectory.release.tables import TRACE_DECIMALS
from affectory.views.answers import Answer, read_answers
from affectory.views.contract import MEDIA, Options, ViewRefusedError
from affectory.views.marks import Marking, marked_questions, read_gold_marks, read_marks
from affectory.views.naming import file_names

Row = Mapping[str, Any]
OfItem = TypeVar("OfItem", Answer, Marking, Trace)


@dataclass(frozen=True)
class Labelled:
    """A question with categories: its columns in the items table, and the labels in their order."""

    question: str
    column: str
    labels: tuple[str, ...]


class Source:
    """A release as views read it."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    @property
    def manifest(self) -> Manifest:
        return self.dataset.manifest

    @property
    def ref(self) -> str:
        return self.manifest.ref

    @cached_property
    def items(self) -> list[Row]:
        """The items of the split, by item_id."""
        rows: list[Row] = self.dataset.table("items").to_pylist()
        return sorted(rows, key=lambda row: str(row["item_id"]))

    @cached_property
    def names(self) -> dict[str, str]:
        """A file name for each item."""
        return file_names(row["item_id"] for row in self.items)

    def table(self, name: str) -> pa.Table:
        """Return a table with the samples of traces as float64, rounded to their true resolution."""
        table = self.dataset.table(name)
        columns = [_doubled(table.column(column)) for column in table.column_names]
        return pa.table(dict(zip(table.column_names, columns, strict=True)))

    @property
    def splits(self) -> list[str]:
        """The splits that have items here, train first."""
        found = {row["split"] for row in self.items}
        return [*(split for split in SPLITS if split in found), *sorted(found - set(SPLITS))]

    def refuse_unless(self, needs: Sequence[str], view: str) -> None:
        """Refuse a release that lacks a table, its rows, or media, and conditions that no item fits."""
        rows = {table.name: table.rows for table in self.manifest.tables}
        for need in needs:
            if need == MEDIA and not self.manifest.media:
                raise ViewRefusedError(
                    f"{view} needs media files, and {self.ref} was published without any",
                    "choose another format (see: affectory export) or a release with media",
                )
            if need != MEDIA and not rows.get(need):
                there = ", ".join(name for name, count in rows.items() if count)
                raise ViewRefusedError(
                    f"{view} needs {need.replace('_', ' ')}, and {self.ref} has none",
                    f"it has: {there}; see which format fits with: affectory export",
                )

        if self.dataset.where and not self.items:
            raise ViewRefusedError(f"no item of {self.ref} fits: {', '.join(self.dataset.where)}")

    def has(self, table: str) -> bool:
        return any(record.name == table and record.rows for record in self.manifest.tables)

    @cached_property
    def cells(self) -> list[Answer]:
        """All values that raters gave, in the order of the table."""
        if not self.has("annotations"):
            return []
        return list(read_answers(self.dataset.annotations().to_dict("records")))

    @cached_property
    def onsets_s(self) -> dict[str, float]:
        """Second of its media file at which each item begins; all that a release tells counts from there."""
        return {row["item_id"]: row.get(ONSET) or 0.0 for row in self.items}

    @cached_property
    def _gold_marks(self) -> dict[str, str]:
        """The questions that ask for marks, with their column in the items table."""
        kinds = self.manifest.table("items").kinds
        columns = [name for name, kind in kinds.items() if name.endswith("_marks") and kind == "text"]
        return {column.removesuffix("_marks"): column for column in columns}

    @cached_property
    def _marked(self) -> set[str]:
        return {*self._gold_marks, *marked_questions(self.cells)}

    @cached_property
    def answers(self) -> list[Answer]:
        """The answers of raters to questions about whole items, in the order of the table."""
        return [answer for answer in self.cells if answer.question not in self._marked]

    @cached_property
    def markings(self) -> list[Marking]:
        """What was marked in items: the gold, then by rater in the order of the table."""
        gold = [
            read_gold_marks(row["item_id"], question, row[column])
            for row in self.items
            for question, column in self._gold_marks.items()
            if row[column] is not None
        ]
        return [*gold, *read_marks(answer for answer in self.cells if answer.question in self._marked)]

    @cached_property
    def _rater_traces(self) -> list[Trace]:
        return list(self.dataset.traces()) if self.has("traces") else []

    @cached_property
    def all_gold_traces(self) -> list[Trace]:
        """The gold traces of every question and method."""
        return list(self.dataset.traces(gold=True)) if self.has("gold_traces") else []

    def rater_traces(self, question: str = "") -> list[Trace]:
        """Return the traces of raters that counted."""
        return [trace for trace in self._rater_traces if question in {"", trace.question}]

    def gold_traces(self, options: Options) -> list[Trace]:
        """Return one gold trace per item, of the question and method that were chosen or are the only ones."""
        question = self._only("question", options.text("question"))
        gold = {str(one.method) for one in self.all_gold_traces if one.question == question and one.is_gold}
        method = self._only("method", options.text("method"), preferred=next(iter(sorted(gold)), ""))
        found = [one for one in self.all_gold_traces if (one.question, one.method) == (question, method)]
        if not found:
            raise ViewRefusedError(
                f"no item in split {self.dataset.split!r} of {self.ref} has a gold trace",
                "leave --split away, or choose another split",
            )
        return found

    def _only(self, column: str, chosen: str, preferred: str = "") -> str:
        found = {str(getattr(trace, column)) for trace in self.all_gold_traces}
        there = ", ".join(sorted(found))
        if chosen:
            if chosen not in found:
                raise ViewRefusedError(
                    f"{self.ref} has no gold traces with the {column} {chosen!r}", f"it has: {there}"
                )
            return chosen
        if preferred in found:
            return preferred
        if len(found) > 1:
            raise ViewRefusedError(
                f"{self.ref} has gold traces of more than one {column}: {there}",
                f"choose one with: --option {column}=NAME",
            )
        return next(iter(found), "")

    @cached_property
    def labelled(self) -> list[Labelled]:
        """The questions with categories, in the order of the items table."""
        names = [column.name for column in self.manifest.table("items").columns]
        columns = [
            name
            for name in names
            if f"{name.removesuffix('_label')}_votes" in names and name.endswith("_label")
        ]
        return [Labelled(name.removesuffix("_label"), name, self._labels(name)) for name in columns]

    def _labels(self, column: str) -> tuple[str, ...]:
        """Return the labels that the release names, else those of the taxonomy that fits, else the ones that occur."""
        question = column.removesuffix("_label")
        if named := self.dataset.schemes.get("labels", {}).get(question):
            return tuple(named)
        seen = {row[column] for row in self.items if row[column] is not None}
        seen |= {str(answer.value) for answer in self.answers if answer.question == question}
        votes: list[int] = next(
            (row[f"{question}_votes"] for row in self.items if row[f"{question}_votes"]), []
        )
        for taxonomy in self.dataset.schemes.get("taxonomies", {}).values():
            keys = tuple(label if isinstance(label, str) else label["key"] for label in taxonomy["labels"])
            if seen <= set(keys) and len(votes) in {0, len(keys)}:
                return keys
        return tuple(sorted(seen))

    @cached_property
    def simulated_raters(self) -> set[str]:
        """The raters that are programs: simulated ones, and models."""
        rows = self.dataset.table("raters").to_pylist() if self.has("raters") else []
        return {row["rater_id"] for row in rows if row["simulated"] or row["kind"] == "model"}

    @cached_property
    def raters(self) -> list[str]:
        """Whoever gave an answer or a trace that counts."""
        found = {answer.rater_id for answer in self.cells}
        return sorted(found | {str(trace.rater_id) for trace in self.rater_traces()})

    def range_of(self, question: str, dimension: str) -> tuple[float, float] | None:
        """Return the limits of a scale, where the release tells them."""
        scale = self.dataset.schemes.get("scales", {}).get(question, ())
        for one in scale if isinstance(scale, list) else ():
            if one["key"] == dimension and one.get("min") is not None and one.get("max") is not None:
                return float(one["min"]), float(one["max"])
        return None

    @cached_property
    def media(self) -> Mapping[str, Path]:
        """Where the media file of each item is on this machine: what raters saw, else the original."""
        return self.dataset.media_paths() if self.manifest.media else {}

    def media_name(self, item_id: str) -> str:
        """Return the file name of an item with the suffix of its media file."""
        return f"{self.names[item_id]}{Path(self._files[item_id].path).suffix}"

    @cached_property
    def _files(self) -> Mapping[str, FileRecord]:
        return self.dataset.media_files()

    def originals(self, suffixes: Collection[str]) -> dict[str, FileRecord]:
        """Return the originals with such suffixes, by item; none where the release holds no originals."""
        if self.manifest.media_policy != "full":
            return {}
        files = self.dataset.media_files(original=True)
        return {item_id: file for item_id, file in files.items() if Path(file.path).suffix in suffixes}

    def part_originals(self, part: str, suffixes: Collection[str]) -> dict[str, FileRecord]:
        """Return the same of a part that items show, by these items."""
        if self.manifest.media_policy != "full":
            return {}
        files = self.dataset.part_files(original=True)
        return {
            item_id: file
            for (item_id, name), file in files.items()
            if name == part and Path(file.path).suffix in suffixes
        }


def dimensions(trace: Trace) -> list[str]:
    """Return the dimensions that a trace has values of, without their dispersion."""
    names = [
        name
        for name in trace.series
        if not (name.endswith("_sd") and name.removesuffix("_sd") in trace.series)
    ]
    return [name for name in names if len(trace.series[name])]


def rater_columns(traces: Sequence[Trace]) -> dict[str, Trace]:
    """Return the traces of one item under a column name each: the rater, with the take from the second on.

    Traces that do not lie on one time grid are refused, as a row could not be one moment.
    """
    _refuse_other_grids(traces)
    return {
        f"{trace.rater_id}-take{trace.take}" if trace.take else str(trace.rater_id): trace for trace in traces
    }


def method_columns(traces: Sequence[Trace]) -> dict[str, Trace]:
    """Return the gold traces of one item under their methods; they too share one time grid."""
    _refuse_other_grids(traces)
    return {str(trace.method): trace for trace in traces}


def _refuse_other_grids(traces: Sequence[Trace]) -> None:
    first = traces[0]
    for trace in traces:
        if (trace.rate_hz, trace.t0_s) != (first.rate_hz, first.t0_s):
            raise ViewRefusedError(
                f"the traces of {first.item_id!r} lie on different time grids: "
                f"{first.rate_hz} Hz from {first.t0_s} s ({first.rater_id or first.method}), "
                f"{trace.rate_hz} Hz from {trace.t0_s} s ({trace.rater_id or trace.method})",
                "use the format csv or jsonl, which keep each trace on its own grid",
            )


def by_item(found: Iterable[OfItem]) -> dict[str, list[OfItem]]:
    grouped: dict[str, list[OfItem]] = {}
    for one in found:
        grouped.setdefault(one.item_id, []).append(one)
    return grouped


def _doubled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    listed = pa.types.is_list(column.type)
    if (column.type.value_type if listed else column.type) != pa.float32():
        return column
    if not listed:
        return _rounded(column.cast(pa.float64()))
    array = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    missing = array.is_null() if array.null_count else None
    values = _rounded(array.values.cast(pa.float64()))
    return pa.chunked_array([pa.ListArray.from_arrays(array.offsets, values, mask=missing)])


def _rounded(values: Any) -> Any:
    # Adding zero turns the negative zero into the positive one.
    return pc.add(pc.round(values, TRACE_DECIMALS), 0.0)
