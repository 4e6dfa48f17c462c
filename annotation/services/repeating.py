"""Which item a rater gets a second time, and when."""

from annotation.attention import attention_keys
from annotation.models import AssignmentState, Participation, StudyItem
from annotation.repeats import by_lot, repeat_due_at, repeats_rule
from annotation.services.makers import items_for
from annotation.services.participation import Progress


def due_again(participation: Participation, progress: Progress) -> StudyItem | None:
    """The item that comes again to this rater now; None where no repeat is due."""
    rule = repeats_rule(participation.study.protocol.document)
    if rule is None:
        return None
    given = participation.assignments.filter(take=1).count()
    if given >= progress.again:
        return None
    due = repeat_due_at(participation.pk, given, progress.again, progress.total, rule["after"])
    return left_again(participation, progress) if due <= progress.done else None


def left_again(participation: Participation, progress: Progress) -> StudyItem | None:
    """One of the items that may come again by now, drawn by the rater's lot; None where none may, or all have."""
    rule, shown = repeats_rule(participation.study.protocol.document), participation.assignments
    again = shown.filter(take=1)
    if rule is None or again.count() >= progress.again:
        return None
    answered = shown.filter(state=AssignmentState.SUBMITTED, position__lt=shown.count() - rule["after"])
    may = items_for(participation).filter(practice=False, pk__in=answered.values("study_item"))
    may = may.exclude(pk__in=again.values("study_item"))
    may = may.exclude(item__key__in=attention_keys(participation.study.protocol.document))
    return min(may, key=lambda one: by_lot(participation.pk, one.pk), default=None)
