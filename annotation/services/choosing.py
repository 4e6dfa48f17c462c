"""Which item of a study a rater gets next."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.facade import RaterKind
from annotation.attention import attention_keys, place_of
from annotation.models import AssignmentState, Participation, ParticipationState, Study, StudyItem
from annotation.services.makers import items_for
from annotation.services.participation import Progress, progress_of


def next_item(participation: Participation, study: Study) -> StudyItem | None:
    """Practice first; then, of the items with a free place, one of those with the fewest ratings."""
    seen = participation.assignments.values("study_item")
    unseen = items_for(participation).exclude(pk__in=seen)
    practice = unseen.filter(practice=True).order_by("position").first()
    if practice:
        return practice
    progress = progress_of(participation)
    if progress.done >= progress.total:
        return None
    if study.named:
        # Everybody who was named answers to everything.
        return unseen.order_by("position").first()
    checking = StudyItem.objects.filter(study=study, item__key__in=attention_keys(study.protocol.document))
    due = _checked_now(participation, checking, progress)
    others = unseen.exclude(pk__in=checking.values("pk"))
    return due or _with_free_places(others, participation, study.protocol.document).first()


def _checked_now(
    participation: Participation, checking: QuerySet[StudyItem], progress: Progress
) -> StudyItem | None:
    """The attention item whose turn it is for this rater."""
    every = list(checking.order_by("position"))
    seen = set(participation.assignments.values_list("study_item", flat=True)) if every else set()
    turns = (
        (place_of(participation.pk, number, len(every), progress.total), study_item)
        for number, study_item in enumerate(every)
        if study_item.pk not in seen
    )
    return next((study_item for place, study_item in turns if place <= progress.done), None)


def _with_free_places(
    items: QuerySet[StudyItem], participation: Participation, rules: dict[str, Any]
) -> QuerySet[StudyItem]:
    """Items that may be rated once more, the next one first.

    Simulated raters take places among themselves only: they never use up a person's.
    """
    alike = Q(assignments__participation__rater__kind=RaterKind.SIMULATED)
    if participation.rater.kind != RaterKind.SIMULATED:
        alike = ~alike
    counts = Q(assignments__state=AssignmentState.SUBMITTED) | Q(assignments__lease_until__gt=timezone.now())
    staying = ~Q(assignments__participation__state=ParticipationState.WITHDRAWN)
    there = Q(assignments__isnull=False)
    taken = Count("assignments", filter=there & alike & counts & staying)
    free = items.annotate(taken=taken).filter(taken__lt=rules["raters"]["per_item"])
    return (
        free.order_by("position")
        if rules["presentation"]["order"] == "fixed"
        else free.order_by("taken", "?")
    )
