"""Where several people are marked in an item the rater picks one; answers about others are not counted with hers."""

from typing import Any

import pytest

from annotation.analysis.reading import responses_of
from annotation.analysis.run import compute
from annotation.models import Response, Study
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from annotation.strict import error_lines
from tests import factories
from tests.factories import Rater, some_value

PEOPLE = {"Ann": [[0, 0.1, 0.2, 0.2, 0.5]], "Bob": [[0, 0.6, 0.2, 0.2, 0.5]]}


def study(metadata: dict[str, Any], slug: str = "pictures", items: int = 1) -> Study:
    given = factories.protocol("image-emotion", presentation={"choose_target": True})
    of = factories.corpus(f"corpus-{slug}")
    for n in range(items):
        factories.item(f"picture-{n}", of, kind="image", metadata=metadata)
    return create_study(
        organisation=of.organisation, slug=slug, title=slug, document=given,
        collection=factories.collection(of, f"all-{slug}"), requested_by="test",
    )  # fmt: skip


def handed_in(rater: Rater, target: str | None) -> Any:
    assignment = rater.next()
    answers = {question["key"]: some_value(question) for question in assignment["questions"]}
    return rater.submit(assignment, answers, **({} if target is None else {"target": target}))


def test_who_is_rated_is_either_said_or_picked():
    given = factories.protocol("image-emotion", presentation={"choose_target": True, "target": "character"})
    checked = ProtocolSerializer(data=given)
    assert not checked.is_valid()
    assert "presentation.choose_target: cannot be, as `target` says" in " ".join(error_lines(checked.errors))


@pytest.mark.django_db
def test_the_answers_say_whom_the_rater_picked():
    rater = Rater.consented(study({"people": PEOPLE}))
    item = rater.next()["item"]
    assert (item["choose_from"], item["target"]) == (["Ann", "Bob"], None)
    assert handed_in(rater, "Bob").status_code == 200
    assert set(Response.objects.values_list("target", flat=True)) == {"Bob"}


@pytest.mark.django_db
@pytest.mark.parametrize("target", [None, "", "Eve"])
def test_somebody_has_to_be_picked_of_those_who_are_there(target):
    answer = handed_in(Rater.consented(study({"people": PEOPLE})), target)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_target")
    assert "one of Ann, Bob" in answer.json()["message"]
    assert not Response.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("metadata", [{}, {"people": {"Ann": PEOPLE["Ann"]}}])
def test_where_there_is_no_choice_nothing_is_picked(metadata):
    rater = Rater.consented(study(metadata))
    assert rater.next()["item"]["choose_from"] == []
    assert handed_in(rater, "Ann").json()["code"] == "invalid_target"
    assert handed_in(rater, None).status_code == 200


@pytest.mark.django_db
def test_answers_about_different_people_are_not_counted_together():
    made = study({"people": PEOPLE})
    made.protocol.document["raters"]["per_item"] = 9
    made.protocol.save()
    for target in ("Bob", "Ann", "Bob"):
        assert handed_in(Rater.consented(made), target).status_code == 200
    found = compute(made)
    n_questions = len(made.protocol.document["questions"])
    assert found.made_from["excluded"] == {"other_target": n_questions}
    assert {label.n_raters for outcome in found.outcomes.values() for label in outcome.labels} == {2}
    told = {(row.target, row.excluded) for row in responses_of(made)}
    assert told == {("Bob", None), ("Ann", "other_target")}


@pytest.mark.django_db
def test_of_equally_many_the_first_by_name_counts():
    made = study({"people": PEOPLE})
    for target in ("Bob", "Ann"):
        handed_in(Rater.consented(made), target)
    assert {row.target for row in responses_of(made) if row.excluded is None} == {"Ann"}
