"""Studies whose items are looked at closely, made in a running demo: run as a program with its settings."""

import json
from typing import Any

import django

CORPUS = "demo-film"
QUESTION = {
    "key": "calm",
    "type": "yes_no",
    "prompt": "Is it calm?",
    "options": {},
}
LONG_TEXT = "\n\n".join(
    f"Part {number}. The tide went out slowly, and whoever stood at the quay could count the boats."
    for number in range(1, 60)
)
PEOPLE = {
    "Ann": [[0, 0.1, 0.2, 0.2, 0.5], [60, 0.3, 0.2, 0.2, 0.5]],
    "Bob": [[0, 0.6, 0.2, 0.2, 0.5], [60, 0.6, 0.2, 0.2, 0.5]],
}


def make() -> dict[str, str]:
    """Slug -> invite path of each study."""
    from ingest.models import Corpus, Item

    corpus = Corpus.objects.get(name=CORPUS)
    Item.objects.get_or_create(
        corpus=corpus, key="viewer/document",
        defaults={"kind": "text", "title": "The quay", "text": LONG_TEXT, "condition": "text"},
    )  # fmt: skip
    for item in corpus.items.filter(kind="video"):
        item.metadata = {**item.metadata, "people": PEOPLE, "rated": "Bob"}
        item.save()
    filters: dict[str, dict[str, Any]] = {
        "eeg": {"kind": ["eeg"]},
        "image": {"kind": ["image"]},
        "text": {"kind": ["text"], "key_prefix": "viewer/"},
        "video": {"kind": ["video"]},
    }
    return {kind: study_of(kind, kind, {"corpus": CORPUS, **one}) for kind, one in filters.items()}


def study_of(name: str, kind: str, filters: dict[str, Any]) -> str:
    """Make a study of the items that the filters select; give its invite path."""
    from accounts.models import Organisation
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study
    from ingest.services.collections import save_collection

    lab = Organisation.objects.get(name="demo-lab")
    collection = save_collection(name=f"viewer-{name}", organisation_id=lab.pk, filters=filters)
    checked = ProtocolSerializer(data=_protocol(name, kind))
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=lab, slug=f"viewer-{name}", title=f"Viewer: {name}",
        document=json.loads(json.dumps(checked.validated_data)), collection=collection,
        requested_by="test",
    )  # fmt: skip
    return f"/s/{study.invite_code}"


def _protocol(name: str, kind: str) -> dict[str, Any]:
    return {
        "name": f"viewer-{name}",
        "version": "1.0.0",
        "title": name,
        "description": "One thing to look at.",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": [kind],
        "estimated_minutes": 1,
        "consent": {"text": "These answers belong to a test."},
        "instructions": {"text": "Answer what is asked."},
        "presentation": {"target": "rated"},
        "raters": {"per_item": 100, "items_per_rater": 1, "practice_items": 0},
        "questions": [QUESTION],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201 - what the caller reads
