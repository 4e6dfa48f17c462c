"""From a dialogue that was handed in to a file that ingest reads."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from annotation.models import Assignment, AssignmentState
from annotation.services.seats import current_seat, get_up, locked_dialogue, talk_among
from annotation.talk import Dialogue, DialogueState
from ingest.facade import offer_made
from jobs.facade import Running, request_job
from storage.facade import referring

KIND = "annotation.hand_over_dialogue"


def is_answer(assignment: Assignment, value: dict[str, Any]) -> bool:
    """Whether a dialogue of this assignment is over, and this is what its rater has of it."""
    seat = current_seat(assignment)
    return seat is not None and seat.answer is not None and seat.answer == value


def hand_over_dialogue(assignment: Assignment, *, answered: bool) -> None:
    """Queue what was said for ingest, in the caller's transaction; both of them do, the first one counts.

    A practised dialogue is deleted, one that is not handed in is left.
    """
    seat = current_seat(assignment)
    if seat is None:
        return
    dialogue = locked_dialogue(seat)
    if dialogue.state != DialogueState.ENDED:
        get_up(seat)
    elif assignment.study_item.practice:
        dialogue.messages.all().delete()
    elif answered:
        study = dialogue.study
        request_job(
            kind=KIND,
            key=f"{KIND}:{dialogue.pk}",
            scope=f"study:{study.slug}",
            organisation_id=study.organisation_id,
            requested_by=f"rater:{seat.rater.pseudonym}",
            payload={"dialogue": str(dialogue.pk)},
        )
    elif not _awaited(dialogue):
        dialogue.messages.all().delete()


def _awaited(dialogue: Dialogue) -> bool:
    """Whether somebody may still hand it in, or has."""
    others = dialogue.seats.filter(
        left_at=None, assignment__state__in=[AssignmentState.OPEN, AssignmentState.SUBMITTED]
    )
    return others.exists()


def hand_dialogue_to_ingest(running: Running) -> dict[str, Any]:
    """Write down what was said and offer it; the row lock makes an erasure come before or after."""
    with referring(), transaction.atomic():
        rows = Dialogue.objects.select_for_update(of=("self",), no_key=True).select_related("study__produces")
        ended = rows.filter(pk=running.payload["dialogue"], state=DialogueState.ENDED, entry=None)
        dialogue = ended.first()
        if dialogue is None or not _all_agree(dialogue) or dialogue.study.produces is None:
            return {"state": "nothing to hand over"}
        makers = [seat.rater for seat in dialogue.seats.select_related("rater").order_by("role")]
        with _written(dialogue) as path:
            name = f"dialogues/{dialogue.pk}.json"
            dialogue.entry_id = offer_made(
                corpus=dialogue.study.produces, path=path, name=name, makers=makers
            )
        dialogue.save(update_fields=["entry"])
        dialogue.messages.all().delete()
    return {"state": "handed_over", "entry": dialogue.entry_id}


def _all_agree(dialogue: Dialogue) -> bool:
    """Whether both are still in it and keep to their consent; of whoever took it back nothing was left to say."""
    standing = dialogue.seats.filter(consent__withdrawn_at=None).count()
    return standing == 2 and dialogue.messages.exists()


@contextmanager
def _written(dialogue: Dialogue) -> Iterator[Path]:
    """In our own format of dialogues (docs/ingest.md); who speaks is said by the role only."""
    messages = list(dialogue.messages.select_related("seat"))
    names = _role_names(dialogue)
    utterances = [
        {
            "id": str(message.seq),
            "speaker": names[message.seat.role],
            "text": message.text,
            "said_at_s": round((message.said_at - messages[0].said_at).total_seconds(), 3),
            **({"label": message.label} if message.label else {}),
        }
        for message in messages
    ]
    told = {"id": str(dialogue.pk), "title": dialogue.study.title, "whole": True, "utterances": utterances}
    with tempfile.NamedTemporaryFile("w", prefix="affectory-made-", encoding="utf-8") as file:
        json.dump({"dialogues": [told]}, file, ensure_ascii=False, indent=1)
        file.flush()
        yield Path(file.name)


def _role_names(dialogue: Dialogue) -> dict[str, str]:
    asked = talk_among(dialogue.study.protocol.document["questions"]) or {"options": {"roles": []}}
    return {role["key"]: role["name"] for role in asked["options"]["roles"]}
