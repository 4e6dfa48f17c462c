"""The answers of all studies of a dataset as one, in the order of a release."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from affectory.results import BoolArray, IntArray
from annotation.facade import COUNTS, ExportedStudy, Judged, Responses
from exports.services.questions import Question


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
    def item_keys(self) -> pa.Array:
        return pa.array([item.key for item in self.responses.items], pa.string())

    @cached_property
    def has_parts(self) -> BoolArray:
        """Which of the study's items consist of parts."""
        return np.array([bool(item.parts) for item in self.responses.items], dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Answered:
    """Answers to the items of a dataset by item, rater and question's name, in code point order.

    ``which``, ``place``: shape (answers,): the study of each, and where it stands in that study's responses.
    ``raters_of_item``: shape (items,): how many raters of each have answers that count.
    ``responses_of_rater``: number of answers by pseudonym and kind.
    """

    studies: Sequence[StudyAnswers]
    which: npt.NDArray[np.int16]
    place: npt.NDArray[np.int32]
    raters_of_item: IntArray
    responses_of_rater: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, studies: Sequence[StudyAnswers], item_keys: Sequence[str]) -> "Answered":
        raters = sorted({(who.pseudonym, who.kind) for one in studies for who in one.responses.raters})
        names = sorted({name for one in studies for name in one.names.values()})
        order = _Order(_places(item_keys), _places([pseudonym for pseudonym, _ in raters]), _places(names))
        parts = [order.columns(number, one) for number, one in enumerate(studies)]
        all_ = _Columns(*map(np.concatenate, zip(*parts, strict=True)))
        sort = np.lexsort((all_.name, all_.rater, all_.item))
        responses = np.bincount(all_.rater, minlength=len(raters)).tolist()
        return cls(
            studies,
            all_.which[sort],
            all_.place[sort],
            all_.raters_of_item(len(item_keys)),
            {rater: n for rater, n in zip(raters, responses, strict=True) if n},
        )

    @property
    def raters(self) -> list[str]:
        return sorted(pseudonym for pseudonym, _ in self.responses_of_rater)

    def pieces(self, answers: int) -> Iterator[list[tuple[StudyAnswers, IntArray, Responses]]]:
        """So many answers at a time, for each study: where its answers stand among these, and what they are."""
        for start in range(0, len(self.which), answers):
            which, place = self.which[start : start + answers], self.place[start : start + answers]
            yield [
                (one, mine, one.responses.at(place[mine]))
                for number, one in enumerate(self.studies)
                if (mine := np.flatnonzero(which == number)).size
            ]

    def to(self, names: Collection[str]) -> "Answered":
        """The answers to the questions of these names."""
        wanted = np.zeros(self.which.size, dtype=np.bool_)
        for number, one in enumerate(self.studies):
            asked = [at for at, key in enumerate(one.responses.questions) if one.names.get(key) in names]
            mine = self.which == number
            wanted[mine] = np.isin(one.responses.rows["question"][self.place[mine]], asked)
        return replace(self, which=self.which[wanted], place=self.place[wanted])

    def __iter__(self) -> Iterator[tuple[str, Judged]]:
        """Each answer with the name of its question."""
        for piece in self.pieces(1000):
            told = {
                at: (one, row)
                for one, mine, rows in piece
                for at, row in zip(mine.tolist(), rows, strict=True)
            }
            for _, (one, row) in sorted(told.items()):
                yield one.names[row.question], row


class _Columns(NamedTuple):
    """Answers by numbers that mean the same in all studies; ``counts``: whether each counts."""

    which: npt.NDArray[np.int16]
    place: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    rater: npt.NDArray[np.int32]
    name: npt.NDArray[np.int32]
    counts: BoolArray

    def raters_of_item(self, items: int) -> IntArray:
        raters = int(self.rater.max(initial=0)) + 1
        pairs = self.item[self.counts].astype(np.int64) * raters + self.rater[self.counts]
        return np.bincount(np.unique(pairs) // raters, minlength=items)


@dataclass(frozen=True)
class _Order:
    """Places of the items, raters and names of questions of a release, in its order."""

    items: Mapping[str, int]
    raters: Mapping[str, int]
    names: Mapping[str, int]

    def columns(self, number: int, one: StudyAnswers) -> _Columns:
        """A study's answers to the items and questions of the release."""
        told, rows = one.responses, one.responses.rows
        item = _lookup([self.items.get(rated.key, -1) for rated in told.items])[rows["item"]]
        rater = _lookup([self.raters[who.pseudonym] for who in told.raters])[rows["rater"]]
        asked = [self.names.get(one.names.get(key, ""), -1) for key in told.questions]
        name = _lookup(asked)[rows["question"]]
        place = np.flatnonzero((item >= 0) & (name >= 0)).astype(np.int32)
        counts = rows["verdict"][place] == COUNTS
        which = np.full(place.size, number, np.int16)
        return _Columns(which, place, item[place], rater[place], name[place], counts)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}


def _lookup(places: Sequence[int]) -> npt.NDArray[np.int32]:
    return np.array(places, dtype=np.int32)
