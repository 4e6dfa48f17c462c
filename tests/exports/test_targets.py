"""A release says whom each rater had picked, and counts answers about one person only."""

import pytest

from tests.annotation.test_targets import PEOPLE, handed_in, study
from tests.exports.making import dataset, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_person_is_in_the_table_and_the_others_are_left_out_by_name():
    made = study({"people": PEOPLE}, slug="study")
    for target in ("Bob", "Ann"):
        assert handed_in(Rater.consented(made), target).status_code == 200
    release = released(dataset())
    rows = table_of(release, "annotations").to_pylist()
    assert {(row["target"], row["excluded"]) for row in rows} == {("Ann", None), ("Bob", "other_target")}
    (item,) = table_of(release, "items").to_pylist()
    assert (item["n_raters"], item["vad_valence_n"]) == (1, 1)
