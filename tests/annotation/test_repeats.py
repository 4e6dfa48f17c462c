"""Items that come to a rater twice: when, that they make no label, and what they say of test and retest."""

import uuid
from typing import Any

import pytest

from annotation.analysis.reading import responses_of
from annotation.analysis.run import compute
from annotation.models import Study
from annotation.protocol import ProtocolSerializer
from annotation.repeats import repeat_due_at
from annotation.services.studies import create_study
from annotation.strict import error_lines
from tests import factories
from tests.factories import Rater

EMOTION = {
    "key": "emotion", "type": "category", "prompt": "Which emotion?",
    "options": {"labels": [{"key": "joy", "name": "Joy"}, {"key": "fear", "name": "Fear"}]},
}  # fmt: skip
FEEL = {
    "key": "feel", "type": "scale", "prompt": "How does it feel?",
    "options": {"dimensions": [{"key": "valence", "name": "Valence", "min": 1, "max": 9, "step": 1,
                                "low_label": "bad", "high_label": "good"}]},
}  # fmt: skip
AFTER_TWO = {"items": 2, "after": 2}


def checked(repeats: dict[str, Any], *asked: dict[str, Any], **raters: int) -> ProtocolSerializer:
    base = factories.protocol("image-emotion", raters=raters)
    quality = {"repeats": repeats}
    return ProtocolSerializer(data={**base, "questions": list(asked or (EMOTION, FEEL)), "quality": quality})


def study(
    repeats: dict[str, Any], *, items: int = 6, asked: tuple[dict[str, Any], ...] = (), **raters: int
) -> Study:
    found = checked(repeats, *asked, **raters)
    found.is_valid(raise_exception=True)
    of = factories.corpus()
    for number in range(items):
        factories.item(f"picture-{number}", of, kind="image")
    return create_study(
        organisation=of.organisation, slug="twice", title="Twice",
        document=factories.protocol_from(found.validated_data),
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def shown(made: Study) -> list[tuple[str, int]]:
    """What the newest rater got, in order: item and take; practice left out."""
    rows = made.participations.order_by("started_at").last().assignments.order_by("position")
    rows = rows.filter(study_item__practice=False)
    return list(rows.values_list("study_item__item__key", "take"))


def number_of(key: str) -> int:
    return int(key.removeprefix("picture-"))


def rated(made: Study, *, moved: int = 0) -> Rater:
    """Answer everything: item n is n + 1, and ``moved`` more the second time, as is told apart by what was seen."""
    rater = Rater.consented(made)
    seen: set[str] = set()
    keys = {str(pk): key for pk, key in made.study_items.values_list("item", "item__key")}
    while assignment := rater.next():
        key = keys[assignment["item"]["id"]]
        value = number_of(key) + 1 + (moved if key in seen else 0)
        label = "joy" if value % 2 else "fear"
        answer = rater.submit(assignment, {"emotion": {"labels": [label]}, "feel": {"valence": value}})
        assert answer.status_code == 200, answer.content
        seen.add(key)
    assert rater.get("participation/").json()["state"] == "completed"
    return rater


@pytest.mark.django_db
def test_some_items_come_again_with_enough_others_between():
    made = study(AFTER_TWO, items=7, items_per_rater=5, practice_items=1)
    rated(made)
    order = shown(made)
    first = [key for key, take in order if take == 0]
    again = [key for key, take in order if take == 1]
    assert len(first) == len(set(first)) == 5
    assert len(set(again)) == 2
    assert "picture-0" not in again
    for key in again:
        assert order.index((key, 1)) - order.index((key, 0)) > 2


@pytest.mark.django_db
def test_a_reload_and_a_second_tab_get_the_same_repeat_and_nothing_tells_that_it_is_one():
    made = study({"share": 0.5, "after": 1}, items=2, items_per_rater=2)
    rater = Rater.consented(made)
    progress = rater.get("participation/").json()["progress"]
    assert progress["total"] == 3
    first = rater.rate()
    rater.rate()
    again, tab = rater.next(), rater.next()
    assert again["id"] == tab["id"] != first["id"]
    assert again["item"]["id"] == first["item"]["id"]
    assert set(again) == set(first)
    assert not [key for key in again if "take" in key or "repeat" in key]
    assert rater.submit(again).status_code == 200
    assert rater.submit(tab).json()["code"] == "already_submitted"
    assert rater.next() is None
    told = rater.get("participation/").json()
    assert (told["state"], told["progress"]["done"], made.responses.count()) == ("completed", 3, 6)


@pytest.mark.django_db
def test_only_the_first_answer_counts_and_both_give_the_retest():
    made = study(AFTER_TWO, items=6)
    rated(made, moved=1)
    rated(made, moved=1)
    found = compute(made)
    assert found.made_from["responses"] == 2 * 6 * 2
    assert found.made_from["excluded"] == {"repeat": 2 * 2 * 2}
    labels = {label.item: label for label in found.outcomes["feel"].labels}
    means = {item.key: labels[item.id].value["valence"] for item in responses_of(made).items}
    assert means == {f"picture-{n}": n + 1 for n in range(6)}
    (r,) = [row for row in found.outcomes["feel"].agreement if row.measure.startswith("retest")]
    assert (r.measure, r.dimension, r.result.n_units_used, r.result.n_raters) == (
        "retest_correlation", "valence", 4, 2,
    )  # fmt: skip
    assert r.result.value == pytest.approx(1)
    (kappa,) = [row for row in found.outcomes["emotion"].agreement if row.measure.startswith("retest")]
    # Whatever was joy became fear, and the other way round.
    assert kappa.measure == "retest_kappa"
    assert kappa.result.details["observed_agreement"] == 0
    assert "same rater" in kappa.result.convention


@pytest.mark.django_db
def test_a_repeat_takes_no_place_of_another_rater():
    made = study(AFTER_TWO, items=4, per_item=2, items_per_rater=4)
    for _ in range(2):
        rated(made)
        assert sorted(take for _, take in shown(made)) == [0, 0, 0, 0, 1, 1]
    assert Rater.consented(made).next() is None


@pytest.mark.django_db
def test_who_skips_gets_no_other_items_in_place_of_repeats():
    made = study({"items": 2, "after": 1}, items=6, items_per_rater=3)
    made.protocol.document["presentation"]["skip"] = True
    made.protocol.save()
    rater = Rater.consented(made)
    while assignment := rater.next():
        assert rater.post(f"assignments/{assignment['id']}/skip/").status_code == 200
    assert [take for _, take in shown(made)] == [0, 0, 0]
    assert rater.get("participation/").json()["state"] == "completed"


@pytest.mark.django_db
def test_a_study_with_too_few_items_shows_each_once():
    made = study({"items": 1, "after": 3}, items=3)
    rated(made)
    assert [take for _, take in shown(made)] == [0, 0, 0]
    assert "repeat" not in compute(made).made_from["excluded"]


@pytest.mark.django_db
def test_sets_of_labels_and_answers_that_were_only_given_once():
    several = {**EMOTION, "required": False, "options": {**EMOTION["options"], "multiple": True}}
    made = study({"items": 2, "after": 1}, items=3, asked=(several, FEEL), items_per_rater=3)
    rater = Rater.consented(made)
    again = iter([{"emotion": {"labels": ["joy", "fear"]}}, {}])
    while assignment := rater.next():
        seen = made.responses.filter(item=assignment["item"]["id"]).exists()
        chosen = next(again) if seen else {"emotion": {"labels": ["joy"]}}
        assert rater.submit(assignment, {**chosen, "feel": {"valence": 5}}).status_code == 200
    found = compute(made)
    (jaccard,) = [row for row in found.outcomes["emotion"].agreement if row.measure == "retest_jaccard"]
    assert jaccard.result.n_units_used == 1
    assert jaccard.result.value == 0.5
    (r,) = [row for row in found.outcomes["feel"].agreement if row.measure == "retest_correlation"]
    assert r.result.value is None
    assert r.result.reason


@pytest.mark.parametrize("total", [9, 40])
def test_repeats_are_due_in_their_parts_of_the_items_and_late_enough(total):
    people = [uuid.uuid5(uuid.NAMESPACE_OID, str(n)) for n in range(50)]
    due = [[repeat_due_at(who, number, 3, total, 2) for number in range(3)] for who in people]
    assert all(3 <= one <= two <= three < total for one, two, three in due)
    assert len({tuple(places) for places in due}) > 1


@pytest.mark.parametrize(
    ("repeats", "reason"),
    [
        ({"after": 2}, "quality.repeats.items: say either items or share."),
        ({"items": 1, "share": 0.5, "after": 2}, "quality.repeats.items: say either items or share."),
        ({"items": 1}, "quality.repeats.after: This field is required."),
        ({"items": 1, "after": 5}, "quality.repeats.after: must be below items_per_rater (5)"),
        ({"items": 4, "after": 2}, "quality.repeats.items: is too much: at most 3 of 5 items can come again"),
        ({"share": 0.8, "after": 2}, "quality.repeats.share: is too much: at most 3 of 5 items"),
        ({"share": 1.5, "after": 2}, "quality.repeats.share: "),
        ({"items": 1, "after": 2, "times": 2}, "quality.repeats.times: is not known here"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(repeats, reason):
    given = checked(repeats, items_per_rater=5)
    assert not given.is_valid()
    assert reason in " ".join(error_lines(given.errors))


def test_what_raters_make_comes_once():
    base = factories.protocol("self-recording")
    given = ProtocolSerializer(data={**base, "quality": {"repeats": {"items": 1, "after": 2}}})
    assert not given.is_valid()
    assert "quality.repeats: cannot be: answers to" in " ".join(error_lines(given.errors))
