"""Talking: what is said is taken once and in order, and acknowledged after the commit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from affectory.errors import Conflict, Invalid, NotFound
from annotation.questions.live_dialogue import Rules
from annotation.services.participation import locked_participation, may_rate
from annotation.services.seats import (
    get_up,
    is_away,
    locked_dialogue,
    partner_is_gone,
    partner_of,
    rules_of,
)
from annotation.talk import Dialogue, DialogueState, Message, Seat, Sign


@dataclass(frozen=True)
class News:
    """A dialogue as one of both sees it; ``messages``: those that she does not have yet.

    ``partner``: here, writing, away (her page is not in sight, or does not answer), gone (nothing came for too long),
    left; None while there is none.
    """

    seat: Seat
    partner: str | None
    turns: int
    my_turn: bool
    may_end: bool
    messages: Sequence[Message]


@transaction.atomic
def look(*, participation_id: uuid.UUID, dialogue_id: uuid.UUID, sign: str, after: int) -> News:
    """What is new since message ``after``; keeps that she is there, and what her page says of her."""
    seat = _own_seat(participation_id, dialogue_id)
    now = timezone.now()
    told: dict[str, Any] = {"seen_at": now, "sign": sign}
    if sign == Sign.WRITING:
        told["active_at"] = now
    Seat.objects.filter(pk=seat.pk).update(**told)
    return news(seat, after=after)


def news(seat: Seat, *, after: int = 0) -> News:
    dialogue = seat.dialogue
    messages = list(dialogue.messages.select_related("seat"))
    said, rules = [message.seat.role for message in messages], rules_of(seat)
    return News(
        seat=seat,
        partner=_partner(seat),
        turns=len(said),
        my_turn=dialogue.state == DialogueState.OPEN and rules.may_speak(seat.role, said),
        may_end=dialogue.state != DialogueState.ENDED and rules.may_end(said),
        messages=[message for message in messages if message.seq > after],
    )


@transaction.atomic
def say(
    *, participation_id: uuid.UUID, dialogue_id: uuid.UUID, message_id: uuid.UUID, text: str, label: str
) -> Message:
    """Add a message; the same one again is harmless. Its caller answers after the commit."""
    seat = _own_seat(participation_id, dialogue_id, lock=True)
    known = Message.objects.filter(pk=message_id).first()
    if known is not None:
        if (known.seat_id, known.text, known.label) != (seat.pk, text, label):
            raise Conflict("This id belongs to another message.", code="message_conflict")
        return known
    dialogue, rules = seat.dialogue, rules_of(seat)
    if dialogue.state != DialogueState.OPEN:
        raise Conflict("This dialogue is over, so nothing more can be said.", code="dialogue_over")
    _check(seat, rules, text, label)
    said = _said(dialogue)
    if not rules.may_speak(seat.role, said):
        raise Conflict("It is your partner's turn.", code="not_your_turn")
    message = Message.objects.create(
        id=message_id, dialogue=dialogue, seat=seat, seq=len(said) + 1, text=text, label=label
    )
    Seat.objects.filter(pk=seat.pk).update(seen_at=message.said_at, active_at=message.said_at)
    if len(said) + 1 == rules.max_turns:
        _close(dialogue, rules)
    return message


@transaction.atomic
def end(*, participation_id: uuid.UUID, dialogue_id: uuid.UUID) -> Seat:
    """Say that it is over, for both, so that it can be handed in; also alone, where the other is gone or left."""
    seat = _own_seat(participation_id, dialogue_id, lock=True)
    dialogue, rules = seat.dialogue, rules_of(seat)
    if dialogue.state != DialogueState.ENDED:
        if not rules.may_end(_said(dialogue)):
            message = f"A dialogue has at least {rules.min_turns} turns, and both say something."
            raise Conflict(message, code="too_few_turns", details={"min_turns": rules.min_turns})
        _close(dialogue, rules)
    return _own_seat(participation_id, dialogue_id)


@transaction.atomic
def leave(*, participation_id: uuid.UUID, dialogue_id: uuid.UUID) -> None:
    """Get up; what was said is the other's to hand in. She may look for another partner at once."""
    seat = _own_seat(participation_id, dialogue_id, lock=True)
    if seat.dialogue.state == DialogueState.ENDED:
        raise Conflict("This dialogue has ended and can be handed in.", code="dialogue_over")
    get_up(seat)


def _own_seat(participation_id: uuid.UUID, dialogue_id: uuid.UUID, *, lock: bool = False) -> Seat:
    """A seat on which this rater sits; anybody else's dialogue is not found.

    ``lock``: what one rater does happens in turn, and so does what both do in a dialogue.
    """
    if lock:
        locked_participation(participation_id)
    rows = Seat.objects.select_related("dialogue", "assignment__participation__study__protocol")
    own = rows.filter(assignment__participation=participation_id, dialogue=dialogue_id, left_at=None)
    seat = own.first()
    if seat is None or seat.assignment is None:
        raise NotFound("There is no such dialogue.")
    may_rate(seat.assignment.participation)
    if lock:
        locked_dialogue(seat)
    return seat


def _partner(seat: Seat) -> str | None:
    if seat.dialogue.state == DialogueState.WAITING:
        return None
    partner = partner_of(seat)
    if partner is None or partner.left_at is not None:
        return "left"
    if partner_is_gone(seat):
        return "gone"
    return "away" if is_away(partner) else partner.sign


def _check(seat: Seat, rules: Rules, text: str, label: str) -> None:
    if len(text) > rules.max_chars:
        raise Invalid(f"A message has at most {rules.max_chars} characters.", code="message_too_long")
    labelled = seat.role in rules.labelling
    if label not in (rules.labels if labelled else {""}):
        known = f"one of {', '.join(sorted(rules.labels))}" if labelled else "empty"
        raise Invalid(
            f"The label must be {known}.", code="wrong_label", details={"label": f"must be {known}."}
        )


def _said(dialogue: Dialogue) -> list[str]:
    return list(dialogue.messages.order_by("seq").values_list("seat__role", flat=True))


def _close(dialogue: Dialogue, rules: Rules) -> None:
    """The dialogue is over; each of both has the answer that she can hand in."""
    dialogue.state, dialogue.ended_at = DialogueState.ENDED, timezone.now()
    dialogue.save(update_fields=["state", "ended_at"])
    messages = list(dialogue.messages.all())
    for seat in dialogue.seats.all():
        seat.answer = {"dialogue": str(dialogue.pk), "role": seat.role, "turns": len(messages)}
        if seat.role in rules.labelling:
            own = [message for message in messages if message.seat_id == seat.pk]
            seat.answer["labels"] = {str(message.seq): message.label for message in own}
        seat.save(update_fields=["answer"])
