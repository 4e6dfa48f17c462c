"""Studies of images in a row and of recordings, made in a running demo: run as a program with its settings."""

import json
from typing import Any

import django

from tests.browser.copies import copied

CORPUS = "stimuli"
FILM, SOUND = "films/first-snow.mp4", "audio/skipping-stones.flac"
WATCHING, REPLAYED = "eeg/sim01-rest.edf", "eeg/sim02-rest.edf"
IMAGES = (
    "pictures/confetti.jpg",
    "pictures/fireworks.jpg",
    "pictures/flower-meadow.jpg",
    "pictures/lightning.jpg",
    "pictures/rain-in-town.jpg",
    "pictures/slime.jpg",
    "pictures/snow-peaks.jpg",
    "pictures/wilted-flower.jpg",
)
STILL_S = 1.0
FROM_S = 2.0
REPLAY_S = 8.0
AHEAD_S = 2.0
TRACE = {
    "key": "valence",
    "type": "trace1d",
    "prompt": "How pleasant is it now?",
    "options": {
        "dimensions": [
            {
                "key": "valence", "name": "Valence", "min": -1, "max": 1,
                "low_label": "unpleasant", "high_label": "pleasant",
            }
        ]
    },
}  # fmt: skip
MARKED = {
    "key": "marked",
    "type": "segments",
    "prompt": "Mark where it moves.",
    "options": {
        "labels": [{"key": "still", "name": "Still"}, {"key": "moves", "name": "Moves"}],
        "overlap": "none", "snap": "step", "step_s": 0.1,
    },
}  # fmt: skip
CALM = {"key": "calm", "type": "yes_no", "prompt": "Was it calm?", "options": {}}
BY_IMAGE = {
    **MARKED,
    "key": "by_image",
    "options": {"labels": MARKED["options"]["labels"], "overlap": "none", "snap": "frames"},
}
BY_SAMPLE = {
    **MARKED,
    "options": {"labels": MARKED["options"]["labels"], "overlap": "none", "snap": "samples"},
}
FACE = {
    "key": "face",
    "type": "facs",
    "prompt": "Code the face.",
    "options": {"units": ["AU12"], "timing": "apex", "neutral_s": 2.5, "sides": False, "intensity": False},
}
QUESTIONS = {
    "audio": [CALM],
    "video": [MARKED],
    "eeg": [TRACE, BY_SAMPLE, CALM],
    "sequence": [TRACE, BY_IMAGE, FACE, CALM],
}


def make() -> dict[str, str]:
    """Kind of item -> invite path of its study."""
    from ingest.models import Item
    from ingest.services.collections import save_collection
    from ingest.services.drafts import GroupRequest
    from ingest.services.groups import make_groups

    corpus = copied(CORPUS, FILM, SOUND, WATCHING, REPLAYED, *IMAGES)
    lab = corpus.organisation
    for key, facts in ((WATCHING, {"trial": "1", "film_at": AHEAD_S}), (FILM, {"trial": "1"})):
        corpus.items.filter(key=key).update(metadata=facts)
    Item.objects.create(
        corpus=corpus, key="replay/1", kind="eeg", title="-", asset=corpus.items.get(key=REPLAYED).asset,
        onset_s=FROM_S, offset_s=FROM_S + REPLAY_S,
    )  # fmt: skip
    requests = {
        "sequence": GroupRequest(design="sequence", name="stimuli-images", still_s=STILL_S),
        "trial": GroupRequest(
            design="trial", name="stimuli-trials", other_kind="video", match_on="trial", timed_by="film_at"
        ),
    }
    sources = {"sequence": {"kind": ["image"]}, "trial": {"kind": ["eeg", "video"]}}
    filters: dict[str, dict[str, Any]] = {
        "eeg": {"key_prefix": "replay/"},
        "audio": {"kind": ["audio"]},
        "video": {"key_prefix": FILM},
    }
    collections = {
        kind: save_collection(
            name=f"stimuli-{kind}", organisation_id=lab.pk, filters={"corpus": CORPUS, **chosen}
        )
        for kind, chosen in filters.items()
    }
    for kind, request in requests.items():
        source = f"stimuli-{kind}-source"
        save_collection(name=source, organisation_id=lab.pk, filters={"corpus": CORPUS, **sources[kind]})
        made = make_groups(organisation_id=lab.pk, collection=source, request=request, requested_by="test")
        collections[kind] = made.collection
    return {kind: _study(lab, kind, collection) for kind, collection in collections.items()}


def _study(lab: Any, kind: str, collection: Any) -> str:
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study

    checked = ProtocolSerializer(data=_protocol(kind))
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=lab, slug=f"stimuli-{kind}", title=f"Stimuli: {kind}",
        document=json.loads(json.dumps(checked.validated_data)), collection=collection, requested_by="test",
    )  # fmt: skip
    return f"/s/{study.invite_code}"


def _protocol(kind: str) -> dict[str, Any]:
    return {
        "name": f"stimuli-{kind}",
        "version": "1.0.0",
        "title": kind,
        "description": "What lasts is rated while it lasts.",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": [kind],
        "estimated_minutes": 1,
        "consent": {"text": "These answers belong to a test."},
        "instructions": {"text": "Rate what you see."},
        "presentation": {"rewind": True},
        "raters": {"per_item": 100, "items_per_rater": 1, "practice_items": 0},
        "gold": {"rate_hz": 10},
        "questions": QUESTIONS.get(kind, [TRACE, CALM]),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201 - what the caller reads
