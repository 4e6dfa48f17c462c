"""A release of two studies that ask the same question about the same items."""

import pytest

from annotation.models import Response
from annotation.services.studies import create_study
from tests import factories
from tests.exports import making
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = 3


@pytest.fixture
def _rated():
    """In `one` two raters say joy of every item, in `two` one says anger; one of `one` answers in `two` as well."""
    of = factories.corpus()
    for n in range(ITEMS):
        factories.item(
            f"item-{n}", of, kind="dialogue", context=[{"speaker": "A", "text": f"{n}", "target": True}]
        )
    one, two = (
        create_study(
            organisation=of.organisation, slug=slug, title=slug, document=factories.protocol(),
            collection=factories.collection(of), requested_by="test",
        )
        for slug in ("one", "two")
    )  # fmt: skip
    for study, label in ((one, "joy"), (one, "joy"), (two, "anger")):
        rater = Rater.consented(study)
        for _ in range(ITEMS):
            rater.rate({"emotion": {"labels": [label]}})
    again = Response.objects.filter(study=one).order_by("rater", "item__key")[0]
    Response.objects.create(
        study=two, item=again.item, rater=again.rater, question="emotion", value={"labels": ["fear"]},
        perspective=again.perspective,
    )  # fmt: skip


@pytest.mark.usefixtures("_rated")
def test_answers_of_two_studies_stand_together_by_item_rater_and_question():
    release = making.released(making.dataset(collection="all", studies=["one", "two"]))
    rows = table_of(release, "annotations").to_pylist()
    keys = [(row["item_id"], row["rater_id"], row["question"]) for row in rows]
    assert keys == sorted(keys)
    told = {(row["item_id"], row["question"], row["value_label"]) for row in rows}
    said = {"one_emotion": ["joy"], "two_emotion": ["anger"]}
    everywhere = {(f"item-{n}", name, label) for n in range(ITEMS) for name in said for label in said[name]}
    assert told == everywhere | {("item-0", "two_emotion", "fear")}
    assert len(rows) == 3 * ITEMS + 1
    # Who answers in both studies is one rater of the item.
    items = table_of(release, "items").sort_by("item_id").to_pydict()
    assert items["n_raters"] == [3] * ITEMS
    assert items["one_emotion_label"] == ["joy"] * ITEMS
    assert sorted(table_of(release, "raters").column("n_responses").to_pylist()) == [3, 3, 4]


@pytest.mark.usefixtures("_rated")
def test_a_release_of_one_of_them_holds_nothing_of_the_other():
    release = making.released(making.dataset(collection="all", studies=["two"]))
    assert set(table_of(release, "annotations").column("question").to_pylist()) == {"emotion"}
    assert sorted(table_of(release, "raters").column("n_responses").to_pylist()) == [1, 3]
