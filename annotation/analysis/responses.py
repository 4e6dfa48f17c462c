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
from annotation.analysis.spool import Spool
from annotation.questions.answers import Answers, RatedItem, RatedItems
from annotation.repeats import REPEAT

Rows: TypeAlias = "npt.NDArray[np.void]"
#: What is held of a response: a number for whatever there are few different of, which is its place in a list of
#: `Responses`; ``take`` 1: given when the item came again; ``verdict`` -1: it counts; ``place``: of the rest of it in
#: the spool.
ROW = np.dtype(
    [
        ("item", np.int32),
        ("rater", np.int32),
        ("question", np.int16),
        ("take", np.int8),
        ("content", np.int32),
        ("exposed", np.bool_),
        ("verdict", np.int16),
        ("place", np.int32),
    ]
)
#: The rest of it. Times are microseconds since 1970 and milliseconds (NaN: not measured).
REST = np.dtype(
    [
        ("id", "S36"),
        ("perspective", np.int16),
        ("answered_us", np.int64),
        ("active_ms", np.float64),
        ("target", np.int32),
    ]
)
COUNTS = -1
JUDGED_AT_ONCE = 16_384


class WhoRated(NamedTuple):
    """``slot``: stands for nobody in particular."""

    id: int
    pseudonym: str
    kind: str
    slot: bool


class Judged(NamedTuple):
    """A stored response, and the reason why it does not count (None: it counts).

    ``answered_us``: microseconds since 1970; ``active_ms``: None where it was not measured; ``target``: who
    in the item is rated, where raters pick; ``take`` 1: given when the item came again. Answers of the same content
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
    take: int = 0


@dataclass(frozen=True, eq=False)
class AskedTwice:
    """What raters said the first and the second time, in one order.

    ``dropped``: second answers that have no first one that counts.
    """

    first: Answers
    again: Answers
    dropped: int


@dataclass(frozen=True, eq=False)
class Responses:
    """Responses of a study by item key, rater and question (in code point order), each with its verdict.

    They are held in columns: ``rows`` are of `ROW`, and the lists say what its numbers stand for; the ``rest`` of each,
    of `REST`, is in a file. Single responses are made as they are asked for.
    """

    rows: Rows
    rest: Spool
    items: RatedItems
    raters: Sequence[WhoRated]
    questions: Sequence[str]
    contents: Sequence[dict[str, Any]]
    perspectives: Sequence[str]
    targets: Sequence[str]
    verdicts: Sequence[str]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Judged]:
        for start in range(0, len(self.rows), JUDGED_AT_ONCE):
            rows = self.rows[start : start + JUDGED_AT_ONCE]
            rest = self.rest.at(rows["place"])
            of_rows = rows[["item", "rater", "question", "content", "verdict", "take"]].tolist()
            of_rest = rest[["id", "answered_us", "active_ms", "target"]].tolist()
            for row, (name, answered_us, active_ms, target) in zip(of_rows, of_rest, strict=True):
                item, rater, question, content, verdict, take = row
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
                    take,
                )

    def rest_of_rows(self) -> Rows:
        """The rest of each, of `REST`; ask for few at once."""
        return self.rest.at(self.rows["place"])

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
        for start in range(0, len(rows), JUDGED_AT_ONCE):
            some = rows[start : start + JUDGED_AT_ONCE]
            ids = self.rest.at(some["place"])["id"].tolist()
            for at in np.flatnonzero(some["verdict"] == COUNTS).tolist():
                reason = reasons.get(ids[at].decode())
                if reason is not None:
                    some["verdict"][at] = verdicts.index(reason)
        return replace(self, rows=rows, verdicts=verdicts)

    def answers(self, question: str, inside: BoolArray | None = None) -> Answers:
        """The answers to a question that count; ``inside``: shape (items,), only to these."""
        asked = self._counting & (self.rows["question"] == self._place(question))
        if inside is not None:
            asked &= inside[self.rows["item"]]
        return self._as_answers(self.rows[asked])

    def asked_twice(self, question: str) -> "AskedTwice":
        """The answers that count and have a second one, by the same rater, about the same person in the item."""
        repeat = self.verdicts.index(REPEAT) if REPEAT in self.verdicts else None
        asked = self.to(question)
        first, again = (asked.where(asked.rows["verdict"] == verdict) for verdict in (COUNTS, repeat))
        places = {about: at for at, about in enumerate(first.about_whom())} if len(again) else {}
        of = np.array([places.get(about, -1) for about in again.about_whom()], dtype=np.int64)
        pairs = of >= 0
        return AskedTwice(
            self._as_answers(first.rows[of[pairs]]),
            self._as_answers(again.rows[pairs]),
            int((~pairs).sum()),
        )

    def about_whom(self) -> Iterator[tuple[int, int, int]]:
        """Item, rater and person in the item of each."""
        columns = self.rows["item"], self.rows["rater"], self.rest_of_rows()["target"]
        return zip(*(column.tolist() for column in columns), strict=True)

    def _as_answers(self, rows: Rows) -> Answers:
        raters = [None if one.slot else one.id for one in self.raters]
        return Answers(
            rows["item"], rows["rater"], rows["content"], rows["exposed"], self.items, raters, self.contents
        )

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
