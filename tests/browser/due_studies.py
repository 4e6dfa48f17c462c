"""A study of one film that has to be played, with questions that hang on others: run as a program with its settings."""

import json
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


def make() -> str:
    """Invite path of the study."""
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study
    from ingest.models import Corpus
    from ingest.services.collections import save_collection

    lab = Corpus.objects.get(name=FILM).organisation
    collection = save_collection(
        name="due", organisation_id=lab.pk, filters={"corpus": FILM, "kind": ["video"]}
    )
    checked = ProtocolSerializer(data=_protocol())
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=lab, slug="due", title="One film", collection=collection, requested_by="test",
        document=json.loads(json.dumps(checked.validated_data)),
    )  # fmt: skip
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
    print(make())  # noqa: T201
