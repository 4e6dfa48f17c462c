"""Who talks to whom, about which item, in which role. Decided once, when the second of both comes."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.facade import RaterKind
from affectory.errors import Conflict, Invalid
from annotation.models import (
    Assignment,
    AssignmentState,
    Participation,
    ParticipationState,
    Study,
    StudyItem,
)
from annotation.questions.live_dialogue import Rules
from annotation.services.assignments import assignment_of, renewed
from annotation.services.participation import locked_participation, may_rate
from annotation.services.producing import consent_behind
from annotation.services.seats import AWAY_S, current_seat, rules_of, talking_question
from annotation.talk import Dialogue, DialogueState, Seat

# Whoever waits with the page long out of sight asks more rarely, and meets somebody when she does.
PRESENT = timedelta(seconds=AWAY_S)


@dataclass(frozen=True)
class Meeting:
    """Two seats in the order in which they came, the item, and the role of each."""

    seats: tuple[Seat, Seat]
    item: StudyItem
    roles: tuple[str, str]


def seat_at(participation_id: uuid.UUID, assignment_id: uuid.UUID) -> Seat | None:
    """Where this rater sits, if she has not left."""
    return current_seat(assignment_of(participation_id, assignment_id))


@transaction.atomic
def enter(*, participation_id: uuid.UUID, assignment_id: uuid.UUID) -> Seat:
    """Wait for a partner, or talk to one who waits; whoever waits repeats it, and so is known to be there.

    First come, first paired. Neither of both knows the item yet, so that one of them may be given the other's.
    """
    study_id = Participation.objects.values_list("study_id", flat=True).get(pk=participation_id)
    # One pairing at a time per study, and none while an item is leased.
    Study.objects.select_for_update(no_key=True).get(pk=study_id)
    participation = locked_participation(participation_id)
    may_rate(participation)
    assignment = assignment_of(participation_id, assignment_id)
    if assignment.state != AssignmentState.OPEN:
        raise Conflict("This item has been handed in already.", code=f"already_{assignment.state}")
    if talking_question(assignment) is None:
        raise Invalid("Nothing here asks to talk to somebody.", code="no_dialogue")
    renewed(assignment)
    seat = current_seat(assignment) or _new_seat(assignment)
    if seat.dialogue.state == DialogueState.WAITING:
        seat.seen_at = timezone.now()
        seat.save(update_fields=["seen_at"])
        meeting = next(_meetings(seat), None)
        if meeting is not None:
            _open(meeting)
            seat.refresh_from_db()
    return seat


def _new_seat(assignment: Assignment) -> Seat:
    participation = assignment.participation
    return Seat.objects.create(
        dialogue=Dialogue.objects.create(study=participation.study),
        assignment=assignment,
        rater=participation.rater,
        consent=consent_behind(participation),
    )


def _meetings(mine: Seat) -> Iterator[Meeting]:
    """How this seat could meet somebody, the best first: whoever waits longest, at her own item if that can be."""
    rules = rules_of(mine)
    for partner in _waiting(mine):
        assert partner.assignment is not None  # noqa: S101  # filtered
        # She may be about to leave, skip or withdraw.
        locked_participation(partner.assignment.participation_id)
        if not _waiting(mine).filter(pk=partner.pk).exists():
            continue
        for item in _items(partner, mine):
            roles = _roles(partner, mine, item, rules)
            if roles and _has_room(item, mine):
                yield Meeting((partner, mine), item, roles)


def _waiting(mine: Seat) -> QuerySet[Seat]:
    """Who is there and waits: people for people, programs for programs, nobody for whoever left her before."""
    assert mine.assignment is not None  # noqa: S101  # she has just come
    parted = Dialogue.objects.filter(state=DialogueState.LEFT, seats__rater=mine.rater_id).values("pk")
    rows = Seat.objects.select_related("dialogue", "rater", "assignment__study_item")
    return (
        rows.filter(
            _alike(mine, "rater__kind"),
            dialogue__study=mine.dialogue.study_id,
            dialogue__state=DialogueState.WAITING,
            seen_at__gt=timezone.now() - PRESENT,
            assignment__state=AssignmentState.OPEN,
            assignment__study_item__practice=mine.assignment.study_item.practice,
        )
        .exclude(rater=mine.rater_id)
        .exclude(rater__in=Seat.objects.filter(dialogue__in=parted).values("rater"))
        .order_by("arrived_at", "pk")
    )


def _alike(seat: Seat, kind: str) -> Q:
    """People for people and programs for programs; ``kind``: the field that tells them apart."""
    simulated = Q(**{kind: RaterKind.SIMULATED})
    return simulated if seat.rater.kind == RaterKind.SIMULATED else ~simulated


def _items(first: Seat, second: Seat) -> Iterator[StudyItem]:
    """The item that one of both has, if the other has not had it."""
    assert first.assignment is not None  # noqa: S101  # both wait
    assert second.assignment is not None  # noqa: S101
    theirs = (first.assignment, second.assignment)
    if theirs[0].study_item_id == theirs[1].study_item_id:
        yield theirs[0].study_item
    elif second.dialogue.study.base_id is None:  # what a review shows depends on the item
        both = [one.participation_id for one in theirs]
        other = Assignment.objects.filter(participation__in=both).exclude(pk__in=[one.pk for one in theirs])
        had = set(other.values_list("study_item", flat=True))
        yield from (one.study_item for one in theirs if one.study_item_id not in had)


def _has_room(item: StudyItem, seat: Seat) -> bool:
    """Whether the item may be rated once more. Leases of those who have no partner yet take no place."""
    study = item.study
    if item.practice or study.named:
        return True
    talked = Q(seats__left_at=None, seats__dialogue__state__in=[DialogueState.OPEN, DialogueState.ENDED])
    alike = _alike(seat, "participation__rater__kind")
    rows = Assignment.objects.filter(alike, Q(state=AssignmentState.SUBMITTED) | talked, study_item=item)
    taken = rows.exclude(participation__state=ParticipationState.WITHDRAWN).distinct().count()
    return bool(taken < study.protocol.document["raters"]["per_item"])


def _roles(first: Seat, second: Seat, item: StudyItem, rules: Rules) -> tuple[str, str] | None:
    """The roles of both; None where each would have to be blind to an item that she knows."""
    begin, other = rules.roles
    swap = rules.balance and _times(first, begin) > _times(second, begin)
    for roles in [(other, begin), (begin, other)] if swap else [(begin, other), (other, begin)]:
        pairs = zip((first, second), roles, strict=True)
        if all(role in rules.seeing or not _knows(seat, item, rules) for seat, role in pairs):
            return roles
    return None


def _times(seat: Seat, role: str) -> int:
    """How often she had this role in the study."""
    return Seat.objects.filter(rater=seat.rater_id, dialogue__study=seat.dialogue.study_id, role=role).count()


def _knows(seat: Seat, item: StudyItem, rules: Rules) -> bool:
    """Whether she saw it in a dialogue that came to nothing."""
    before = Seat.objects.filter(rater=seat.rater_id, dialogue__study_item=item)
    return before.filter(role__in=rules.seeing).exists()


def _open(meeting: Meeting) -> None:
    """Both sit down at the dialogue of the one who came first, about the same item."""
    dialogue, now = meeting.seats[0].dialogue, timezone.now()
    dialogue.state, dialogue.study_item, dialogue.opened_at = DialogueState.OPEN, meeting.item, now
    dialogue.save()
    left = meeting.seats[1].dialogue
    for seat, role in zip(meeting.seats, meeting.roles, strict=True):
        seat.dialogue, seat.role, seat.active_at = dialogue, role, now
        seat.save()
        Assignment.objects.filter(seats=seat).update(study_item=meeting.item)
    left.delete()
