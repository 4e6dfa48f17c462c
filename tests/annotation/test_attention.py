"""Items whose right answer is known: everybody gets them, they make no label, and who misses them does not count."""

import json
from typing import Any

import pytest

from affectory.errors import Invalid
from annotation.analysis.reading import responses_of
from annotation.analysis.run import compute
from annotation.attention import place_of
from annotation.models import Study
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from annotation.strict import error_lines
from tests import factories
from tests.factories import Rater

CALM = {"key": "calm", "type": "yes_no", "prompt": "Is it calm?", "options": {}}
FEEL = {
    "key": "feel", "type": "scale", "prompt": "How does it feel?",
    "options": {"dimensions": [{"key": "valence", "name": "Valence", "min": 1, "max": 5, "step": 1,
                                "low_label": "bad", "high_label": "good"}]},
}  # fmt: skip
SAYS_YES = {"item": "check-yes", "question": "calm", "labels": ["yes"]}
SAYS_THREE = {"item": "check-three", "question": "feel", "dimension": "valence", "min": 3, "max": 3}
RIGHT = {"calm": {"labels": ["yes"]}, "feel": {"valence": 3}}
WRONG = {"calm": {"labels": ["no"]}, "feel": {"valence": 1}}


def document(quality: dict[str, Any], **raters: int) -> ProtocolSerializer:
    base = factories.protocol("image-emotion", raters=raters)
    return ProtocolSerializer(data={**base, "questions": [CALM, FEEL], "quality": quality})


def study(*rules: dict[str, Any], items: int = 4, most_misses: int | None = None, **raters: int) -> Study:
    quality = {"attention": list(rules)} | ({} if most_misses is None else {"most_misses": most_misses})
    checked = document(quality, **raters)
    checked.is_valid(raise_exception=True)
    of = factories.corpus()
    for key in ("check-three", "check-yes", *(f"picture-{n}" for n in range(items))):
        factories.item(key, of, kind="image")
    return create_study(
        organisation=of.organisation, slug="attentive", title="Attentive",
        document=factories.protocol_from(checked.validated_data),
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def rated(made: Study, answers: dict[str, Any]) -> list[str]:
    """Take part to the end with these answers; returns the keys of the items in the order in which they came."""
    rater = Rater.consented(made)
    while assignment := rater.next():
        assert "attention" not in json.dumps(assignment)
        assert rater.submit(assignment, answers).status_code == 200
    assert rater.get("participation/").json()["state"] == "completed"
    rows = made.participations.order_by("started_at").last().assignments.order_by("position")
    return list(rows.values_list("study_item__item__key", flat=True))


@pytest.mark.django_db
def test_everybody_gets_them_beyond_the_others_and_never_first():
    made = study(SAYS_YES, SAYS_THREE, items=5, items_per_rater=2, per_item=1, practice_items=1)
    seen = [rated(made, RIGHT) for _ in range(2)]
    for practice, first, *others in seen:
        assert practice == "picture-0"
        assert first.startswith("picture")
        assert {"check-yes", "check-three"} < set(others)
        assert len(others) == 3
    # One place for each of the others, and as many as there are people for these.
    assert len({key for keys in seen for key in keys if key.startswith("picture")}) == 5


@pytest.mark.parametrize("total", [2, 5, 30])
def test_each_has_a_place_in_its_part_of_the_items(total):
    people = [f"person-{n}" for n in range(50)]
    places = [[place_of(who, number, 2, total) for number in range(2)] for who in people]
    assert all(1 <= first <= second < total for first, second in places)
    assert total < 5 or len({tuple(pair) for pair in places}) > 1


@pytest.mark.django_db
def test_who_misses_one_does_not_count_and_they_make_no_label():
    made = study(SAYS_YES, SAYS_THREE)
    rated(made, RIGHT)
    rated(made, RIGHT | {"feel": {"valence": 4}})
    found = compute(made)
    assert found.made_from["responses"] == 4 * 2
    assert found.made_from["excluded"] == {"attention": 2 * 2 * 2, "failed_attention": 4 * 2}
    labelled = {label.item for outcome in found.outcomes.values() for label in outcome.labels}
    keys = dict(made.study_items.values_list("item", "item__key"))
    assert {keys[item][:7] for item in labelled} == {"picture"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("most", "answers", "counts"), [(1, WRONG, False), (2, WRONG, True), (0, RIGHT, True)]
)
def test_as_many_misses_as_the_protocol_says_are_forgiven(most, answers, counts):
    made = study(SAYS_YES, SAYS_THREE, most_misses=most)
    rated(made, answers)
    reasons = {row.excluded for row in responses_of(made)}
    assert reasons == {"attention", None if counts else "failed_attention"}


@pytest.mark.django_db
def test_an_item_that_is_not_there_is_named_before_the_study_begins():
    with pytest.raises(Invalid, match="check-no is among the attention items"):
        study({**SAYS_YES, "item": "check-no"})


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        (
            {"attention": [{**SAYS_YES, "question": "joy"}]},
            "quality.attention[0]: no question is called 'joy'.",
        ),
        ({"attention": [{**SAYS_YES, "labels": ["maybe"]}]}, "'maybe' is no label of 'calm'; known: yes, no"),
        ({"attention": [{"item": "check-yes", "question": "calm"}]}, "Say either labels, or a dimension"),
        (
            {"attention": [{"question": "calm", "labels": ["yes"]}]},
            "attention[0].item: This field is required",
        ),
        ({"attention": []}, "quality.attention: "),
        ({"most_misses": 1}, "quality.most_misses: needs items in attention"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(quality, reason):
    given = document(quality)
    assert not given.is_valid()
    assert reason in " ".join(error_lines(given.errors))
