"""The questions of a dataset's studies, under the names that they have in its releases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from annotation.facade import ExportedStudy, GoldColumn


@dataclass(frozen=True)
class Question:
    """A question of one of the dataset's studies, under the name its columns get.

    What every item asks for is found out once.
    """

    name: str
    study: ExportedStudy
    key: str
    type: str
    options: dict[str, Any]

    @property
    def dimensions(self) -> list[dict[str, Any]]:
        return self.study.dimensions(self.key)

    @cached_property
    def gold(self) -> tuple[str, Sequence[GoldColumn]] | None:
        """Method of the labels that hold numbers, and which numbers."""
        return self.study.gold_of(self.key)

    @cached_property
    def votes(self) -> list[str] | None:
        return self.study.votes_of(self.key)

    @cached_property
    def synonyms(self) -> dict[str, str] | None:
        """Which word was counted as which other, where the labels are words."""
        return self.study.synonyms_of(self.key)

    @property
    def several_labels(self) -> bool:
        """Whether a rater may choose several of the labels that are voted on."""
        return bool(self.votes and self.options.get("multiple"))

    @cached_property
    def label_methods(self) -> list[str]:
        """The methods of the labels that raters' answers make, by what becomes of them."""
        told = {"vote": self.votes, "words": self.synonyms is not None}
        named = [self.marks_method, self.gold[0] if self.gold else None]
        return [*(method for method, there in told.items() if there), *(method for method in named if method)]

    @cached_property
    def taxonomy(self) -> str | None:
        """The taxonomy that maps the votes to valence, arousal and dominance, where there is one."""
        return self.options.get("taxonomy") if self.votes else None

    @cached_property
    def marks_method(self) -> str | None:
        """Method of the labels that are lists of marks, where they are."""
        return self.study.marks_method(self.key)

    @property
    def source(self) -> str:
        protocol = self.study.document
        of = f"study {self.study.slug}, protocol {protocol['name']} {protocol['version']}"
        seen = {"proposal": "a proposal was shown", "consensus": "earlier answers of all were shown"}
        return f"{of}, {seen[self.study.review['kind']]}" if self.study.review else of


def questions_of(studies: Sequence[ExportedStudy]) -> list[Question]:
    """A question keeps its key as name where no other study of the dataset uses the same one."""
    uses = Counter(key for study in studies for key in study.questions)
    return [
        Question(
            name=named(key, study, uses),
            study=study,
            key=key,
            type=asked["type"],
            options=asked["options"],
        )
        for study in studies
        for key, asked in study.questions.items()
    ]


def named(key: str, study: ExportedStudy, uses: Mapping[str, int]) -> str:
    """What a release calls a question; ``uses``: how many studies have one of this key."""
    return key if uses[key] == 1 else f"{study.slug.replace('-', '_')}_{key}"
