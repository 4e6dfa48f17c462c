"""Where a rater sits who talks to another one: what she may see of the item, and getting up again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from annotation.models import Assignment, Participation
from annotation.questions.contract import produces_items
from annotation.questions.live_dialogue import Rules
from annotation.services.asking import asked_questions
from annotation.talk import Dialogue, DialogueState, Message, Seat, Sign

#: Of a page that has not asked for news for so long nobody knows whether somebody is there.
AWAY_S = 15


def talking_question(assignment: Assignment) -> dict[str, Any] | None:
    """The question that is answered by talking to another rater; a protocol has one at most."""
    return talk_among(asked_questions(assignment))


def talk_among(questions: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    return next((question for question in questions if produces_items(question) == "dialogue"), None)


def rules_of(seat: Seat) -> Rules:
    assert seat.assignment is not None  # noqa: S101  # asked of seats that somebody sits on
    question = talking_question(seat.assignment)
    assert question is not None  # noqa: S101  # as above
    return Rules.of(question["options"])


def current_seat(assignment: Assignment) -> Seat | None:
    rows = Seat.objects.select_related("dialogue", "assignment__participation__study__protocol")
    return rows.filter(assignment=assignment, left_at=None).first()


def partner_of(seat: Seat) -> Seat | None:
    return Seat.objects.filter(dialogue=seat.dialogue_id).exclude(pk=seat.pk).first()


def hides_item(assignment: Assignment) -> bool:
    """Whether the rater may not know yet, or ever, what the talk is about."""
    question = talking_question(assignment)
    if question is None:
        return False
    seat, rules = current_seat(assignment), Rules.of(question["options"])
    if seat is None or not seat.role:
        return True
    revealed = rules.reveal and seat.dialogue.state == DialogueState.ENDED
    return seat.role not in rules.seeing and not revealed


def waited_in_vain(assignment: Assignment) -> bool:
    """Whether she has waited for a partner as long as the protocol asks for."""
    seat = current_seat(assignment)
    if seat is None or seat.dialogue.state != DialogueState.WAITING:
        return False
    return timezone.now() - seat.arrived_at >= timedelta(seconds=rules_of(seat).wait_s)


def is_away(seat: Seat) -> bool:
    return seat.sign == Sign.HIDDEN or timezone.now() - seat.seen_at > timedelta(seconds=AWAY_S)


def partner_is_gone(seat: Seat) -> bool:
    """Whether nothing came of the other for too long: from her page, or from herself while it is her turn."""
    partner, rules = partner_of(seat), rules_of(seat)
    if partner is None or partner.left_at is not None:
        return True
    since = _awaited_since(seat.dialogue, partner, rules)
    signs = [partner.seen_at] if since is None else [partner.seen_at, max(partner.active_at, since)]
    return timezone.now() - min(signs) > timedelta(seconds=rules.silence_s)


def _awaited_since(dialogue: Dialogue, seat: Seat, rules: Rules) -> datetime | None:
    """Since when the other waits for her to say something; None while the other does not."""
    last = dialogue.messages.last()
    if last is None:
        return dialogue.opened_at if rules.may_speak(seat.role, []) else None
    return None if last.seat_id == seat.pk else last.said_at


def get_up(seat: Seat) -> None:
    """Leave a dialogue that is not over, in the caller's transaction.

    What was said can still be handed in by the other; when nobody is left, it is deleted.
    """
    dialogue = locked_dialogue(seat)
    if dialogue.state == DialogueState.WAITING:
        dialogue.delete()
        return
    if dialogue.state == DialogueState.OPEN:
        dialogue.state = DialogueState.LOST if partner_is_gone(seat) else DialogueState.LEFT
        dialogue.save(update_fields=["state"])
    Seat.objects.filter(pk=seat.pk).update(left_at=timezone.now())
    if not dialogue.seats.filter(left_at=None).exists():
        dialogue.messages.all().delete()


def take_words_back(participation: Participation) -> None:
    """Delete what was said in dialogues that ingest does not have; within the caller's transaction."""
    rows = Seat.objects.select_related("dialogue", "assignment__participation__study__protocol")
    for seat in rows.filter(assignment__participation=participation, dialogue__entry=None):
        if seat.left_at is None and seat.dialogue.state != DialogueState.ENDED:
            get_up(seat)
        Message.objects.filter(dialogue=seat.dialogue_id).delete()


def forget_seats(rater_id: int) -> None:
    """Delete that a rater was in any dialogue, and what was said there; within the caller's transaction."""
    mine = Dialogue.objects.filter(seats__rater=rater_id)
    # The lock makes a dialogue's way to ingest come before or after.
    dialogues = list(Dialogue.objects.select_for_update(no_key=True).filter(pk__in=mine.values("pk")))
    for dialogue in dialogues:
        dialogue.messages.all().delete()
        dialogue.seats.filter(rater=rater_id).delete()
        if dialogue.state == DialogueState.WAITING:
            dialogue.delete()
        elif dialogue.state == DialogueState.OPEN:
            dialogue.state = DialogueState.LEFT
            dialogue.save(update_fields=["state"])


def locked_dialogue(seat: Seat) -> Dialogue:
    """The dialogue as it is now, held until the caller's transaction ends."""
    seat.dialogue = Dialogue.objects.select_for_update(no_key=True).get(pk=seat.dialogue_id)
    return seat.dialogue
