"""Two raters' browsers that talk: a study that pairs them, and what each of them can do."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from annotation.models import Study
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from annotation.talk import Seat
from tests import factories
from tests.factories import Rater

SECRET = "A ship goes down in a storm."
ROLES = [
    {"key": "asker", "name": "Asker", "sees_item": False},
    {"key": "teller", "name": "Teller", "text": "Tell what you see."},
]
LABELS = [{"key": "question", "name": "Question"}, {"key": "comfort", "name": "Comfort"}]


def talking_document(
    *, practice: int = 0, per_item: int = 2, skip: bool = False, **options: Any
) -> dict[str, Any]:
    """A protocol that asks two raters to talk about a text, and each of them how it was."""
    raw = factories.protocol(
        "self-recording",
        raters={"practice_items": practice, "per_item": per_item},
        presentation={"skip": skip},
    )
    talk = {"key": "talk", "type": "live_dialogue", "prompt": "Talk.", "options": {"roles": ROLES, **options}}
    raw["questions"] = [talk, raw["questions"][1]]
    checked = ProtocolSerializer(data=raw)
    checked.is_valid(raise_exception=True)
    return factories.protocol_from(checked.validated_data)


def talking_study(
    slug: str = "talk", *, items: int = 1, document: dict[str, Any] | None = None, **more: Any
) -> Study:
    of = factories.corpus(f"prompts-{slug}")
    for index in range(items):
        factories.item(f"{index}.txt", of, kind="text", text=f"{SECRET} ({index})")
    return create_study(
        organisation=of.organisation, slug=slug, title=slug, document=document or talking_document(**more),
        collection=factories.collection(of, f"prompts-{slug}"), requested_by="test",
    )  # fmt: skip


@dataclass
class Talker:
    """A rater who has an item and looks for somebody to talk to."""

    rater: Rater
    assignment: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, study: Study, **more: Any) -> "Talker":
        talker = cls(Rater.consented(study, **more))
        talker.take()
        return talker

    def take(self) -> None:
        self.assignment = self.rater.next() or {}
        assert self.assignment

    @property
    def own(self) -> str:
        return f"dialogues/{self.told['id']}/"

    @property
    def role(self) -> str:
        return str(self.told["role"])

    def enter(self) -> dict[str, Any]:
        answer = self.rater.post(f"seats/{self.assignment['id']}/")
        assert answer.status_code == 200, answer.content
        self.told = answer.json()
        return self.told

    def look(self, after: int = 0, sign: str = "here") -> dict[str, Any]:
        answer = self.rater.get(f"{self.own}?after={after}&sign={sign}")
        assert answer.status_code == 200, answer.content
        self.told = answer.json()
        return self.told

    def say(self, text: str, message_id: str | None = None, **more: Any) -> Any:
        return self.rater.client.put(
            f"/api/rate/{self.own}messages/{message_id or uuid.uuid4()}/",
            {"text": text, **more},
            content_type="application/json",
            headers=self.rater.headers,
        )

    def end(self) -> Any:
        return self.rater.post(f"{self.own}end/")

    def leave(self) -> Any:
        return self.rater.post(f"{self.own}leave/")

    def shown(self) -> dict[str, Any]:
        return dict(self.rater.get(f"assignments/{self.assignment['id']}/").json()["item"])

    def hand_in(self, **changed: Any) -> Any:
        answers = {"talk": {**self.look()["answer"], **changed}, "felt": {"valence": 5, "arousal": 5}}
        return self.rater.submit(self.assignment, answers)


def pair(study: Study) -> tuple[Talker, Talker]:
    """Two who have met: the one with the first role, then the other."""
    both = [Talker.of(study), Talker.of(study)]
    for talker in (*both, both[0]):
        talker.enter()
    first, second = sorted(both, key=lambda talker: talker.role != "asker")
    return first, second


def talk(first: Talker, second: Talker, turns: int = 2) -> None:
    for turn in range(turns):
        answer = (first, second)[turn % 2].say(f"turn {turn + 1}")
        assert answer.status_code == 200, answer.content


def finished(study: Study) -> tuple[Talker, Talker]:
    first, second = pair(study)
    talk(first, second)
    assert first.end().status_code == 200
    return first, second


def grow_old(seconds: float, *whose: Talker) -> None:
    """As if these had done nothing for so long, and the dialogue had begun before that."""
    back = timedelta(seconds=seconds)
    for talker in whose:
        seat = Seat.objects.get(assignment=talker.assignment["id"], left_at=None)
        seat.arrived_at, seat.seen_at, seat.active_at = (
            seat.arrived_at - back,
            seat.seen_at - back,
            seat.active_at - back,
        )
        seat.save()
        dialogue = seat.dialogue
        if dialogue.opened_at:
            dialogue.opened_at -= back
            dialogue.save()
        for message in dialogue.messages.all():
            message.said_at -= back
            message.save()
