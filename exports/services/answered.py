"""The answers of all studies of a dataset as one, in the order of a release."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from affectory.results import BoolArray, IntArray
from annotation.facade import COUNTS, ExportedStudy, Judged, Responses
from exports.services.questions import Question

ANSWERS_AT_ONCE = 65_536


@dataclass(frozen=True, eq=False)
class StudyAnswers:
    """A study's responses; ``names``: key of each of its questions -> name in the release."""

    study: ExportedStudy
    responses: Responses
    names: Mapping[str, str]

    @classmethod
    def of(cls, study: ExportedStudy, questions: Sequence[Question]) -> "StudyAnswers":
        names = {question.key: question.name for question in questions if question.study is study}
        return cls(study, study.responses(), names)

    @cached_property
    def has_parts(self) -> BoolArray:
        """Which of the study's items consist of parts."""
        items = self.responses.items
        whole = pa.array([item.bytes for item in items.parts], items.ids.type)
        flags: BoolArray = pc.is_in(items.ids, value_set=whole).to_numpy(zero_copy_only=False)
        return flags


@dataclass(frozen=True, eq=False)
class Answered:
    """Answers to the items of a dataset by item, rater and question's name, in code point order.

    ``which``, ``place``: shape (answers,): the study of each, and where it stands in that study's responses.
    ``again``, same shape: that it is to the same question about the same item as the answer before it, by the same
    rater. ``raters_of_item``: shape (items,): how many raters of each have answers that count.
    ``responses_of_rater``: number of answers by pseudonym and kind.
    """

    studies: Sequence[StudyAnswers]
    which: npt.NDArray[np.int16]
    place: npt.NDArray[np.int32]
    again: BoolArray
    raters_of_item: IntArray
    responses_of_rater: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, studies: Sequence[StudyAnswers], item_keys: pa.StringArray) -> "Answered":
        raters = sorted({(who.pseudonym, who.kind) for one in studies for who in one.responses.raters})
        names = sorted({name for one in studies for name in one.names.values()})
        order = _Order(item_keys, _places([pseudonym for pseudonym, _ in raters]), _places(names))
        parts = [part for number, one in enumerate(studies) for part in order.columns(number, one)]
        which, place, rank, counts = map(np.concatenate, zip(_NOTHING, *parts, strict=True))
        del parts
        sort = np.argsort(rank, kind="stable")
        which, place, counts, rank = which[sort], place[sort], counts[sort], rank[sort]
        del sort
        again = np.zeros(rank.size, dtype=np.bool_)
        again[1:] = rank[1:] == rank[:-1]
        # By item and rater, which are in order now.
        rank //= max(len(names), 1)
        responses = np.bincount(rank % max(len(raters), 1), minlength=len(raters)).tolist()
        return cls(
            studies,
            which,
            place,
            again,
            _raters_of_item(rank[counts], len(raters), len(item_keys)),
            {rater: n for rater, n in zip(raters, responses, strict=True) if n},
        )

    @property
    def raters(self) -> list[str]:
        return sorted(pseudonym for pseudonym, _ in self.responses_of_rater)

    def pieces(self, answers: int) -> Iterator["Piece"]:
        """So many answers at a time; those that a rater gave to the same thing are never parted."""
        firsts = np.flatnonzero(~self.again)
        starts = [*firsts[::answers].tolist(), len(self.which)]
        for start, end in pairwise(starts):
            which, place = self.which[start:end], self.place[start:end]
            of_studies = [
                (one, mine, one.responses.at(place[mine]))
                for number, one in enumerate(self.studies)
                if (mine := np.flatnonzero(which == number)).size
            ]
            yield Piece(of_studies, self.again[start:end])

    def to(self, names: Collection[str]) -> "Answered":
        """The answers to the questions of these names."""
        wanted = np.zeros(self.which.size, dtype=np.bool_)
        for number, one in enumerate(self.studies):
            asked = [at for at, key in enumerate(one.responses.questions) if one.names.get(key) in names]
            mine = self.which == number
            wanted[mine] = np.isin(one.responses.rows["question"][self.place[mine]], asked)
        return replace(self, which=self.which[wanted], place=self.place[wanted], again=self.again[wanted])

    def __iter__(self) -> Iterator[tuple[str, Judged]]:
        """Each answer with the name of its question."""
        for piece in self.pieces(1000):
            told = {
                at: (one, row)
                for one, mine, rows in piece.of_studies
                for at, row in zip(mine.tolist(), rows, strict=True)
            }
            for _, (one, row) in sorted(told.items()):
                yield one.names[row.question], row


class Piece(NamedTuple):
    """Answers that follow each other; of each study where its answers stand among these, and what they are."""

    of_studies: list[tuple[StudyAnswers, IntArray, Responses]]
    again: BoolArray


class _Columns(NamedTuple):
    """Answers with their ``rank`` by item, rater and name, in all studies; ``counts``: whether each counts."""

    which: npt.NDArray[np.int16]
    place: npt.NDArray[np.int32]
    rank: IntArray
    counts: BoolArray


_NOTHING = _Columns(
    np.empty(0, np.int16), np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.bool_)
)


@dataclass(frozen=True)
class _Order:
    """The items of a release by key, and places of its raters and names of questions, in its order."""

    items: pa.StringArray
    raters: Mapping[str, int]
    names: Mapping[str, int]

    def columns(self, number: int, one: StudyAnswers) -> Iterator[_Columns]:
        """A study's answers to the items and questions of the release, some at a time."""
        told = one.responses
        items = pc.index_in(told.items.keys, value_set=self.items).fill_null(-1).to_numpy()
        raters = np.array([self.raters[who.pseudonym] for who in told.raters], np.int64)
        names = np.array([self.names.get(one.names.get(key, ""), -1) for key in told.questions], np.int64)
        for start in range(0, len(told), ANSWERS_AT_ONCE):
            rows = told.rows[start : start + ANSWERS_AT_ONCE]
            item, name = items[rows["item"]].astype(np.int64), names[rows["question"]]
            rank = (item * len(self.raters) + raters[rows["rater"]]) * len(self.names) + name
            here = np.flatnonzero((item >= 0) & (name >= 0))
            yield _Columns(
                np.full(here.size, number, np.int16),
                (start + here).astype(np.int32),
                rank[here],
                rows["verdict"][here] == COUNTS,
            )


def _raters_of_item(rated: IntArray, raters: int, items: int) -> IntArray:
    """How many different raters each item has; ``rated``: item and rater of each answer, in order."""
    different = rated[np.diff(rated, prepend=-1) != 0]
    return np.bincount(different // max(raters, 1), minlength=items)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}
