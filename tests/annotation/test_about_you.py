"""What raters are asked about themselves: once, never insisted on, kept apart, and gone with them."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import Rater as RaterRow
from affectory.errors import Invalid
from annotation.models import Participation, Response, SelfDescription, Study
from annotation.protocol import ProtocolSerializer, read_protocol
from annotation.services.erasure import erase_answers_of, withdrawn_raters
from annotation.services.studies import create_study
from annotation.strict import error_lines
from tests import factories
from tests.factories import Rater

PROTOCOL = Path(__file__).parent / "protocols" / "about.toml"
SAID: dict[str, Any] = {"age": {"labels": ["18-34"]}, "country": None, "experience": {"experience": 2}}
ABOUT = "participation/about-you/"


@pytest.fixture
def study() -> Study:
    of = factories.corpus("texts")
    for n in range(2):
        factories.item(f"text-{n}", of, kind="text", text=f"Text {n}.")
    return create_study(
        organisation=of.organisation, slug="about", title="About", document=read_protocol(PROTOCOL),
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def wrong(**about: Any) -> str:
    asked = {
        "key": "age",
        "type": "category",
        "prompt": "?",
        "options": {"labels": [{"key": "a", "name": "A"}]},
    }
    checked = ProtocolSerializer(data={**factories.protocol("meld"), "about_you": [{**asked, **about}]})
    assert not checked.is_valid()
    return " ".join(error_lines(checked.errors))


def test_a_protocol_that_asks_nothing_about_raters_says_nothing_of_it():
    assert "about_you" not in factories.protocol("meld")


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"type": "text", "options": {}}, "about_you[0].type: must be one of category, yes_no, scale here."),
        (
            {"options": {"labels": [{"key": "a", "name": "A"}], "multiple": True}},
            "about_you[0].options: A rater is in one band only",
        ),
        ({"required": True}, "about_you[0].required: is not known here"),
        ({"options": {"lables": []}}, "about_you[0].options.lables: is not known here"),
    ],
)
def test_a_question_that_gives_no_single_band_is_refused_by_its_key(about, reason):
    assert reason in wrong(**about)


@pytest.mark.django_db
def test_the_rater_is_asked_after_consent_and_before_the_first_item(study):
    rater = Rater(study)
    told = rater.get(f"invites/{study.invite_code}/?lang=es").json()["study"]["about_you"]
    assert [question["key"] for question in told] == ["age", "country", "experience"]
    assert told[0]["prompt"] == "¿Qué edad tienes?"
    assert told[0]["options"]["labels"][0]["name"] == "de 18 a 34"
    rater.arrive()
    assert rater.post(ABOUT, {"answers": SAID}).json()["code"] == "consent_missing"
    assert rater.consent().json()["about_you_due"] is True
    assert rater.post("assignments/next/").json()["code"] == "about_you_missing"
    assert rater.post(ABOUT, {"answers": SAID}).json()["about_you_due"] is False
    assert rater.post("assignments/next/").status_code == 200
    # What she said the first time stays.
    assert rater.post(ABOUT, {"answers": dict.fromkeys(SAID)}).status_code == 200
    assert SelfDescription.objects.get().answers == SAID


@pytest.mark.django_db
def test_every_question_may_be_declined_but_none_passed_over(study):
    rater = Rater.consented(study)
    answer = rater.post(ABOUT, {"answers": {"age": {"labels": ["12"]}, "country": None, "shoes": None}})
    assert answer.json()["code"] == "invalid_answer"
    assert set(answer.json()["details"]) == {"age", "experience", "shoes"}
    assert not SelfDescription.objects.exists()
    assert rater.post(ABOUT, {"answers": dict.fromkeys(SAID)}).status_code == 200
    assert rater.rate()["state"] == "open"


@pytest.mark.django_db
def test_it_is_no_response_and_in_no_payload_for_researchers(study):
    rater = Rater.consented(study)
    rater.post(ABOUT, {"answers": SAID})
    rater.rate()
    assert set(Response.objects.values_list("question", flat=True)) == {"mood"}
    client = factories.signed_in()
    for path in ("", "items/", "agreement/"):
        assert "18-34" not in client.get(f"/api/studies/about/{path}").content.decode()


@pytest.mark.django_db
def test_a_rater_who_left_still_waits_for_erasure_which_takes_it_along(study):
    rater = Rater.consented(study)
    rater.post(ABOUT, {"answers": SAID})
    rater.post("participation/withdraw/")
    assert rater.post(ABOUT, {"answers": SAID}).json()["code"] == "withdrawn"
    (waiting,) = withdrawn_raters(study.organisation_id)
    erased = erase_answers_of(RaterRow.objects.get(pseudonym=waiting.pseudonym))
    assert erased["self_descriptions"] == 1
    assert not SelfDescription.objects.exists()
    assert Participation.objects.exists()
    assert withdrawn_raters(study.organisation_id) == []


def test_a_menu_gives_one_label(tmp_path):
    path = tmp_path / "changed.toml"
    path.write_text(PROTOCOL.read_text().replace('layout = "menu"', 'layout = "menu"\nmultiple = true'))
    with pytest.raises(Invalid, match=r"line \d+.*layout: A menu gives one label"):
        read_protocol(path)
