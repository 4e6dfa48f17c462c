"""A study in which raters pick whom they rate, made in a running demo: run as a program with its settings."""

import json
from typing import Any

import django

from tests.browser.copies import copied

CORPUS = "picked"
PEOPLE = {
    "Ann": [[0, 0.1, 0.2, 0.2, 0.5], [60, 0.1, 0.2, 0.2, 0.5]],
    "Bob": [[0, 0.6, 0.2, 0.2, 0.5], [60, 0.6, 0.2, 0.2, 0.5]],
}
PROTOCOL: dict[str, Any] = {
    "name": "picked",
    "version": "1.0.0",
    "title": "Calm",
    "description": "Who is calm?",
    "source": "made for a test",
    "perspective": "observer",
    "item_kinds": ["video", "image"],
    "estimated_minutes": 1,
    "consent": {"text": "Yes."},
    "instructions": {"text": "Look."},
    "presentation": {"choose_target": True, "order": "fixed"},
    "raters": {"per_item": 9, "practice_items": 0},
    "questions": [
        {"key": "calm", "type": "yes_no", "prompt": "Is this one calm?", "options": {}},
        {
            "key": "felt",
            "type": "people_labels",
            "prompt": "What does each of them feel?",
            "options": {
                "labels": [{"key": "joy", "name": "Joy"}, {"key": "fear", "name": "Fear"}],
                "escape": [{"key": "unseen", "name": "Cannot tell"}],
            },
        },
    ],
}


def make() -> dict[str, str]:
    """Slug -> invite path: a picture, and then a film, on both of which the same two people are marked."""
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study
    from ingest.services.collections import save_collection

    corpus = copied(CORPUS, "pictures/three-laughing.jpg", "films/morning-walk.mp4")
    for item in corpus.items.all():
        item.key, item.metadata = f"picked/{item.kind}", {"people": PEOPLE}
        item.save()
    lab = corpus.organisation
    collection = save_collection(name=CORPUS, organisation_id=lab.pk, filters={"corpus": CORPUS})
    checked = ProtocolSerializer(data=PROTOCOL)
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=lab, slug=CORPUS, title="Calm", document=json.loads(json.dumps(checked.validated_data)),
        collection=collection, requested_by="test",
    )  # fmt: skip
    return {CORPUS: f"/s/{study.invite_code}"}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201 - what the caller reads
