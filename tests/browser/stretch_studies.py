"""Studies of stretches of one film, made in a running server: run as a program with its settings."""

import json
from typing import Any

import django

from tests.browser.stimuli_studies import MARKED, TRACE

CORPUS = "film"
FROM_S, UNTIL_S = 4.0, 7.0
LATER_S = 9.0
COMPARED = {
    "key": "louder",
    "type": "comparison",
    "prompt": "Which is louder?",
    "options": {},
}
QUESTIONS = {"video": [TRACE, MARKED], "audio": [TRACE, MARKED], "group": [COMPARED]}


def make() -> dict[str, str]:
    """Kind of item -> invite path of its study."""
    from ingest.models import Corpus, Item
    from ingest.services.collections import save_collection
    from ingest.services.drafts import GroupRequest
    from ingest.services.groups import make_groups

    corpus = Corpus.objects.get(name=CORPUS)
    film = corpus.items.get(kind="video")
    stretches = {"video": [(FROM_S, UNTIL_S), (LATER_S, None)], "audio": [(FROM_S, UNTIL_S)]}
    for kind, ranges in stretches.items():
        for place, (onset_s, offset_s) in enumerate(ranges):
            Item.objects.create(
                corpus=corpus, key=f"{kind}/{place}", kind=kind, title="-", asset=film.asset,
                onset_s=onset_s, offset_s=offset_s,
            )  # fmt: skip
    lab = corpus.organisation_id
    chosen = {"video": "video/0", "audio": "audio/", "both": "video/"}
    collections = {
        name: save_collection(
            name=name, organisation_id=lab, filters={"corpus": CORPUS, "key_prefix": prefix}
        )
        for name, prefix in chosen.items()
    }
    request = GroupRequest(design="all_pairs", name="pairs")
    made = make_groups(organisation_id=lab, collection="both", request=request, requested_by="test")
    collections["group"] = made.collection
    return {kind: _study(corpus.organisation, kind, collections[kind]) for kind in QUESTIONS}


def _study(lab: Any, kind: str, collection: Any) -> str:
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study

    checked = ProtocolSerializer(data=_protocol(kind))
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=lab, slug=f"stretch-{kind}", title=f"Stretches: {kind}",
        document=json.loads(json.dumps(checked.validated_data)), collection=collection, requested_by="test",
    )  # fmt: skip
    return f"/s/{study.invite_code}"


def _protocol(kind: str) -> dict[str, Any]:
    return {
        "name": f"stretch-{kind}",
        "version": "1.0.0",
        "title": kind,
        "description": "A part of a longer file.",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": [kind],
        "estimated_minutes": 1,
        "consent": {"text": "These answers belong to a test."},
        "instructions": {"text": "Rate what you see."},
        "presentation": {"rewind": True, "shuffle_parts": False},
        "raters": {"per_item": 100, "items_per_rater": 1, "practice_items": 0},
        "gold": {"rate_hz": 10},
        "questions": QUESTIONS[kind],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201 - what the caller reads
