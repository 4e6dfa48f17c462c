"""Responses of a study in columns, each with its verdict: whether it counts, and else why not."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from affectory.results import BoolArray
from annotation.questions.answers import Answers, RatedItem

Rows: TypeAlias = "npt.NDArray[np.void]"
#: One response: a number for whatever there are few different of, which is its place in a list of `Responses`.
#: Times are microseconds since 1970 and milliseconds (NaN: not measured); ``verdict`` -1: it counts.
ROW = np.dtype(
    [
        ("id", "S36"),
        ("item", np.int32),
        ("rater", np.int32),
        ("question", np.int16),
        ("content", np.int32),
        ("perspective", np.int16),
        ("answered_us", np.int64),
        ("active_ms", np.float64),
        ("exposed", np.bool_),
        ("target", np.int32),
        ("verdict", np.int16),
    ]
)
COUNTS = -1


class WhoRated(NamedTuple):
    """``slot``: stands for nobody in particular."""

    id: int
    pseudonym: str
    kind: str
    slot: bool


class Judged(NamedTuple):
    """A stored response, and the reason why it does not count (None: it counts).

    ``answered_us``: microseconds since 1970; ``active_ms``: None where it was not measured; ``target``: who
    in the item is rated, where raters pick. Answers of the same content
    share one ``value``: it is not to be changed.
    """

    id: str
    item: RatedItem
    rater: WhoRated
    question: str
    value: dict[str, Any]
    answered_us: int
    active_ms: float | None
    target: str
    excluded: str | None


@dataclass(frozen=True, eq=False)
class Responses:
    """Responses of a study by item key, rater and question (in code point order), each with its verdict.

    They are held in columns: ``rows`` are of `ROW`, and the lists say what its numbers stand for. Single responses
    are made as they are asked for.
    """

    rows: Rows
    items: Sequence[RatedItem]
    raters: Sequence[WhoRated]
    questions: Sequence[str]
    contents: Sequence[dict[str, Any]]
    perspectives: Sequence[str]
    targets: Sequence[str]
    verdicts: Sequence[str]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Judged]:
        fields = [
            "id",
            "item",
            "rater",
            "question",
            "content",
            "answered_us",
            "active_ms",
            "target",
            "verdict",
        ]
        for row in self.rows[fields].tolist():
            name, item, rater, question, content, answered_us, active_ms, target, verdict = row
            yield Judged(
                name.decode(),
                self.items[item],
                self.raters[rater],
                self.questions[question],
                self.contents[content],
                answered_us,
                None if math.isnan(active_ms) else active_ms,
                self.targets[target],
                None if verdict == COUNTS else self.verdicts[verdict],
            )

    def at(self, places: npt.NDArray[np.integer]) -> "Responses":
        return replace(self, rows=self.rows[places])

    def where(self, flags: BoolArray) -> "Responses":
        """Those of which ``flags``, shape (responses,), is true."""
        return self if flags.all() else replace(self, rows=self.rows[flags])

    def to(self, question: str) -> "Responses":
        return self.where(self.rows["question"] == self._place(question))

    def without(self, verdicts: Collection[str]) -> "Responses":
        left_out = [place for place, verdict in enumerate(self.verdicts) if verdict in verdicts]
        return self.where(~np.isin(self.rows["verdict"], left_out))

    def excluding(self, reasons: Mapping[str, str]) -> "Responses":
        """These answers, by id, do not count either; those that do not count already keep their reason."""
        if not reasons:
            return self
        verdicts = list(dict.fromkeys([*self.verdicts, *sorted(reasons.values())]))
        rows = self.rows.copy()
        for at in np.flatnonzero(self._counting).tolist():
            reason = reasons.get(rows["id"][at].decode())
            if reason is not None:
                rows["verdict"][at] = verdicts.index(reason)
        return replace(self, rows=rows, verdicts=verdicts)

    def answers(self, question: str) -> Answers:
        """The answers to a question that count."""
        asked = self._counting & (self.rows["question"] == self._place(question))
        item, rater, content = (self.rows[name][asked] for name in ("item", "rater", "content"))
        raters = [None if one.slot else one.id for one in self.raters]
        return Answers(item, rater, content, self.rows["exposed"][asked], self.items, raters, self.contents)

    def made_from(self) -> dict[str, Any]:
        """Numbers of responses that count, of others by reason, and of raters by kind."""
        verdicts = Counter(self.rows["verdict"].tolist())
        raters = np.unique(self.rows["rater"][self._counting]).tolist()
        return {
            "responses": verdicts.pop(COUNTS, 0),
            "exposed": int(self.rows["exposed"][self._counting].sum()),
            "excluded": dict(sorted((self.verdicts[verdict], n) for verdict, n in verdicts.items())),
            "raters": dict(sorted(Counter(self.raters[rater].kind for rater in raters).items())),
        }

    @cached_property
    def _counting(self) -> BoolArray:
        counting: BoolArray = self.rows["verdict"] == COUNTS
        return counting

    def _place(self, question: str) -> int:
        return self.questions.index(question) if question in self.questions else -1
