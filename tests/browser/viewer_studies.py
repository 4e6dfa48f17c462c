"""Studies whose items are looked at closely, made in a running demo: run as a program with its settings."""

import json
from typing import Any

import django

from tests.browser.copies import copied

CORPUS = "viewer"
COPIES = ("eeg/sim01-rest.edf", "pictures/three-laughing.jpg", "films/morning-walk.mp4")
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
    from ingest.models import Item

    corpus = copied(CORPUS, *COPIES)
    Item.objects.create(
        corpus=corpus, key="document", kind="text", title="The quay", text=LONG_TEXT, condition="text"
    )
    corpus.items.filter(kind="video").update(metadata={"people": PEOPLE, "rated": "Bob"})
    kinds = ("eeg", "image", "text", "video")
    return {kind: study_of(kind, {"corpus": CORPUS, "kind": [kind]}) for kind in kinds}


def study_of(kind: str, filters: dict[str, Any]) -> str:
    """Make a study of the items that the filters select; give its invite path."""
    from accounts.models import Organisation
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study
    from ingest.services.collections import save_collection

    lab = Organisation.objects.get(name="demo-lab")
    collection = save_collection(name=f"viewer-{kind}", organisation_id=lab.pk, filters=filters)
    checked = ProtocolSerializer(data=_protocol(kind))
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=lab, slug=f"viewer-{kind}", title=f"Viewer: {kind}",
        document=json.loads(json.dumps(checked.validated_data)), collection=collection,
        requested_by="test",
    )  # fmt: skip
    return f"/s/{study.invite_code}"


def _protocol(kind: str) -> dict[str, Any]:
    return {
        "name": f"viewer-{kind}",
        "version": "1.0.0",
        "title": kind,
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
