"""Designs of pairs and tuples are even, whatever their size and seed."""

from collections import Counter
from itertools import combinations
from math import ceil, comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csgraph

from ingest.designs import all_pairs, balanced_pairs, balanced_tuples

SEEDS = st.integers(0, 2**32 - 1)


@given(n=st.integers(3, 60), half=st.integers(1, 5), seed=SEEDS)
def test_balanced_pairs_show_each_thing_equally_often_and_compare_all_with_each_other(n, half, seed):
    per_thing = min(2 * half, (n - 1) // 2 * 2)
    pairs = balanced_pairs(n, per_thing=per_thing, seed=seed)
    assert set(Counter(thing for pair in pairs for thing in pair).values()) == {per_thing}
    assert len({frozenset(pair) for pair in pairs}) == len(pairs) == n * per_thing // 2
    rows, columns = zip(*pairs, strict=True)
    table = coo_array(([1] * len(pairs), (rows, columns)), shape=(n, n))
    assert csgraph.connected_components(table, directed=False)[0] == 1


@settings(deadline=None, max_examples=60)
@given(n=st.integers(6, 60), size=st.integers(3, 5), factor=st.sampled_from([1.0, 1.5, 2.0]), seed=SEEDS)
def test_tuples_show_things_and_pairs_of_things_about_equally_often(n, size, factor, seed):
    count = min(round(factor * n), comb(n, size))
    tuples = balanced_tuples(n, size=size, count=count, seed=seed)
    assert len({frozenset(drawn) for drawn in tuples}) == len(tuples) == count
    assert all(len(set(drawn)) == size for drawn in tuples)
    shown = Counter(thing for drawn in tuples for thing in drawn)
    assert max(shown.values()) - min(shown[thing] for thing in range(n)) <= 1
    met = Counter(pair for drawn in tuples for pair in combinations(sorted(drawn), 2))
    mean = count * comb(size, 2) / comb(n, 2)
    assert max(met.values()) <= ceil(mean) + 1


def test_the_usual_design_of_best_worst_scaling_shows_each_of_100_words_eight_times():
    tuples = balanced_tuples(100, size=4, count=200, seed=0)
    assert set(Counter(thing for drawn in tuples for thing in drawn).values()) == {8}
    assert max(Counter(pair for drawn in tuples for pair in combinations(sorted(drawn), 2)).values()) <= 2


def test_the_same_seed_makes_the_same_design_and_another_one_another():
    assert balanced_tuples(20, size=4, count=30, seed=1) == balanced_tuples(20, size=4, count=30, seed=1)
    assert balanced_tuples(20, size=4, count=30, seed=1) != balanced_tuples(20, size=4, count=30, seed=2)


def test_every_tuple_there_is_can_be_asked_for():
    assert {frozenset(drawn) for drawn in balanced_tuples(6, size=3, count=20, seed=0)} == {
        frozenset(drawn) for drawn in combinations(range(6), 3)
    }
    assert all_pairs(4) == list(combinations(range(4), 2))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: balanced_pairs(2, per_thing=2, seed=0), "at least 3 things; there are 2"),
        (lambda: balanced_pairs(9, per_thing=3, seed=0), "even and between 2 and 8; it is 3"),
        (lambda: balanced_pairs(4, per_thing=4, seed=0), "even and between 2 and 3"),
        (lambda: balanced_tuples(4, size=4, count=4, seed=0), "more than 4 things; there are 4"),
        (lambda: balanced_tuples(5, size=2, count=4, seed=0), "at least 3"),
        (lambda: balanced_tuples(5, size=4, count=6, seed=0), "1 to 5 different tuples of 4, not 6"),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_the_reason(make, reason):
    with pytest.raises(ValueError, match=reason):
        make()
