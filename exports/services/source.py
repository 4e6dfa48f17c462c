"""What a release is made from: items, studies and their labels, read at one moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate

from affectory.errors import Invalid
from affectory.release.tables import Column
from annotation.facade import Computed, ExportedStudy, RatedItem, Responses
from exports.models import Dataset
from exports.recipe import gold_rules, quality_rules
from exports.services.answered import Answered, StudyAnswers
from exports.services.label_columns import labels_of
from exports.services.questions import Question, questions_of
from ingest.facade import Collection, Corpus, Item, Part, items_of, parts_of


@dataclass(frozen=True, slots=True)
class SourceItem:
    """As much of an item as is held for all of them at once; the rest is read in passing by `Source.facts`."""

    pk: UUID
    key: str
    kind: str
    corpus: Corpus


@dataclass(frozen=True)
class Source:
    """Items in code point order of their keys, questions, and everything computed from the responses.

    ``labels``: by name of a label column, its value for each item. ``mapped``: those that the recipe's mappings add.
    """

    dataset: Dataset
    collection: Collection
    items: list[SourceItem]
    questions: list[Question]
    computed: dict[str, Computed]
    answered: Answered
    labels: Mapping[str, pa.Array]
    parts: dict[UUID, tuple[Part, ...]] = field(default_factory=dict)
    only: "Only | None" = None
    mapped: tuple[Column, ...] = ()

    @cached_property
    def timed_parts(self) -> bool:
        """Whether there are items whose parts begin at times of their own."""
        return any(part.onset_s is not None for parts in self.parts.values() for part in parts)

    @cached_property
    def has_stretches(self) -> bool:
        """Whether there are items that begin within their files."""
        return self.query().filter(onset_s__gt=0).exists()

    @property
    def has_reviews(self) -> bool:
        """Whether raters of a study were shown a proposal or others' answers."""
        return any(question.study.review for question in self.questions)

    @property
    def has_targets(self) -> bool:
        """Whether raters of a study picked whom they rate."""
        return any(
            question.study.document["presentation"].get("choose_target") for question in self.questions
        )

    def query(self) -> QuerySet[Item]:
        """The items, for questions of which one needs the answer of the database."""
        return _chosen(self.collection, self.only)

    def facts_of(self, items: Iterable[SourceItem], *fields: str) -> list[tuple[Any, ...]]:
        """These fields of each of some items; ask for few at once."""
        wanted = [item.pk for item in items]
        # As one array: a parameter for each of thousands would take longer than their rows.
        chosen = Item.objects.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [wanted]))
        found = {pk: told for pk, *told in chosen.values_list("pk", *fields)}
        return [tuple(found[pk]) for pk in wanted]

    def facts(self, *fields: str) -> Iterator[tuple[Any, ...]]:
        """These fields of every item, in the order of ``items``, read as they are asked for."""
        return _in_order(self.collection, self.only).values_list(*fields).iterator(chunk_size=2000)


@dataclass(frozen=True)
class Only:
    """The items (by key) and responses (by id) that a release may hold, whatever came since.

    ``excluded``: response id -> why it does not count. Rules that compare raters could say something else without the
    ones who are gone, and then answers of the others would not be what they were.
    """

    items: frozenset[str]
    responses: frozenset[str]
    excluded: Mapping[str, str]


def read_source(dataset: Dataset, only: Only | None = None) -> Source:
    recipe = dataset.recipe
    collection = Collection.objects.filter(
        organisation=dataset.organisation_id, name=recipe["collection"]
    ).first()
    if collection is None:
        raise Invalid(f"There is no collection {recipe['collection']!r}.")
    studies = studies_of(dataset, only)
    items = _items(collection, only, [study.responses() for study in studies])
    if not items:
        raise Invalid(f"The collection {recipe['collection']!r} holds no items.", code="nothing_to_release")
    questions, ids = questions_of(studies), [item.pk for item in items]
    computed: dict[str, Computed] = {}
    labels: dict[str, pa.Array] = {}
    for study in studies:
        found = study.compute(gold_rules(recipe))
        for question in questions:
            if question.study is study:
                labels |= labels_of(question, found.outcomes[question.key].labels, ids)
        computed[study.slug] = found.without_labels()
    return Source(
        dataset,
        collection,
        items,
        questions,
        computed,
        Answered.of([StudyAnswers.of(study, questions) for study in studies], [item.key for item in items]),
        labels,
        parts=parts_of(items_of(collection).values("pk")),
        only=only,
    )


def studies_of(dataset: Dataset, only: Only | None = None) -> list[ExportedStudy]:
    """The studies of the recipe, of which nothing has been read yet."""
    return [
        ExportedStudy(
            organisation_id=dataset.organisation_id,
            slug=slug,
            only=only.responses if only else None,
            rules=quality_rules(dataset.recipe),
            verdicts=only.excluded if only else None,
        )
        for slug in dataset.recipe["studies"]
    ]


def _chosen(collection: Collection, only: Only | None) -> QuerySet[Item]:
    found = items_of(collection)
    return found if only is None else found.filter(key__in=only.items)


def _in_order(collection: Collection, only: Only | None) -> QuerySet[Item]:
    return _chosen(collection, only).order_by(Collate("key", "C"), "pk")


def _items(collection: Collection, only: Only | None, answers: Sequence[Responses]) -> list[SourceItem]:
    """The ids and keys that the answers hold are shared, for there may be many."""
    rated = {item.id: item for one in answers for item in one.items}
    corpora = Corpus.objects.in_bulk()
    rows = _in_order(collection, only).values_list("pk", "key", "kind", "corpus").iterator(chunk_size=5000)
    return [
        SourceItem(*_shared(rated.get(pk), pk, key), intern(kind), corpora[corpus])
        for pk, key, kind, corpus in rows
    ]


def _shared(rated: RatedItem | None, pk: UUID, key: str) -> tuple[UUID, str]:
    return (rated.id, rated.key) if rated else (pk, key)
