"""Erasing a person: what would go, the confirmed deed, and deleting the originals.

The order protects people first. Confirming is one transaction after which no release that holds rows of the person is
served any more, and drafts that do are discarded. Everything else follows in jobs that may be killed and repeated at
any point: the originals are deleted (before any other build reads), a successor is published, its proof is kept, and
the files of the old releases are deleted.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.facade import Organisation, Rater, forget_identity
from affectory.errors import Invalid, NotFound
from annotation.facade import (
    WithdrawnRater,
    corpora_with,
    erase_answers_about,
    erase_answers_of,
)
from audit.facade import record
from exports.models import Dataset, Erasure, Release, ReleaseState, SplitAssignment, Withdrawal
from exports.services.discarding import discard_draft
from exports.services.holdings import Person, Shown, rows_of
from ingest.facade import Corpus, erase_items, items_in_group
from jobs.facade import request_job
from webhooks.facade import Event, announce

ERASE, WITHDRAW = "exports.erase", "exports.withdraw"
SUBJECT = "subject"


@dataclass(frozen=True)
class Holding:
    """A release that is served now, or a draft, and holds rows of somebody, by table."""

    release: Release
    rows: dict[str, int]

    @property
    def is_draft(self) -> bool:
        return self.release.state == ReleaseState.DRAFT


@dataclass(frozen=True)
class Pending:
    """A rater who withdrew and whose data nobody has erased yet."""

    rater: WithdrawnRater
    releases: list[Holding]


def holdings(organisation_id: int, person: Person) -> list[Holding]:
    """Releases that would be withdrawn and drafts that would go, oldest first; refuses whoever is not known here."""
    served = Release.objects.filter(dataset__organisation=organisation_id).exclude(
        state=ReleaseState.WITHDRAWN
    )
    rows = served.select_related("dataset").order_by("dataset__name", "pk")
    if person.rater:
        shown = [_shown(*one) for one in _made_by(_rater(organisation_id, person))]
    else:
        shown = [_shown(person, _corpus(organisation_id, person))]
    found = [Holding(release, rows_of(release, rater=person.rater, shown=shown)) for release in rows]
    found = [one for one in found if one.rows]
    if not (person.rater or shown[0].keys or found):
        raise NotFound(f"No item of corpus {person.corpus} has {person.group} {person.value!r}.")
    return found


def _made_by(rater: Rater) -> list[tuple[Person, Corpus]]:
    """A rater as the person who is in what she made herself, in each corpus that may hold some of it."""
    return [
        (Person(corpus=corpus.name, group=SUBJECT, value=rater.pseudonym), corpus)
        for corpus in corpora_with(rater)
    ]


def _shown(person: Person, corpus: Corpus) -> Shown:
    items = items_in_group(corpus, person.group, person.value)
    return Shown(person, corpus.pk, frozenset(items.values_list("key", flat=True)))


def pending_erasures(organisation: Organisation, raters: Sequence[WithdrawnRater]) -> list[Pending]:
    """These, with the releases that still publish them; erasing is a researcher's confirmed deed."""
    found = []
    for rater in raters:
        held = holdings(organisation.pk, Person(rater=rater.pseudonym))
        found.append(Pending(rater, [one for one in held if not one.is_draft]))
    return found


@transaction.atomic
def confirm_erasure(
    *, erasure_id: uuid.UUID, organisation: Organisation, person: Person, reason: str, actor: str
) -> Erasure:
    """Stop serving every release that holds the person, discard such drafts, and queue the rest; once for an id."""
    # Keeping a draft and publishing it take these locks, too: it is either seen here, or its build sees this erasure.
    datasets = Dataset.objects.select_for_update(no_key=True).filter(organisation=organisation)
    list(datasets.order_by("pk").values_list("pk", flat=True))
    known = Erasure.objects.filter(pk=erasure_id).first()
    if known:
        if known.organisation_id != organisation.pk:
            raise Invalid("This id is taken; make a new one.", code="id_taken")
        return known
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why; the reason stands on the tombstones.", code="reason_missing")
    found = holdings(organisation.pk, person)
    erasure = Erasure.objects.create(
        id=erasure_id,
        organisation=organisation,
        person=person.as_dict(),
        reason=reason,
        confirmed_by=actor,
    )
    record(actor=actor, action="confirmed", subject=f"erasure:{erasure.pk}", reason=reason)
    for one in found:
        if one.is_draft:
            discard_draft(release=one.release, actor=actor, erasure=str(erasure.pk))
        else:
            _withdraw(erasure, one)
    queue_jobs(erasure)
    return erasure


def _withdraw(erasure: Erasure, holding: Holding) -> None:
    release = holding.release
    release.state, release.state_reason = ReleaseState.WITHDRAWN, erasure.reason
    release.state_changed_at, release.successor = erasure.confirmed_at, ""
    release.save(update_fields=["state", "state_reason", "state_changed_at", "successor"])
    Withdrawal.objects.create(erasure=erasure, release=release, removed_rows=holding.rows)
    record(
        actor=erasure.confirmed_by, action="withdrawn", subject=f"release:{release.dataset.name}@{release.version}",
        erasure=str(erasure.pk), removed_rows=holding.rows,
    )  # fmt: skip
    announce(
        organisation_id=erasure.organisation_id,
        event=Event.RELEASE_WITHDRAWN,
        event_id=str(release.pk),
        told={
            "dataset": release.dataset.name,
            "version": release.version,
            "digest": release.digest,
            "reason": erasure.reason,
            "removed_rows": holding.rows,
        },
    )


def queue_jobs(erasure: Erasure) -> None:
    """One job deletes the originals, one per dataset makes its successor; asking again revives failed ones."""
    common: dict[str, Any] = {
        "organisation_id": erasure.organisation_id,
        "requested_by": erasure.confirmed_by,
        "retry_failed": True,
    }
    request_job(
        kind=ERASE,
        key=f"{ERASE}:{erasure.pk}",
        scope=f"erasure:{erasure.pk}",
        payload={"erasure": str(erasure.pk)},
        **common,
    )
    for dataset in Dataset.objects.filter(releases__withdrawal__erasure=erasure).distinct():
        mine = dataset.releases.filter(withdrawal__erasure=erasure)
        listed = ", ".join(mine.order_by("pk").values_list("version", flat=True))
        newest = mine.order_by("-pk")[0]
        request_job(
            kind=WITHDRAW,
            key=f"{WITHDRAW}:{erasure.pk}:{dataset.pk}",
            scope=f"dataset:{dataset.name}",
            payload={
                "erasure": str(erasure.pk),
                "dataset": dataset.pk,
                "as_of": newest.pk,
                "notes": f"Data of a person were erased. This release takes the place of {listed}.",
            },
            **common,
        )


def newest_erasure(organisation_id: int) -> datetime | None:
    """When somebody was erased last; a build that saw another moment has to begin again."""
    last = Erasure.objects.filter(organisation=organisation_id).order_by("-confirmed_at").first()
    return last.confirmed_at if last else None


def erase_pending(organisation_id: int) -> None:
    """Delete the originals of everybody whose erasure is confirmed; whoever comes first does it."""
    waiting = Erasure.objects.filter(organisation=organisation_id, erased_at=None)
    for erasure_id in waiting.order_by("confirmed_at").values_list("pk", flat=True):
        _erase(erasure_id)


@transaction.atomic
def _erase(erasure_id: uuid.UUID) -> None:
    erasure = Erasure.objects.select_for_update().get(pk=erasure_id)
    if erasure.erased_at is not None:
        return
    person = Person(**(erasure.person or {}))
    if person.rater:
        rater = _rater(erasure.organisation_id, person)
        erased = Counter(erase_answers_of(rater))
        for one, corpus in _made_by(rater):
            erased.update(_erase_items(erasure, one, corpus))
        forget_identity(rater=rater)
        _forget_places(erasure.organisation_id, [f"id={person.rater}"])
    else:
        erased = _erase_items(erasure, person, _corpus(erasure.organisation_id, person))
    erasure.erased_rows = dict(erased)
    erasure.person, erasure.erased_at = None, timezone.now()
    erasure.save()
    record(actor=f"job:{ERASE}", action="erased", subject=f"erasure:{erasure.pk}", **erasure.erased_rows)


def _erase_items(erasure: Erasure, person: Person, corpus: Corpus) -> Counter[str]:
    items = items_in_group(corpus, person.group, person.value)
    own = [f"id={key}" for key in items.values_list("key", flat=True)]
    _forget_places(erasure.organisation_id, [f"{person.group}={person.value}", *own])
    answers = erase_answers_about(list(items.values_list("pk", flat=True)))
    originals, objects = erase_items(corpus, person.group, person.value)
    erasure.dropping = [*erasure.dropping, *objects]
    return Counter({**answers, **originals})


def _forget_places(organisation_id: int, groups: list[str]) -> None:
    """Ledgers name whom they have placed; everybody else stays where they are by their own names."""
    SplitAssignment.objects.filter(dataset__organisation=organisation_id, group__in=groups).delete()


def _rater(organisation_id: int, person: Person) -> Rater:
    rater = Rater.objects.filter(organisation=organisation_id, pseudonym=person.rater).first()
    if rater is None:
        raise NotFound(f"There is no rater {person.rater!r}.")
    if rater.slot:
        raise Invalid(f"{person.rater} stands for nobody in particular, so nobody can be erased by it.")
    return rater


def _corpus(organisation_id: int, person: Person) -> Corpus:
    corpus = Corpus.objects.filter(organisation=organisation_id, name=person.corpus).first()
    if corpus is None:
        raise NotFound(f"There is no corpus {person.corpus!r}.")
    return corpus
