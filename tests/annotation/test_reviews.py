"""Raters who are shown something first: it is kept what, and their answers are not mixed with independent ones."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from annotation.analysis.disagreement import Criterion
from annotation.analysis.exposure import CONVENTION
from annotation.analysis.run import compute
from annotation.models import Exposure, Proposal, Response, Study
from annotation.services.erasure import erase_answers_of
from annotation.services.reviews import Proposed, open_review, open_round, raters_of
from ingest.models import Item
from tests import factories
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
        {"question": "emotion", "value": {"labels": ["joy"]}, "said": [{"text": "Joy", "times": 1}]}
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
            "said": [{"text": text, "times": 1} for text in ("Anger", "Fear", "Joy")],
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
