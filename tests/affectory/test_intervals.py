"""Intervals over units: what a bootstrap written down plainly finds, of few units and of many."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from affectory import agreement
from affectory.results import Measurement

DRAWS = 100
PACKS = 2000


def _ratings(n_units: int, *, steps: int) -> np.ndarray:
    """Three raters who share a truth, numbers of so many steps, some missing; shape (raters, units)."""
    rng = np.random.default_rng(n_units + steps)
    truth = rng.normal(size=n_units)
    told = steps * (0.5 + 0.2 * truth + 0.15 * rng.normal(size=(3, n_units)))
    ratings = np.clip(np.round(told), 1, steps)
    ratings[rng.random(ratings.shape) < 0.1] = np.nan
    return ratings


#: Neighbouring numbers share a label.
SETS = np.array([None, *(frozenset({str(one), str(one + 1)}) for one in range(1, 6))], dtype=object)


def _sets(ratings: np.ndarray) -> list[list[frozenset[str] | None]]:
    return SETS[np.nan_to_num(ratings).astype(int)].tolist()


def _sets_alpha(ratings: np.ndarray, **how: float) -> Measurement:
    return agreement.set_alpha(_sets(ratings), **how)


def _label_alpha(ratings: np.ndarray, **how: float) -> Measurement:
    return agreement.per_label_alpha(_sets(ratings), ["3"], **how)["3"]


def _alpha(level: str) -> Callable[..., Measurement]:
    return partial(agreement.krippendorff_alpha, level=level)


def _icc(form: str) -> Callable[..., Measurement]:
    return lambda ratings, **how: agreement.icc_one_way(ratings, **how)[form]


MEASURES = {
    "ICC(1)": (_icc("ICC1"), 100),
    "ICC(1,k)": (_icc("ICC1k"), 100),
    "nominal": (_alpha("nominal"), 5),
    "interval": (_alpha("interval"), 5),
    "ratio": (_alpha("ratio"), 5),
    "ordinal, few steps": (_alpha("ordinal"), 5),
    "ordinal, many steps": (_alpha("ordinal"), 1000),
    "sets": (_sets_alpha, 5),
    "one label": (_label_alpha, 5),
    "per cent": (agreement.percent_agreement, 5),
}


@pytest.mark.parametrize("n_units", [60, 3000])
@pytest.mark.parametrize("name", MEASURES)
def test_an_interval_is_as_wide_as_units_drawn_again_make_it(name, n_units):
    measure, steps = MEASURES[name]
    ratings = _ratings(n_units, steps=steps)
    found = measure(ratings, ci=0.95, seed=3)
    rng = np.random.default_rng(1)
    drawn = [measure(ratings[:, rng.integers(n_units, size=n_units)]).value for _ in range(DRAWS)]
    low, high = found.ci
    assert low < found.value < high
    assert high - low == pytest.approx(2 * 1.96 * np.std(drawn), rel=0.2)
    assert (low + high) / 2 == pytest.approx(np.mean(drawn), abs=0.5 * np.std(drawn))
    assert found.value == pytest.approx(measure(ratings).value, abs=1e-12)
    assert measure(ratings, ci=0.95, seed=3, packs=n_units).as_dict() == found.as_dict()


#: The more draws, the closer: widths of two intervals differ by 4 % (one deviation) after 1,000, by 10 % after 150.
@pytest.mark.parametrize(("n_units", "draws", "close"), [(10_000, 1000, 0.12), (100_000, 150, 0.3)])
@pytest.mark.parametrize("name", MEASURES)
def test_many_units_are_drawn_singly_unless_packs_are_asked_for(name, n_units, draws, close):
    measure, steps = MEASURES[name]
    ratings = _ratings(n_units, steps=steps)
    singly, packed = (measure(ratings, ci=0.95, draws=draws, seed=3, packs=packs) for packs in (None, PACKS))
    assert singly.details["ci_method"] == "percentile bootstrap over units"
    assert "ci_packs" not in singly.details
    assert packed.details["ci_method"] == "percentile bootstrap over random packs of units"
    assert packed.details["ci_packs"] == PACKS
    assert packed.value == singly.value
    width = singly.ci[1] - singly.ci[0]
    assert packed.ci[1] - packed.ci[0] == pytest.approx(width, rel=close)
    assert sum(packed.ci) / 2 == pytest.approx(sum(singly.ci) / 2, abs=width / 8)


def test_fewer_than_two_packs_are_refused():
    with pytest.raises(ValueError, match="packs: 1 is below 2"):
        agreement.krippendorff_alpha([[1, 2], [1, 3]], level="nominal", ci=0.95, packs=1)


@pytest.mark.parametrize("name", MEASURES)
def test_an_interval_repeats_with_its_seed_and_without_a_level_there_is_none(name):
    measure, steps = MEASURES[name]
    ratings = _ratings(40, steps=steps)
    first, again, other = (measure(ratings, ci=0.9, draws=50, seed=seed) for seed in (7, 7, 8))
    assert first.as_dict() == again.as_dict()
    assert first.ci != other.ci
    assert measure(ratings).ci is None


def test_one_unit_alone_has_no_interval_and_says_so():
    for measure in (_alpha("ordinal"), _sets_alpha, agreement.percent_agreement):
        found = measure(np.array([[3.0], [3.0], [4.0]]), ci=0.95)
        assert found.value is not None
        assert (found.ci, found.reason) == (None, "one unit alone has no interval over units")


def test_the_interval_of_rankings_is_that_of_the_mean_over_what_was_ranked_together():
    rng = np.random.default_rng(5)
    ranked = [np.argsort(np.arange(4) + rng.normal(size=(3, 4)), axis=1) + 1 for _ in range(9)]
    single = [agreement.ranking_agreement([one]).value for one in ranked]
    found = agreement.ranking_agreement(ranked, ci=0.95)
    assert found.ci == agreement.cluster_mean(single, range(9)).ci
    assert found.details["pairs"] == 27
    assert agreement.ranking_agreement(ranked).ci is None
