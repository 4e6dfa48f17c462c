"""Semantic versions of data: what a number means is decided by the difference, not by a person.

PATCH: the same values, other bytes or words. MINOR: only additions. MAJOR: something that a user of the
parent may have trained on was changed, removed, re-fused or moved between splits (the rule of Croissant 1.1
and TFDS).
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from affectory.release.errors import VersionError, VersionTooSmallError

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_CARET = re.compile(r"\^(\d+)(?:\.(\d+))?(?:\.(\d+))?")


class Bump(IntEnum):
    """The size of a step, ordered: a larger bump may stand for a smaller one, never the other way."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        match = _VERSION.fullmatch(text)
        if match is None:
            raise VersionError(f"{text!r} is not a version; write it as MAJOR.MINOR.PATCH, for example 1.0.0")
        return cls(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def bumped(self, bump: Bump) -> "Version":
        if bump is Bump.MAJOR:
            return Version(self.major + 1, 0, 0)
        if bump is Bump.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


FIRST = Version(1, 0, 0)


def next_version(parent: str | None, bump: Bump) -> str:
    """Return the smallest version that may follow `parent` after a difference of size `bump`.

    >>> next_version("1.4.2", Bump.MINOR), next_version(None, Bump.PATCH)
    ('1.5.0', '1.0.0')
    """
    return str(FIRST if parent is None else Version.parse(parent).bumped(bump))


def check_version(proposed: str, parent: str | None, bump: Bump) -> str:
    """Return `proposed` when it is allowed to follow `parent`, else raise `VersionTooSmallError`."""
    version = Version.parse(proposed)
    if parent is None:
        return proposed
    smallest = Version.parse(parent).bumped(bump)
    if version < smallest:
        raise VersionTooSmallError(
            f"{proposed} is too small after {parent}: the difference is {bump.name}, "
            f"so the next version is {smallest} or higher"
        )
    return proposed


@dataclass(frozen=True)
class VersionRange:
    """`1.2.0` (exactly), `^1`, `^1.2` (any later one with the same MAJOR) or an empty text (any)."""

    text: str
    low: Version
    high: Version | None  # exclusive; None: no upper end

    @classmethod
    def parse(cls, text: str) -> "VersionRange":
        if text in {"", "*", "latest"}:
            return cls(text, Version(0, 0, 0), None)
        caret = _CARET.fullmatch(text)
        if caret is not None:
            low = Version(*(int(part or 0) for part in caret.groups()))
            return cls(text, low, Version(low.major + 1, 0, 0))
        try:
            exact = Version.parse(text)
        except VersionError:
            raise VersionError(
                f"{text!r} is not a version or range; write 1.2.0 (exactly) or ^1.2 (newest with MAJOR 1)"
            ) from None
        return cls(text, exact, exact.bumped(Bump.PATCH))

    @property
    def is_exact(self) -> bool:
        return self.high == self.low.bumped(Bump.PATCH)

    def __contains__(self, version: str) -> bool:
        found = Version.parse(version)
        return self.low <= found and (self.high is None or found < self.high)

    def newest(self, versions: list[str]) -> str | None:
        """Return the newest of `versions` inside the range, or None."""
        return max((v for v in versions if v in self), key=Version.parse, default=None)
