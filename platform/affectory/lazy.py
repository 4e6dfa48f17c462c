"""Sequences too long to be held as objects."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class LazySequence(Sequence[T]):
    """A sequence of which a member is made when it is asked for; a slice of it is a list.

    >>> class Squares(LazySequence[int]):
    ...     def __len__(self):
    ...         return 1_000_000
    ...
    ...     def made(self, place):
    ...         return place**2
    >>> Squares()[3], Squares()[-1], Squares()[2:5]
    (9, 999998000001, [4, 9, 16])
    """

    @abstractmethod
    def made(self, place: int) -> T:
        """Make the member at a place from 0 to below the length."""

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self.made(place) for place in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self.made(at % len(self))
