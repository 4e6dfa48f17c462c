"""What a release is made from: items, studies and their labels, read at one moment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models.functions import Collate

from affectory.errors import Invalid
from annotation.facade import Computed, ExportedStudy, Judged, LabelRow
from exports.models import Dataset
from ingest.facade import Collection, Item, items_of


@dataclass(frozen=True)
class Question:
    """A question of one of the dataset's studies, under the name its columns get."""

    name: str
    study: ExportedStudy
    key: str
    type: str
    options: dict[str, Any]

    @property
    def dimensions(self) -> list[dict[str, Any]]:
        return list(self.options.get("dimensions", ()))

    @property
    def marks_method(self) -> str | None:
        """Method of the labels that are lists of marks, where they are."""
        return self.study.marks_method(self.key)

    @property
    def source(self) -> str:
        protocol = self.study.document
        return f"study {self.study.slug}, protocol {protocol['name']} {protocol['version']}"


@dataclass(frozen=True)
class Source:
    """Items in code point order of their keys, questions, and everything computed from the responses."""

    dataset: Dataset
    items: list[Item]
    questions: list[Question]
    computed: dict[str, Computed]
    labels: dict[tuple[str, UUID, str], LabelRow] = field(default_factory=dict)

    def label(self, question: Question, item: Item, method: str) -> LabelRow | None:
        return self.labels.get((question.name, item.pk, method))

    def responses(self) -> Iterator[tuple[Question, Judged]]:
        """All responses to the items of this dataset, by item, rater, question and id."""
        keys = {item.key for item in self.items}
        names = {(question.study.slug, question.key): question for question in self.questions}
        streams = [_told(study, names) for study in {q.study.slug: q.study for q in self.questions}.values()]
        for (item_key, _), told in groupby(merge(*streams, key=_item_and_rater), key=_item_and_rater):
            if item_key in keys:
                yield from sorted(told, key=lambda pair: (pair[0].name, str(pair[1].id)))


def _told(study: ExportedStudy, names: dict[tuple[str, str], Question]) -> Iterator[tuple[Question, Judged]]:
    return ((names[study.slug, row.question], row) for row in study.responses())


def _item_and_rater(told: tuple[Question, Judged]) -> tuple[str, str]:
    return told[1].item_key, told[1].pseudonym


def read_source(dataset: Dataset) -> Source:
    recipe = dataset.recipe
    collection = Collection.objects.filter(
        organisation=dataset.organisation_id, name=recipe["collection"]
    ).first()
    if collection is None:
        raise Invalid(f"There is no collection {recipe['collection']!r}.")
    studies = [
        ExportedStudy(organisation_id=dataset.organisation_id, slug=slug) for slug in recipe["studies"]
    ]
    items = list(items_of(collection).order_by(Collate("key", "C")).select_related("asset", "corpus"))
    if not items:
        raise Invalid(f"The collection {recipe['collection']!r} holds no items.", code="nothing_to_release")
    questions = _questions(studies)
    computed = {study.slug: study.compute() for study in studies}
    labels = {
        (question.name, row.item, row.method): row
        for question in questions
        for row in computed[question.study.slug].outcomes[question.key].labels
    }
    return Source(dataset, items, questions, computed, labels)


def _questions(studies: list[ExportedStudy]) -> list[Question]:
    """A question keeps its key as name where no other study of the dataset uses the same one."""
    uses = Counter(key for study in studies for key in study.questions)
    return [
        Question(
            name=key if uses[key] == 1 else f"{study.slug.replace('-', '_')}_{key}",
            study=study,
            key=key,
            type=asked["type"],
            options=asked["options"],
        )
        for study in studies
        for key, asked in study.questions.items()
    ]
