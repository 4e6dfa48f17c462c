"""Names and arguments that other people's programs rely on: more may be added, none may go."""

import importlib
import inspect

import numpy as np
import pytest

from affectory import agreement
from affectory.tables import RatingTable

# module, function, arguments by position, arguments by name with their defaults
ANY = object()
PROMISED = [
    ("agreement", "krippendorff_alpha", ["ratings"], {"level": ANY, "ci": None, "draws": 1000, "seed": 0}),
    ("agreement", "cohen_kappa", ["a", "b"], {"weights": None}),
    ("agreement", "fleiss_kappa", ["counts"], {}),
    ("agreement", "gwet_ac", ["ratings"], {"weights": None}),
    ("agreement", "icc", ["ratings"], {}),
    ("agreement", "cronbach_alpha", ["ratings"], {}),
    ("agreement", "ccc", ["x", "y"], {"ddof": 0}),
    ("agreement", "pairwise_ccc", ["traces"], {}),
    ("agreement", "unitizing_alpha", ["units"], {"continuum": ANY}),
    ("agreement", "recommended", ["question"], {}),
    ("fusion", "mean", ["traces"], {}),
    ("fusion", "median", ["traces"], {}),
    ("fusion", "ewe", ["traces"], {"weights": ANY}),
    ("fusion", "estimate_lag", ["reference", "trace"], {"rate_hz": ANY, "search_s": ANY}),
    ("aggregation", "majority_vote", None, {}),
    ("aggregation", "dawid_skene", ["table"], {"max_iter": 200, "tol": 1e-8}),
    ("aggregation", "bradley_terry", ["wins"], {}),
    ("aggregation", "best_worst_scores", ["tuples"], {}),
    ("mapping", "nearest_category", ["vad", "taxonomy"], {}),
    ("mapping", "category_to_vad", ["distribution", "taxonomy"], {}),
    ("mapping", "convert_scale", ["values", "source", "target"], {}),
    ("mapping", "fit_mapping", ["x", "y"], {"kind": ANY, "groups": ANY}),
    ("splits", "assign_splits", ["items"], {"scheme": ANY, "ledger": None, "seed": 0}),
]


@pytest.mark.parametrize(("room", "name", "positional", "named"), PROMISED, ids=lambda one: str(one)[:30])
def test_promised_functions_take_what_was_promised(room, name, positional, named):
    found = inspect.signature(getattr(importlib.import_module(f"affectory.{room}"), name)).parameters
    by_position = [one for one in found.values() if one.kind is one.POSITIONAL_OR_KEYWORD]
    if positional is not None:
        assert [one.name for one in by_position][: len(positional)] == positional
        assert all(one.default is not one.empty for one in by_position[len(positional) :])
    for argument, default in named.items():
        assert found[argument].kind is found[argument].KEYWORD_ONLY
        assert default is ANY or found[argument].default == default
    others = [one for one in found.values() if one.kind is one.KEYWORD_ONLY and one.name not in named]
    assert all(one.default is not one.empty for one in others), "what is added needs a default"


RATINGS = np.array([[1.0, 2, 3, 3, 2], [1, 2, 3, 4, 2], [2, 2, 3, 4, 1]])
WITH_INTERVAL = {
    "alpha": lambda: agreement.krippendorff_alpha(RATINGS, level="interval", ci=0.95, draws=50),
    "cohen": lambda: agreement.cohen_kappa(RATINGS[0], RATINGS[1]),
    "cohen linear": lambda: agreement.cohen_kappa(RATINGS[0], RATINGS[1], weights="linear"),
    "cohen quadratic": lambda: agreement.cohen_kappa(RATINGS[0], RATINGS[1], weights="quadratic"),
    "gwet": lambda: agreement.gwet_ac(RATINGS),
    "cronbach": lambda: agreement.cronbach_alpha(RATINGS),
    "ccc": lambda: agreement.ccc(RATINGS[0], RATINGS[1]),
    "pearson": lambda: agreement.pearson(RATINGS[0], RATINGS[1]),
    **{form: lambda form=form: agreement.icc(RATINGS)[form] for form in agreement.icc(RATINGS)},
}


@pytest.mark.parametrize("name", WITH_INTERVAL)
def test_measures_with_a_known_interval_give_it_around_their_value(name):
    found = WITH_INTERVAL[name]()
    low, high = found.ci
    assert low <= found.value <= high
    assert found.n_units_used == 5
    assert found.reason is None


@pytest.mark.parametrize(
    "found",
    [
        agreement.fleiss_kappa(RatingTable.from_dense(RATINGS)),
        agreement.pairwise_ccc(RATINGS),
        agreement.unitizing_alpha([[(0, 2, "a")], [(0, 3, "a")]], continuum=(0, 9)),
    ],
    ids=["fleiss", "pairwise", "unitizing"],
)
def test_other_results_have_the_same_face(found):
    for field in ("value", "ci", "reason", "n_units_used"):
        assert hasattr(found, field)


def test_votes_that_come_later_are_added_to_the_counts():
    """Nominal and ordinal alpha can be kept up to date as interval alpha can: votes of a unit add up."""
    before, after = np.array([[2, 0, 1], [1, 1, 0]]), np.array([[1, 0, 0], [0, 2, 0]])
    votes = [[0, 0, 2, 0], [0, 1, 1, 1]]
    for level in ("nominal", "ordinal"):
        kept = agreement.krippendorff_alpha(RatingTable.from_counts(before + after), level=level)
        whole = agreement.krippendorff_alpha(np.array(votes).T, level=level)
        assert kept.value == pytest.approx(whole.value, abs=1e-12)
