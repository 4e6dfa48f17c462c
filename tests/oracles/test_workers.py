"""Our models of raters who err against crowd-kit's."""

import numpy as np
import pandas as pd
import pytest
from crowdkit import aggregation as crowdkit

from affectory import aggregation
from affectory.tables import RatingTable
from tests.affectory.reference import case

SEEDS = range(3)


def votes(seed, *, items=150, raters=10, per_item=5, classes=4, spammers=2):
    """Simulated votes: good raters are right four times in five, spammers draw lots."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, items)
    rows = []
    for item in range(items):
        for rater in rng.choice(raters, per_item, replace=False):
            right = rng.random() < 0.8 and rater >= spammers
            rows.append((item, int(rater), int(truth[item] if right else rng.integers(0, classes))))
    return rows, truth


# Both count one iteration as one pair of steps from the vote shares; crowd-kit's own test of convergence
# ends early, because it keeps probabilities above 1e-10. Below 0 neither stops.
STEPS, NEVER = 15, -1.0


def frame(rows):
    return pd.DataFrame(rows, columns=["task", "worker", "label"])


@pytest.mark.parametrize("seed", SEEDS)
def test_dawid_skene_is_crowdkits(seed):
    rows, _ = votes(seed)
    second = crowdkit.DawidSkene(n_iter=STEPS, tol=NEVER).fit(frame(rows))
    found = aggregation.dawid_skene(rows, max_iter=STEPS, tol=NEVER)
    posterior = pd.DataFrame(found.posterior, index=found.items, columns=found.classes)
    pd.testing.assert_frame_equal(
        posterior, second.probas_.loc[posterior.index, posterior.columns],
        check_names=False, check_dtype=False, check_column_type=False, check_index_type=False,
        atol=1e-5, rtol=0,
    )  # fmt: skip
    errors = second.errors_.sort_index()
    for row, rater in enumerate(found.raters):
        theirs = errors.loc[rater].reindex(index=found.classes, columns=found.classes, fill_value=0.0)
        np.testing.assert_allclose(found.error_rates[row], theirs.to_numpy().T, atol=1e-4)


def test_dawid_skene_of_the_anaesthetists_is_crowdkits():
    rows = case("aggregation_categorical", "dawid_skene_1979_anaesthetists")["input"]["items"]
    second = crowdkit.DawidSkene(n_iter=STEPS, tol=NEVER).fit(frame(rows))
    found = aggregation.dawid_skene(rows, max_iter=STEPS, tol=NEVER)
    theirs = second.probas_.loc[list(found.items), list(found.classes)]
    np.testing.assert_allclose(found.posterior, theirs, atol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_coin_is_crowdkits(seed):
    rows, _ = votes(seed)
    second = crowdkit.OneCoinDawidSkene(n_iter=STEPS, tol=NEVER).fit(frame(rows))
    found = aggregation.one_coin(rows, max_iter=STEPS, tol=NEVER)
    theirs = second.probas_.loc[list(found.items), list(found.classes)]
    np.testing.assert_allclose(found.posterior, theirs, atol=1e-4)
    np.testing.assert_allclose(found.accuracy, second.skills_.loc[list(found.raters)], atol=1e-4)


def in_order_of_appearance(rows):
    """Name raters and labels 0, 1, 2 ... as they come.

    crowd-kit's MACE (version 1.4.2) mixes up the habits of raters whose sorted order is another one.
    """
    raters, labels = {}, {}
    return [
        (item, raters.setdefault(rater, len(raters)), labels.setdefault(label, len(labels)))
        for item, rater, label in rows
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_mace_is_crowdkits(seed):
    rows = in_order_of_appearance(votes(seed, items=120, classes=3, spammers=1)[0])
    # Its restarts all begin with the same draw, so that one is as good as ten.
    second = crowdkit.MACE(n_restarts=1, n_iter=150, method="em", random_state=0).fit(frame(rows))
    found = aggregation.mace(rows, restarts=3, max_iter=3000, tol=1e-12, smoothing=0.01 / 3)
    theirs = second.probas_.loc[list(found.items), list(found.classes)]
    np.testing.assert_allclose(found.posterior, theirs, atol=1e-5)
    np.testing.assert_allclose(found.accuracy, second.spamming_[:, 1], atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_bradley_terry_is_crowdkits(seed):
    rng = np.random.default_rng(seed)
    strength = rng.uniform(0.2, 3, 6)
    pairs = [tuple(rng.choice(6, 2, replace=False)) for _ in range(300)]
    rows = [
        (0, int(a), int(b), int(a if rng.random() < strength[a] / (strength[a] + strength[b]) else b))
        for a, b in pairs
    ]
    wins = np.zeros((6, 6))
    for _, a, b, best in rows:
        wins[best, b if best == a else a] += 1
    # Left to itself it always stops at its second step: it compares a vector with itself (version 1.4.2).
    second = crowdkit.BradleyTerry(n_iter=5000, tol=NEVER).fit_predict(
        pd.DataFrame(rows, columns=["worker", "left", "right", "label"])
    )
    np.testing.assert_allclose(aggregation.bradley_terry(wins).share, second.sort_index(), atol=1e-7)


def test_bradley_terry_of_the_published_table_is_crowdkits():
    wins = np.array(case("aggregation_categorical", "bradley_terry_wikipedia")["input"]["wins_row_beats_col"])
    rows = [
        (0, winner, loser, winner)
        for winner, loser in np.argwhere(wins).tolist()
        for _ in range(int(wins[winner, loser]))
    ]
    second = crowdkit.BradleyTerry(n_iter=5000, tol=NEVER).fit_predict(
        pd.DataFrame(rows, columns=["worker", "left", "right", "label"])
    )
    np.testing.assert_allclose(aggregation.bradley_terry(wins).share, second.sort_index(), atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_majority_is_crowdkits_where_nothing_is_tied(seed):
    rows, _ = votes(seed)
    table = RatingTable.from_slots([item for item, _, _ in rows], [label for _, _, label in rows])
    won = aggregation.majority_vote(table)
    second = crowdkit.MajorityVote().fit_predict(frame(rows))
    decided = {item: label for item, label in zip(table.units, won.labels, strict=True) if label is not None}
    assert len(decided) > 100
    assert all(second[item] == label for item, label in decided.items())
