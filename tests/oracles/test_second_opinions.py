"""Our agreement coefficients against pingouin's and irrCAC's, on random tables and on the reference data."""

import ast

import numpy as np
import pandas as pd
import pingouin
import pytest
from irrCAC.raw import CAC

from affectory import agreement
from affectory.tables import RatingTable
from tests.affectory.reference import case, realdata

SEEDS = range(6)


def panel(seed, *, raters=4, units=40, categories=5, missing=0.0):
    """Raters who share a truth, on whole numbers from 1 up."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, categories + 1, units)
    ratings = np.clip(truth + rng.integers(-1, 2, (raters, units)), 1, categories).astype(float)
    ratings[rng.random(ratings.shape) < missing] = np.nan
    return ratings


def long(ratings):
    unit, rater = np.indices(ratings.T.shape)
    return pd.DataFrame({"unit": unit.ravel(), "rater": rater.ravel(), "rating": ratings.T.ravel()})


def check_icc(ratings):
    second = pingouin.intraclass_corr(long(ratings), targets="unit", raters="rater", ratings="rating")
    column = "CI95" if "CI95" in second else "CI95%"
    # Its rows are named in one of two ways, by version; their order is the same.
    for form, (_, row) in zip(
        ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"), second.iterrows(), strict=True
    ):
        found = agreement.icc(ratings)[form]
        assert found.value == pytest.approx(row["ICC"], abs=1e-9), form
        # It prints intervals with two decimals.
        assert found.ci == pytest.approx(tuple(row[column]), abs=0.00501), form


@pytest.mark.parametrize("seed", SEEDS)
def test_icc_and_intervals_are_pingouins(seed):
    check_icc(panel(seed, raters=3 + seed % 3, units=12 + 5 * seed))
    check_icc(np.random.default_rng(seed).normal(size=(3, 15)) + np.arange(3)[:, None])


def test_icc_of_the_published_panel_is_pingouins():
    check_icc(np.array(case("agreement_icc", "shrout_fleiss_1979")["input"]["ratings_targets_x_raters"]).T)


@pytest.mark.parametrize("seed", SEEDS)
def test_cronbach_is_pingouins(seed):
    ratings = panel(seed, missing=0.1)
    # Left to drop incomplete units itself, it counts them in the degrees of freedom of its interval.
    complete = pd.DataFrame(ratings.T).dropna()
    for level in (0.95, 0.8):
        second, interval = pingouin.cronbach_alpha(complete, ci=level)
        found = agreement.cronbach_alpha(ratings, ci=level)
        assert found.value == pytest.approx(second, abs=1e-12)
        assert found.ci == pytest.approx(tuple(interval), abs=0.000501)  # printed with three decimals


@pytest.mark.parametrize("seed", SEEDS)
def test_correlations_and_their_intervals_are_pingouins(seed):
    x, y = panel(seed, raters=2)
    second = pingouin.corr(x, y).iloc[0]
    found = agreement.pearson(x, y)
    column = "CI95" if "CI95" in second else "CI95%"
    assert found.value == pytest.approx(second["r"], abs=1e-9)
    assert found.ci == pytest.approx(tuple(second[column]), abs=0.00501)
    for measure, method in ((agreement.spearman, "spearman"), (agreement.kendall, "kendall")):
        assert measure(x, y).value == pytest.approx(pingouin.corr(x, y, method=method)["r"].iloc[0], abs=1e-9)


WEIGHTS = {None: "identity", "linear": "linear", "quadratic": "quadratic", "ordinal": "ordinal"}


def second_opinion(ratings, weights, method):
    """What irrCAC says, which rounds to five decimals."""
    table = CAC(pd.DataFrame(ratings.T), weights=WEIGHTS[weights], digits=10)
    return getattr(table, method)()["est"]


def rated(ratings):
    """The same without units that nobody rated, which irrCAC counts."""
    return ratings[:, ~np.isnan(ratings).all(axis=0)]


CORRECTED = {
    "gwet": agreement.gwet_ac,
    "conger": agreement.conger_kappa,
    "bp": agreement.brennan_prediger,
    "krippendorff": agreement.weighted_alpha,
    "fleiss": lambda ratings, weights: agreement.fleiss_kappa(
        RatingTable.from_dense(ratings), unequal="shares", weights=weights
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("name", CORRECTED)
def test_coefficients_with_standard_error_and_interval_are_irrcacs(seed, weights, missing, name):
    ratings = rated(panel(seed, missing=missing))
    second, found = second_opinion(ratings, weights, name), CORRECTED[name](ratings, weights=weights)
    assert found.value == pytest.approx(second["coefficient_value"], abs=1e-9)
    assert found.details["se"] == pytest.approx(second["se"], abs=1e-9)
    assert found.details["chance_agreement"] == pytest.approx(second["pe"], abs=1e-9)
    assert found.ci == pytest.approx(second["confidence_interval"], abs=1e-9)


LEVELS = {"nominal": "identity", "interval": "quadratic", "ratio": "ratio"}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_krippendorff_is_irrcacs(seed, level, missing):
    ratings = rated(panel(seed, missing=missing))
    second = CAC(pd.DataFrame(ratings.T), weights=LEVELS[level], digits=10).krippendorff()["est"]
    found = agreement.krippendorff_alpha(ratings, level=level)
    assert found.value == pytest.approx(second["coefficient_value"], abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohen_is_irrcacs_conger_of_two_raters(seed, weights):
    first, second = panel(seed, raters=2)
    opinion = second_opinion(np.array([first, second]), weights, "conger")["coefficient_value"]
    found = agreement.cohen_kappa(first, second, weights=weights)
    assert found.value == pytest.approx(opinion, abs=1e-9)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_published_table_of_gwet_is_irrcacs(weights):
    given = case("agreement_kappa", "gwet_raw_4raters_unweighted")
    ratings = np.array(given["input"]["ratings_units_x_raters"], dtype=float).T
    second = second_opinion(ratings, weights, "gwet")["coefficient_value"]
    assert agreement.gwet_ac(ratings, weights=weights).value == pytest.approx(second, abs=1e-9)


def test_real_votes_are_irrcacs():
    columns = [*"ADFHNS"]
    rows = pd.read_csv(realdata("crema-d", "tabulatedVotes.csv"), index_col=0)[columns].head(400)
    table = RatingTable.from_counts(rows.to_numpy(), categories=columns)
    second = CAC(pd.DataFrame(table.dense().T), digits=10)
    alpha = agreement.krippendorff_alpha(table, level="nominal").value
    assert alpha == pytest.approx(second.krippendorff()["est"]["coefficient_value"], abs=1e-9)
    assert agreement.gwet_ac(table).value == pytest.approx(
        second.gwet()["est"]["coefficient_value"], abs=1e-9
    )


def test_real_scale_ratings_are_pingouins():
    """Ten raters of the first terms of VADER's lexicon, who are the same ten in every row."""
    text = realdata("vader", "vader_lexicon.txt").read_text(encoding="utf-8")
    rows = [ast.literal_eval(line.split("\t")[3]) for line in text.splitlines()[:200]]
    ratings = np.array(rows, dtype=float).T
    check_icc(ratings)
    second, interval = pingouin.cronbach_alpha(pd.DataFrame(ratings.T))
    found = agreement.cronbach_alpha(ratings)
    assert found.value == pytest.approx(second, abs=1e-12)
    assert found.ci == pytest.approx(tuple(interval), abs=0.000501)
