"""Studies of one film, made in a running server: run as a program with its settings."""

import json
import sys
from typing import Any

import django

FILM = "film"
KEEP = {"key": "keep", "type": "yes_no", "prompt": "Can it be judged?", "options": {}}
AFFECT = {
    "key": "affect",
    "type": "scale",
    "prompt": "How does it feel?",
    "asked_if": {"question": "keep", "labels": ["yes"]},
    "options": {
        "dimensions": [
            {"key": "arousal", "name": "Arousal", "min": 1, "max": 3, "step": 1,
             "low_label": "calm", "high_label": "excited"},
        ]
    },
}  # fmt: skip
WHY = {
    "key": "why",
    "type": "text",
    "prompt": "What is so exciting?",
    "asked_if": {"question": "affect", "dimension": "arousal", "min": 3},
    "options": {},
}
NOTE = {
    "key": "note",
    "type": "text",
    "prompt": "Why can it not be judged?",
    "required": False,
    "required_if": {"question": "keep", "labels": ["no"]},
    "options": {},
}


def make() -> dict[str, str]:
    """Invite paths: ``due``, the film with the questions above; ``meld``, an utterance with the film as its clip."""
    from annotation.protocol import ProtocolSerializer, preset
    from ingest.models import Corpus, Item

    film = Corpus.objects.get(name=FILM)
    checked = ProtocolSerializer(data=_protocol())
    checked.is_valid(raise_exception=True)
    Item.objects.create(
        corpus=film, key=f"said.json#d/{FILM}", kind="dialogue", title="-", text="Really?",
        context=[{"speaker": "A", "text": "It is over.", "target": False},
                 {"speaker": "B", "text": "Really?", "target": True}],
    )  # fmt: skip
    meld = preset("meld")
    meld |= {"version": "9.0.0", "raters": {**meld["raters"], "practice_items": 0}}
    meld["presentation"] |= {"dialogue_context": {"hidden": True}}
    return {
        "due": _study(film, "due", json.loads(json.dumps(checked.validated_data)), ["video"]),
        "meld": _study(film, "clip", meld, ["video", "dialogue"]),
    }


def _study(film: Any, name: str, document: dict[str, Any], kinds: list[str]) -> str:
    from annotation.services.studies import create_study
    from ingest.services.collections import save_collection
    from ingest.services.drafts import GroupRequest
    from ingest.services.groups import make_groups

    lab = film.organisation
    shown = save_collection(name=name, organisation_id=lab.pk, filters={"corpus": FILM, "kind": kinds})
    if "dialogue" in kinds:
        request = GroupRequest(name="clips", design="captions", fixed_kind="video", other_kind="dialogue")
        made = make_groups(organisation_id=lab.pk, collection=name, requested_by="test", request=request)
        shown = made.collection
    study = create_study(
        organisation=lab,
        slug=name,
        title="One film",
        collection=shown,
        requested_by="test",
        document=document,
    )
    return f"/s/{study.invite_code}"


def _protocol() -> dict[str, Any]:
    return {
        "name": "due",
        "version": "1.0.0",
        "title": "One film",
        "description": "One film.",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": ["video"],
        "estimated_minutes": 1,
        "consent": {"text": "These answers belong to a test."},
        "instructions": {"text": "Watch it, then answer."},
        "presentation": {"must_play": {"times": 1}},
        "raters": {"per_item": 100, "items_per_rater": 1, "practice_items": 0},
        "questions": [KEEP, AFFECT, WHY, NOTE],
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(make()))
