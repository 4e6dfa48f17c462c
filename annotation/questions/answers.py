"""The answers to one question in columns, since there may be a million of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, overload
from uuid import UUID

import numpy as np
import pyarrow as pa

from affectory.lazy import LazySequence
from affectory.results import BoolArray, FloatArray, IntArray
from ingest.facade import Part

#: An id of the database, as Arrow holds it.
ID = pa.binary(16)


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
class RatedItems(LazySequence[RatedItem]):
    """Items as columns; a single `RatedItem` is made when it is asked for.

    ``ids``: 16 bytes of each; ``keys``, ``conditions``: text. ``parts``, ``durations_s``: of those that have some.
    """

    ids: pa.FixedSizeBinaryArray
    keys: pa.StringArray
    conditions: pa.DictionaryArray
    parts: Mapping[UUID, tuple[Part, ...]]
    durations_s: Mapping[UUID, float | None]

    @classmethod
    def of(cls, items: Iterable[RatedItem]) -> "RatedItems":
        some = list(items)
        return cls(
            pa.array([one.id.bytes for one in some], ID),
            pa.array([one.key for one in some], pa.string()),
            pa.array([one.condition for one in some], pa.string()).dictionary_encode(),
            {one.id: one.parts for one in some if one.parts},
            {one.id: one.duration_s for one in some if one.duration_s is not None},
        )

    def id(self, at: int) -> UUID:
        return UUID(bytes=self.ids[at].as_py())

    def of_condition(self, condition: str) -> BoolArray:
        """Which items are of a condition, shape (items,)."""
        names = self.conditions.dictionary.to_pylist()
        flags: BoolArray = self._condition == (names.index(condition) if condition in names else -1)
        return flags

    def conditions_of(self, places: IntArray) -> list[str]:
        """The different conditions of the items at these places, in their order."""
        names = self.conditions.dictionary.to_pylist()
        return sorted(names[at] for at in np.unique(self._condition[places]).tolist())

    @cached_property
    def _condition(self) -> IntArray:
        return np.asarray(self.conditions.indices)

    def __len__(self) -> int:
        return len(self.ids)

    def made(self, place: int) -> RatedItem:
        item = self.id(place)
        return RatedItem(
            item,
            self.conditions[place].as_py(),
            self.parts.get(item, ()),
            self.durations_s.get(item),
            self.keys[place].as_py(),
        )


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
    items: RatedItems
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
        numbers = np.empty(len(self.contents))
        for at in self._used:
            numbers[at] = number_of(self.contents[at])
        found: FloatArray = numbers[self.content]
        return found

    def flags(self, flag_of: Callable[[dict[str, Any]], bool]) -> BoolArray:
        """Yes or no for each answer, shape (answers,), worked out once for every content."""
        flags = np.zeros(len(self.contents), np.bool_)
        for at in self._used:
            flags[at] = flag_of(self.contents[at])
        found: BoolArray = flags[self.content]
        return found

    @cached_property
    def _used(self) -> list[int]:
        """Places of the different contents of these answers."""
        used: list[int] = np.unique(self.content).tolist()
        return used

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
