"""Studies whose items have several parts, made in a running demo: run as a program with its settings."""

import json
from typing import Any

import django

from tests.browser.copies import copied

CORPUS = "several"
WORDS = ("cheerful", "calm", "gloomy", "furious", "content", "afraid", "bored", "elated")
POINTS = [
    {"value": value, "label": label}
    for value, label in enumerate(
        ["disagree strongly", "disagree a little", "neither", "agree a little", "agree strongly"], 1
    )
]
STATEMENTS = [{"key": f"q{n}", "text": f"This is statement number {n} of ten."} for n in range(1, 11)]

QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "music": [
        {
            "key": "calmer", "type": "comparison", "prompt": "Which picture is calmer?",
            "options": {"tie": True, "grades": ["slightly", "clearly"]},
        },
        {
            "key": "fit", "type": "matching", "prompt": "Which picture fits the music?",
            "options": {"candidates": 2, "none": True},
        },
        {
            "key": "order", "type": "ranking", "prompt": "Order the pictures by brightness.",
            "options": {"ties": True, "first_label": "Brightest", "last_label": "Darkest"},
        },
        {
            "key": "why", "type": "text", "prompt": "Say more about it.",
            "options": {"fields": [
                {"key": "music", "name": "What the music does", "min_length": 5},
                {"key": "picture", "name": "What the picture does", "required": False},
            ]},
        },
        {
            "key": "you", "type": "questionnaire", "prompt": "How well do the statements describe you?",
            "options": {"form": "bfi10", "items": STATEMENTS, "points": POINTS},
        },
    ],
    "words": [
        {
            "key": "pleasant", "type": "best_worst", "prompt": "Which word is the most and which the least pleasant?",
            "options": {"best_label": "Most pleasant", "worst_label": "Least pleasant"},
        },
        {
            "key": "excited", "type": "ranking", "prompt": "Order the words by excitement.",
            "options": {"first_label": "Most excited", "last_label": "Least excited"},
        },
    ],
    "sounds": [
        {"key": "calmer", "type": "comparison", "prompt": "Which sound is calmer?", "options": {}},
    ],
    "captions": [
        {
            "key": "fits", "type": "matching", "prompt": "Does the caption fit the picture?",
            "options": {"mode": "yes_no"},
        },
    ],
}  # fmt: skip
MOODS = ("bright", "dark", "wild")
SOUNDS = ("audio/skipping-stones.flac", "audio/empty-house.m4a", "audio/chased.wav")
PICTURES = ("pictures/flower-meadow.jpg", "pictures/eyes-in-the-dark.jpg", "pictures/fireworks.jpg")


def make() -> dict[str, str]:
    """Slug -> invite path of each study."""
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study
    from ingest.models import Item
    from ingest.services.collections import save_collection
    from ingest.services.drafts import GroupRequest
    from ingest.services.groups import make_groups

    corpus = copied(CORPUS, *SOUNDS, *PICTURES)
    lab = corpus.organisation
    for keys in (SOUNDS, PICTURES):
        for key, mood in zip(keys, MOODS, strict=True):
            corpus.items.filter(key=key).update(metadata={"mood": mood})
    texts = [(f"words/{word}", word, {}) for word in WORDS]
    texts += [(f"captions/{mood}", f"A {mood} picture, as somebody wrote.", {"mood": mood}) for mood in MOODS]
    for key, text, metadata in texts:
        Item.objects.create(
            corpus=corpus, key=key, kind="text", title=key, text=text, condition="text", metadata=metadata
        )
    sources = {
        "music": {"kind": ["audio", "image"]},
        "words": {"key_prefix": "words/"},
        "sounds": {"kind": ["audio"]},
        "captions": {"kind": ["image", "text"]},
    }
    requests = {
        "music": GroupRequest(
            design="matching",
            name="music",
            fixed_kind="audio",
            other_kind="image",
            match_on="mood",
            candidates=2,
        ),
        "words": GroupRequest(design="tuples", name="word-tuples", factor=1),
        "sounds": GroupRequest(design="pairs", name="sound-pairs", per_item=2),
        "captions": GroupRequest(design="captions", name="captioned", match_on="mood"),
    }
    paths = {}
    for slug, request in requests.items():
        source = f"{slug}-source"
        save_collection(name=source, organisation_id=lab.pk, filters={"corpus": CORPUS, **sources[slug]})
        made = make_groups(organisation_id=lab.pk, collection=source, request=request, requested_by="test")
        checked = ProtocolSerializer(data=_protocol(slug, made.kind))
        checked.is_valid(raise_exception=True)
        study = create_study(
            organisation=lab, slug=f"several-{slug}", title=f"Several media: {slug}",
            document=json.loads(json.dumps(checked.validated_data)), collection=made.collection,
            requested_by="test",
        )  # fmt: skip
        paths[slug] = f"/s/{study.invite_code}"
    return paths


def _protocol(slug: str, kind: str) -> dict[str, Any]:
    return {
        "name": f"several-{slug}",
        "version": "1.0.0",
        "title": slug,
        "description": "Items of several parts.",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": [kind],
        "estimated_minutes": 1,
        "consent": {"text": "These answers belong to a test."},
        "instructions": {"text": "Answer what is asked."},
        "raters": {"per_item": 100, "items_per_rater": 1, "practice_items": 0},
        "questions": QUESTIONS[slug],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201 - what the caller reads
