"""Tables longer than a block give what plain formulas on the whole table give."""

import numpy as np
import pytest

from affectory import agreement, fusion
from affectory.blocks import CELLS, column_blocks

RATERS, SAMPLES = 4, CELLS // 2 + 7


@pytest.fixture(params=["complete", "gappy"])
def traces(request):
    rng = np.random.default_rng(0)
    values = 100 + rng.normal(size=SAMPLES).cumsum() / 20 + rng.normal(size=(RATERS, SAMPLES))
    if request.param == "gappy":
        values[rng.random(values.shape) < 0.2] = np.nan
        values[:, -3] = np.nan
    return values


@pytest.mark.parametrize("shape", [(4, SAMPLES), (1, 3), (3, 0), (0, 5), (CELLS + 1, 3)])
def test_blocks_are_all_columns_in_their_order(shape):
    values = np.arange(shape[0] * shape[1], dtype=float).reshape(shape)
    np.testing.assert_array_equal(np.concatenate(list(column_blocks(values)), axis=1), values)


def test_long_traces_are_fused_sample_by_sample(traces):
    known = ~np.isnan(traces).all(axis=0)
    for fuse, plain in ((fusion.mean, np.nanmean), (fusion.median, np.nanmedian)):
        np.testing.assert_allclose(fuse(traces).values[known], plain(traces[:, known], axis=0), rtol=1e-13)
        assert np.isnan(fuse(traces).values[~known]).all()
    fused = fusion.ewe(traces, weights="ccc")
    present = np.where(np.isnan(traces), 0.0, fused.weights[:, None])[:, known]
    wanted = (np.nan_to_num(traces[:, known]) * present).sum(axis=0) / present.sum(axis=0)
    np.testing.assert_allclose(fused.values[known], wanted, rtol=1e-12)
    several = fused.n >= 2
    np.testing.assert_allclose(fused.sd[several], np.nanstd(traces[:, several], axis=0), rtol=1e-9)


def test_pairs_of_long_traces_agree_as_two_series_do(traces):
    concordance, correlation = agreement.pairwise_ccc(traces), agreement.pairwise_pearson(traces)
    for i in range(RATERS):
        for j in range(i):
            one = agreement.ccc(traces[i], traces[j])
            assert concordance.value[i, j] == pytest.approx(one.value, abs=1e-12)
            assert correlation.value[i, j] == pytest.approx(one.details["pearson"], abs=1e-12)
            assert concordance.n_units_used[i, j] == one.n_units_used


def test_icc_of_a_panel_written_many_times_over_has_its_sums_of_squares():
    judges = np.array(
        [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], float
    )
    times = CELLS // judges.size + 1
    short, long = agreement.icc(judges)["ICC1"].details, agreement.icc(np.tile(judges, times))["ICC1"].details
    n = judges.shape[1]
    assert long["mean_square_within"] == pytest.approx(short["mean_square_within"], rel=1e-12)
    between = short["mean_square_units"] * (n - 1) * times / (n * times - 1)
    assert long["mean_square_units"] == pytest.approx(between, rel=1e-12)
    assert long["mean_square_raters"] == pytest.approx(short["mean_square_raters"] * times, rel=1e-12)
