"""What must not change a measure. Every measure of agreement and every fusion joins the table below.

A new measure is one entry: how to call it on a matrix (raters, units), and which changes it must not see.
"""

import dataclasses
import inspect
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from affectory import aggregation, agreement, fusion
from affectory.results import Measurement
from affectory.tables import RatingTable


@dataclasses.dataclass(frozen=True)
class Measure:
    """One measure under test and the changes it must not see."""

    of: Callable[[np.ndarray], Measurement]
    raters: int = 4
    words: bool = False  # ratings are names: relabelling must not matter, distances have no meaning
    shift: bool = False  # one constant added to everything
    scale: bool = False  # everything multiplied by one positive constant
    duplicates: bool = False  # each unit counted twice
    gaps: bool = True  # missing ratings are accepted
    padding: bool = True  # units that nobody rated change nothing
    perfect: float | None = 1.0  # value when all raters say the same
    lots: float = 0.0  # how far the order of raters or units may move it, where lots are drawn over them


def pair(measure):
    return lambda ratings: measure(ratings[0], ratings[1])


def alpha(level):
    return lambda ratings: agreement.krippendorff_alpha(ratings, level=level)


def icc(form):
    return lambda ratings: agreement.icc(ratings)[form]


def as_sets(ratings):
    return [[None if np.isnan(one) else {str(one)} for one in row] for row in ratings]


def sets(**how):
    return lambda ratings: agreement.set_alpha(as_sets(ratings), **how)


def one_label(ratings):
    return agreement.per_label_alpha(as_sets(ratings), ["3.0"])["3.0"]


def middle(ratings):
    return float(np.nanmean(ratings)) if (~np.isnan(ratings)).any() else 0.0


def rater(field, reports=agreement.rater_reports):
    """What is reported of the rater in the middle, who stays there when the order is turned round."""
    return lambda ratings: getattr(reports(ratings)[len(ratings) // 2], field)


MEASURES = {
    "alpha nominal": Measure(alpha("nominal"), words=True, shift=True, scale=True),
    "alpha ordinal": Measure(alpha("ordinal"), shift=True, scale=True),
    "alpha interval": Measure(alpha("interval"), shift=True, scale=True),
    "alpha ratio": Measure(alpha("ratio"), scale=True),
    "percent": Measure(agreement.percent_agreement, words=True, shift=True, scale=True, duplicates=True),
    "cohen": Measure(
        pair(agreement.cohen_kappa), raters=2, words=True, shift=True, scale=True, duplicates=True
    ),
    "cohen linear": Measure(
        lambda r: agreement.cohen_kappa(r[0], r[1], weights="linear"),
        raters=2, shift=True, scale=True, duplicates=True,
    ),
    "fleiss": Measure(
        lambda r: agreement.fleiss_kappa(RatingTable.from_dense(r), unequal="pool"),
        words=True, shift=True, scale=True, duplicates=True,
    ),
    "gwet": Measure(agreement.gwet_ac, words=True, shift=True, scale=True, duplicates=True),
    "gwet quadratic": Measure(
        lambda r: agreement.gwet_ac(r, weights="quadratic"), shift=True, scale=True, duplicates=True
    ),
    "fleiss shares": Measure(
        lambda r: agreement.fleiss_kappa(RatingTable.from_dense(r), unequal="shares"),
        words=True, shift=True, scale=True, duplicates=True,
    ),
    "fleiss shares linear": Measure(
        lambda r: agreement.fleiss_kappa(RatingTable.from_dense(r), unequal="shares", weights="linear"),
        shift=True, scale=True, duplicates=True,
    ),
    "conger": Measure(agreement.conger_kappa, words=True, shift=True, scale=True, duplicates=True),
    "conger ordinal": Measure(
        lambda r: agreement.conger_kappa(r, weights="ordinal"), shift=True, scale=True, duplicates=True
    ),
    "brennan prediger": Measure(
        agreement.brennan_prediger, words=True, shift=True, scale=True, duplicates=True
    ),
    "brennan prediger quadratic": Measure(
        lambda r: agreement.brennan_prediger(r, weights="quadratic"), shift=True, scale=True, duplicates=True
    ),
    "alpha weighted": Measure(agreement.weighted_alpha, words=True, shift=True, scale=True),
    "alpha weighted linear": Measure(
        lambda r: agreement.weighted_alpha(r, weights="linear"), shift=True, scale=True
    ),
    "cohen ordinal": Measure(
        lambda r: agreement.cohen_kappa(r[0], r[1], weights="ordinal"),
        raters=2, shift=True, scale=True, duplicates=True,
    ),
    **{
        form: Measure(icc(form), shift=True, scale=True)
        for form in ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
    },
    "ICC1 unequal": Measure(lambda r: agreement.icc_one_way(r)["ICC1"], shift=True, scale=True),
    "cronbach": Measure(agreement.cronbach_alpha, shift=True, scale=True, duplicates=True),
    "ccc": Measure(pair(agreement.ccc), raters=2, shift=True, scale=True, duplicates=True),
    "pearson": Measure(pair(agreement.pearson), raters=2, shift=True, scale=True, duplicates=True),
    "spearman": Measure(pair(agreement.spearman), raters=2, shift=True, scale=True, duplicates=True),
    "kendall": Measure(pair(agreement.kendall), raters=2, shift=True, scale=True, duplicates=True),
    "rmse": Measure(pair(agreement.rmse), raters=2, shift=True, duplicates=True, perfect=0.0),
    "mae": Measure(pair(agreement.mae), raters=2, shift=True, duplicates=True, perfect=0.0),
    "pairwise ccc": Measure(
        lambda r: agreement.pairwise_ccc(r).mean, shift=True, scale=True, duplicates=True
    ),
    "pairwise pearson": Measure(
        lambda r: agreement.pairwise_pearson(r).mean, shift=True, scale=True, duplicates=True
    ),
    "item total": Measure(agreement.item_total, shift=True, scale=True, duplicates=True),
    "set alpha": Measure(sets(), words=True, shift=True, scale=True),
    "set alpha jaccard": Measure(sets(distance="jaccard"), words=True, shift=True, scale=True),
    "per label": Measure(one_label),
    "alpha from sums": Measure(
        lambda r: agreement.alpha_from_sums(agreement.unit_sums(r, centre=middle(r))), shift=True, scale=True
    ),
    "cohen quadratic": Measure(
        lambda r: agreement.cohen_kappa(r[0], r[1], weights="quadratic"),
        raters=2, shift=True, scale=True, duplicates=True,
    ),
    "gwet linear": Measure(
        lambda r: agreement.gwet_ac(r, weights="linear"), shift=True, scale=True, duplicates=True
    ),
    "gwet ordinal": Measure(
        lambda r: agreement.gwet_ac(r, weights="ordinal"), shift=True, scale=True, duplicates=True
    ),
    "ccc n-1": Measure(lambda r: agreement.ccc(r[0], r[1], ddof=1), raters=2, shift=True, scale=True),
    "kendall c": Measure(
        lambda r: agreement.kendall(r[0], r[1], variant="c"),
        raters=2, shift=True, scale=True, duplicates=True, perfect=None,
    ),
    "retest": Measure(pair(agreement.retest_correlation), raters=2, shift=True, scale=True, duplicates=True),
    "split half": Measure(
        lambda r: agreement.split_half(r, draws=200), shift=True, scale=True, lots=0.02
    ),
    "rater r": Measure(rater("r"), raters=2, shift=True, scale=True, duplicates=True),
    "rater ccc": Measure(rater("ccc"), raters=2, shift=True, scale=True, duplicates=True),
    "alpha without": Measure(rater("alpha_without"), raters=3, shift=True, scale=True),
    "alpha without, words": Measure(
        rater("alpha_without", agreement.category_rater_reports),
        raters=3, words=True, shift=True, scale=True,
    ),
}  # fmt: skip
NAMES = sorted(MEASURES)


def panel(measure, *, missing=0.0, units=40, seed=0):
    """Raters who share a truth, on whole numbers from 1 to 5."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 6, units)
    ratings = np.clip(truth + rng.integers(-1, 2, (measure.raters, units)), 1, 5).astype(float)
    ratings[rng.random(ratings.shape) < missing] = np.nan
    return ratings


def value(measure, ratings):
    found = measure.of(ratings)
    assert found.value is not None, found.reason
    return found.value


@pytest.fixture(params=NAMES)
def measure(request):
    return MEASURES[request.param]


def only(applies):
    """The measures of which it is true, in place of all."""
    return pytest.mark.parametrize(
        "measure", [pytest.param(MEASURES[name], id=name) for name in NAMES if applies(MEASURES[name])]
    )


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_order_of_raters_does_not_matter(measure, missing):
    ratings = panel(measure, missing=missing)
    tolerance = measure.lots or 1e-10
    assert value(measure, ratings[::-1]) == pytest.approx(value(measure, ratings), abs=tolerance)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_order_of_units_does_not_matter(measure, missing):
    ratings = panel(measure, missing=missing)
    order = np.random.default_rng(1).permutation(ratings.shape[1])
    assert value(measure, ratings[:, order]) == pytest.approx(value(measure, ratings), abs=1e-10)


@only(lambda measure: measure.words)  # distances between values count elsewhere
def test_names_of_categories_do_not_matter(measure):
    ratings = panel(measure, missing=0.2 if measure.gaps else 0)
    renamed = np.array([np.nan, 30.0, 7.0, 12.0, 1.0, 99.0])[np.nan_to_num(ratings).astype(int)]
    assert value(measure, renamed) == pytest.approx(value(measure, ratings), abs=1e-10)


@only(lambda measure: measure.shift)  # the others have a zero point
@pytest.mark.parametrize("constant", [3.0, -2.0, 1e6])
@pytest.mark.parametrize("step", [1.0, 0.1, 1 / 3])
def test_a_common_shift_does_not_matter(measure, constant, step):
    ratings = step * panel(measure, missing=0.2)
    assert value(measure, ratings + constant) == pytest.approx(value(measure, ratings), abs=1e-9)


@only(lambda measure: measure.scale)  # the others have a unit
@pytest.mark.parametrize("constant", [0.25, 1000.0])
def test_a_common_unit_does_not_matter(measure, constant):
    ratings = panel(measure, missing=0.2)
    assert value(measure, ratings * constant) == pytest.approx(value(measure, ratings), abs=1e-9)


def test_counting_every_unit_twice_changes_at_most_the_small_sample_correction(measure):
    ratings = panel(measure, missing=0.2, units=200)
    tolerance = 1e-10 if measure.duplicates else 0.02
    doubled = np.concatenate([ratings, ratings], axis=1)
    assert value(measure, doubled) == pytest.approx(value(measure, ratings), abs=tolerance)


def test_units_that_nobody_rated_change_nothing_but_the_count_of_dropped_ones(measure):
    ratings = panel(measure, missing=0.2)
    padded = np.concatenate([ratings, np.full((len(ratings), 7), np.nan)], axis=1)
    before, after = measure.of(ratings), measure.of(padded)
    assert after.value == pytest.approx(before.value, abs=1e-10)
    assert after.n_units_used == before.n_units_used


@only(lambda measure: measure.perfect is not None)  # the largest value of others depends on ties
def test_raters_who_say_the_same_agree_perfectly(measure):
    ratings = np.tile(panel(measure)[:1], (measure.raters, 1))
    assert value(measure, ratings) == pytest.approx(measure.perfect, abs=1e-12)


UNDEFINED = {
    "all missing": lambda raters: np.full((raters, 6), np.nan),
    "no overlap": lambda raters: np.where(np.eye(raters, 3 * raters, dtype=bool), 1.0, np.nan),
    "no units": lambda raters: np.empty((raters, 0)),
}


@pytest.mark.parametrize("what", sorted(UNDEFINED))
def test_nothing_to_compare_is_undefined_with_a_reason(measure, what):
    found = measure.of(UNDEFINED[what](measure.raters))
    assert found.value is None
    assert found.reason


CONSTANT_IS_DEFINED = {"percent", "rmse", "mae"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("constant", [0.0, 0.1, 1e6 + 0.1])
def test_one_constant_value_is_undefined_with_a_reason(name, constant):
    found = MEASURES[name].of(np.full((MEASURES[name].raters, 9), constant))
    if name in CONSTANT_IS_DEFINED:
        assert found.value == MEASURES[name].perfect
    else:
        assert found.value is None
        assert found.reason


@pytest.mark.parametrize("name", [name for name in NAMES if MEASURES[name].raters > 2])
def test_one_rater_is_undefined_with_a_reason(name):
    found = MEASURES[name].of(np.array([[1.0, 2.0, 3.0, 4.0]]))
    assert found.value is None
    assert found.reason


@pytest.mark.parametrize("name", NAMES)
def test_every_result_says_what_it_is(name):
    found = MEASURES[name].of(panel(MEASURES[name]))
    assert found.convention
    assert found.n_units_used == 40
    assert json.loads(json.dumps(found.as_dict()))["value"] == found.value


RATINGS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 5), st.integers(1, 12)),
    elements=st.one_of(
        st.just(np.nan), st.integers(0, 4).map(float), st.floats(-5, 5).map(lambda x: round(x, 3))
    ),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(RATINGS)
@pytest.mark.parametrize("name", NAMES)
def test_any_table_gives_a_number_or_a_reason(name, ratings):
    measure = MEASURES[name]
    if name == "alpha ratio":
        ratings = np.abs(ratings)
    found = measure.of(ratings[:2] if measure.raters == 2 else ratings)
    if found.value is None:
        assert found.reason
    else:
        assert np.isfinite(found.value)
        assert name in {"rmse", "mae"} or found.value <= 1 + 1e-9
    if found.ci is not None:
        assert found.ci[0] <= found.ci[1] <= 1 + 1e-9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RATINGS, st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_interval_alpha_is_blind_to_affine_change(ratings, shift, scale):
    before = agreement.krippendorff_alpha(ratings, level="interval")
    after = agreement.krippendorff_alpha(ratings * scale + shift, level="interval")
    if before.value is not None and np.nanstd(ratings) > 0.1 and scale > 0.1:
        assert after.value == pytest.approx(before.value, abs=1e-6)


# Functions that give no measure of a matrix of ratings: parts of measures, distances, advice.
NO_MEASURES = {
    "box_iou",
    "jaccard_distance",
    "masi_distance",
    "recommended",
    "spearman_brown",
    "unit_distance",
}
JOINED = {
    "alpha_from_sums", "brennan_prediger", "category_rater_reports", "ccc", "cohen_kappa", "conger_kappa",
    "cronbach_alpha", "fleiss_kappa",
    "gwet_ac", "icc", "icc_one_way", "item_total", "kendall", "krippendorff_alpha", "mae", "pairwise_ccc",
    "pairwise_pearson", "pearson", "per_label_alpha", "percent_agreement", "rater_reports",
    "retest_correlation", "rmse", "set_alpha", "spearman", "split_half", "unit_sums",
    "weighted_alpha",
}  # fmt: skip
# Below, as they take traces, marks, rankings or choices; gamma needs its library and is tested with the oracles.
APART = {
    "best_worst_split_half", "boundary_f1", "box_f1", "cluster_mean", "frame_iou", "gamma", "ranking_agreement",
    "relation_f1", "sign_agreement", "span_f1", "unitizing_alpha",
}  # fmt: skip


def test_every_public_measure_has_joined():
    functions = {name for name in agreement.__all__ if inspect.isfunction(getattr(agreement, name))}
    assert functions == NO_MEASURES | JOINED | APART


class TestRankings:
    """Neither who ranks first nor which thing or table comes first matters; ranks count by their order only."""

    def tables(self):
        rng = np.random.default_rng(3)
        return [np.array([rng.permutation(5) + 1 for _ in range(4)], dtype=float) for _ in range(3)]

    @pytest.mark.parametrize("correlation", ["kendall", "spearman"])
    def test_order_of_raters_things_and_tables(self, correlation):
        tables, shuffle = self.tables(), [3, 0, 4, 1, 2]
        before = agreement.ranking_agreement(tables, correlation=correlation).value
        turned = [table[::-1][:, shuffle] for table in reversed(tables)]
        assert agreement.ranking_agreement(turned, correlation=correlation).value == pytest.approx(before)

    def test_only_the_order_of_ranks_counts(self):
        before = agreement.ranking_agreement(self.tables()).value
        after = agreement.ranking_agreement([10 * table + 1e6 for table in self.tables()]).value
        assert after == pytest.approx(before)

    def test_edges(self):
        assert agreement.ranking_agreement([]).reason
        assert agreement.ranking_agreement([[[1, 2, 3]]]).value is None
        assert agreement.ranking_agreement([[[1, 1, 1], [1, 2, 3]]]).value is None
        assert agreement.ranking_agreement([[[1, 2, 3], [3, 2, 1]]]).value == -1


class TestBestWorst:
    """What things are called does not matter, nor in which order a tuple names them."""

    def answers(self, name=str):
        shown = [[0, 1, 2, 3], [1, 2, 3, 4], [4, 3, 0, 1]]
        return [
            {"items": [name(one) for one in items], "best": name(max(items)), "worst": name(min(items))}
            for items in shown
            for _ in range(4)
        ]

    def test_names_and_places(self):
        before = agreement.best_worst_split_half(self.answers())
        renamed = agreement.best_worst_split_half(self.answers(lambda one: f"word {9 - one}"))
        turned = agreement.best_worst_split_half(
            [{**answer, "items": answer["items"][::-1]} for answer in self.answers()]
        )
        assert [one.value for one in (before, renamed, turned)] == pytest.approx([1, 1, 1])

    def test_edges(self):
        assert agreement.best_worst_split_half([]).reason
        assert agreement.best_worst_split_half(self.answers()[:1]).value is None


class TestSignsOfTraces:
    """Only the direction of change counts: level and unit do not, nor who comes first."""

    def of(self, traces, deadband=0.1):
        return agreement.sign_agreement(traces, window_samples=5, deadband=deadband)

    def traces(self):
        rng = np.random.default_rng(0)
        found = rng.normal(size=200).cumsum() + rng.normal(size=(4, 200))
        found[rng.random(found.shape) < 0.02] = np.nan
        return found

    def test_level_and_order_of_raters_do_not_matter(self):
        traces = self.traces()
        before = self.of(traces).value
        levels = np.array([[0.0], [1e6], [-3.0], [7.0]])
        assert self.of(traces + levels).value == pytest.approx(before, abs=1e-9)
        assert self.of(traces[::-1]).value == pytest.approx(before, abs=1e-12)

    def test_unit_does_not_matter_when_the_deadband_has_it_too(self):
        traces = self.traces()
        assert self.of(8 * traces, 0.8).value == pytest.approx(self.of(traces).value, abs=1e-9)

    @pytest.mark.parametrize(
        "traces",
        [np.full((3, 40), np.nan), np.ones((3, 40)), np.empty((3, 0)), np.arange(40.0)[None, :]],
        ids=["all missing", "constant", "no samples", "one rater"],
    )
    def test_nothing_to_compare_is_undefined_with_a_reason(self, traces):
        found = self.of(traces)
        assert found.value is None
        assert found.reason


class TestClusterMean:
    """Clusters are the units: what they are called and which value comes first does not matter."""

    def values(self):
        rng = np.random.default_rng(4)
        return rng.normal(size=60), rng.integers(20, size=60)

    def test_one_value_in_each_cluster_is_the_usual_bootstrap(self):
        values = self.values()[0]
        found = agreement.cluster_mean(values, np.arange(60), draws=4000)
        usual = stats.bootstrap((values,), np.mean, method="percentile", rng=np.random.default_rng(9))
        assert found.value == pytest.approx(values.mean())
        assert found.ci == pytest.approx(tuple(usual.confidence_interval), abs=0.02)

    def test_names_order_and_level(self):
        values, clusters = self.values()
        found = agreement.cluster_mean(values, clusters)
        renamed = agreement.cluster_mean(values, [f"film {one:02}" for one in clusters])
        turned = agreement.cluster_mean(values[::-1] + 5, clusters[::-1])
        assert renamed == found
        assert np.subtract(turned.ci, 5) == pytest.approx(found.ci)
        assert found.ci[0] < found.value < found.ci[1]

    def test_saying_everything_twice_makes_nothing_surer(self):
        values, clusters = self.values()
        once = agreement.cluster_mean(values, clusters)
        twice = agreement.cluster_mean(np.tile(values, 2), np.tile(clusters, 2))
        assert twice.ci == pytest.approx(once.ci)
        assert twice.n_units_used == once.n_units_used

    @pytest.mark.parametrize(
        ("values", "used", "dropped"),
        [([], 0, 0), ([np.nan, np.nan], 0, 2), ([0.5, np.nan], 1, 1)],
        ids=["nothing", "all missing", "one cluster"],
    )
    def test_too_few_clusters_have_no_interval_and_a_reason(self, values, used, dropped):
        found = agreement.cluster_mean(values, range(len(values)))
        assert (found.n_units_used, found.n_units_dropped) == (used, dropped)
        assert found.value == (0.5 if used else None)
        assert found.ci is None
        assert found.reason

    def test_equal_values_have_an_interval_without_width_around_them(self):
        found = agreement.cluster_mean([0.1] * 7, range(7))
        assert found.ci == pytest.approx((0.1, 0.1))
        assert found.ci[0] <= found.value <= found.ci[1]


def alpha_u(raters, end=400):
    return agreement.unitizing_alpha(raters, continuum=(0, end))


def overlap(raters, end=400):
    return agreement.frame_iou(*map(bounds, raters), continuum=(0, end), frame_s=1)


def boundaries(raters, end=400):
    return agreement.boundary_f1(*map(bounds, raters), tolerance_s=3)


def bounds(units):
    return [(start, start + length) for start, length, _ in units]


@pytest.mark.parametrize("measure", [alpha_u, overlap, boundaries])
class TestSegments:
    """Agreement on segments is blind to who comes first, to names, and to when the clock was started."""

    def raters(self):
        rng = np.random.default_rng(0)
        begins = np.arange(0, 380, 25)
        return [
            [
                (int(begin + rng.integers(1, 6)), int(rng.integers(8, 14)), "joy" if begin % 2 else "fear")
                for begin in begins
            ]
            for _ in range(2)
        ]

    def test_order_of_raters_and_of_units_does_not_matter(self, measure):
        first, second = self.raters()
        before = measure([first, second]).value
        assert 0 < before < 1
        assert measure([second, first]).value == pytest.approx(before, abs=1e-12)
        assert measure([first[::-1], second]).value == pytest.approx(before, abs=1e-12)

    def test_names_of_categories_do_not_matter(self, measure):
        named = {"joy": "zeal", "fear": "awe"}
        renamed = [[(start, length, named[word]) for start, length, word in row] for row in self.raters()]
        assert measure(renamed).value == pytest.approx(measure(self.raters()).value, abs=1e-12)

    def test_a_later_start_of_the_clock_does_not_matter(self, measure):
        later = [[(start + 1000, length, word) for start, length, word in row] for row in self.raters()]
        found = {
            alpha_u: lambda: agreement.unitizing_alpha(later, continuum=(1000, 1400)),
            overlap: lambda: agreement.frame_iou(*map(bounds, later), continuum=(1000, 1400), frame_s=1),
            boundaries: lambda: boundaries(later),
        }[measure]()
        assert found.value == pytest.approx(measure(self.raters()).value, abs=1e-12)

    def test_raters_who_mark_the_same_agree_perfectly(self, measure):
        first, _ = self.raters()
        assert measure([first, first]).value == pytest.approx(1)

    def test_one_who_marks_nothing_does_not_agree(self, measure):
        first, _ = self.raters()
        assert measure([first, []]).value <= 0

    def test_nothing_marked_says_so(self, measure):
        found = measure([[], []])
        assert found.value is None or found.value == 1
        assert found.reason


def test_one_rater_of_segments_is_undefined_with_a_reason():
    for units in ([(1, 4, "joy"), (7, 2, "fear")], []):
        found = alpha_u([units])
        for one in (found, *found.by_category.values()):
            assert (one.value, one.reason) == (None, "needs two raters")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9), st.sampled_from("xy")), max_size=5),
        min_size=1,
        max_size=4,
    )
)
def test_any_segments_give_a_number_or_a_reason(gaps):
    raters = []
    for row in gaps:
        units, clock = [], 0
        for gap, length, category in row:
            units.append((clock + gap, length, category))
            clock += gap + length
        raters.append(units)
    found = agreement.unitizing_alpha(raters, continuum=(0, 80))
    for one in (found.overall, *found.by_category.values()):
        assert (one.value is None) == (one.reason is not None)
        assert one.value is None or (np.isfinite(one.value) and one.value <= 1 + 1e-9)
        assert one.value is None or len(raters) > 1


@pytest.mark.parametrize("units", [[[(0, 2, "joy")]], [[], []], []])
def test_gamma_of_nothing_to_compare_is_undefined_without_its_library(units):
    found = agreement.gamma(units)
    assert found.value is None
    assert found.reason


FUSIONS: dict[str, Callable[[Any], fusion.FusedTrace]] = {
    "mean": fusion.mean,
    "median": fusion.median,
    "trimmed": fusion.trimmed,
    "ewe": fusion.ewe,
    "ewe others": lambda traces: fusion.ewe(traces, weights="correlation_others"),
    "ewe ccc": lambda traces: fusion.ewe(traces, weights="ccc"),
    **{
        name: lambda traces, recipe=recipe: fusion.fuse(traces, recipe)
        for name, recipe in fusion.RECIPES.items()
    },
    "aligned": lambda traces: fusion.aligned_fusion(traces, rate_hz=1, window_s=3, iterations=3),
}


def drifting(missing=0.0):
    rng = np.random.default_rng(0)
    found = rng.normal(size=50).cumsum() + rng.normal(size=(5, 50))
    found[rng.random(found.shape) < missing] = np.nan
    return found


@pytest.mark.parametrize("name", sorted(FUSIONS))
class TestFusions:
    """A fusion is blind to the order of raters, moves with the scale, and repeats what all say."""

    def test_order_of_raters_does_not_matter(self, name):
        traces = drifting()
        np.testing.assert_allclose(
            FUSIONS[name](traces[::-1]).values, FUSIONS[name](traces).values, atol=1e-9
        )

    def test_fused_trace_moves_with_level_and_unit(self, name):
        traces = drifting()
        moved = FUSIONS[name](3 * traces + 100).values
        np.testing.assert_allclose(moved, 3 * FUSIONS[name](traces).values + 100, atol=1e-8)

    def test_what_all_say_is_what_comes_out(self, name):
        one = drifting()[0]
        found = FUSIONS[name](np.tile(one, (4, 1)))
        np.testing.assert_allclose(found.values, one, atol=1e-9)
        np.testing.assert_allclose(found.sd, 0, atol=1e-9)

    def test_missing_everything_is_unknown_everywhere(self, name):
        found = FUSIONS[name](np.full((3, 8), np.nan))
        assert np.isnan(found.values).all()
        assert (found.n == 0).all()


# Centring moves raters.
@pytest.mark.parametrize("name", [name for name in sorted(FUSIONS) if not name.startswith("avec")])
def test_values_stay_within_what_the_raters_said(name):
    traces = drifting(missing=0.0 if name == "aligned" else 0.3)
    found = FUSIONS[name](traces).values
    known = ~np.isnan(found)
    reach = 3 if name == "aligned" else 0
    for i in np.flatnonzero(known):
        near = traces[:, max(0, i - reach) : i + reach + 1]
        assert np.nanmin(near) - 1e-9 <= found[i] <= np.nanmax(near) + 1e-9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(2, 12)),
        elements=st.floats(-3, 3).map(lambda x: round(x, 2)),
    )
)
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_of_fractions_does_not_see_a_million_more(level, ratings):
    before = agreement.krippendorff_alpha(ratings, level=level)
    after = agreement.krippendorff_alpha(ratings + 1e6, level=level)
    assert (before.value is None) == (after.value is None)
    if before.value is not None and np.ptp(ratings) >= 1:
        assert after.value == pytest.approx(before.value, abs=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 5)), elements=st.integers(0, 6)))
def test_soft_labels_sum_to_one_and_a_label_always_has_most_votes(counts):
    votes = RatingTable.from_counts(counts)
    spread = aggregation.vote_distribution(votes)
    won = aggregation.majority_vote(votes)
    for row, shares, label, reason in zip(counts, spread.shares, won.labels, won.reasons, strict=True):
        if row.sum():
            assert shares.sum() == pytest.approx(1)
        assert (label is None) == (reason is not None)
        if label is not None:
            assert row[label] == row.max()
            assert (row == row.max()).sum() == 1


MODELS = {
    "dawid skene": aggregation.dawid_skene,
    "one coin": aggregation.one_coin,
    "mace": lambda votes: aggregation.mace(votes, restarts=0),
}


@pytest.mark.parametrize("name", sorted(MODELS))
class TestWorkerModels:
    """A model of raters who err is blind to the order of votes and to all names."""

    def votes(self):
        rng = np.random.default_rng(0)
        truth = rng.integers(0, 3, 60)
        return [
            (f"i{item}", f"r{rater}", "xyz"[truth[item] if rng.random() < 0.8 else rng.integers(0, 3)])
            for item in range(60)
            for rater in rng.choice(6, 4, replace=False)
        ]

    def beliefs(self, found):
        return {
            (item, label): share
            for item, row in zip(found.items, found.posterior, strict=True)
            for label, share in zip(found.classes, row, strict=True)
        }

    def test_order_of_votes_does_not_matter(self, name):
        votes = self.votes()
        before, after = MODELS[name](votes), MODELS[name](votes[::-1])
        assert self.beliefs(after) == pytest.approx(self.beliefs(before), abs=1e-8)
        assert after.log_likelihood == pytest.approx(before.log_likelihood, abs=1e-8)

    def test_names_do_not_matter(self, name):
        new = {"x": "c", "y": "a", "z": "b"}
        renamed = [(item[::-1], rater[::-1], new[label]) for item, rater, label in self.votes()]
        before, after = MODELS[name](self.votes()), MODELS[name](renamed)
        turned = {(item[::-1], new[label]): share for (item, label), share in self.beliefs(before).items()}
        assert self.beliefs(after) == pytest.approx(turned, abs=1e-8)

    def test_raters_who_all_say_the_same_are_believed(self, name):
        votes = [(item, rater, "xyz"[item % 3]) for item in range(9) for rater in range(4)]
        assert MODELS[name](votes).labels == {item: "xyz"[item % 3] for item in range(9)}


class TestScoresOfComparisons:
    """Scores belong to the things compared, whatever their order; only the ratio of wins counts."""

    WINS = np.array([[0, 4, 3, 5], [2, 0, 4, 3], [3, 1, 0, 4], [1, 2, 2, 0]], dtype=float)

    def test_order_of_things_does_not_matter(self):
        order = [2, 0, 3, 1]
        before = aggregation.bradley_terry(self.WINS).share
        after = aggregation.bradley_terry(self.WINS[np.ix_(order, order)]).share
        np.testing.assert_allclose(after, before[order], atol=1e-9)

    def test_counting_every_comparison_often_does_not_matter(self):
        before = aggregation.bradley_terry(self.WINS).share
        np.testing.assert_allclose(aggregation.bradley_terry(7 * self.WINS).share, before, atol=1e-9)

    def test_winning_and_losing_turned_round_turns_the_strengths_round(self):
        before = aggregation.bradley_terry(self.WINS).strength
        np.testing.assert_allclose(aggregation.bradley_terry(self.WINS.T).strength, 1 / before, atol=1e-8)

    def test_best_and_worst_turned_round_turn_the_scores_round(self):
        shown = [("abcd", "a", "d"), ("abce", "b", "e"), ("acde", "a", "c"), ("bcde", "e", "c")]
        answers = [{"items": list(items), "best": best, "worst": worst} for items, best, worst in shown]
        turned = [{**one, "best": one["worst"], "worst": one["best"]} for one in answers]
        before = aggregation.best_worst_scores(answers)
        assert aggregation.best_worst_scores(answers[::-1]) == before
        assert aggregation.best_worst_scores(turned) == {item: -score for item, score in before.items()}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 5), st.sampled_from("xyz")),
        min_size=1,
        max_size=40,
    )
)
def test_posteriors_of_any_votes_are_probabilities(rows):
    for model in (aggregation.dawid_skene, aggregation.one_coin):
        found = model(rows, max_iter=30)
        assert np.isfinite(found.log_likelihood)
        np.testing.assert_allclose(found.posterior.sum(axis=1), 1)
        np.testing.assert_allclose(found.class_marginals.sum(), 1)


class TestPlaces:
    """Spans and boxes: it does not matter who comes first, in which order marks stand, or where the origin is."""

    SPANS = (
        [(0, 4, "a"), (6, 9, "b"), (10, 12, "a")],
        [(3, 9, "b"), (0, 4, "a"), (11, 14, "a"), (20, 21, "b")],
    )

    def boxes(self, row, shift=0.0, scale=1.0):
        return [
            ((scale * start + shift, shift, scale * (end - start), scale * 3.0), label)
            for start, end, label in row
        ]

    @pytest.mark.parametrize("match", ["exact", "overlap"])
    def test_spans(self, match):
        a, b = self.SPANS
        found = agreement.span_f1(a, b, match=match).value
        assert found == pytest.approx(2 * (1 if match == "exact" else 3) / 7)
        assert agreement.span_f1(b, a, match=match).value == found
        assert agreement.span_f1(a[::-1], b[::-1], match=match).value == found
        moved = ([(start + 100, end + 100, label) for start, end, label in row] for row in (a, b))
        assert agreement.span_f1(*moved, match=match).value == found

    def test_relations(self):
        a, b = ([("to", row[0], row[1]), ("of", row[1], row[2])] for row in self.SPANS)
        found = agreement.relation_f1(a, b).value
        assert agreement.relation_f1(a, a).value == 1
        assert agreement.relation_f1(b, a).value == found
        assert agreement.relation_f1(a[::-1], b[::-1]).value == found
        renamed = ([(f"{name}!", *ends) for name, *ends in row] for row in (a, b))
        assert agreement.relation_f1(*renamed).value == found

    def test_boxes(self):
        a, b = self.SPANS
        found = agreement.box_f1(self.boxes(a), self.boxes(b), iou=0.3)
        assert agreement.box_f1(self.boxes(b), self.boxes(a), iou=0.3).value == found.value
        moved = agreement.box_f1(self.boxes(a, 5, 2), self.boxes(b, 5, 2), iou=0.3)
        assert moved.value == found.value
        assert moved.details == pytest.approx(found.details)

    def test_limits(self):
        box = ((0.1, 0.2, 0.3, 0.4), "x")
        assert agreement.box_f1([box], [box], iou=1).value == 1
        assert agreement.box_f1([box], []).value == 0
        assert agreement.box_f1([box], [(box[0], "y")]).value == 0
        assert agreement.span_f1([], [(0, 1, "a")]).value == 0
        assert agreement.relation_f1([], [("to", (0, 1, "a"), (2, 3, "b"))]).value == 0
        empties = agreement.span_f1([], []), agreement.box_f1([], []), agreement.relation_f1([], [])
        for empty in empties:
            assert (empty.value, bool(empty.reason)) == (1, True)
