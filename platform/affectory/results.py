"""What every measure answers: a number, or none and the reason, with the facts of how it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured number and how it was made.

    Attributes
    ----------
    value : float or None
        The coefficient; None where it is undefined (then `reason` says why).
    ci : (float, float) or None
        Confidence interval, low and high; None where none was asked for or none exists.
    n_units_used, n_units_dropped : int
        Units that entered the number, and units that could not (missing ratings).
    n_raters : int
        Raters with at least one rating in the used units; for anonymous slots and vote counts, the largest
        number of ratings that one unit has.
    convention : str
        The variant that was computed, in words, where the literature knows several.
    reason : str or None
        Why `value` is None, or a remark on a number that needs one.
    details : mapping
        Further plain facts: intermediate terms, parameters, seed.
    """

    value: float | None
    ci: tuple[float, float] | None
    n_units_used: int
    n_units_dropped: int
    n_raters: int
    convention: str
    reason: str | None = None
    details: Mapping[str, Fact] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            Keys are the attributes; `ci` is a list of two numbers or None.

        Examples
        --------
        >>> Measurement(None, None, 0, 3, 1, "any", reason="one rater").as_dict()["reason"]
        'one rater'
        """
        return {
            "value": self.value,
            "ci": list(self.ci) if self.ci else None,
            "n_units_used": self.n_units_used,
            "n_units_dropped": self.n_units_dropped,
            "n_raters": self.n_raters,
            "convention": self.convention,
            "reason": self.reason,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseMeasurement:
    """A measure between every two raters.

    Attributes
    ----------
    value : ndarray, shape (raters, raters)
        The coefficient of each pair, 1 on the diagonal of a rater that varies; NaN where undefined. One rater
        alone has none.
    n_units_used, n_units_dropped : ndarray of int, shape (raters, raters)
        Units that both raters of the pair have rated, and all others.
    reasons : mapping of (int, int) to str
        Why a cell with NaN has no value, for every such cell.
    convention : str
        The variant that was computed.
    """

    value: FloatArray
    n_units_used: IntArray
    n_units_dropped: IntArray
    reasons: Mapping[tuple[int, int], str]
    convention: str

    @property
    def ci(self) -> None:
        """No interval is given for single pairs."""
        return

    @property
    def reason(self) -> str | None:
        """The reasons of the undefined cells above the diagonal, in one line; None where all are defined."""
        if self.n_raters < 2:
            return "needs two raters"
        told = [f"{i}-{j}: {why}" for (i, j), why in sorted(self.reasons.items()) if i < j]
        return "; ".join(told) or None

    @property
    def n_raters(self) -> int:
        """Number of rows, whether they have a rating or not."""
        return len(self.value)

    def __getitem__(self, pair: tuple[int, int]) -> Measurement:
        """Give one pair as a Measurement.

        Parameters
        ----------
        pair : (int, int)
            Rows of the two raters.

        Returns
        -------
        Measurement

        Examples
        --------
        >>> from affectory.agreement import pairwise_ccc
        >>> pairwise_ccc([[1, 2, 3], [1, 2, 3], [3, 2, 1]])[0, 2].value
        -1.0
        """
        value = float(self.value[pair])
        return Measurement(
            value=None if np.isnan(value) else value,
            ci=None,
            n_units_used=int(self.n_units_used[pair]),
            n_units_dropped=int(self.n_units_dropped[pair]),
            n_raters=2,
            convention=self.convention,
            reason=self.reasons.get(pair),
        )

    @property
    def mean(self) -> Measurement:
        """The mean over all defined pairs of two different raters; units are those of the pair with most."""
        return self._over_pairs(np.mean, "mean over pairs")

    @property
    def minimum(self) -> Measurement:
        """The smallest value of any defined pair of two different raters; units as for the mean."""
        return self._over_pairs(np.min, "minimum over pairs")

    def _over_pairs(self, fold: Any, name: str) -> Measurement:
        upper = np.triu_indices(len(self.value), k=1)
        defined = self.value[upper][~np.isnan(self.value[upper])]
        units, dropped = self.n_units_used[upper], self.n_units_dropped[upper]
        return Measurement(
            value=float(fold(defined)) if defined.size else None,
            ci=None,
            n_units_used=int(units.max(initial=0)),
            n_units_dropped=int(dropped.min(initial=dropped.max(initial=0))),
            n_raters=self.n_raters,
            convention=f"{self.convention}; {name}",
            reason=None if defined.size else self._no_pair(),
            details={"n_pairs": int(defined.size), "n_pairs_undefined": int(len(upper[0]) - defined.size)},
        )

    def _no_pair(self) -> str:
        return "no pair of raters has a defined value" if self.n_raters > 1 else "needs two raters"

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            Keys are the attributes; matrices are lists of rows with None for undefined cells, and "i-j" names a
            pair in `reasons`.

        Examples
        --------
        >>> from affectory.agreement import pairwise_ccc
        >>> pairwise_ccc([[1, 2, 3], [1, 2, 3], [None, None, 1]]).as_dict()["reasons"]["0-2"]
        'fewer than two common units'
        """
        return {
            "value": [[None if np.isnan(cell) else float(cell) for cell in row] for row in self.value],
            "n_units_used": self.n_units_used.tolist(),
            "n_units_dropped": self.n_units_dropped.tolist(),
            "n_raters": self.n_raters,
            "reason": self.reason,
            "reasons": {f"{i}-{j}": why for (i, j), why in sorted(self.reasons.items())},
            "convention": self.convention,
        }


@dataclass(frozen=True, slots=True)
class Basis:
    """What a number rests on: its convention and how many units and raters entered."""

    convention: str
    n_units_used: int = 0
    n_units_dropped: int = 0
    n_raters: int = 2

    def measured(
        self,
        value: float,
        *,
        ci: tuple[float, float] | None = None,
        reason: str | None = None,
        details: Mapping[str, Fact] | None = None,
    ) -> Measurement:
        """Make the answer that has a number.

        Parameters
        ----------
        value : float
        ci : (float, float), optional
        reason : str, optional
            A remark on a number that needs one.
        details : mapping, optional

        Returns
        -------
        Measurement

        Examples
        --------
        >>> Basis("any", n_units_used=4).measured(0.5).value
        0.5
        """
        return self._answer(float(value), ci, reason, details)

    def undefined(self, reason: str, *, details: Mapping[str, Fact] | None = None) -> Measurement:
        """Make the answer for a number that does not exist.

        Parameters
        ----------
        reason : str
        details : mapping, optional

        Returns
        -------
        Measurement
            Its `value` is None.

        Examples
        --------
        >>> Basis("any").undefined("one rater").reason
        'one rater'
        """
        return self._answer(None, None, reason, details)

    def _answer(
        self,
        value: float | None,
        ci: tuple[float, float] | None,
        reason: str | None,
        details: Mapping[str, Fact] | None,
    ) -> Measurement:
        return Measurement(
            value=value,
            ci=ci,
            n_units_used=self.n_units_used,
            n_units_dropped=self.n_units_dropped,
            n_raters=self.n_raters,
            convention=self.convention,
            reason=reason,
            details=dict(details or {}),
        )


def check_level(ci: float | None) -> None:
    """Refuse a confidence level that is not between 0 and 1.

    Parameters
    ----------
    ci : float or None
        None asks for no interval.

    Returns
    -------
    None

    Examples
    --------
    >>> check_level(0.95)
    >>> check_level(95)
    Traceback (most recent call last):
    ValueError: ci: a confidence level lies between 0 and 1, not 95
    """
    if ci is not None and not 0 < ci < 1:
        raise ValueError(f"ci: a confidence level lies between 0 and 1, not {ci!r}")
