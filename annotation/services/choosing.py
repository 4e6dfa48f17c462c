"""Which item of a study a rater gets next."""

from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.facade import RaterKind
from annotation.attention import attention_keys, place_of
from annotation.models import AssignmentState, Participation, ParticipationState, Study, StudyItem
from annotation.services.makers import items_for
from annotation.services.participation import Progress, progress_of
from annotation.services.repeating import due_again, left_again


class Place(NamedTuple):
    """``take`` 1: the rater has had this item before."""

    study_item: StudyItem
    take: int = 0


def next_item(participation: Participation, study: Study) -> Place | None:
    """Practice first; then, of the items with a free place, one of those with the fewest ratings.

    In between comes what is due: attention items, and items for the second time.
    """
    seen = participation.assignments.values("study_item")
    unseen = items_for(participation).exclude(pk__in=seen)
    practice = unseen.filter(practice=True).order_by("position").first()
    if practice:
        return Place(practice)
    progress = progress_of(participation)
    if progress.done >= progress.total:
        return None
    if study.named:
        # Everybody who was named answers to everything.
        named = unseen.order_by("position").first()
        return Place(named) if named else None
    return _in_turn(participation, study, unseen, progress)


def _in_turn(
    participation: Participation, study: Study, unseen: QuerySet[StudyItem], progress: Progress
) -> Place | None:
    """What is due by this rater's lot; else a new item; when there are no more of those, what is left to come again."""
    checking = StudyItem.objects.filter(study=study, item__key__in=attention_keys(study.protocol.document))
    if due := _checked_now(participation, checking, progress):
        return Place(due)
    again = due_again(participation, progress)
    if again is None and _wants_new(participation, progress):
        others = unseen.exclude(pk__in=checking.values("pk"))
        if new := _with_free_places(others, participation, study.protocol.document).first():
            return Place(new)
    again = again or left_again(participation, progress)
    return Place(again, take=1) if again else None


def _wants_new(participation: Participation, progress: Progress) -> bool:
    """Whether the rater has not had all her items yet; whoever skips some has fewer that can come again."""
    had = participation.assignments.filter(take=0, study_item__practice=False).count()
    return had < progress.total - progress.again


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
    there = Q(assignments__isnull=False, assignments__take=0)
    taken = Count("assignments", filter=there & alike & counts & staying)
    free = items.annotate(taken=taken).filter(taken__lt=rules["raters"]["per_item"])
    return (
        free.order_by("position")
        if rules["presentation"]["order"] == "fixed"
        else free.order_by("taken", "?")
    )
