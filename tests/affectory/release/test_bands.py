"""No band can be told that holds fewer than k people, and none can be found by taking the others from a total."""

from hypothesis import given, settings
from hypothesis import strategies as st

from affectory.release.bands import age_bands, category_bands

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
