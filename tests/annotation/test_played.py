"""Where a protocol wants an item played before it is answered, the server holds raters to what they say was played."""

from typing import Any

import pytest

from annotation.models import Assignment, Study
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from annotation.strict import error_lines
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from tests import factories
from tests.factories import DURATION_S, Rater

CALM = {"key": "calm", "type": "yes_no", "prompt": "Is it calm?", "options": {}}


def document(rule: dict[str, Any], **more: Any) -> ProtocolSerializer:
    base = factories.protocol("crema-d")
    presentation = {**base["presentation"], "must_play": rule}
    return ProtocolSerializer(data={**base, "questions": [CALM], "presentation": presentation, **more})


def study(rule: dict[str, Any], kind: str = "video", group: str = "") -> Study:
    checked = document(rule, item_kinds=["group" if group else kind])
    checked.is_valid(raise_exception=True)
    of = factories.corpus()
    for n in range(2 if group else 1):
        factories.item(f"clip-{n}", of, kind=kind)
    shown = factories.collection(of)
    if group:
        request = GroupRequest(name="made", design=group)
        shown = make_groups(
            organisation_id=of.organisation_id, collection="all", requested_by="test", request=request
        ).collection
    return create_study(
        organisation=of.organisation, slug="played", title="Played",
        document=factories.protocol_from(checked.validated_data), collection=shown, requested_by="test",
    )  # fmt: skip


def played(*ends: tuple[float, float], part: str = "") -> dict[str, Any]:
    return {"stretches": [{"part": part, "from_s": start, "to_s": end} for start, end in ends]}


def handed_in(rule: dict[str, Any], told: dict[str, Any], **more: Any) -> Any:
    rater = Rater.consented(study(rule, **more))
    return rater.submit(rater.next(), played=told)


ONCE, TWICE, TWO_S = {"times": 1}, {"times": 2}, {"seconds": 2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (ONCE, played((0, DURATION_S))),
        # In pieces, in any order, and what players lose.
        (ONCE, played((1.9, 3.8), (0, 1.9))),
        (TWICE, played((0, 4), (0, 2), (1.9, 4))),
        (TWO_S, played((1, 2), (3, 4))),
        ({"seconds": 60}, played((0, 4))),
    ],
)
def test_what_was_played_long_enough_is_taken(rule, told):
    assert handed_in(rule, told).status_code == 200
    assert Assignment.objects.get().played == told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "told", "reason"),
    [
        (ONCE, {}, "must list its stretches"),
        (ONCE, {"stretches": [[0, 4]]}, "must list its stretches"),
        (ONCE, {"stretches": [{"part": "", "from_s": "nan", "to_s": 4}]}, "must list its stretches"),
        (ONCE, played(), "4.0 s have not been played yet."),
        (ONCE, played((0, 3)), "1.0 s have not"),
        (ONCE, played((3, 0), (0, 3)), "must list its stretches"),
        # Beyond the end there is nothing to hear, and the same second counts once.
        (ONCE, played((2, 90)), "2.0 s have not"),
        (ONCE, played((0, 2), (0, 2)), "2.0 s have not"),
        (TWICE, played((0, 4), (0, 1)), "3.0 s have not"),
        (TWICE, played((0, 2), (0, 2), (0, 2), (0, 2)), "4.0 s have not"),
        (TWO_S, played((0, 1), (0, 1)), "1.0 s have not"),
    ],
)
def test_what_was_not_is_refused_with_the_seconds_that_are_left(rule, told, reason):
    answer = handed_in(rule, told)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_played")
    assert reason in answer.json()["details"]["played"]


@pytest.mark.django_db
def test_of_a_group_every_part_that_plays_has_to_be_played():
    rater = Rater.consented(study(ONCE, group="all_pairs"))
    assignment = rater.next()
    first, second = (part["name"] for part in assignment["item"]["parts"])
    one = played((0, 4), part=first)
    refused = rater.submit(assignment, played=one)
    assert refused.json()["details"] == {second: "4.0 s have not been played yet."}
    both = {"stretches": [*one["stretches"], *played((0, 4), part=second)["stretches"]]}
    assert rater.submit(assignment, played=both).status_code == 200


@pytest.mark.django_db
def test_the_page_is_told_what_is_wanted():
    assert Rater.consented(study(TWICE)).next()["presentation"]["must_play"] == TWICE


@pytest.mark.django_db
def test_without_the_option_nothing_has_to_be_played():
    rater = Rater.consented(factories.study(preset="crema-d"))
    assignment = rater.next()
    assert assignment["presentation"]["must_play"] is None
    assert rater.submit(assignment).status_code == 200


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (document({}), "presentation.must_play: Say either times or seconds."),
        (document({"times": 1, "seconds": 3}), "Say either times or seconds."),
        (document({"times": 0}), "must_play.times: "),
        (document({"time": 1}), "must_play.time: is not known here"),
        (document(ONCE, item_kinds=["image", "text"]), "must_play: no such item is played"),
        (document(ONCE, questions=factories.protocol("veatic")["questions"], item_kinds=["video"]),
         "must_play: cannot be: 'affect' plays the medium itself."),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_refused_by_name(given, reason):
    assert not given.is_valid()
    assert reason in " ".join(error_lines(given.errors))
