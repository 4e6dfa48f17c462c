"""The answers of all studies of a dataset as one, in the order of a release."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

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
    responses_of_rater: Counter[tuple[str, str]]

    @classmethod
    def of(cls, studies: Sequence[StudyAnswers], item_keys: Sequence[str]) -> "Answered":
        item_at = {key: at for at, key in enumerate(item_keys)}
        rater_at = _places({who.pseudonym for one in studies for who in one.responses.raters})
        name_at = _places({name for one in studies for name in one.names.values()})
        responses_of_rater: Counter[tuple[str, str]] = Counter()
        columns = []
        for number, one in enumerate(studies):
            told, rows = one.responses, one.responses.rows
            item = _lookup([item_at.get(rated.key, -1) for rated in told.items])[rows["item"]]
            name = _lookup([name_at.get(one.names.get(key, ""), -1) for key in told.questions])[
                rows["question"]
            ]
            place = np.flatnonzero((item >= 0) & (name >= 0)).astype(np.int32)
            rater = rows["rater"][place]
            numbers = np.bincount(rater, minlength=len(told.raters)).tolist()
            for who, n in zip(told.raters, numbers, strict=True):
                responses_of_rater[who.pseudonym, who.kind] += n
            rater = _lookup([rater_at[who.pseudonym] for who in told.raters])[rater]
            counts = rows["verdict"][place] == COUNTS
            columns.append(
                (np.full(place.size, number, np.int16), place, item[place], rater, name[place], counts)
            )
        which, place, item, rater, name, counts = map(np.concatenate, zip(*columns, strict=True))
        order = np.lexsort((name, rater, item))
        pairs = np.unique(item[counts].astype(np.int64) * len(rater_at) + rater[counts]) // max(
            len(rater_at), 1
        )
        raters_of_item = np.bincount(pairs, minlength=len(item_keys))
        return cls(studies, which[order], place[order], raters_of_item, +responses_of_rater)

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


def _places(names: set[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(sorted(names))}


def _lookup(places: Sequence[int]) -> npt.NDArray[np.int32]:
    return np.array(places, dtype=np.int32)
