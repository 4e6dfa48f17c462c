"""The rating files of published corpora give the published counts."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from ingest.ratings.published import PUBLISHED
from ingest.ratings.registry import formats
from tests.ingest.making import REALDATA

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not REALDATA.exists(), reason="needs ../shared/reference/realdata"),
]


def parsed(name, path):
    published = PUBLISHED[name]
    problems = []
    return list(formats()[published.format].parse(REALDATA / path, published.spec, problems.append)), problems


@pytest.mark.parametrize(
    ("perspective", "n_items", "n_dropped"), [("reader", 10_325, 5_130), ("writer", 10_279, 4_809)]
)
def test_emobank_has_its_answers_and_items(perspective, n_items, n_dropped):
    rows, problems = parsed("emobank", f"emobank/individual_{perspective}_ratings.csv")
    assert not problems
    assert len(rows) == {"reader": 53_055, "writer": 53_118}[perspective]
    # The corpus's own rule for its gold: V = A = D = 1 is no answer, and one answer is not enough.
    kept = [row.unit for row in rows if set(row.values.values()) != {1.0}]
    assert len(rows) - len(kept) == n_dropped
    assert sum(count > 1 for count in Counter(kept).values()) == n_items


def test_crema_d_votes_equal_its_own_totals():
    rows, problems = parsed("crema-d", "crema-d/tabulatedVotes.csv")
    assert not problems
    assert len(rows) == 212_000
    clips = defaultdict(set)
    for row in rows:
        clips[row.condition].add(row.unit)
    assert {condition: len(units) for condition, units in clips.items()} == {
        "audio-only": 7442,
        "video-only": 7442,
        "audio-visual": 7442,
    }


def test_ferplus_pictures_have_ten_votes_and_nameless_ones_are_reported():
    rows, problems = parsed("ferplus", "ferplus/fer2013new.csv")
    votes = Counter(row.line for row in rows)
    assert len(votes) + len(problems) == 35_887
    assert Counter(votes.values()) == {10: len(votes) - 1, 9: 1}
    # As published, four names stand in two rows each.
    assert len(votes) - len({row.unit for row in rows}) == 4
    assert {problem.column for problem in problems} == {"Image name"}


def test_omg_empathy_traces_have_a_value_per_frame():
    rows, problems = parsed("omg-empathy", "omg-empathy")
    assert not problems
    lengths = {row.item.rpartition("_")[2]: len(row.values) for row in rows if row.perspective == "self"}
    expected = {1: 9250, 2: 7400, 3: 9025, 4: 10125, 5: 5925, 6: 5850, 7: 7050, 8: 5550}
    assert lengths == {str(story): n for story, n in expected.items()}
    assert Counter(row.rater for row in rows) == {
        "listener": 8,
        "observer-of-listener": 8,
        "observer-of-speaker": 8,
    }


def test_muse_examples_have_three_raters_at_two_hertz():
    rows, problems = parsed("muse", "muse-toolbox-examples/examples/raw")
    assert not problems
    assert {(row.item, row.rater, len(row.values)) for row in rows} == {
        (item, rater, n) for item, n in (("11", 618), ("32", 598), ("47", 598)) for rater in "123"
    }
    assert {(row.rate_hz, row.t0_s, row.dimension) for row in rows} == {(2.0, 0.5, "arousal")}
    assert not any(np.isnan(row.values).any() for row in rows)
