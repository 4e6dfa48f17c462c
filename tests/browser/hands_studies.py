"""Studies that are answered by finger, by pen and by keys alone; run as a program with a running demo's settings.

Their items stand in a corpus of their own, over files that the demo has.
"""

import json
from typing import Any

import django

CORPUS = "hands"
FILM_S = 4.0
FILM_HZ = 25
STILL_S = 3.0
WORDS = ("cheerful", "calm", "gloomy", "furious", "bored")
VALENCE = {"key": "valence", "name": "Valence", "low_label": "unpleasant", "high_label": "pleasant"}
AROUSAL = {"key": "arousal", "name": "Arousal", "low_label": "calm", "high_label": "excited"}
ENDS = {"min": -1, "max": 1}
FORM = {
    "points": [{"value": value, "label": f"point {value}"} for value in range(1, 6)],
    "items": [{"key": f"q{n}", "text": f"Statement number {n}."} for n in range(1, 4)],
    "subscales": [{"key": "all", "name": "All", "items": ["q1", "q2", "q3"]}],
}
SLIDER = {"key": "valence", "type": "trace1d", "prompt": "How pleasant is it now?",
          "options": {"dimensions": [{**VALENCE, **ENDS}]}}  # fmt: skip

QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "pictures": [
        {
            "key": "calmer", "type": "comparison", "prompt": "Which picture is calmer?",
            "options": {"tie": True, "grades": ["slightly", "clearly"]},
        },
        {
            "key": "fit", "type": "matching", "prompt": "Which picture fits the text?",
            "options": {"candidates": 2, "none": True},
        },
        {
            "key": "order", "type": "ranking", "prompt": "Order the pictures by brightness.",
            "options": {"ties": True, "first_label": "Brightest", "last_label": "Darkest"},
        },
    ],
    "words": [
        {
            "key": "ends", "type": "best_worst", "prompt": "Which word is the most and which the least pleasant?",
            "options": {"best_label": "Most pleasant", "worst_label": "Least pleasant"},
        },
        {"key": "form", "type": "questionnaire", "prompt": "How true is it?", "options": FORM},
    ],
    "film": [
        {
            "key": "moving", "type": "segments", "prompt": "Mark where it moves.",
            "options": {
                "labels": [{"key": "still", "name": "Still"}, {"key": "moves", "name": "Moves"}],
                "overlap": "none", "snap": "step", "step_s": 0.1,
            },
        },
        {
            "key": "face", "type": "facs", "prompt": "Code the face.",
            "options": {"units": ["AU1", "AU12"], "timing": "apex", "sides": False, "replay_frames": 10},
        },
        {
            "key": "where", "type": "boxes", "prompt": "Where does it move?",
            "options": {"labels": [{"key": "thing", "name": "Thing"}], "min_size": 0.05},
        },
        {
            "key": "felt", "type": "scale", "prompt": "How does it feel?",
            "options": {"dimensions": [{**VALENCE, "min": 1, "max": 9, "step": 1}]},
        },
        {
            "key": "slid", "type": "scale", "prompt": "How awake is it?",
            "options": {"style": "slider", "dimensions": [{**AROUSAL, "min": 0, "max": 100, "step": 1}]},
        },
    ],
    "text": [
        {
            "key": "change", "type": "trace_change", "prompt": "Does the tension change?",
            "options": {"dimensions": [{**AROUSAL, "key": "tension"}], "idle_hint_s": 0.5},
        },
    ],
    "still": [
        {
            "key": "pad", "type": "trace2d", "prompt": "How does it feel now?",
            "options": {"dimensions": [{**VALENCE, **ENDS}, {**AROUSAL, **ENDS}], "flip": ["valence"]},
        },
    ],
    "pages": [SLIDER],
    "closed": [SLIDER],
}  # fmt: skip
# Study -> the beginning of the keys of its items.
ITEMS = {"film": "film", "pages": "film", "closed": "film", "text": "text", "still": "still"}


def make() -> dict[str, str]:
    """Name -> invite path of each study."""
    from accounts.models import Organisation
    from annotation.models import Study, StudyState
    from ingest.services.collections import save_collection

    lab = Organisation.objects.get(name="demo-lab")
    _fill_corpus(lab)
    collections = _groups(lab) | {
        name: save_collection(
            name=f"{CORPUS}-{name}", organisation_id=lab.pk, filters={"corpus": CORPUS, "key_prefix": prefix}
        )
        for name, prefix in ITEMS.items()
    }
    studies = {name: _study(lab, name, collection) for name, collection in collections.items()}
    Study.objects.filter(pk=studies["closed"].pk).update(state=StudyState.CLOSED)
    return {name: f"/s/{study.invite_code}" for name, study in studies.items()}


def _fill_corpus(lab: Any) -> None:
    from ingest.models import Corpus, Item

    theirs = Corpus.objects.get(organisation=lab, name="demo-film").items
    corpus, _ = Corpus.objects.get_or_create(organisation=lab, name=CORPUS, defaults={"title": "Hands"})
    film = theirs.get(key="films/first-snow.mp4").asset
    pictures = [theirs.get(key=f"pictures/{name}.jpg").asset for name in ("confetti", "snow-peaks")]
    said = {"text": "one two three " * 4} | {f"words/{word}": word for word in WORDS}
    fields: dict[str, dict[str, Any]] = {
        "film": {"kind": "video", "asset": film, "onset_s": 0, "offset_s": FILM_S},
        "still": {"kind": "image", "asset": pictures[0]},
    }
    fields |= {key: {"kind": "text", "condition": "text", "text": text} for key, text in said.items()}
    for number, picture in enumerate(pictures):
        pair = {"metadata": {"pair": str(number)}}
        fields[f"pairs/{number}.jpg"] = {"kind": "image", "asset": picture, **pair}
        fields[f"pairs/{number}.txt"] = {"kind": "text", "text": f"A picture, number {number}.", **pair}
    for key, own in fields.items():
        Item.objects.get_or_create(corpus=corpus, key=key, defaults={"title": key, **own})


def _groups(lab: Any) -> dict[str, Any]:
    from ingest.services.collections import save_collection
    from ingest.services.drafts import GroupRequest
    from ingest.services.groups import make_groups

    requests = {
        "pictures": GroupRequest(
            design="matching", name=f"{CORPUS}-pictures", fixed_kind="text", other_kind="image",
            match_on="pair", candidates=2,
        ),
        "words": GroupRequest(design="tuples", name=f"{CORPUS}-words", factor=1),
    }  # fmt: skip
    made = {}
    for (name, request), prefix in zip(requests.items(), ("pairs/", "words/"), strict=True):
        source = save_collection(
            name=f"{CORPUS}-{name}-source", organisation_id=lab.pk,
            filters={"corpus": CORPUS, "key_prefix": prefix},
        )  # fmt: skip
        groups = make_groups(
            organisation_id=lab.pk, collection=source.name, request=request, requested_by="test"
        )
        made[name] = groups.collection
    return made


def _study(lab: Any, name: str, collection: Any) -> Any:
    from annotation.protocol import ProtocolSerializer
    from annotation.services.studies import create_study
    from ingest.facade import items_of

    kinds = sorted({item.kind for item in items_of(collection)})
    checked = ProtocolSerializer(data=_protocol(name, kinds))
    checked.is_valid(raise_exception=True)
    return create_study(
        organisation=lab, slug=f"{CORPUS}-{name}", title=f"Hands: {name}",
        document=json.loads(json.dumps(checked.validated_data)), collection=collection, requested_by="test",
    )  # fmt: skip


def _protocol(name: str, kinds: list[str]) -> dict[str, Any]:
    return {
        "name": f"{CORPUS}-{name}",
        "version": "1.0.0",
        "title": name,
        "description": "Answered with what hands hold.",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": kinds,
        "estimated_minutes": 1,
        "consent": {"text": "These answers belong to a test."},
        "instructions": {"text": "Answer what is asked."},
        "presentation": {"still_s": STILL_S, "skip": True},
        "raters": {"per_item": 100, "items_per_rater": 1, "practice_items": 0},
        "questions": QUESTIONS[name],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201 - what the caller reads
