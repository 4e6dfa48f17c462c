"""Groups stay together, old groups stay where they are, and labels are spread evenly."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affectory.splits import (
    CrossedScheme,
    CutScheme,
    LeaveOneOutScheme,
    OfficialScheme,
    RatioScheme,
    assign_splits,
    kfold_scheme,
    temporal_slices,
)


def heavy_tailed(n_items=6000, n_groups=150, seed=0):
    """Simulated items: a few large speakers, many small ones, each with a taste in emotions."""
    rng = np.random.default_rng(seed)
    weights = rng.pareto(1.2, n_groups) + 0.2
    weights = np.minimum(weights / weights.sum(), 0.05)
    speaker = rng.choice(n_groups, n_items, p=weights / weights.sum())
    taste = rng.dirichlet(np.ones(6) * 2, n_groups)
    emotion = [rng.choice(6, p=taste[one]) for one in speaker]
    return pd.DataFrame(
        {
            "id": np.arange(n_items),
            "speaker": speaker,
            "emotion": np.array(list("ADFHNS"))[emotion],
            "valence": rng.normal(np.array(emotion) / 6, 0.3),
            "arousal": rng.normal(0, 0.3, n_items),
        }
    )


@pytest.mark.parametrize("seed", range(3))
def test_sizes_and_labels_come_out_as_asked_without_a_leak(seed):
    scheme = RatioScheme(keys=("speaker",), categories=("emotion",), scales=("valence", "arousal"))
    report = assign_splits(heavy_tailed(seed=seed), scheme=scheme, seed=seed).report
    assert report.leaks == ()
    for role, wanted in report.wanted.items():
        assert report.shares[role] == pytest.approx(wanted, abs=0.01)
        assert max(report.total_variation[role].values()) <= 0.06


def test_same_seed_same_roles_whatever_the_python_objects():
    items = heavy_tailed(300, 20)
    scheme = RatioScheme(keys=("speaker",), categories=("emotion",), steps=500)
    frame = assign_splits(items, scheme=scheme, seed=5)
    rows = assign_splits(items.to_dict("records"), scheme=scheme, seed=5)
    assert frame.roles == rows.roles


@pytest.mark.parametrize("n_groups", [3, 4, 6])
def test_few_groups_still_give_every_role_one(n_groups):
    items = [{"id": f"{g}-{i}", "film": g} for g in range(n_groups) for i in range(5)]
    report = assign_splits(items, scheme=RatioScheme(keys=("film",))).report
    assert all(count >= 1 for count in report.groups.values())
    assert report.leaks == ()


def test_fewer_groups_than_roles_leave_a_role_empty():
    items = [{"id": i, "film": i % 2} for i in range(10)]
    report = assign_splits(items, scheme=RatioScheme(keys=("film",))).report
    assert sorted(report.groups.values()) == [0, 1, 1]
    assert report.leaks == ()


def test_keys_and_near_duplicates_join_into_one_group():
    items = [
        {"id": "a", "speaker": "s1", "film": "f1"},
        {"id": "b", "speaker": "s2", "film": "f1"},
        {"id": "c", "speaker": "s2", "film": None},
        {"id": "d", "speaker": "s3", "film": None},
        *({"id": f"x{i}", "speaker": f"t{i}", "film": None} for i in range(10)),
    ]
    split = assign_splits(items, scheme=RatioScheme(keys=("speaker", "film")), links=[("c", "d")])
    assert len({split.roles[item] for item in "abcd"}) == 1
    assert {split.groups[item] for item in "abcd"} == {"film=f1"}
    assert split.report.largest_group == 4


def test_old_groups_never_move_and_new_items_join_them():
    scheme = RatioScheme(keys=("speaker",), steps=500)
    first = assign_splits(heavy_tailed(200, 20), scheme=scheme)
    ledger = json.loads(json.dumps(dict(first.ledger)))
    grown = heavy_tailed(200, 20)
    more = grown.assign(id=grown["id"] + 1000)
    fresh = pd.DataFrame({"id": range(5000, 5050), "speaker": [f"new{i % 10}" for i in range(50)]})
    second = assign_splits(pd.concat([grown, more, fresh]), scheme=scheme, ledger=ledger, seed=99)
    role_of = dict(zip(grown["speaker"], (first.roles[i] for i in grown["id"]), strict=True))
    assert all(second.roles[i] == role for i, role in first.roles.items())
    assert all(second.roles[i] == role_of[s] for i, s in zip(more["id"], more["speaker"], strict=True))
    assert second.report.leaks == ()
    assert set(first.ledger.items()) <= set(second.ledger.items())


@pytest.mark.parametrize(
    ("before", "after"), [(int, float), (float, int), (int, "Int64"), (float, "float32")]
)
def test_whole_numbers_stay_the_same_group_when_their_column_gains_or_loses_a_gap(before, after):
    scheme = RatioScheme(keys=("film",), steps=500)
    films = pd.Series(np.repeat(np.arange(12), 3))
    old = pd.DataFrame({"id": np.arange(36), "film": films}).astype({"film": before})
    first = assign_splits(old, scheme=scheme)
    grown = pd.DataFrame({"id": np.arange(100, 136), "film": films}).astype({"film": after})
    second = assign_splits(grown, scheme=scheme, ledger=first.ledger, seed=3)
    assert [second.roles[i + 100] for i in first.roles] == list(first.roles.values())
    assert (second.report.leaks, second.report.without_role) == ((), ())


def test_a_gap_in_a_column_of_whole_numbers_settles_no_second_name():
    clips = pd.DataFrame({"id": range(4), "film": [1, 1, 2, None]})
    assert set(assign_splits(clips, scheme=RatioScheme(keys=("film",))).ledger) == {
        "id=0", "id=1", "id=2", "id=3", "film=1", "film=2",
    }  # fmt: skip


def test_a_ledger_of_before_that_names_floats_still_holds():
    ledger = {"id=1.0": "test", "film=7.0": "test"}
    items = [{"id": 1, "film": 7}, *({"id": i, "film": 7} for i in range(2, 30))]
    split = assign_splits(items, scheme=RatioScheme(keys=("film",)), ledger=ledger)
    assert set(split.roles.values()) == {"test"}
    assert ledger.items() <= split.ledger.items()


def test_an_item_that_ties_two_settled_roles_together_gets_none_and_is_named():
    scheme = RatioScheme(keys=("speaker", "film"), roles={"train": 0.5, "test": 0.5})
    ledger = {"speaker=s1": "train", "film=f2": "test", "id=old": "train"}
    items = [
        {"id": "old", "speaker": "s1", "film": "f1"},
        {"id": "bridge", "speaker": "s1", "film": "f2"},
        {"id": "free", "speaker": "s9", "film": "f9"},
    ]
    split = assign_splits(items, scheme=scheme, ledger=ledger)
    assert split.roles["old"] == "train"
    assert split.roles["bridge"] is None
    assert split.roles["free"] in {"train", "test"}
    assert split.report.without_role == ("id=bridge",)
    assert "id=bridge" not in split.ledger


def test_a_leak_that_the_ledger_brings_along_is_reported():
    ledger = {"id=a": "train", "id=b": "test"}
    items = [{"id": "a", "film": 1}, {"id": "b", "film": 1}]
    split = assign_splits(items, scheme=RatioScheme(keys=("film",)), ledger=ledger)
    assert split.roles == {"a": "train", "b": "test"}
    assert split.report.leaks == ("film=1 in test, train",)


@pytest.mark.parametrize(
    ("items", "more", "message"),
    [
        ([], {}, "none to split"),
        ([{"id": 1}], {}, "no field film"),
        ([{"id": 1, "film": 1}, {"id": 1, "film": 2}], {}, "id 1 stands more than once"),
        ([{"id": 1, "film": 1}, {"id": "1", "film": 2}], {}, "ids 1 and '1' are the same in the ledger"),
        ([{"id": 1, "film": 1}], {"ledger": {"id=1": "dev"}}, "role 'dev' is not in the scheme"),
        ([{"id": 1, "film": 1}], {"links": [(1, 2)]}, "2 is neither an item nor in the ledger"),
    ],
)
def test_bad_input_is_refused_by_name(items, more, message):
    with pytest.raises(ValueError, match=message):
        assign_splits(items, scheme=RatioScheme(keys=("film",)), **more)


def test_items_with_several_labels_or_none_are_stratified_too():
    items = [{"id": i, "emotion": [["joy", "fear"], "joy", None][i % 3]} for i in range(60)]
    report = assign_splits(items, scheme=RatioScheme(categories=("emotion",))).report
    assert report.sizes == {"train": 48, "validation": 6, "test": 6}
    assert max(apart["emotion"] for apart in report.total_variation.values()) < 0.1


def test_folds_are_even_in_size_and_labels():
    scheme = kfold_scheme(5, keys=("speaker",), categories=("emotion",))
    report = assign_splits(heavy_tailed(1000, 60), scheme=scheme).report
    assert list(report.sizes.values()) == pytest.approx([200] * 5, abs=15)
    assert report.leaks == ()


def test_leave_one_subject_out_has_a_role_per_subject():
    items = [{"id": i, "subject": f"s{i % 3}"} for i in range(9)]
    split = assign_splits(items, scheme=LeaveOneOutScheme("subject"))
    assert split.report.sizes == {"subject=s0": 3, "subject=s1": 3, "subject=s2": 3}
    assert split.report.leaks == ()


def test_leaving_out_dyads_keeps_them_together_and_reports_who_also_stands_elsewhere():
    pairs = [["s1", "s2"], ["s2", "s1"], ("s3", "s4"), np.array(["s5"]), [], None]
    split = assign_splits(
        [{"id": i, "subject": pair} for i, pair in enumerate(pairs)], scheme=LeaveOneOutScheme("subject")
    )
    assert list(split.roles.values()) == [
        "subject=s1; s2", "subject=s1; s2", "subject=s3; s4", "subject=s5", None, None,
    ]  # fmt: skip
    assert split.report.leaks == ()
    alone = [{"id": 1, "subject": ["s1", "s2"]}, {"id": 2, "subject": "s1"}]
    torn = assign_splits(alone, scheme=LeaveOneOutScheme("subject"))
    assert torn.report.leaks == ("subject=s1 in subject=s1, subject=s1; s2",)


def test_leave_one_out_names_whole_numbers_alike_whether_their_column_has_a_gap():
    scheme = LeaveOneOutScheme("subject")
    whole = assign_splits(pd.DataFrame({"id": [1, 2], "subject": [1, 2]}), scheme=scheme)
    gap = assign_splits(pd.DataFrame({"id": [1, 2, 3], "subject": [1, 2, None]}), scheme=scheme)
    assert gap.roles == {**whole.roles, 3: None}


def test_cuts_by_date_leave_items_without_a_date_out_and_report_leaks():
    items = pd.DataFrame(
        {
            "id": list("abcd"),
            "day": pd.to_datetime(["2020-01-01", "2021-06-01", "2022-01-01", None]),
            "film": [1, 2, 1, 3],
        }
    )
    scheme = CutScheme("day", ((pd.Timestamp("2021-01-01"), "train"), (None, "test")), keys=("film",))
    split = assign_splits(items, scheme=scheme)
    assert split.roles == {"a": "train", "b": "test", "c": "test", "d": None}
    assert split.report.without_role == ("id=d",)
    assert split.report.leaks == ("film=1 in test, train",)


def test_an_official_split_is_taken_as_it_is_and_its_leaks_are_counted():
    items = [
        {"id": 1, "split": "train", "speaker": "x"},
        {"id": 2, "split": "test", "speaker": "x"},
        {"id": 3, "split": None, "speaker": "y"},
    ]
    split = assign_splits(items, scheme=OfficialScheme("split", keys=("speaker",)))
    assert split.roles == {1: "train", 2: "test", 3: None}
    assert split.report.leaks == ("speaker=x in test, train",)


def test_a_split_by_rater_keeps_each_rater_in_one_role():
    rows = [{"id": f"{item}-{rater}", "rater": rater} for item in range(10) for rater in range(12)]
    split = assign_splits(rows, scheme=RatioScheme(keys=("rater",)))
    assert split.report.leaks == ()
    assert split.report.groups == {"train": 10, "validation": 1, "test": 1}


def test_temporal_slices_leave_a_gap_and_refuse_to_leave_nothing():
    train, test = temporal_slices(10, 70, [("train", 3), ("test", 1)], guard_s=20)
    assert (train.start_s, train.end_s, test.start_s, test.end_s) == (10, 40, 60, 70)
    with pytest.raises(ValueError, match="leave nothing"):
        temporal_slices(0, 10, [("a", 1), ("b", 1)], guard_s=10)


def crossed_items(subjects, films):
    """Simulated: every subject sees every film, as in DEAP."""
    return [
        {"id": f"{one}-{film}", "subject": f"s{one}", "film": f"f{film}", "emotion": "ab"[film % 2]}
        for one in range(subjects)
        for film in range(films)
    ]


CROSSED = CrossedScheme(
    {"train": 0.75, "test": 0.25}, ("subject", "film"), categories=("emotion",), steps=500
)


def test_crossed_keys_are_both_unseen_and_the_rest_is_left_out_by_name():
    items = crossed_items(12, 8)
    split = assign_splits(items, scheme=CROSSED)
    assert split.report.leaks == ()
    assert split.report.sizes == {"train": 9 * 6, "test": 3 * 2}
    assert len(split.report.without_role) == 12 * 8 - 60
    for key in ("subject", "film"):
        held = {
            role: {row[key] for row in items if split.roles[row["id"]] == role} for role in ("train", "test")
        }
        assert not held["train"] & held["test"]
    assert split.report.total_variation["test"]["emotion"] == 0


def test_crossed_values_never_move_and_a_missing_key_does_not_matter():
    first = assign_splits(crossed_items(8, 8), scheme=CROSSED)
    more = [*crossed_items(12, 9), {"id": "alone", "subject": "s0", "film": None, "emotion": "a"}]
    second = assign_splits(more, scheme=CROSSED, ledger=json.loads(json.dumps(dict(first.ledger))), seed=7)
    assert {item: second.roles[item] for item in first.roles} == first.roles
    assert second.roles["alone"] == first.ledger["subject=s0"]
    assert second.report.leaks == ()
    with pytest.raises(ValueError, match="role 'dev' is not in the scheme"):
        assign_splits(more, scheme=CROSSED, ledger={"id=alone": "dev"})
    with pytest.raises(ValueError, match="two or more"):
        CrossedScheme(keys=("film",))


def test_near_duplicates_of_crossed_keys_never_stand_in_two_roles():
    items = crossed_items(12, 8)
    free = assign_splits(items, scheme=CROSSED)
    one = {role: next(item for item, had in free.roles.items() if had == role) for role in ("train", "test")}
    split = assign_splits(items, scheme=CROSSED, links=[(one["train"], one["test"])])
    assert (split.roles[one["train"]], split.roles[one["test"]]) == (None, None)
    assert split.report.leaks == ()
    assert {item: role for item, role in split.roles.items() if item not in one.values()} == {
        item: role for item, role in free.roles.items() if item not in one.values()
    }


def test_a_chain_of_near_duplicates_of_crossed_keys_has_one_role_and_the_settled_one_stays():
    items = crossed_items(12, 8)
    free = assign_splits(items, scheme=CROSSED)
    by_role = {
        role: [item for item, had in free.roles.items() if had == role] for role in ("train", "test", None)
    }
    train, between, test = by_role["train"][0], by_role[None][0], by_role["test"][0]
    ledger = {name: role for name, role in free.ledger.items() if name != f"id={train}"}
    chain = [(train, between), (between, test)]
    split = assign_splits(items, scheme=CROSSED, ledger=ledger, links=chain)
    assert [split.roles[item] for item in (train, between, test)] == [None, None, "test"]
    assert split.report.leaks == ()


def test_a_near_duplicate_without_a_role_is_not_settled_by_its_twin():
    items = [{"id": 1, "split": "train"}, {"id": 2, "split": None}]
    scheme = OfficialScheme("split")
    first = assign_splits(items, scheme=scheme, links=[(1, 2)])
    second = assign_splits(items, scheme=scheme, links=[(1, 2)], ledger=first.ledger)
    assert first.roles == second.roles == {1: "train", 2: None}


def test_rules_report_how_evenly_labels_are_spread():
    items = [{"id": i, "split": "train" if i < 6 else "test", "emotion": "aaabbbaab"[i]} for i in range(9)]
    scheme = OfficialScheme("split", categories=("emotion",))
    apart = assign_splits(items, scheme=scheme).report.total_variation
    assert apart["train"]["emotion"] == pytest.approx(5 / 9 - 1 / 2)
    assert apart["test"]["emotion"] == pytest.approx(2 / 3 - 5 / 9)
    assert assign_splits(items, scheme=OfficialScheme("split")).report.total_variation == {}


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 6)),
        st.one_of(st.none(), st.integers(0, 6)),
        st.sampled_from("xyz"),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(ROWS, st.integers(0, 3), st.integers(0, 40))
def test_whatever_the_groups_nothing_leaks_and_nothing_settled_moves(rows, seed, at):
    scheme = RatioScheme(keys=("film", "speaker"), categories=("emotion",), steps=200)
    items = [{"id": i, "film": f, "speaker": s, "emotion": e} for i, (f, s, e) in enumerate(rows)]
    first = assign_splits(items[: max(1, at)], scheme=scheme, seed=seed)
    second = assign_splits(items, scheme=scheme, ledger=first.ledger, seed=seed + 1)
    for split in (first, second):
        assert split.report.leaks == ()
    assert not first.report.without_role
    assert {item: second.roles[item] for item in first.roles} == first.roles
