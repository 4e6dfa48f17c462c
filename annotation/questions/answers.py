"""The answers to one question in columns, since there may be a million of them."""

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

    ``duration_s``: of the medium, where the question is about places in it.
    """

    item: UUID
    rater: int | None
    condition: str
    value: dict[str, Any]
    parts: tuple[Part, ...] = ()
    duration_s: float | None = None


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
    """

    item: IntArray
    rater: IntArray
    content: IntArray
    items: Sequence[RatedItem]
    raters: Sequence[int | None]
    contents: Sequence[dict[str, Any]]

    def where(self, flags: BoolArray) -> "Answers":
        """Those of which ``flags``, shape (answers,), is true."""
        if flags.all():
            return self
        return replace(self, item=self.item[flags], rater=self.rater[flags], content=self.content[flags])

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
        rows = zip(self.item.tolist(), self.rater.tolist(), self.content.tolist(), strict=True)
        return (self._answer(*row) for row in rows)

    @overload
    def __getitem__(self, at: int) -> Answer: ...
    @overload
    def __getitem__(self, at: slice) -> "Answers": ...
    def __getitem__(self, at: int | slice) -> "Answer | Answers":
        if isinstance(at, slice):
            return replace(self, item=self.item[at], rater=self.rater[at], content=self.content[at])
        return self._answer(int(self.item[at]), int(self.rater[at]), int(self.content[at]))

    def _answer(self, item: int, rater: int, content: int) -> Answer:
        about = self.items[item]
        return Answer(
            about.id,
            self.raters[rater],
            about.condition,
            self.contents[content],
            about.parts,
            about.duration_s,
        )
