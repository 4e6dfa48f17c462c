"""A question that hangs on an earlier answer is asked where that says so, and nowhere else."""

import json
from typing import Any

import pytest

from annotation.models import Response, Study
from annotation.protocol import ProtocolSerializer, preset
from annotation.services.studies import create_study
from annotation.strict import error_lines
from tests import factories
from tests.factories import Rater

KEEP = {"key": "keep", "type": "yes_no", "prompt": "Can it be judged?",
        "options": {"escape": [{"key": "unsure", "name": "Not sure"}]}}  # fmt: skip
AFFECT = {
    "key": "affect", "type": "scale", "prompt": "How does it feel?",
    "asked_if": {"question": "keep", "labels": ["yes", "unsure"]},
    "options": {"dimensions": [{"key": key, "name": key, "min": 1, "max": 9, "step": 1,
                                "low_label": "low", "high_label": "high"} for key in ("valence", "arousal")]},
}  # fmt: skip
WHY = {"key": "why", "type": "text", "prompt": "What is so arousing?", "options": {},
       "asked_if": {"question": "affect", "dimension": "arousal", "min": 7}}  # fmt: skip
NOTE = {"key": "note", "type": "text", "prompt": "Anything else?", "options": {}, "required": False,
        "required_if": {"question": "keep", "labels": ["no"]}}  # fmt: skip
YES, NO, UNSURE = ({"labels": [label]} for label in ("yes", "no", "unsure"))
CALM, EXCITED = {"valence": 5, "arousal": 6}, {"valence": 5, "arousal": 7}
TEXT = {"text": "some words"}


def checked(*questions: dict[str, Any]) -> ProtocolSerializer:
    given = {**factories.protocol("image-emotion"), "questions": list(questions)}
    return ProtocolSerializer(data=given)


def study(*questions: dict[str, Any]) -> Study:
    document = checked(*questions)
    document.is_valid(raise_exception=True)
    of = factories.corpus()
    factories.item("picture", of, kind="image")
    return create_study(
        organisation=of.organisation, slug="branches", title="Branches",
        document=factories.protocol_from(document.validated_data),
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [
        {"keep": YES, "affect": CALM},
        {"keep": UNSURE, "affect": CALM, "note": TEXT},
        {"keep": YES, "affect": EXCITED, "why": TEXT},
        {"keep": NO, "note": TEXT},
    ],
)
def test_what_is_asked_after_the_earlier_answers_is_taken(answers):
    rater = Rater.consented(study(KEEP, AFFECT, WHY, NOTE))
    assert rater.submit(rater.next(), answers).status_code == 200
    assert dict(Response.objects.values_list("question", "value")) == answers


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"keep": YES}, {"affect": "Please answer this question."}),
        ({"keep": NO}, {"note": "Please answer this question."}),
        ({"keep": YES, "affect": EXCITED}, {"why": "Please answer this question."}),
        ({"keep": YES, "affect": CALM, "why": TEXT}, {"why": "not asked after"}),
        # What hangs on a question that is not asked is not asked, either.
        ({"keep": NO, "affect": EXCITED, "why": TEXT, "note": TEXT}, dict.fromkeys(["affect", "why"], "not asked")),
        ({"affect": CALM}, {"keep": "Please answer", "affect": "not asked after"}),
        ({"keep": {"labels": ["maybe"]}, "affect": CALM}, {"keep": "not a label", "affect": "not asked after"}),
    ],
)  # fmt: skip
def test_what_is_not_asked_is_refused_and_what_is_asked_demanded(answers, wrong):
    rater = Rater.consented(study(KEEP, AFFECT, WHY, NOTE))
    answer = rater.submit(rater.next(), answers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_answer")
    told = answer.json()["details"]
    assert set(told) == set(wrong)
    assert all(reason in json.dumps(told[key]) for key, reason in wrong.items())
    assert not Response.objects.exists()


@pytest.mark.django_db
def test_the_page_is_told_on_which_answers_a_question_hangs():
    asked = Rater.consented(study(KEEP, AFFECT, WHY, NOTE)).next()["questions"]
    told = [(one["key"], one.get("asked_if"), one.get("required_if")) for one in asked]
    assert told == [
        ("keep", None, None),
        ("affect", AFFECT["asked_if"], None),
        ("why", WHY["asked_if"], None),
        ("note", None, NOTE["required_if"]),
    ]


def _hanging(on: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**AFFECT, "asked_if": on, **more}


@pytest.mark.parametrize(
    ("questions", "reason"),
    [
        ([AFFECT, KEEP], "questions[0].asked_if: no question before this one is called 'keep'"),
        ([KEEP, _hanging({"question": "keep", "labels": ["maybe"]})], "'maybe' is no label of 'keep'; known: yes, no"),
        ([KEEP, _hanging({"question": "keep", "dimension": "v", "min": 1})], "'v' is no dimension of 'keep'"),
        ([KEEP, AFFECT, {**WHY, "asked_if": {"question": "affect", "dimension": "joy", "max": 3}}],
         "'joy' is no dimension of 'affect'; known: valence, arousal"),
        ([KEEP, _hanging({"question": "keep"})], "questions[1].asked_if: Say either labels, or a dimension"),
        ([KEEP, _hanging({"question": "keep", "labels": ["yes"], "min": 1})], "asked_if.dimension: goes with min"),
        ([KEEP, _hanging({"question": "keep", "dimension": "v"})], "asked_if.dimension: goes with min"),
        ([KEEP, _hanging({"question": "keep", "dimension": "v", "min": 3, "max": 2})], "must not be below min"),
        ([KEEP, _hanging({"question": "keep", "labels": []})], "asked_if.labels: "),
        ([KEEP, _hanging({"question": "keep", "label": "yes"})], "asked_if.label: is not known here"),
        ([{**KEEP, "when": "first"}, AFFECT], "'keep' is not asked with every item that asks this"),
        ([KEEP, {**NOTE, "required": True}], "questions[1].required_if: needs required = false"),
        ([{**WHY, "key": "words", "asked_if": None}], "asked_if: "),
        ([{"key": "t", "type": "text", "prompt": "?"}, _hanging({"question": "t", "labels": ["yes"]})],
         "an answer of the type 'text' cannot decide"),
    ],
)  # fmt: skip
def test_a_condition_that_can_never_work_is_refused_by_name(questions, reason):
    given = checked(*questions)
    assert not given.is_valid()
    assert reason in " ".join(error_lines(given.errors))


def test_what_plays_the_medium_cannot_hang_on_an_answer():
    film = preset("veatic")
    film["questions"] = [KEEP, {**film["questions"][0], "asked_if": AFFECT["asked_if"]}]
    given = ProtocolSerializer(data=film)
    assert not given.is_valid()
    assert "questions[1].asked_if: cannot be: 'trace2d' comes before" in " ".join(error_lines(given.errors))
