"""What a release is made from: items, studies and their labels, read at one moment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate

from affectory.errors import Invalid
from affectory.release.tables import Column
from annotation.facade import Computed, ExportedStudy
from exports.models import Dataset
from exports.recipe import gold_rules, quality_rules
from exports.services.answered import Answered, StudyAnswers
from exports.services.label_columns import labels_of, places_of
from exports.services.labels import Labels
from exports.services.made import Made, labels_made
from exports.services.questions import Question, questions_of
from exports.services.source_items import SourceItem, SourceItems
from ingest.facade import Collection, Item, Part, items_of, parts_of


@dataclass(frozen=True)
class Source:
    """Items in code point order of their keys, questions, and everything computed from the responses.

    ``labels``: by name of a label column, its value for each item. ``mapped``: those that the recipe's mappings add.
    ``labels_made``: how those of each question were made.
    """

    dataset: Dataset
    collection: Collection
    items: SourceItems
    questions: list[Question]
    computed: dict[str, Computed]
    answered: Answered
    labels: Labels
    parts: dict[UUID, tuple[Part, ...]] = field(default_factory=dict)
    only: "Only | None" = None
    mapped: tuple[Column, ...] = ()
    labels_made: tuple[Made, ...] = ()

    @cached_property
    def timed_parts(self) -> bool:
        """Whether there are items whose parts begin at times of their own."""
        return any(part.onset_s is not None for parts in self.parts.values() for part in parts)

    @cached_property
    def has_stretches(self) -> bool:
        """Whether there are items that begin within their files."""
        return self.query().filter(onset_s__gt=0).exists()

    @property
    def studies(self) -> list[ExportedStudy]:
        return [answers.study for answers in self.answered.studies]

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

    ``calibrations``: the same of raters' calibrations; None: all, for the release did not tell them yet.
    ``excluded``: response id -> why it does not count. Rules that compare raters could say something else without the
    ones who are gone, and then answers of the others would not be what they were.
    """

    items: frozenset[str]
    responses: frozenset[str]
    excluded: Mapping[str, str]
    calibrations: frozenset[str] | None = None


def read_source(dataset: Dataset, only: Only | None = None) -> Source:
    recipe = dataset.recipe
    collection = Collection.objects.filter(
        organisation=dataset.organisation_id, name=recipe["collection"]
    ).first()
    if collection is None:
        raise Invalid(f"There is no collection {recipe['collection']!r}.")
    studies = studies_of(dataset, only)
    rated = [study.responses().items for study in studies]
    items = SourceItems.read(_in_order(collection, only), rated)
    if not items:
        raise Invalid(f"The collection {recipe['collection']!r} holds no items.", code="nothing_to_release")
    questions = questions_of(studies)
    computed: dict[str, Computed] = {}
    labels = Labels()
    made: list[Made] = []
    for study in studies:
        found = study.compute(gold_rules(recipe))
        for question in questions:
            if question.study is study:
                rows = found.outcomes[question.key].labels
                places = places_of(rows, items.ids)
                labels = labels.joined_by(labels_of(question, rows, places, len(items)))
                made += labels_made(question, rows, places)
        computed[study.slug] = found.without_labels()
    return Source(
        dataset,
        collection,
        items,
        questions,
        computed,
        Answered.of([StudyAnswers.of(study, questions) for study in studies], items.all_keys),
        labels,
        parts=parts_of(items_of(collection).values("pk")),
        only=only,
        labels_made=tuple(made),
    )


def studies_of(dataset: Dataset, only: Only | None = None) -> list[ExportedStudy]:
    """The studies of the recipe, of which nothing has been read yet."""
    return [
        ExportedStudy(
            organisation_id=dataset.organisation_id,
            slug=slug,
            only=only.responses if only else None,
            only_calibrations=only.calibrations if only else None,
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
