"""A protocol tried out: the real services on a few items, in a transaction that is always taken back."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.facade import Organisation
from affectory.errors import Invalid, NotFound
from annotation import questions
from annotation.about_you import asked_about_you
from annotation.models import Assignment, AssignmentState, Participation, StudyItem, Trace, TraceState
from annotation.questions.contract import AboutPeople, PartsQuestion
from annotation.services.about_you import describe
from annotation.services.asking import presented, read_in
from annotation.services.assignments import assignment_of, next_assignment, submit
from annotation.services.participation import arrive, consent_of, give_consent, lease_length
from annotation.services.starting import Source
from annotation.services.studies import create_study
from annotation.services.traces import add_chunk, finish, open_trace
from ingest.facade import Collection, Item, Part, items_of, parts_of, sample_corpus, sample_items

#: At most so many are shown for practice, and so many after it.
PRACTICE_ITEMS, SHOWN_ITEMS = 3, 2
SAMPLE_PEOPLE = {
    "Pip": [[0, 0.12, 0.2, 0.3, 0.6], [60, 0.12, 0.2, 0.3, 0.6]],
    "Lou": [[0, 0.58, 0.2, 0.3, 0.6], [60, 0.58, 0.2, 0.3, 0.6]],
}


@dataclass(frozen=True)
class Tried:
    """What somebody who tried an item out wants to hand in.

    ``assignment``: the id under which the item was shown, from which the order of its parts follows. ``chunks``:
    question -> (trace, bodies of its chunks). ``passed_over``: question -> trace of what she did not play.
    ``target``: whom she picked of the people marked in the item.
    """

    assignment: uuid.UUID
    item: uuid.UUID
    position: int
    responses: list[dict[str, Any]]
    chunks: Mapping[str, tuple[uuid.UUID, Sequence[str]]] = field(default_factory=dict)
    passed_over: Mapping[str, uuid.UUID] = field(default_factory=dict)
    played: dict[str, Any] = field(default_factory=dict)
    target: str = ""


@contextmanager
def rehearsal(
    *, document: dict[str, Any], organisation: Organisation, source: Source | None
) -> Iterator[Participation]:
    """The first rater of a study that runs this protocol; she has agreed. All of it is gone at the end.

    The study has the first items of the source; without one, samples of the protocol's kinds of items.
    """
    with transaction.atomic():
        try:
            yield _first_rater(document, organisation, source)
        finally:
            transaction.set_rollback(True)


def shown_in_turn(participation: Participation, language: str) -> Iterator[Assignment]:
    """Each assignment that the rater gets, as it is before she answers, in this language."""
    while row := next_assignment(participation_id=participation.pk):
        assignment = assignment_of(participation.pk, row.pk)
        read_in(assignment, language)
        yield assignment
        Assignment.objects.filter(pk=row.pk).update(state=AssignmentState.SKIPPED)


def hand_in(participation: Participation, tried: Tried) -> Assignment:
    """Submit what was tried, as the rater whose item this is would. Raises what she would be refused with."""
    study = participation.study
    study_item = StudyItem.objects.filter(study=study, item=tried.item).first()
    if study_item is None:
        raise NotFound("This item is not among those that are shown.")
    assignment = Assignment.objects.create(
        pk=tried.assignment,
        participation=participation,
        study_item=study_item,
        position=tried.position,
        presented=presented(participation, study_item, tried.position),
        lease_until=timezone.now() + lease_length(study),
    )
    for question, (trace, bodies) in tried.chunks.items():
        _record(assignment, question, trace, bodies)
    for question, trace in tried.passed_over.items():
        _pass_over(assignment, question, trace)
    return submit(
        participation_id=participation.pk,
        assignment_id=assignment.pk,
        submission_id=uuid.uuid4(),
        responses=tried.responses,
        played=tried.played,
        target=tried.target,
    )


def _first_rater(
    document: dict[str, Any], organisation: Organisation, source: Source | None
) -> Participation:
    # A name that nobody has: neither a stored version nor another rehearsal is in its way.
    name = f"rehearsal-{uuid.uuid4().hex}"
    document = _rehearsed(document, name)
    wanted = document["raters"]["practice_items"] + SHOWN_ITEMS
    if source:
        whole = source.collection_for(document, name=f"{name}-all", organisation_id=organisation.pk)
        items = list(items_of(whole)[:wanted])
    else:
        items = _samples(document, organisation, wanted)
    shown = Collection.objects.create(organisation=organisation, name=name, filters={"kind": []})
    shown.picked.set(items)
    study = create_study(
        organisation=organisation,
        slug=name,
        title=document["title"],
        document=document,
        collection=shown,
        requested_by="rehearsal",
    )
    rater, _ = arrive(invite_code=study.invite_code, arrival_id=uuid.uuid4(), simulated=False)
    _, digest = consent_of(study, document["language"])
    agreed = give_consent(participation_id=rater.pk, digest=digest)
    told = {question["key"]: None for question in asked_about_you(document)}
    return describe(participation_id=agreed.pk, answers=told)


def _rehearsed(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Little practice, and the items in one order: the same one is seen again after each change of the text."""
    raters, presentation = document["raters"], document["presentation"]
    # The items whose answers are known may not be among those that are shown.
    counting = {key: rule for key, rule in document["quality"].items() if key == "exclude"}
    practice = min(raters["practice_items"], PRACTICE_ITEMS)
    return {
        **document,
        "name": name,
        "quality": counting,
        # Nobody has made anything for a rehearsal.
        "raters": {**raters, "practice_items": practice, "own_items": False},
        "presentation": {**presentation, "order": "fixed"},
    }


def _samples(document: dict[str, Any], organisation: Organisation, wanted: int) -> list[Item]:
    corpus = sample_corpus(organisation.pk)
    target = document["presentation"]["target"]
    groups = {target: "Pip"} if target else {}
    kinds = cycle(document["item_kinds"])
    items = [
        _fitting(document, kind, list(sample_items(corpus, kind, number, groups)))
        for number, kind in zip(range(wanted), kinds, strict=False)
    ]
    if any(isinstance(questions.question_type(one["type"]), AboutPeople) for one in document["questions"]):
        Item.objects.filter(pk__in=[item.pk for item in items]).update(metadata={"people": SAMPLE_PEOPLE})
    return items


def _fitting(document: dict[str, Any], kind: str, samples: Sequence[Item]) -> Item:
    """The first sample whose parts the questions can be asked about; those with most of what they ask of come first."""
    parts = parts_of([item.pk for item in samples])
    asked = [(question, questions.question_type(question["type"])) for question in document["questions"]]
    about_parts = [(question, found) for question, found in asked if isinstance(found, PartsQuestion)]
    wanted = _wanted_parts(document, parts)
    for item in sorted(samples, key=lambda item: -wanted.get(item.pk, 0)):
        if all(found.unfit(one["options"], parts.get(item.pk, ())) is None for one, found in about_parts):
            return item
    message = f"No sample of the kind {kind} fits these questions; choose a collection of yours."
    raise Invalid(message, code="no_sample")


def _wanted_parts(
    document: dict[str, Any], parts: Mapping[uuid.UUID, Sequence[Part]]
) -> dict[uuid.UUID, int]:
    """How many parts of each item are of a kind that the protocol takes alone, too."""
    members = [part.item for shown in parts.values() for part in shown]
    found = Item.objects.filter(pk__in=members, kind__in=document["item_kinds"])
    taken = set(found.values_list("pk", flat=True))
    return {pk: sum(part.item in taken for part in shown) for pk, shown in parts.items()}


def _record(assignment: Assignment, question: str, trace: uuid.UUID, bodies: Sequence[str]) -> None:
    row = _opened(assignment, question, trace)
    me, writer = assignment.participation_id, row.writer
    digests = [hashlib.sha256(body.encode()).hexdigest() for body in bodies]
    for seq, (body, sha256) in enumerate(zip(bodies, digests, strict=True)):
        add_chunk(participation_id=me, trace_id=trace, seq=seq, writer=writer, sha256=sha256, body=body)
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()
    finish(participation_id=me, trace_id=trace, writer=writer, chunks=len(bodies), digest=digest)


def _pass_over(assignment: Assignment, question: str, trace: uuid.UUID) -> None:
    row = _opened(assignment, question, trace)
    row.state = TraceState.FINISHED
    row.save(update_fields=["state"])


def _opened(assignment: Assignment, question: str, trace: uuid.UUID) -> Trace:
    return open_trace(
        participation_id=assignment.participation_id,
        trace_id=trace,
        assignment_id=assignment.pk,
        question=question,
        device={},
    )
