"""A release of a reviewed study says which answers were given after something was shown."""

import pytest

from annotation.models import Study
from annotation.services.analyses import request_analysis
from annotation.services.reviews import open_review, proposals_from_labels
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


def _rated_by(study: Study, n: int, items: int = 3) -> None:
    for _ in range(n):
        rater = Rater.consented(study)
        for _ in range(items):
            rater.rate()


@pytest.fixture
def reviewed() -> Study:
    """Labels of three raters, which two others confirm."""
    base = factories.study(items=3, per_item=9)
    _rated_by(base, 3)
    performed(request_analysis(study=base, requested_by="test", delay_s=0))
    made = open_review(
        base=base, slug="checked", proposed=proposals_from_labels(base), source="labels of study",
        requested_by="test",
    )  # fmt: skip
    _rated_by(made, 2)
    return made


def test_exposed_answers_are_marked_in_the_table_and_counted_apart(reviewed):
    release = released(dataset(studies=["study", "checked"]))
    rows = table_of(release, "annotations").to_pylist()
    assert {(row["question"], row["exposed"]) for row in rows} == {
        ("study_emotion", False),
        ("checked_emotion", True),
    }
    told = {(row["question"], row["exposed"], row["n_raters"]) for row in release.summary["agreement"]}
    assert told == {("study_emotion", False, 3), ("checked_emotion", True, 2)}
    card = read_bytes(release.files.get(path="README.md").sha256).decode()
    assert "Before 6 of them raters were shown a proposal (labels of study) to confirm or edit" in card
    assert "krippendorff_alpha_nominal (after a proposal or others' answers were shown)" in card
    assert "protocol meld 9" in card
    assert "a proposal was shown" in card


def test_a_release_without_reviews_has_no_such_column(reviewed):
    assert "exposed" not in table_of(released(dataset(studies=["study"])), "annotations").column_names
