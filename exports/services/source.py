"""What a release is made from: items, studies and their labels, read at one moment."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate

from affectory.errors import Invalid
from annotation.facade import Computed, ExportedStudy, GoldColumn, LabelRow
from exports.models import Dataset
from exports.recipe import quality_rules
from exports.services.answered import Answered, StudyAnswers
from ingest.facade import Collection, Corpus, Item, Part, items_of, parts_of


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


@dataclass(frozen=True, slots=True)
class SourceItem:
    """As much of an item as is held for all of them at once; the rest is read in passing by `Source.facts`.

    ``at``: its place among the items.
    """

    at: int
    pk: UUID
    key: str
    kind: str
    corpus: Corpus


@dataclass(frozen=True)
class Source:
    """Items in code point order of their keys, questions, and everything computed from the responses."""

    dataset: Dataset
    collection: Collection
    items: list[SourceItem]
    questions: list[Question]
    computed: dict[str, Computed]
    answered: Answered
    labels: dict[tuple[str, str], list[LabelRow | None]] = field(default_factory=dict)
    parts: dict[UUID, tuple[Part, ...]] = field(default_factory=dict)
    only: "Only | None" = None

    @cached_property
    def timed_parts(self) -> bool:
        """Whether there are items whose parts begin at times of their own."""
        return any(part.onset_s is not None for parts in self.parts.values() for part in parts)

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

    def label_rows(
        self, question: Question, method: str, items: Iterable[SourceItem]
    ) -> list[LabelRow | None]:
        """The label of each item."""
        rows = self.labels.get((question.name, method))
        return [rows[item.at] if rows else None for item in items]

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
    studies = [
        ExportedStudy(
            organisation_id=dataset.organisation_id,
            slug=slug,
            only=only.responses if only else None,
            rules=quality_rules(recipe),
            verdicts=only.excluded if only else None,
        )
        for slug in recipe["studies"]
    ]
    items = _items(collection, only)
    if not items:
        raise Invalid(f"The collection {recipe['collection']!r} holds no items.", code="nothing_to_release")
    questions = _questions(studies)
    computed = {study.slug: study.compute(**recipe["gold"]) for study in studies}
    names = {
        study.slug: {question.key: question.name for question in questions if question.study is study}
        for study in studies
    }
    return Source(
        dataset,
        collection,
        items,
        questions,
        computed,
        Answered.of(
            [StudyAnswers.of(study, names[study.slug]) for study in studies], [item.key for item in items]
        ),
        labels=_labels(items, questions, computed),
        parts=parts_of(items_of(collection).values("pk")),
        only=only,
    )


def _chosen(collection: Collection, only: Only | None) -> QuerySet[Item]:
    found = items_of(collection)
    return found if only is None else found.filter(key__in=only.items)


def _in_order(collection: Collection, only: Only | None) -> QuerySet[Item]:
    return _chosen(collection, only).order_by(Collate("key", "C"), "pk")


def _items(collection: Collection, only: Only | None) -> list[SourceItem]:
    corpora = Corpus.objects.in_bulk()
    rows = _in_order(collection, only).values_list("pk", "key", "kind", "corpus").iterator(chunk_size=5000)
    return [SourceItem(at, pk, key, kind, corpora[corpus]) for at, (pk, key, kind, corpus) in enumerate(rows)]


def _labels(
    items: list[SourceItem], questions: list[Question], computed: Mapping[str, Computed]
) -> dict[tuple[str, str], list[LabelRow | None]]:
    """By name of the question and method: the label of each item."""
    at = {item.pk: item.at for item in items}
    found: defaultdict[tuple[str, str], list[LabelRow | None]] = defaultdict(lambda: [None] * len(items))
    for question in questions:
        for row in computed[question.study.slug].outcomes[question.key].labels:
            if row.item in at:
                found[question.name, row.method][at[row.item]] = row
    return dict(found)


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
