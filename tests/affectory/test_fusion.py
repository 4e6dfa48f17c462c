"""Fused traces against the reference, and what happens at the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from affectory import fusion
from affectory.fusion.paths import Band, CostTable
from tests.affectory.reference import case


def test_ewe_by_ccc_matches_reference():
    given = case("fusion_continuous", "ewe_ccc_leave_self_out")
    found = fusion.ewe(given["input"]["traces_raters_x_time"], weights="ccc")
    np.testing.assert_allclose(found.scores, given["expected"]["mean_ccc_with_others"], atol=1e-9)
    np.testing.assert_allclose(found.weights, given["expected"]["weights"], atol=1e-9)
    np.testing.assert_allclose(found.values, given["expected"]["fused"], atol=1e-9)
    np.testing.assert_allclose(found.values, given["expected"]["muse_toolbox_fused"], atol=0.003)


@pytest.mark.parametrize(
    ("weights", "scores", "fused"),
    [
        ("correlation", "r_with_mean_of_all", "fused_all"),
        ("correlation_others", "r_with_mean_of_others", "fused_others"),
    ],
)
def test_ewe_by_correlation_matches_reference(weights, scores, fused):
    given = case("fusion_continuous", "ewe_grimm_kroschel")
    found = fusion.ewe(given["input"]["traces_raters_x_time"], weights=weights)
    np.testing.assert_allclose(found.scores, given["expected"][scores], atol=1e-9)
    np.testing.assert_allclose(found.values, given["expected"][fused], atol=1e-9)


def test_mean_and_median_match_reference():
    given = case("fusion_continuous", "mean_median")
    traces = given["input"]["traces_raters_x_time"]
    np.testing.assert_allclose(fusion.mean(traces).values, given["expected"]["mean"], atol=1e-12)
    np.testing.assert_allclose(fusion.median(traces).values, given["expected"]["median"], atol=1e-12)


@pytest.mark.parametrize("weights", ["correlation", "correlation_others", "ccc"])
def test_ewe_without_any_agreement_falls_back_to_the_mean_and_says_so(weights):
    traces = [[0.0, 1.0, 2.0, 3.0], [3.0, 2.0, 1.0, 0.0]]
    found = fusion.ewe(traces, weights=weights)
    assert found.weights is None
    assert "unweighted mean" in found.reason
    np.testing.assert_array_equal(found.values, [1.5] * 4)


def test_samples_with_too_few_raters_are_unknown_and_counted():
    found = fusion.mean([[1.0, None, 3.0], [2.0, 2.0, None]], min_raters=2)
    np.testing.assert_array_equal(found.values, [1.5, np.nan, np.nan])
    np.testing.assert_array_equal(found.n, [2, 1, 1])
    np.testing.assert_array_equal(found.sd, [0.5, np.nan, np.nan])
    assert found.as_dict()["values"] == [1.5, None, None]


def test_a_fusion_without_any_value_says_why():
    nothing = np.full((3, 5), np.nan)
    apart = [[1.0, None], [None, 2.0]]
    for fused in (fusion.mean(nothing), fusion.median(nothing), fusion.trimmed(nothing), fusion.ewe(nothing)):
        assert fused.reason == "no rater has a value at any sample"
    for recipe in fusion.RECIPES.values():
        assert fusion.fuse(nothing, recipe).reason == "no rater has a value at any sample"
    for fuse_two in (fusion.mean, fusion.median, fusion.ewe):
        found = fuse_two(apart, min_raters=2)
        assert np.isnan(found.values).all()
        assert found.reason == "no sample has 2 raters; the most that one has is 1"
    assert fusion.mean(apart).reason is None


def test_where_only_raters_of_no_weight_are_left_there_is_no_value_and_a_reason():
    early, late = [0.0, 1.0, 2.0, 3.0] + [None] * 4, [None] * 4
    quarrel = [[*late, 0.0, 1.0, 2.0, 3.0], [*late, 3.0, 2.0, 1.0, 0.0], [*late, 1.0, 1.0, 1.0, 1.0]]
    found = fusion.ewe([early, early, *quarrel], weights="ccc")
    np.testing.assert_array_equal(found.values, [0, 1, 2, 3] + [np.nan] * 4)
    assert found.reason is None
    never = fusion.ewe([early, early, *quarrel], weights="ccc", min_raters=3)
    assert np.isnan(never.values).all()
    assert never.reason == "no sample with enough raters has one of weight above 0"


def test_a_constant_or_absent_rater_weighs_nothing():
    line = np.linspace(0, 1, 20)
    traces = np.array([line, line + 0.1, np.full(20, 0.3), np.full(20, np.nan)])
    for weights in ("correlation", "ccc"):
        found = fusion.ewe(traces, weights=weights)
        np.testing.assert_allclose(found.weights, [0.5, 0.5, 0, 0], atol=0.02)
        assert not np.isnan(found.values).any()


def test_trimmed_mean_needs_a_share_below_one_half():
    with pytest.raises(ValueError, match="share"):
        fusion.trimmed([[1.0]], share=0.5)


def test_vote_counts_are_no_traces():
    from affectory.tables import RatingTable

    with pytest.raises(ValueError, match="fusion compares persons"):
        fusion.mean(RatingTable.from_counts([[1, 2]]))


@pytest.mark.parametrize("lag", [2.8, -1.2])
def test_lag_is_recovered_within_a_sample(lag):
    given = case("fusion_continuous", f"lag_recovery_{lag}s")["input"]
    t = np.arange(0, given["duration_s"], given["step_s"])

    def curve(at):
        return np.sin(2 * np.pi * at / 17) + 0.5 * np.sin(2 * np.pi * at / 5.3)

    rate, search = 1 / given["step_s"], tuple(given["search_s"])
    found = fusion.estimate_lag(curve(t), curve(t - lag), rate_hz=rate, search_s=search)
    assert found.lag_s == pytest.approx(lag, abs=0.04)
    assert found.reason is None
    moved = fusion.compensate_lag([curve(t - lag)], found.lag_s, rate_hz=rate)[0]
    np.testing.assert_allclose(moved[~np.isnan(moved)], curve(t)[~np.isnan(moved)], atol=0.05)
    assert np.isnan(moved).sum() == round(abs(lag) * rate)


def test_lag_of_a_constant_is_unknown_and_one_at_the_edge_is_flagged():
    line = np.sin(np.arange(50))
    assert fusion.estimate_lag(line, np.ones(50), rate_hz=1, search_s=5).lag_s is None
    slow = np.sin(np.arange(200) / 20)
    assert "edge" in fusion.estimate_lag(slow, np.roll(slow, 9), rate_hz=1, search_s=(0, 4)).reason


@pytest.mark.parametrize("search_s", [(30, 40), (-40, -30), (0.31, 0.39), 0.0])
@pytest.mark.parametrize("samples", [0, 1, 50])
def test_a_search_that_finds_nothing_to_try_says_so(search_s, samples):
    line = np.sin(np.arange(samples) / 3)
    found = fusion.estimate_lag(line, line, rate_hz=10, search_s=search_s)
    if samples == 50 and search_s == 0.0:
        assert found.lag_s == 0
    else:
        assert (found.lag_s, found.correlation, found.n_samples) == (None, None, 0)
        assert "no lag" in found.reason


def test_a_search_without_end_tries_every_lag_of_the_trace():
    line = np.sin(np.arange(50) ** 1.3)
    late = np.concatenate([np.zeros(9), line[:-9]])
    assert fusion.estimate_lag(line, late, rate_hz=1, search_s=np.inf).lag_s == 9


@pytest.mark.parametrize("lag", [10, 15, -15, 1e300])
def test_a_lag_longer_than_the_trace_leaves_nothing_of_it(lag):
    assert np.isnan(fusion.compensate_lag([np.arange(10)], lag, rate_hz=1)).all()


def test_lags_are_one_for_all_or_one_each():
    with pytest.raises(ValueError, match="one for each of 3 raters"):
        fusion.compensate_lag(panel(3), [1.0, 2.0], rate_hz=10)
    with pytest.raises(ValueError, match="rate_hz"):
        fusion.compensate_lag(panel(3), 1.0, rate_hz=np.inf)


def test_dtw_matches_reference():
    for name, key in (("dtw_shifted_triangle", "dtw"), ("dtw_small", "dtw_euclidean_sqrt_of_sum_sq")):
        given = case("fusion_continuous", name)
        x, y = given["input"]["x"], given["input"]["y"]
        assert fusion.dtw_distance(x, y) == pytest.approx(given["expected"][key], abs=1e-9)
        assert fusion.dtw_distance(y, x) == pytest.approx(given["expected"][key], abs=1e-9)


def plain_dtw(x, y, window):
    """The textbook recursion, cell by cell."""
    table = np.full((len(x) + 1, len(y) + 1), np.inf)
    table[0, 0] = 0
    for i in range(len(x)):
        for j in range(max(0, i - window), min(len(y), i + window + 1)):
            table[i + 1, j + 1] = (x[i] - y[j]) ** 2 + min(table[i, j], table[i, j + 1], table[i + 1, j])
    return np.sqrt(table[-1, -1])


@pytest.mark.parametrize("window", [0, 1, 5, 60])
def test_banded_dtw_equals_the_textbook_recursion(window):
    rng = np.random.default_rng(window)
    x, y = np.cumsum(rng.normal(size=(2, 40)), axis=1)
    assert fusion.dtw_distance(x, y, window_samples=window) == pytest.approx(plain_dtw(x, y, window))


def test_alignment_brings_shifted_traces_together_within_its_band():
    t = np.arange(400) / 10
    traces = np.array([np.sin((t - shift) / 2) for shift in (0, 0.6, 1.2)])
    found = fusion.align(traces, rate_hz=10, window_s=3)
    assert found.aligned.std(axis=0)[20:-20].mean() < 0.2 * traces.std(axis=0).mean()
    still = fusion.align(traces, rate_hz=10, window_s=0, iterations=2)
    np.testing.assert_allclose(still.centre, traces.mean(axis=0))
    np.testing.assert_array_equal(still.moved_s, 0)
    fused = fusion.aligned_fusion(traces, rate_hz=10, window_s=3, weights="ccc")
    assert fused.weights == pytest.approx([1 / 3] * 3, abs=0.05)
    assert fused.details["largest_mean_shift_s"] <= 3


def test_alignment_of_identical_traces_changes_nothing():
    trace = np.random.default_rng(0).normal(size=60).cumsum()
    found = fusion.align([trace, trace], rate_hz=1, window_s=5, iterations=3)
    np.testing.assert_allclose(found.centre, trace)


def test_alignment_of_gappy_traces_is_refused():
    with pytest.raises(ValueError, match="rater 1 has no value at sample 0"):
        fusion.align([[1.0, 2.0], [None, 2.0]], rate_hz=1, window_s=1)


@pytest.mark.parametrize("weights", [None, "ccc"])
def test_what_all_raters_have_is_aligned_and_the_rest_is_unknown(weights):
    whole = panel(3, 80)
    gappy = whole.copy()
    gappy[0, 70:] = gappy[1, :4] = gappy[2, 20] = np.nan
    found = fusion.aligned_fusion(gappy, rate_hz=10, window_s=1, weights=weights)
    alone = fusion.aligned_fusion(whole[:, 21:70], rate_hz=10, window_s=1, weights=weights)
    np.testing.assert_array_equal(found.values[21:70], alone.values)
    np.testing.assert_array_equal(found.sd[21:70], alone.sd)
    outside = np.r_[0:21, 70:80]
    assert np.isnan(found.values[outside]).all()
    assert np.isnan(found.sd[outside]).all()
    np.testing.assert_array_equal(found.n, (~np.isnan(gappy)).sum(axis=0))
    assert found.reason == "aligned from sample 21 to 69 of 80, which all raters have"
    assert alone.reason is None


def test_traces_without_lag_are_aligned_all_but_their_ends():
    t = np.arange(300) / 10
    late = [np.sin((t - lag) / 2) for lag in (0.4, 1.0, 2.0)]
    moved = fusion.compensate_lag(late, [0.4, 1.0, 2.0], rate_hz=10)
    found = fusion.aligned_fusion(moved, rate_hz=10, window_s=1)
    np.testing.assert_allclose(found.values[:280], np.sin(t / 2)[:280], atol=1e-9)
    assert np.isnan(found.values[280:]).all()


@pytest.mark.parametrize("traces", [[[1.0, 2.0], [None, 2.0]], [[1.0, 2.0, 3.0], [None] * 3]])
def test_traces_with_next_to_nothing_in_common_are_not_aligned(traces):
    found = fusion.aligned_fusion(traces, rate_hz=1, window_s=1)
    assert np.isnan(found.values).all()
    assert found.reason == "warping needs two neighbouring samples that all raters have"


def test_centring_removes_levels_and_keeps_shapes():
    rng = np.random.default_rng(0)
    shape = rng.normal(size=100).cumsum()
    traces = shape + np.array([[0.0], [2.0], [7.0]])
    for mode in ("mean", "weighted"):
        centred, offsets = fusion.centre(traces, mode=mode)
        np.testing.assert_allclose(centred - centred[0], 0, atol=1e-9)
        np.testing.assert_allclose(traces + offsets[:, None], centred)
    np.testing.assert_allclose(fusion.centre(traces, mode="mean")[0][0], traces.mean(axis=0))


def test_recipes_all_work_and_a_failed_criterion_leaves_no_values():
    rng = np.random.default_rng(0)
    traces = rng.normal(size=100).cumsum() + rng.normal(size=(4, 100))
    for recipe in fusion.RECIPES.values():
        assert not np.isnan(fusion.fuse(traces, recipe).values).any()
    noise = rng.normal(size=(4, 100))
    found = fusion.fuse(noise, fusion.Recipe(min_mean_ccc=0.5))
    assert np.isnan(found.values).all()
    assert found.reason.startswith("no reliable gold")
    assert not np.isnan(found.sd).any()


def test_comparisons_restore_the_order_that_the_trace_got_wrong():
    true = np.array([0.1, 0.5, 0.9, 0.3])
    drifting = np.array([0.1, 0.5, 0.45, 0.3])
    trace = np.repeat(drifting, 10) + 0.001 * np.random.default_rng(0).normal(size=40)
    segments = [(i * 10 + 1, i * 10 + 9) for i in range(4)]
    wins = 20 / (1 + np.exp(-4 * (true[:, None] - true)))
    found = fusion.correct_by_comparisons(fusion.mean([trace]), segments, wins)
    levels = np.array([found.values[start:end].mean() for start, end in segments])
    assert np.argsort(levels).tolist() == np.argsort(true).tolist()
    assert np.corrcoef(levels, true)[0, 1] > 0.99
    assert found.details["largest_correction"] > 0.05


def test_comparisons_against_the_trace_change_nothing_and_say_so():
    trace = fusion.mean([np.repeat([0.0, 1.0], 5)])
    found = fusion.correct_by_comparisons(trace, [(0, 5), (5, 10)], [[0, 9], [1, 0]])
    np.testing.assert_array_equal(found.values, trace.values)
    assert "do not go together" in found.reason
    with pytest.raises(ValueError, match="3 rows for 2 segments"):
        fusion.correct_by_comparisons(trace, [(0, 5), (5, 10)], np.ones((3, 3)))
    with pytest.raises(ValueError, match="out of order"):
        fusion.correct_by_comparisons(trace, [(5, 10), (0, 5)], np.ones((2, 2)))


def test_comparisons_without_strengths_change_nothing_and_say_so():
    n = 30
    often = np.diag(np.full(n - 1, 9.0), 1)  # each beats the next
    seldom = np.diag(np.full(n - 1, 1.0), -1)
    trace = fusion.mean([np.repeat(np.linspace(1, 0, n), 4)])
    segments = [(4 * i, 4 * i + 4) for i in range(n)]
    found = fusion.correct_by_comparisons(trace, segments, often, prior=0.0)
    np.testing.assert_array_equal(found.values, trace.values)
    assert "between which nobody won both ways" in found.reason
    assert fusion.correct_by_comparisons(trace, segments, often + seldom, prior=0.0).reason is None


@pytest.mark.parametrize("lengths", [(40, 40), (40, 23), (12, 40), (1, 7), (7, 1)])
@pytest.mark.parametrize("window", [0, 2, 60])
def test_paths_are_the_cheapest_of_their_band(lengths, window):
    rng = np.random.default_rng(window)
    centre, series = rng.integers(0, 5, lengths[0]).astype(float), rng.normal(size=(3, lengths[1]))
    table = CostTable(Band.between(*lengths, window), series, "numpy")
    table.fill(centre)
    for k, own in enumerate(series):
        row, column = table.path(k)
        assert np.square(centre[row] - own[column]).sum() == pytest.approx(table.total(k))
        assert (row[0], column[0], row[-1], column[-1]) == (lengths[0] - 1, lengths[1] - 1, 0, 0)
        steps = {(int(a), int(b)) for a, b in zip(-np.diff(row), -np.diff(column), strict=True)}
        assert steps <= {(0, 1), (1, 0), (1, 1)}
        assert fusion.dtw_distance(centre, own, window_samples=window) ** 2 == pytest.approx(table.total(k))


def test_lags_of_a_calibration_clip_line_up_the_other_traces():
    t = np.arange(0, 60, 0.04)

    def curve(at):
        return np.sin(at / 2) + 0.4 * np.sin(at * 1.3)

    def film(at):
        return np.cos(at / 3)

    delays = (1.0, 2.4, 3.2)
    lags = fusion.calibration_lags(curve(t), [curve(t - delay) for delay in delays], rate_hz=25)
    assert [lag.lag_s for lag in lags] == pytest.approx(delays, abs=0.04)
    late = [film(t - delay) for delay in delays]
    moved = fusion.compensate_lag(late, [lag.lag_s for lag in lags], rate_hz=25)
    known = ~np.isnan(moved).any(axis=0)
    np.testing.assert_allclose(moved[:, known], np.tile(film(t)[known], (3, 1)), atol=0.02)
    shared = fusion.rater_lags([late[1], late[1], late[1]], rate_hz=25, search_s=4)
    assert [lag.lag_s for lag in shared] == [0, 0, 0]  # what all share is not seen without a known curve
    assert fusion.calibration_lags(curve(t), [np.zeros(t.size)], rate_hz=25)[0].reason


def test_representations_take_levels_and_ranges_of_raters_away():
    shape = np.random.default_rng(0).normal(size=300).cumsum()
    traces = np.array([shape, 5 + 0.1 * shape, np.full(300, 2.0), np.full(300, np.nan)])
    for kind, columns in (("relative", 10), ("gradient", 9)):
        found = fusion.represent(traces, kind=kind, rate_hz=10)
        assert found.values.shape == (4, columns)
        np.testing.assert_allclose(found.values[0], found.values[1], atol=1e-12)
        assert np.isnan(found.values[2:]).all()
        assert found.reasons == (None, None, "constant: no range to be relative to", "no values")
        np.testing.assert_allclose((found.high - found.low)[1], 0.1 * np.ptp(shape))
    levels = fusion.represent(traces, kind="absolute", rate_hz=10)
    np.testing.assert_allclose(levels.values[1], 5 + 0.1 * levels.values[0])
    assert levels.rate_hz == pytest.approx(1 / 3)
    assert levels.reasons == (None, None, None, "no values")
    with pytest.raises(ValueError, match="kind"):
        fusion.represent(traces, kind="ranks", rate_hz=10)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 12)), elements=st.floats(-9, 9)),
    st.integers(0, 2**31),
)
def test_whatever_the_traces_a_fused_value_lies_between_the_raters(values, seed):
    traces = np.where(np.random.default_rng(seed).random(values.shape) < 0.3, np.nan, values)
    known = ~np.isnan(traces).all(axis=0)
    for fused in (
        fusion.mean(traces),
        fusion.median(traces),
        fusion.trimmed(traces),
        fusion.ewe(traces, weights="correlation"),
        fusion.ewe(traces, weights="ccc"),
    ):
        low = np.where(known, np.nanmin(np.where(known, traces, 0.0), axis=0), np.nan)
        high = np.where(known, np.nanmax(np.where(known, traces, 0.0), axis=0), np.nan)
        given_value = ~np.isnan(fused.values)
        assert not given_value[~known].any()
        assert (fused.values[given_value] >= low[given_value] - 1e-9).all()
        assert (fused.values[given_value] <= high[given_value] + 1e-9).all()
        if fused.weights is not None:
            assert fused.weights.sum() == pytest.approx(1)
            assert (fused.weights >= 0).all()


FUSIONS = {
    "mean": fusion.mean,
    "median": fusion.median,
    "trimmed": fusion.trimmed,
    "ewe correlation": lambda traces: fusion.ewe(traces, weights="correlation"),
    "ewe others": lambda traces: fusion.ewe(traces, weights="correlation_others"),
    "ewe ccc": lambda traces: fusion.ewe(traces, weights="ccc"),
    "avec": lambda traces: fusion.fuse(traces, fusion.RECIPES["avec"]),
    "aligned": lambda traces: fusion.aligned_fusion(traces, rate_hz=10, window_s=1, weights="ccc"),
}


@pytest.fixture(params=sorted(FUSIONS))
def fuse(request):
    return FUSIONS[request.param]


def panel(raters=4, samples=60):
    rng = np.random.default_rng(0)
    return rng.normal(size=samples).cumsum() + rng.normal(size=(raters, samples))


def test_order_of_raters_does_not_change_a_fusion(fuse):
    np.testing.assert_allclose(fuse(panel()[::-1]).values, fuse(panel()).values, atol=1e-10)


@pytest.mark.parametrize(("unit", "origin"), [(1.0, 1e6), (25.0, -3.0)])
def test_a_fusion_moves_and_stretches_with_its_traces(fuse, unit, origin):
    moved = fuse(panel() * unit + origin)
    np.testing.assert_allclose(moved.values, fuse(panel()).values * unit + origin, atol=1e-6)


def test_raters_who_say_the_same_are_taken_at_their_word(fuse):
    trace = panel(1)[0]
    np.testing.assert_allclose(fuse([trace] * 3).values, trace, atol=1e-12)
    np.testing.assert_allclose(fuse([trace] * 3).sd, 0, atol=1e-12)


def test_one_rater_alone_is_the_fusion_and_has_no_dispersion(fuse):
    trace = panel(1)
    found = fuse(trace)
    np.testing.assert_allclose(found.values, trace[0], atol=1e-12)
    assert np.isnan(found.sd).all()
    assert (found.n == 1).all()


def test_nothing_given_is_nothing_fused(fuse):
    found = fuse(np.full((3, 5), np.nan))
    assert np.isnan(found.values).all()
    assert (found.n == 0).all()


def test_constant_raters_fuse_without_a_warning(fuse):
    np.testing.assert_allclose(fuse(np.array([[1.0] * 9, [2.0] * 9])).values, 1.5)
