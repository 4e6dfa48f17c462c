"""The tables of single answers and of who gave them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from affectory.release.tables import TableSpec, about_column, annotations_table, raters_table
from affectory.results import BoolArray, IntArray
from annotation.facade import COUNTS, Judged, Responses
from exports.services.answered import Answered, StudyAnswers
from exports.services.people import ToldRaters
from exports.services.questions import named
from exports.services.source import Source

ANSWERS_AT_ONCE = 16_384


def annotations_spec(source: Source) -> TableSpec:
    return annotations_table(with_exposed=source.has_reviews, with_target=source.has_targets)


def annotation_tables(source: Source) -> Iterator[pa.Table]:
    """One row per cell of every answer, also of those that do not count; traces have a table of their own."""
    asked = {question.name: bool(question.options.get("multiple")) for question in source.questions}
    spec = annotations_spec(source)
    for piece in source.answered.pieces(ANSWERS_AT_ONCE):
        tables, answers = zip(
            *(_table(spec, one, mine, rows, asked) for one, mine, rows in piece.of_studies), strict=True
        )
        yield _in_order(pa.concat_tables(tables), np.concatenate(answers), piece.again, len(tables))


def _in_order(table: pa.Table, answers: IntArray, again: BoolArray, studies: int) -> pa.Table:
    """Those of several studies are mixed. The cells of an answer stay together, unless its rater was asked again."""
    if again.any():
        by = ("about", "dimension", "response_id")
        about = pa.array(np.cumsum(~again)[answers])
        cells = pa.table([about, table["dimension"], table["response_id"]], names=by)
        return table.take(pc.sort_indices(cells, [(name, "ascending") for name in by]))
    return table if studies == 1 else table.take(np.argsort(answers, kind="stable"))


def _table(
    spec: TableSpec, one: StudyAnswers, mine: IntArray, responses: Responses, asked: Mapping[str, bool]
) -> tuple[pa.Table, IntArray]:
    """The cells of a study's answers, and of which of the answers each is."""
    cells = _Cells.of(one, responses, asked)
    answer, cell = cells.expanded()
    rows, rest = responses.rows[answer], responses.rest_of_rows()[answer]
    active_ms, verdict = np.rint(rest["active_ms"]), rows["verdict"]
    kinds = np.array([who.kind for who in responses.raters])
    verdicts = np.where(verdict == COUNTS, len(responses.verdicts), verdict)
    columns = {
        "item_id": responses.items.keys.take(pa.array(rows["item"])),
        "rater_id": _named([who.pseudonym for who in responses.raters], rows["rater"]),
        "question": _named([one.names.get(key) for key in responses.questions], rows["question"]),
        "response_id": pa.array(rest["id"].astype(bytes)).cast(pa.string()),
        "simulated": pa.array((kinds == "simulated")[rows["rater"]]),
        "excluded": _named([*responses.verdicts, None], verdicts),
        **cells.columns(cell),
        "perspective": _named(responses.perspectives, rest["perspective"]),
        "answered_at": pa.array(rest["answered_us"]).cast(pa.timestamp("us", "UTC")),
        "duration_ms": pa.array(active_ms, from_pandas=True).cast(pa.int64()),
        "exposed": pa.array(rows["exposed"]),
        "target": _named([one or None for one in responses.targets], rest["target"]),
    }
    return pa.table([columns[column.name] for column in spec.columns], schema=spec.schema), mine[answer]


def _named(names: Sequence[str | None], places: IntArray) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(places))


@dataclass(frozen=True, eq=False)
class _Cells:
    """What answers say, worked out once for answers that say the same.

    ``told``: (dimension, number, label, text) of each cell; ``starts``, ``counts``: which are those of each answer.
    """

    told: Sequence[tuple[str, float | None, str | None, str | None]]
    starts: IntArray
    counts: IntArray

    @classmethod
    def of(cls, one: StudyAnswers, responses: Responses, asked: Mapping[str, bool]) -> "_Cells":
        rows = responses.rows
        # What a cell about a part is called depends on the item.
        item = np.where(one.has_parts[rows["item"]], rows["item"], -1).astype(np.int64) + 1
        said = rows["question"].astype(np.int64) * len(responses.contents) + rows["content"]
        _, first, alike = np.unique(
            said * (len(responses.items) + 1) + item, return_index=True, return_inverse=True
        )
        told = [_told(one, row, multiple=asked[one.names[row.question]]) for row in responses.at(first)]
        counts = np.array([len(cells) for cells in told])
        starts = np.cumsum(counts) - counts
        return cls([cell for cells in told for cell in cells], starts[alike], counts[alike])

    def expanded(self) -> tuple[IntArray, IntArray]:
        """Answer and cell of each row."""
        answer = np.repeat(np.arange(self.counts.size), self.counts)
        first_row = np.cumsum(self.counts) - self.counts
        return answer, np.arange(answer.size) - first_row[answer] + self.starts[answer]

    def columns(self, cell: IntArray) -> dict[str, pa.Array]:
        types = {
            "dimension": pa.string(),
            "value_num": pa.float64(),
            "value_label": pa.string(),
            "value_text": pa.string(),
        }
        columns = zip(*self.told, strict=True) if self.told else ((), (), (), ())
        return {
            name: pa.array(column, type_).take(pa.array(cell))
            for (name, type_), column in zip(types.items(), columns, strict=True)
        }


def _told(
    one: StudyAnswers, row: Judged, *, multiple: bool
) -> list[tuple[str, float | None, str | None, str | None]]:
    cells = sorted(one.study.cells(row), key=lambda cell: (cell.dimension, cell.label or ""))
    return [
        (
            f"{cell.dimension}:{cell.label}" if multiple and cell.label is not None else cell.dimension,
            cell.number,
            cell.label,
            cell.text,
        )
        for cell in cells
    ]


def raters_spec(told: ToldRaters) -> TableSpec:
    return raters_table([about_column(name, asked, told.k) for name, asked in told.columns.items()])


def rater_rows(answered: Answered, told: ToldRaters) -> Iterator[Mapping[str, Any]]:
    for (pseudonym, kind), n in sorted(answered.responses_of_rater.items()):
        yield {
            "rater_id": pseudonym,
            "kind": kind,
            "simulated": kind == "simulated",
            "n_responses": n,
            **dict.fromkeys(told.columns),
            **told.rows.get(pseudonym, {}),
        }


def calibration_rows(source: Source) -> list[Mapping[str, Any]]:
    """The calibrations of the raters in this release."""
    raters = frozenset(source.answered.raters)
    uses = Counter(question["key"] for study in source.studies for question in study.document["questions"])
    rows = [
        {
            "rater_id": one.rater,
            "modality": one.modality,
            "response_id": one.response,
            "question": named(one.question, study, uses),
            "simulated": one.rater_kind == "simulated",
            **{name: getattr(one, name) for name in ("lag_s", "gain", "offset", "noise", "r")},
            "reason": one.reason or None,
        }
        for study in source.studies
        for one in study.calibrations
        if one.rater in raters
    ]
    return sorted(rows, key=itemgetter("rater_id", "modality", "response_id"))
