"""From the rows of a file of ratings to the items, raters, responses and traces of a study; nothing is stored here.

What does not fit the question is left out and told with its place; the rest goes on.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from accounts.facade import Organisation, Rater, imported_rater
from affectory import __version__
from affectory.errors import Invalid
from affectory.results import FloatArray
from annotation import questions
from annotation.models import Response, Trace, TraceSeries, TraceState
from ingest.facade import Corpus, Item, RatingProblem, RatingRow, TraceRow

KIND_OF_CONDITION = {"audio-only": "audio", "video-only": "video", "audio-visual": "video", "text": "text"}
OnProblem = Callable[[RatingProblem], None]


@dataclass(frozen=True)
class Made:
    """A response and, of a continuous question, its trace and series."""

    response: Response
    trace: Trace | None = None
    series: TraceSeries | None = None


@dataclass
class Importing:
    """What an import knows while it runs; items and raters are found or made once."""

    organisation: Organisation
    corpus: Corpus
    study: str
    document: dict[str, Any]
    groups: re.Pattern[str] | None
    file: str
    on_problem: OnProblem
    items: dict[str, Item] = field(default_factory=dict)
    raters: dict[str, Rater] = field(default_factory=dict)
    answered: set[uuid.UUID] = field(default_factory=set)

    @property
    def question(self) -> dict[str, Any]:
        question: dict[str, Any] = self.document["questions"][0]
        return question

    def responses(self, rows: Sequence[RatingRow | TraceRow]) -> Iterator[Made]:
        """Everything that fits.

        Raises
        ------
        Invalid
            When the question cannot have such answers at all.
        """
        continuous = questions.question_type(self.question["type"]).continuous
        given = [row for row in rows if isinstance(row, TraceRow) == continuous]
        if len(given) < len(rows):
            what = "traces" if isinstance(rows[0], TraceRow) else "single answers"
            raise Invalid(
                f"{self.file} holds {what}, and the question {self.question['key']!r} is a {self.question['type']}.",
                code="rating_file",
            )
        yield from self._traces(given) if continuous else self._answers(given)

    # --- answers -------------------------------------------------------------------------------------------

    def _answers(self, rows: Iterable[Any]) -> Iterator[Made]:
        kind, options = questions.question_type(self.question["type"]), self.question["options"]
        for row in rows:
            value = _value(self.question, row.values)
            wrong = kind.check(options, value)
            if wrong:
                key, reason = next(iter(wrong.items()))
                self.on_problem(RatingProblem(self.file, row.line, _column(row, key), reason))
                continue
            made = Made(self._response(self._item(row.unit, row.condition), self._rater(row), value))
            if self._is_first(made, self.file, row.line):
                yield made

    def _rater(self, row: RatingRow) -> Rater:
        if row.rater is None:
            return self._named(f"slot-{row.slot}", slot=True)
        return self._named(row.rater, known_elsewhere=True)

    # --- traces --------------------------------------------------------------------------------------------

    def _traces(self, rows: Iterable[Any]) -> Iterator[Made]:
        """One trace of all dimensions for each rater, item and perspective, in whatever files they stand."""
        together: defaultdict[tuple[str, str, str | None], list[TraceRow]] = defaultdict(list)
        for row in rows:
            together[row.item, row.rater, row.perspective].append(row)
        for of_one in together.values():
            first = of_one[0]
            reason, values = _stacked(self.question["options"]["dimensions"], of_one)
            if reason:
                told = f"{first.rater} about {first.item}: {reason}"
                self.on_problem(RatingProblem(first.file, None, None, told))
                continue
            made = self._trace(first, values)
            if self._is_first(made, first.file, None):
                yield made

    def _trace(self, row: TraceRow, values: FloatArray) -> Made:
        item, rater = self._item(row.item, None), self._named(row.rater)
        trace = Trace(
            id=self._stable_id(item, rater, "trace"),
            item=item,
            rater=rater,
            question=self.question["key"],
            state=TraceState.FINISHED,
            device={"kind": "imported", "file": row.file},
        )
        series = TraceSeries(
            trace=trace,
            rule="imported",
            rate_hz=row.rate_hz,
            t0_s=row.t0_s,
            dimensions=[one["key"] for one in self.question["options"]["dimensions"]],
            values=values.astype("<f8").tobytes(),
            validity={"coverage": float(1 - np.isnan(values).any(axis=1).mean())},
            code_version=__version__,
        )
        return Made(self._response(item, rater, {"trace": str(trace.pk)}, row.perspective), trace, series)

    # --- both ----------------------------------------------------------------------------------------------

    def _is_first(self, made: Made, file: str, line: int | None) -> bool:
        """Whether the rater has not answered about the item before in what is imported; a second time is told."""
        if made.response.pk in self.answered:
            self.on_problem(
                RatingProblem(file, line, None, "this rater has answered about this item before.")
            )
            return False
        self.answered.add(made.response.pk)
        return True

    def _item(self, unit: str, condition: str | None) -> Item:
        key = unit if condition is None else f"{unit}:{condition}"
        if key not in self.items:
            found = self.groups.search(unit) if self.groups else None
            self.items[key] = Item(
                id=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.organisation.pk}/{self.corpus.name}/{key}"),
                corpus=self.corpus,
                key=key,
                kind=KIND_OF_CONDITION.get(condition or "", self.document["item_kinds"][0]),
                title=unit,
                condition=condition or "",
                groups=found.groupdict() if found else {},
            )
        return self.items[key]

    def _named(self, name: str, *, slot: bool = False, known_elsewhere: bool = False) -> Rater:
        if name not in self.raters:
            self.raters[name] = imported_rater(
                organisation=self.organisation,
                study=self.study,
                name=name,
                slot=slot,
                hide_name=known_elsewhere,
            )
        return self.raters[name]

    def _response(
        self, item: Item, rater: Rater, value: dict[str, Any], perspective: str | None = None
    ) -> Response:
        return Response(
            id=self._stable_id(item, rater, "response"),
            item=item,
            rater=rater,
            question=self.question["key"],
            value=value,
            perspective=perspective or self.document["perspective"],
        )

    def _stable_id(self, item: Item, rater: Rater, what: str) -> uuid.UUID:
        """The same rating of the same file has the same id, so it is stored once."""
        return uuid.uuid5(item.pk, f"{self.study}/{rater.pseudonym}/{what}")


def _value(question: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A file's columns as the question's answer: dimensions by name whatever the case, labels by key."""
    given = {name.lower(): value for name, value in values.items() if value is not None}
    if question["type"] == "category":
        return {"labels": [str(label) for label in given.values()]}
    dimensions = question["options"].get("dimensions")
    if dimensions is None:
        raise Invalid(f"Answers to a {question['type']} question cannot be imported.", code="rating_file")
    return {one["key"]: given[one["key"]] for one in dimensions if one["key"] in given}


def _column(row: RatingRow, key: str) -> str:
    """How the file calls what the question calls ``key``."""
    return next((name for name in row.values if name.lower() == key), next(iter(row.values), key))


def _stacked(dimensions: Sequence[Mapping[str, Any]], rows: Sequence[TraceRow]) -> tuple[str, FloatArray]:
    """Why the rows are no trace of these dimensions, or "" and the values, shape (samples, dimensions)."""
    none, by_name = np.empty((0, 0)), {row.dimension.lower(): row for row in rows}
    keys = [one["key"] for one in dimensions]
    if sorted(by_name) != sorted(keys) or len(by_name) < len(rows):
        found = ", ".join(row.dimension for row in rows)
        return f"the question is about {', '.join(keys)}, the columns or folders are {found}.", none
    if len({(row.rate_hz, row.t0_s, len(row.values)) for row in rows}) > 1:
        return "the dimensions differ in rate, start or number of samples.", none
    values = np.column_stack([by_name[key].values for key in keys])
    for at, one in enumerate(dimensions):
        outside = (
            int(((values[:, at] < one["min"]) | (values[:, at] > one["max"])).sum()) if "min" in one else 0
        )
        if outside:
            return f"{outside} samples of {one['key']} lie outside of {one['min']:g} to {one['max']:g}.", none
    return "", values
