"""Raters who are shown something first: it is kept what, and their answers are not mixed with independent ones."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from affectory.errors import Invalid
from annotation.analysis.disagreement import Criterion
from annotation.analysis.exposure import CONVENTION
from annotation.analysis.run import compute
from annotation.models import Exposure, Proposal, Response, Study
from annotation.services.erasure import erase_answers_of
from annotation.services.reviews import Proposed, open_review, open_round, raters_of
from ingest.models import Item
from tests import factories
from tests.annotation.test_research import _analysed as analysed
from tests.factories import Rater

pytestmark = pytest.mark.django_db

AGREED, SPLIT, PARTED = "item-0", "item-1", "item-2"


def _rate_all(rater: Rater, labels: dict[str, str]) -> None:
    for _ in labels:
        assignment = rater.next()
        key = Item.objects.get(pk=assignment["item"]["id"]).key
        assert rater.submit(assignment, {"emotion": {"labels": [labels[key]]}}).status_code == 200


def _pseudonym(rater: Rater) -> str:
    return rater.get("participation/").json()["rater"]


@pytest.fixture
def base() -> Study:
    return factories.study(items=3, per_item=9)


@pytest.fixture
def raters(base) -> list[Rater]:
    """Three who agree on one item, split two to one on the next, and part on the last."""
    said = ("joy", "joy", "joy"), ("joy", "joy", "anger"), ("joy", "anger", "fear")
    found = []
    for n in range(3):
        rater = Rater.consented(base)
        _rate_all(rater, {key: said[at][n] for at, key in enumerate((AGREED, SPLIT, PARTED))})
        found.append(rater)
    return found


def _proposed(base: Study, label: str = "joy") -> list[Proposed]:
    value = {"value": {"labels": [label]}, "response": None}
    items = base.study_items.order_by("position").values_list("item", flat=True)
    return [Proposed(item, "emotion", (value,)) for item in items]


def _review(base: Study) -> Study:
    return open_review(
        base=base, slug="checked", proposed=_proposed(base)[:2], source="model M", requested_by="test"
    )


def _arrived(address: str, study: Study) -> Rater:
    """A named rater who follows her own link."""
    rater = Rater(study, arrival_id=address.split("rater=")[1])
    rater.arrive()
    assert rater.consent().status_code == 200
    return rater


def test_a_proposal_is_shown_and_that_it_was_is_kept_with_the_answer(base):
    study = _review(base)
    assert study.study_items.count() == 2
    rater = Rater.consented(study)
    assignment = rater.next()
    assert assignment["proposals"] == [
        {
            "question": "emotion",
            "value": {"labels": ["joy"]},
            "said": [{"text": "Joy", "times": 1, "value": None}],
        }
    ]
    shown = Exposure.objects.get()
    assert shown.values == [{"value": {"labels": ["joy"]}, "response": None}]
    assert rater.submit(assignment, {"emotion": {"labels": ["fear"]}}).status_code == 200
    answer = Response.objects.get(study=study)
    assert answer.exposed
    assert shown.shown_at < answer.answered_at


def test_answers_of_raters_who_saw_nothing_are_not_marked(base, raters):
    assert raters[0].get("participation/").status_code == 200
    assert not Response.objects.filter(exposed=True).exists()
    assert compute(base).made_from["exposed"] == 0


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"labels": ["bliss"]}, "item-0, emotion: the proposal is no answer: labels 'bliss'"),
        ("joy", "is no answer"),
    ],
)
def test_a_proposal_that_is_no_answer_is_refused_by_item_and_question(base, value, reason):
    item = base.study_items.get(item__key=AGREED).item_id
    with pytest.raises(Exception, match=reason):
        open_review(
            base=base, slug="checked", source="model M", requested_by="test",
            proposed=[Proposed(item, "emotion", ({"value": value, "response": None},))],
        )  # fmt: skip


def test_exposed_and_independent_answers_are_counted_apart(base, raters):
    study = _review(base)
    for _ in range(2):
        _rate_all(Rater.consented(study), {AGREED: "joy", SPLIT: "joy"})
    # One item of the same study whose raters saw nothing.
    Response.objects.filter(study=study, item__key=SPLIT).update(exposed=False)
    found = compute(study)
    assert (found.made_from["responses"], found.made_from["exposed"]) == (4, 2)
    rows = found.outcomes["emotion"].agreement
    assert {row.exposed for row in rows} == {True, False}
    assert all((CONVENTION in row.result.convention) == row.exposed for row in rows)
    assert all(row.result.n_units_used + row.result.n_units_dropped == 1 for row in rows)
    keys = {item.pk: item.key for item in Item.objects.all()}
    votes = [label for label in found.outcomes["emotion"].labels if label.method == "vote"]
    assert {keys[label.item]: label.provenance.get("exposed", False) for label in votes} == {
        AGREED: True,
        SPLIT: False,
    }


def test_an_item_with_both_has_its_label_from_independent_answers(base):
    study = _review(base)
    for label in ("joy", "fear", "fear"):
        _rate_all(Rater.consented(study), {AGREED: label, SPLIT: label})
    Response.objects.filter(study=study, value={"labels": ["fear"]}).update(exposed=False)
    labels = [label for label in compute(study).outcomes["emotion"].labels if label.method == "vote"]
    assert len(labels) == 2
    assert {(label.value["label"], label.n_raters) for label in labels} == {("fear", 2)}


def test_a_round_gives_back_what_raters_disagreed_on_with_the_answers_of_all(base, raters):
    before = list(Response.objects.filter(study=base).order_by("pk").values())
    names = [_pseudonym(rater) for rater in raters[:2]]
    made = open_round(
        base=base, criteria=[Criterion.read("emotion.share_below=0.6")], raters=names, requested_by="test"
    )
    assert (made.study.slug, made.study.round, made.items) == ("study-round-2", 2, 1)
    assert set(made.addresses) == set(names)
    again = _arrived(made.addresses[names[0]], made.study)
    assert _pseudonym(again) == names[0]
    assignment = again.next()
    assert Item.objects.get(pk=assignment["item"]["id"]).key == PARTED
    # Nobody's name, and no order that could tell one.
    assert assignment["proposals"] == [
        {
            "question": "emotion",
            "value": None,
            "said": [{"text": text, "times": 1, "value": None} for text in ("Anger", "Fear", "Joy")],
        }
    ]
    assert (
        again.submit(assignment, {"emotion": {"labels": ["joy"]}}).json()["participation"]["state"]
        == "completed"
    )
    assert list(Response.objects.filter(study=base).order_by("pk").values()) == before
    assert Response.objects.get(study=made.study).exposed
    assert len(Exposure.objects.get().values) == 3


def test_rounds_go_on_from_each_other(base, raters):
    names = raters_of(base)
    two = open_round(
        base=base, criteria=[Criterion.read("emotion.share_below=0.7")], raters=names, requested_by="test"
    )
    assert two.items == 2
    for n, name in enumerate(names):
        _rate_all(
            _arrived(two.addresses[name], two.study), {SPLIT: "joy", PARTED: ("joy", "fear", "fear")[n]}
        )
    three = open_round(
        base=two.study,
        criteria=[Criterion.read("emotion.share_below=0.7")],
        raters=names,
        requested_by="test",
    )
    assert (three.study.slug, three.study.round, three.items) == ("study-round-3", 3, 1)
    shown = Proposal.objects.get(study_item__study=three.study)
    assert sorted(value["value"]["labels"][0] for value in shown.values) == ["fear", "fear", "joy"]


def test_only_who_was_named_takes_part_in_a_round(base, raters):
    made = open_round(
        base=base, criteria=[Criterion.read("emotion.share_below=1")], raters=raters_of(base)[:1],
        requested_by="test",
    )  # fmt: skip
    stranger = Rater(made.study)
    answer = stranger.post(f"invites/{made.study.invite_code}/arrive/", {"arrival_id": stranger.arrival_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_invited")
    told = factories.signed_in().get(f"/api/studies/{made.study.slug}/").json()
    assert told["invite_path"] is None
    assert told["review"] == {
        "kind": "consensus", "base": "study", "round": 2, "source": "", "criteria": ["emotion.share_below=1"],
    }  # fmt: skip


def test_nobody_is_shown_what_somebody_said_who_has_left(base, raters):
    made = open_round(
        base=base, criteria=[Criterion.read("emotion.share_below=0.6")], raters=raters_of(base),
        requested_by="test",
    )  # fmt: skip
    raters[2].post("participation/withdraw/")
    (shown,) = Proposal.objects.filter(study_item__study=made.study)
    assert sorted(value["value"]["labels"][0] for value in shown.values) == ["anger", "joy"]
    again = _arrived(made.addresses[_pseudonym(raters[0])], made.study)
    assert len(again.next()["proposals"][0]["said"]) == 2
    erase_answers_of(made.study.participations.get(rater__pseudonym=_pseudonym(raters[1])).rater)
    for kept in (Proposal.objects.get(), Exposure.objects.get()):
        assert [value["value"]["labels"][0] for value in kept.values] == ["joy"]


@pytest.mark.parametrize(
    "text",
    ["emotion", "emotion.share_below", "emotion.alpha=0.5", "emotion.share_below=much", "share_below=0.5"],
)
def test_a_criterion_says_question_measure_and_number(text, base):
    with pytest.raises(CommandError, match=r"is no criterion|has no question"):
        call_command("consensus-round", "study", where=[text], all_raters=True)


def test_numbers_disagree_by_their_range(base):
    study = factories.study("vad", preset="emobank-reader", items=2, per_item=9)
    for n in range(2):
        rater = Rater.consented(study)
        for _ in range(2):
            assignment = rater.next()
            wide = Item.objects.get(pk=assignment["item"]["id"]).key == "item-1"
            rater.submit(assignment, {"vad": {"v": 1 + 3 * n * wide, "a": 2, "d": 2}})
    made = open_round(
        base=study,
        criteria=[Criterion.read("vad.range_above=2")],
        raters=raters_of(study),
        requested_by="test",
    )
    assert made.items == 1
    said = Proposal.objects.get().values
    assert sorted(value["value"]["v"] for value in said) == [1, 4]


def test_commands_make_reviews_from_a_models_file_and_rounds(base, raters, tmp_path):
    path = tmp_path / "model.jsonl"
    path.write_text(json.dumps({"item": AGREED, "question": "emotion", "value": {"labels": ["joy"]}}) + "\n")
    out = io.StringIO()
    call_command("review-study", "study", "checked", file=path, source="model M", stdout=out)
    assert "1 proposals in checked: /s/" in out.getvalue()
    assert Study.objects.get(slug="checked").review == {"kind": "proposal", "source": "model M"}
    out = io.StringIO()
    call_command("consensus-round", "study", where=["emotion.share_below=0.6"], all_raters=True, stdout=out)
    assert "1 items in study-round-2" in out.getvalue()
    assert out.getvalue().count("?rater=") == 3
    with pytest.raises(CommandError, match="There is a study 'study-round-2' already"):
        call_command("consensus-round", "study", where=["emotion.share_below=0.6"], all_raters=True)
    path.write_text('{"item": "item-9", "question": "emotion", "value": {}}')
    with pytest.raises(CommandError, match="line 1: study has no item 'item-9'"):
        call_command("review-study", "study", "again", file=path)


def _asked(path: str, body: dict, client=None):
    return (client or factories.signed_in()).post(f"/api/studies/{path}", body, "application/json")


def test_a_review_of_sent_lines_is_started_over_rest(base):
    lines = "\n".join(
        json.dumps({"item": key, "question": "emotion", "value": {"labels": ["joy"]}})
        for key in (AGREED, SPLIT)
    )
    made = _asked("study/reviews/", {"slug": "checked", "lines": lines, "source": "model M"})
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["study"], told["items"], told["proposals"]) == ("checked", 2, 2)
    study = Study.objects.get(slug="checked")
    assert told["invite_path"] == f"/s/{study.invite_code}"
    assert study.review == {"kind": "proposal", "source": "model M"}
    assert Rater.consented(study).next()["proposals"][0]["value"] == {"labels": ["joy"]}
    again = _asked("study/reviews/", {"slug": "checked", "lines": lines})
    assert (again.status_code, again.json()["code"]) == (409, "study_exists")


def test_a_review_of_the_newest_labels_needs_them(base, raters):
    early = _asked("study/reviews/", {"slug": "checked"})
    assert (early.status_code, early.json()["code"]) == (400, "no_labels")
    analysed(factories.signed_in())
    made = _asked("study/reviews/", {"slug": "checked"})
    assert made.status_code == 201, made.json()
    # Of three labels with one vote each none is proposed.
    assert made.json()["items"] == 2
    assert Study.objects.get(slug="checked").review["source"] == "labels of study"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("{", "the proposals, line 1: "),
        ('{"item": "item-9", "question": "emotion", "value": {}}', "line 1: study has no item 'item-9'."),
        ('\n{"item": "item-0", "value": {}}', "line 1: has no 'question'."),
        ("", "There is nothing to propose for any item."),
    ],
)
def test_wrong_lines_are_refused_by_name_and_leave_nothing(base, lines, message):
    refused = _asked("study/reviews/", {"slug": "checked", "lines": lines})
    assert refused.status_code == 400
    assert refused.json()["message"].startswith(message)
    assert not Study.objects.filter(slug="checked").exists()


def test_a_round_is_planned_started_and_its_links_told_over_rest(base, raters):
    ada = factories.signed_in()
    where = "emotion.share_below=0.7"
    plan = ada.get("/api/studies/study/rounds/plan/", {"where": [where]}).json()
    assert plan == {"study": "study-round-2", "round": 2, "items": 2, "of": 3, "raters": raters_of(base)}
    assert ada.get("/api/studies/study/rounds/plan/").json()["items"] == 0
    assert not Study.objects.filter(slug="study-round-2").exists()
    names = raters_of(base)[:2]
    made = _asked("study/rounds/", {"criteria": [where], "raters": names}, ada)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["study"], told["round"], told["items"]) == ("study-round-2", 2, 2)
    assert [one["rater"] for one in told["addresses"]] == names
    assert ada.get("/api/studies/study-round-2/addresses/").json() == told["addresses"]
    assert ada.get("/api/studies/study/addresses/").json() == []
    again = _arrived(told["addresses"][0]["path"], Study.objects.get(slug="study-round-2"))
    assert _pseudonym(again) == names[0]


def test_everybody_is_in_a_round_whose_raters_are_not_named(base, raters):
    made = _asked("study/rounds/", {"criteria": ["emotion.share_below=0.6"]})
    assert [one["rater"] for one in made.json()["addresses"]] == raters_of(base)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"criteria": []}, 400, "invalid"),
        ({"criteria": ["emotion.alpha=1"]}, 400, "invalid_criterion"),
        ({"criteria": ["mood.share_below=1"]}, 400, "invalid_criterion"),
        ({"criteria": ["emotion.share_below=0.1"]}, 400, "no_items"),
        ({"criteria": ["emotion.share_below=1"], "raters": []}, 400, "no_raters"),
        ({"criteria": ["emotion.share_below=1"], "raters": ["nobody"]}, 404, "not_found"),
    ],
)
def test_a_round_that_cannot_be_is_refused(base, raters, body, status, code):
    refused = _asked("study/rounds/", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "reviews/"), ("post", "rounds/"), ("get", "rounds/plan/"), ("get", "addresses/")],
)
def test_reviews_and_rounds_are_for_researchers_of_the_organisation(base, client, method, path):
    body = {"slug": "checked", "criteria": ["emotion.share_below=1"]}
    more = {"data": body, "content_type": "application/json"} if method == "post" else {}
    url = f"/api/studies/study/{path}"
    assert getattr(client, method)(url, **more).status_code == 401
    rater = Rater.consented(base)
    assert getattr(client, method)(url, headers=rater.headers, **more).status_code == 401
    stranger = factories.signed_in("eve@other.example", "other")
    assert getattr(stranger, method)(url, **more).status_code == 404


def test_a_study_whose_raters_do_not_all_see_the_item_is_not_reviewed():
    talked = factories.study("talked", preset="live-dialogue-empathy")
    item = Item.objects.filter(corpus__name="corpus-talked").first()
    proposed = [Proposed(item.pk, "emotion", ({"value": {"labels": ["afraid"]}, "response": None},))]
    with pytest.raises(Invalid, match="review the dialogues instead"):
        open_review(base=talked, slug="checked", proposed=proposed, source="m", requested_by="test")
    assert not Study.objects.filter(slug="checked").exists()
