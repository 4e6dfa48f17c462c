"""Semantic versions of data."""

import pytest

from affectory.release.errors import VersionError, VersionTooSmallError
from affectory.release.versions import Bump, VersionRange, check_version, next_version


@pytest.mark.parametrize(
    ("bump", "expected"), [(Bump.PATCH, "1.4.3"), (Bump.MINOR, "1.5.0"), (Bump.MAJOR, "2.0.0")]
)
def test_next_version_follows_the_bump(bump: Bump, expected: str) -> None:
    assert next_version("1.4.2", bump) == expected
    assert check_version(expected, "1.4.2", bump) == expected


def test_first_release_is_1_0_0_and_may_be_called_otherwise() -> None:
    assert next_version(None, Bump.MAJOR) == "1.0.0"
    assert check_version("0.1.0", None, Bump.MAJOR) == "0.1.0"


@pytest.mark.parametrize(
    ("proposed", "bump"),
    [("1.4.2", Bump.PATCH), ("1.4.3", Bump.MINOR), ("1.5.0", Bump.MAJOR), ("1.0.0", Bump.PATCH)],
)
def test_smaller_step_than_the_difference_is_refused(proposed: str, bump: Bump) -> None:
    with pytest.raises(VersionTooSmallError, match=bump.name):
        check_version(proposed, "1.4.2", bump)


def test_larger_step_is_allowed() -> None:
    assert check_version("3.0.0", "1.4.2", Bump.PATCH) == "3.0.0"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.2.0", ["1.2.0"], ["1.2.1", "1.1.9"]),
        ("^1", ["1.0.0", "1.99.3"], ["2.0.0", "0.9.0"]),
        ("^1.2", ["1.2.0", "1.10.0"], ["1.1.9", "2.0.0"]),
        ("^1.2.3", ["1.2.3", "1.3.0"], ["1.2.2"]),
        ("", ["0.0.1", "9.9.9"], []),
    ],
)
def test_ranges(text: str, inside: list[str], outside: list[str]) -> None:
    chosen = VersionRange.parse(text)
    assert all(version in chosen for version in inside)
    assert not any(version in chosen for version in outside)


def test_newest_counts_numbers_not_letters() -> None:
    assert VersionRange.parse("^1").newest(["1.9.0", "1.10.0", "2.0.0"]) == "1.10.0"
    assert VersionRange.parse("^3").newest(["1.9.0"]) is None


@pytest.mark.parametrize("text", ["1", "1.0", "v1.0.0", "01.0.0", "1.0.0-beta", "^", "~1"])
def test_what_is_not_a_version_is_said_to_be_none(text: str) -> None:
    with pytest.raises(VersionError, match="is not a version"):
        VersionRange.parse(text)
