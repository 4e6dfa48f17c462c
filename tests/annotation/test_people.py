"""What a rater may read in her language, be warned of, and leave out."""

from typing import Any

import pytest

from accounts.models import Consent
from annotation.models import Assignment, Study
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from annotation.strict import error_lines
from tests import factories
from tests.factories import Rater, signed_in

SPANISH = {
    "title": "Emociones en imágenes",
    "description": "Miras imágenes.",
    "consent": {"text": "Participar es voluntario."},
    "instructions": {"text": "Mira la imagen entera."},
    "questions": {
        "emotion": {
            "prompt": "¿Qué emoción?",
            "options": {
                "labels": {"awe": "Asombro", "fear": {"name": "Miedo"}},
                "escape": {"none": "Ninguna"},
            },
        },
        "vad": {
            "options": {"dimensions": {"valence": {"name": "Valencia", "low_label": "desagradable"}}},
        },
    },
}


def document(translations: dict[str, Any] | None = None, **presentation: Any) -> dict[str, Any]:
    given = factories.protocol("image-emotion", presentation=presentation)
    if translations:
        given["translations"] = translations
    checked = ProtocolSerializer(data=given)
    assert checked.is_valid(), error_lines(checked.errors)
    return factories.protocol_from(checked.validated_data)


def wrong(translations: dict[str, Any]) -> str:
    checked = ProtocolSerializer(data={**factories.protocol("image-emotion"), "translations": translations})
    assert not checked.is_valid()
    return " ".join(error_lines(checked.errors))


def image_study(made: dict[str, Any], slug: str = "images", items: int = 2) -> Study:
    of = factories.corpus(f"corpus-{slug}")
    for index in range(items):
        factories.item(f"anger-{index}", of, kind="image")
    return create_study(
        organisation=of.organisation,
        slug=slug,
        title="Emotion in images",
        document=made,
        collection=factories.collection(of, f"all-{slug}"),
        requested_by="test",
    )


def test_what_a_protocol_does_not_say_is_not_in_its_document():
    made = document()
    assert "translations" not in made
    assert not {"warning", "blur", "skip"} & set(made["presentation"])


@pytest.mark.parametrize(
    ("translations", "reason"),
    [
        ({"es": {"titel": "x"}}, "translations.es.titel: is not known here"),
        ({"es": {"questions": {"mood": {"prompt": "?"}}}}, "es.questions.mood: is no question here"),
        (
            {"es": {"questions": {"emotion": {"options": {"labels": {"joy": "Alegría"}}}}}},
            "es.questions.emotion.options.labels.joy: is not known here; known: amusement",
        ),
        (
            {"es": {"questions": {"vad": {"options": {"dimensions": {"valence": {"max": "9"}}}}}}},
            "dimensions.valence.max: is no text here",
        ),
        ({"es": {"questions": {"vad": {"options": {"style": "faces"}}}}}, "style: is no text of this"),
        ({"en": {"title": "x"}}, "translations.en: is the protocol's own language."),
        ({"Spanish": {"title": "x"}}, "translations.Spanish: is no language tag"),
        (
            {"es": {"questions": {"vad": {"options": {"dimensions": {"valence": 3}}}}}},
            "translations.es.questions.vad.options.dimensions.valence: must be a text, or a table of texts.",
        ),
        ({"es": {"warning": "x"}}, "es.warning: translates a warning that the protocol does not give."),
    ],
)
def test_a_translation_of_what_is_not_there_is_refused_by_its_key(translations, reason):
    assert reason in wrong(translations)


@pytest.mark.django_db
def test_a_rater_reads_the_language_asked_for_and_agrees_to_what_was_shown():
    study = image_study(document({"es": SPANISH}))
    rater = Rater(study)
    english = rater.get(f"invites/{study.invite_code}/").json()["study"]
    spanish = rater.get(f"invites/{study.invite_code}/?lang=es-MX").json()["study"]
    assert (english["language"], spanish["language"]) == ("en", "es")
    assert english["languages"] == ["en", "es"]
    assert spanish["title"] == SPANISH["title"]
    assert spanish["consent"]["digest"] != english["consent"]["digest"]
    rater.arrive()
    assert rater.post("participation/consent/", {"digest": spanish["consent"]["digest"]}).status_code == 200
    assert Consent.objects.get().text == "Participar es voluntario."
    given = rater.post("assignments/next/?lang=es").json()
    emotion, vad = given["questions"]
    names = {label["key"]: label["name"] for label in emotion["options"]["labels"]}
    assert (emotion["prompt"], names["awe"], names["fear"]) == ("¿Qué emoción?", "Asombro", "Miedo")
    assert names["anger"] == "Ira"  # the taxonomy's word, as the protocol has none in Spanish
    valence = vad["options"]["dimensions"][0]
    assert (valence["name"], valence["low_label"], valence["high_label"]) == (
        "Valencia",
        "desagradable",
        "pleasant",
    )
    assert Assignment.objects.get().presented["language"] == "es"


@pytest.mark.django_db
def test_the_browser_says_which_language_where_nobody_asks():
    study = image_study(document({"es": SPANISH}))
    at = f"/api/rate/invites/{study.invite_code}/"
    rater = Rater(study)
    said = [
        rater.client.get(at, headers={"Accept-Language": wanted}).json()["study"]["language"]
        for wanted in ("de, es;q=0.8, en;q=0.5", "de", "en-GB, es;q=0.9")
    ]
    assert said == ["es", "en", "en"]


@pytest.mark.django_db
def test_no_payload_tells_what_a_file_is_called():
    study = image_study(document())
    rater = Rater.consented(study)
    assert "anger-" not in rater.post("assignments/next/").content.decode()


@pytest.mark.django_db
def test_a_warning_a_blur_and_skipping_are_told_where_the_protocol_says_so():
    plain = image_study(document(), "plain")
    careful = image_study(document(warning="Some pictures show wounds.", blur=True, skip=True), "careful")
    told = []
    for study in (plain, careful):
        rater = Rater.consented(study)
        warning = rater.get(f"invites/{study.invite_code}/").json()["study"]["warning"]
        shown = rater.post("assignments/next/").json()["presentation"]
        told.append((warning, shown["blur"], shown["skip"]))
    assert told == [(None, False, False), ("Some pictures show wounds.", True, True)]


@pytest.mark.django_db
def test_a_skipped_item_is_done_for_its_rater_and_free_for_others():
    made = document(skip=True)
    made["raters"]["per_item"] = 1
    study = image_study(made, items=1)
    first, second = Rater.consented(study), Rater.consented(study)
    item = first.post("assignments/next/").json()
    assert second.post("assignments/next/").status_code == 204
    for _ in range(2):
        answer = first.post(f"assignments/{item['id']}/skip/", {"reason": "disturbing"})
        assert answer.status_code == 200
        assert answer.json()["state"] == "skipped"
    me = answer.json()["participation"]
    assert (me["state"], me["progress"]["done"]) == ("completed", 1)
    assert me["completion_code"]
    assert Assignment.objects.get(pk=item["id"]).skip_reason == "disturbing"
    body = {"submission_id": item["id"], "responses": []}
    assert first.post(f"assignments/{item['id']}/submit/", body).json()["code"] == "already_skipped"
    third = Rater.consented(study)
    assert third.post("assignments/next/").json()["item"]["id"] == item["item"]["id"]
    facts = signed_in().get(f"/api/studies/{study.slug}/").json()
    assert facts["skips"] == {"disturbing": 1}


@pytest.mark.django_db
def test_only_where_the_protocol_allows_it_and_for_a_known_reason_may_an_item_be_skipped():
    refused = Rater.consented(image_study(document(), "kept"))
    item = refused.post("assignments/next/").json()
    assert refused.post(f"assignments/{item['id']}/skip/").json()["code"] == "no_skipping"
    allowed = Rater.consented(image_study(document(skip=True), "skippable"))
    own = allowed.post("assignments/next/").json()
    assert allowed.post(f"assignments/{own['id']}/skip/", {"reason": "bored"}).status_code == 400
    assert allowed.post(f"assignments/{item['id']}/skip/").status_code == 404
    assert allowed.post(f"assignments/{own['id']}/skip/").status_code == 200
