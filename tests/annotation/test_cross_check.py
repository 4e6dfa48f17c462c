"""The independent library agrees with us, and its number stands beside ours."""

import numpy as np
import pytest

from affectory.agreement import krippendorff_alpha
from affectory.tables import RatingTable
from annotation.analysis.cross_check import second_opinion


def tables() -> dict[str, RatingTable]:
    rng = np.random.default_rng(7)
    ratings = np.where(rng.random((5, 80)) < 0.3, np.nan, rng.integers(1, 6, (5, 80)))
    return {
        "with missing ratings": RatingTable.from_dense(ratings),
        "vote counts": RatingTable.from_counts(rng.integers(0, 4, (60, 5)), categories=list("abcde")),
    }


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
@pytest.mark.parametrize("name", tables())
def test_the_second_opinion_is_our_number(name, level):
    table = tables()[name]
    ours = krippendorff_alpha(table, level=level)
    theirs = second_opinion(table, level, ours)["second_opinion"]
    assert theirs["value"] == pytest.approx(ours.value, abs=1e-9)
    assert theirs["library"].startswith("krippendorff ")


def test_there_is_no_second_opinion_on_what_is_undefined():
    table = RatingTable.from_dense([[1.0, 1.0], [1.0, 1.0]])
    assert second_opinion(table, "nominal", krippendorff_alpha(table, level="nominal")) == {}
