"""Deleting what people answered: the one exception to "raw is for ever"."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.facade import Rater, withdraw_consents
from annotation.models import (
    AgreementResult,
    Assignment,
    GoldTrace,
    Label,
    Participation,
    ParticipationState,
    Response,
    SelfDescription,
    Study,
    StudyItem,
    Trace,
)
from annotation.produced import Production
from annotation.services.analyses import request_analysis
from annotation.services.proposals import take_back
from annotation.services.seats import forget_seats
from annotation.talk import Seat


@dataclass(frozen=True)
class WithdrawnRater:
    """A rater who has withdrawn, and of whom answers, traces, dialogues, or what she said of herself are stored."""

    pseudonym: str
    study: str
    withdrawn_at: datetime | None
    responses: int


def withdrawn_participations(organisation_id: int) -> QuerySet[Any, Any]:
    """Those of raters who withdrew from a study that still holds something of theirs; see `withdrawn_rater`."""
    left = Participation.objects.filter(
        study__organisation=organisation_id, state=ParticipationState.WITHDRAWN
    ).select_related("rater", "study")
    return left.annotate(
        responses=Count("assignments__responses", distinct=True),
        traces=Count("assignments__traces", distinct=True),
        at=Max("rater__consents__withdrawn_at"),
    ).filter(
        Q(responses__gt=0)
        | Q(traces__gt=0)
        | Q(self_description__isnull=False)
        | Exists(Seat.objects.filter(assignment__participation=OuterRef("pk")))
    )


def withdrawn_rater(participation: Any) -> WithdrawnRater:
    """What is told of one of the `withdrawn_participations`."""
    rater, study = participation.rater, participation.study
    return WithdrawnRater(rater.pseudonym, study.slug, participation.at, participation.responses)


def withdrawn_raters(organisation_id: int) -> list[WithdrawnRater]:
    """Raters who withdrew from a study that still holds something of theirs, by pseudonym."""
    found = withdrawn_participations(organisation_id).order_by("rater__pseudonym")
    return [withdrawn_rater(one) for one in found]


@transaction.atomic
def erase_answers_of(rater: Rater) -> dict[str, int]:
    """Delete all that a rater answered, wherever, also about herself; she cannot go on. Returns rows by what.

    Items that were made of her answers are `corpora_with`'s, and whoever asked for this deletes them, too.
    """
    # The locks make a submission under way come before, or be refused.
    participations = list(Participation.objects.select_for_update(no_key=True).filter(rater=rater))
    Participation.objects.filter(rater=rater).update(
        state=ParticipationState.WITHDRAWN, completion_code="", completed_at=None
    )
    withdraw_consents(rater=rater)
    responses = Response.objects.filter(rater=rater)
    traces = Trace.objects.filter(rater=rater)
    told = SelfDescription.objects.filter(participation__rater=rater)
    studies = set(responses.values_list("study", flat=True)) | {one.study_id for one in participations}
    erased = {
        "responses": responses.count(),
        "traces": traces.count(),
        "self_descriptions": told.count(),
    }
    take_back(rater, erased=True)
    responses.delete()
    traces.delete()
    told.delete()
    Production.objects.filter(rater=rater).delete()
    forget_seats(rater.pk)
    Assignment.objects.filter(participation__rater=rater).delete()
    _analyse_again(studies)
    return erased


@transaction.atomic
def erase_answers_about(items: Collection[UUID]) -> dict[str, int]:
    """Delete all that was answered about items, what was computed from it, and their places in studies."""
    places = StudyItem.objects.filter(item__in=items)
    studies = set(places.values_list("study", flat=True))
    responses, traces = Response.objects.filter(item__in=items), Trace.objects.filter(item__in=items)
    erased = {"responses": responses.count(), "traces": traces.count()}
    responses.delete()
    traces.delete()
    Assignment.objects.filter(study_item__in=places).delete()
    for computed in (AgreementResult, Label, GoldTrace):
        computed.objects.filter(item__in=items).delete()
    places.delete()
    _analyse_again(studies)
    return erased


def _analyse_again(studies: set[int]) -> None:
    for study in Study.objects.filter(pk__in=studies):
        request_analysis(study=study, requested_by="erasure", delay_s=0)
