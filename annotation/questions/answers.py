"""The answers to one question in columns, since there may be a million of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, overload
from uuid import UUID

import numpy as np

from affectory.results import BoolArray, FloatArray, IntArray
from ingest.facade import Part


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that counts, as an analysis sees it; ``rater`` None: a slot, nobody in particular.

    ``duration_s``: of the medium, where the question is about places in it. ``exposed``: given after a proposal or
    others' answers were shown.
    """

    item: UUID
    rater: int | None
    condition: str
    value: dict[str, Any]
    parts: tuple[Part, ...] = ()
    duration_s: float | None = None
    exposed: bool = False


def by_item(answers: Sequence[Answer]) -> dict[UUID, list[Answer]]:
    found: dict[UUID, list[Answer]] = defaultdict(list)
    for answer in answers:
        found[answer.item].append(answer)
    return dict(found)


@dataclass(frozen=True, slots=True)
class RatedItem:
    """What is known of an item that was rated; see `Answer`."""

    id: UUID
    condition: str
    parts: tuple[Part, ...] = ()
    duration_s: float | None = None
    key: str = ""


@dataclass(frozen=True, eq=False)
class Answers(Sequence[Answer]):
    """Answers as places in lists; a single `Answer` is made when it is asked for.

    ``item``, ``rater``, ``content``: shape (answers,), where each answer's item, rater and value stand in ``items``,
    ``raters`` (None: nobody in particular) and ``contents``. Answers of the same content share one value.
    ``exposed``, same shape: see `Answer`.
    """

    item: IntArray
    rater: IntArray
    content: IntArray
    exposed: BoolArray
    items: Sequence[RatedItem]
    raters: Sequence[int | None]
    contents: Sequence[dict[str, Any]]

    def where(self, flags: BoolArray) -> "Answers":
        """Those of which ``flags``, shape (answers,), is true."""
        return self if flags.all() else self._chosen(flags)

    def _chosen(self, which: BoolArray | slice) -> "Answers":
        return replace(
            self,
            item=self.item[which],
            rater=self.rater[which],
            content=self.content[which],
            exposed=self.exposed[which],
        )

    def numbers(self, number_of: Callable[[dict[str, Any]], float]) -> FloatArray:
        """A number for each answer, shape (answers,), worked out once for every content."""
        used, place = self._used
        return np.array([number_of(one) for one in used], dtype=np.float64)[place]

    def flags(self, flag_of: Callable[[dict[str, Any]], bool]) -> BoolArray:
        """Yes or no for each answer, shape (answers,), worked out once for every content."""
        used, place = self._used
        return np.array([flag_of(one) for one in used], dtype=np.bool_)[place]

    @cached_property
    def _used(self) -> tuple[list[dict[str, Any]], IntArray]:
        """The different contents of these answers, and which each has."""
        used, place = np.unique(self.content, return_inverse=True)
        return [self.contents[at] for at in used.tolist()], place

    @property
    def anonymous(self) -> bool:
        """Whether an answer is of nobody in particular."""
        return any(self.raters[at] is None for at in np.unique(self.rater).tolist())

    def __len__(self) -> int:
        return int(self.item.size)

    def __iter__(self) -> Iterator[Answer]:
        columns = (self.item, self.rater, self.content, self.exposed)
        return (self._answer(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

    @overload
    def __getitem__(self, at: int) -> Answer: ...
    @overload
    def __getitem__(self, at: slice) -> "Answers": ...
    def __getitem__(self, at: int | slice) -> "Answer | Answers":
        if isinstance(at, slice):
            return self._chosen(at)
        return self._answer(
            int(self.item[at]), int(self.rater[at]), int(self.content[at]), bool(self.exposed[at])
        )

    def _answer(self, item: int, rater: int, content: int, exposed: bool) -> Answer:  # noqa: FBT001  # a row
        about = self.items[item]
        return Answer(
            about.id,
            self.raters[rater],
            about.condition,
            self.contents[content],
            about.parts,
            about.duration_s,
            exposed,
        )
