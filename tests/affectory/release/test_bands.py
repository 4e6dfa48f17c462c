"""No band can be told that holds fewer than k people, and none can be found by taking the others from a total."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from affectory.release.bands import age_bands, banded, category_bands, joint_bands

people = st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=60)
ages = st.lists(st.one_of(st.none(), st.integers(0, 110)), max_size=60)
k_values = st.integers(2, 12)


@settings(deadline=None)
@given(people, k_values)
def test_categories_hold_k_and_add_up(values: list[str | None], k: int) -> None:
    bands = category_bands(values, k)
    assert all(band.people >= k for band in bands)
    assert sum(band.people for band in bands) == (len(values) if len(values) >= k else 0)


@settings(deadline=None)
@given(ages, k_values)
def test_ages_hold_k_and_leave_out_no_age(values: list[float | None], k: int) -> None:
    bands = age_bands(values, k)
    assert all(band.people >= k for band in bands)
    known = sum(value is not None for value in values)
    told = sum(band.people for band in bands if band.name != "not stated")
    assert told == (known if known >= k else 0)


def test_few_people_are_not_told_at_all() -> None:
    assert category_bands(["f", "m"], 5) == ()
    assert age_bands([33, 34, None], 3) == ()


order = st.sampled_from([(), tuple("abcdefgh")])
rows = st.lists(st.tuples(*[st.one_of(st.none(), st.sampled_from("abc"))] * 3), max_size=60)


@settings(deadline=None)
@given(people, k_values, order)
def test_everybody_shares_her_band_with_k_others(values: list[str | None], k: int, ordered: tuple[str, ...]):
    told = banded(values, k, ordered)
    shared = Counter(band for band in told if band is not None)
    assert all(n >= k for n in shared.values())
    known = sum(value is not None for value in values)
    if known >= k:
        assert all(band is not None for band, value in zip(told, values, strict=True) if value is not None)


@settings(deadline=None)
@given(rows, k_values)
def test_whole_rows_are_shared_by_k_people_and_say_nothing_false(
    values: list[tuple[str | None, ...]], k: int
):
    told = joint_bands(values, k)
    if len(values) >= k:
        assert all(n >= k for n in Counter(told).values())
    else:
        assert {one for row in told for one in row} <= {None}
    for row, said in zip(told, values, strict=True):
        assert all(one in {None, own} for one, own in zip(row, said, strict=True))


def test_rows_that_are_common_enough_stay_whole() -> None:
    common = [("a", "x")] * 3 + [("b", "y")] * 3
    assert joint_bands(common, 3) == common
