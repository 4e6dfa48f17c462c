"""How each rater relates to the others: agreement, bias, use of the scale. Observations, not verdicts."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from affectory.agreement.alpha import krippendorff_alpha
from affectory.agreement.concordance import ccc, pearson
from affectory.results import FloatArray, Measurement
from affectory.tables import Ratings, RatingTable, as_table
from affectory.vectors import mean_present


@dataclass(frozen=True, slots=True)
class RaterReport:
    """One rater against the mean of the others.

    Attributes
    ----------
    rater : str
        Name, or position when the table has no names.
    n_units, n_shared : int
        Units this rater rated, and those that somebody else rated too.
    r, ccc : Measurement
        Pearson's r and Lin's CCC with the mean of the others (leave-one-out).
    bias : float or None
        Mean of own rating minus mean of the others, in the unit of the scale.
    scale_use : float or None
        Standard deviation of own ratings divided by that of the others' means over the shared units.
    alpha_without : Measurement
        Interval alpha of the table without this rater.
    reason : str or None
        Why the numbers are missing, or `scale_use` alone.
    """

    rater: str
    n_units: int
    n_shared: int
    r: Measurement
    ccc: Measurement
    bias: float | None
    scale_use: float | None
    alpha_without: Measurement
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            Keys are the attributes; measurements are dicts, what is missing is None.

        Examples
        --------
        >>> rater_reports([[1, 2, 3], [2, 3, 4]])[0].as_dict()["bias"]
        -1.0
        """
        return {
            "rater": self.rater,
            "n_units": self.n_units,
            "n_shared": self.n_shared,
            "r": self.r.as_dict(),
            "ccc": self.ccc.as_dict(),
            "bias": self.bias,
            "scale_use": self.scale_use,
            "alpha_without": self.alpha_without.as_dict(),
            "reason": self.reason,
        }


def rater_reports(ratings: Ratings, *, min_shared: int = 2) -> tuple[RaterReport, ...]:
    """Compare each rater with the mean of the others.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        Numbers; NaN is missing.
    min_shared : int
        With fewer shared units, correlations, bias and scale use are None.

    Returns
    -------
    tuple of RaterReport
        In the order of the rows.

    Examples
    --------
    >>> [report.bias for report in rater_reports([[1, 2, 3], [2, 3, 4]])]
    [-1.0, 1.0]
    """
    table = as_table(ratings)
    values = table.persons("rater_reports")
    if table.has_words:
        raise ValueError("rater_reports needs numbers, but the categories are words")
    names = table.raters or tuple(range(len(values)))
    return tuple(_report(str(name), row, values, min_shared) for row, name in enumerate(names))


def _report(name: str, row: int, values: FloatArray, min_shared: int) -> RaterReport:
    own, rest = values[row], np.delete(values, row, axis=0)
    others = mean_present(rest)
    shared = ~(np.isnan(own) | np.isnan(others))
    n_shared = int(shared.sum())
    known = n_shared >= max(min_shared, 1)
    mine, theirs = (own[shared], others[shared]) if known else (own[:0], others[:0])
    spread = float(theirs.std()) if known else 0.0
    return RaterReport(
        rater=name,
        n_units=int((~np.isnan(own)).sum()),
        n_shared=n_shared,
        r=pearson(mine, theirs),
        ccc=ccc(mine, theirs),
        bias=float((mine - theirs).mean()) if known else None,
        scale_use=float(mine.std()) / spread if spread > 0 else None,
        alpha_without=krippendorff_alpha(RatingTable.from_dense(rest), level="interval"),
        reason=_missing(n_shared, min_shared, known=known, spread=spread),
    )


def _missing(n_shared: int, min_shared: int, *, known: bool, spread: float) -> str | None:
    if not known:
        return f"{n_shared} unit(s) shared with others, {min_shared} needed"
    return None if spread > 0 else "scale use: the means of the others do not vary"


@dataclass(frozen=True, slots=True)
class CategoryRaterReport:
    """One rater's categories against the others'.

    Attributes
    ----------
    rater : str
        Name, or position when the table has no names.
    n_units, n_shared : int
        Units this rater rated, and those that somebody else rated too.
    agreement : float or None
        Mean over shared units of the share of the other raters who chose the same; 0 to 1, not corrected for
        chance.
    entropy : float or None
        Of the rater's own answers, in bits; 0 is one category for everything.
    alpha_without : Measurement
        Nominal alpha of the table without this rater.
    reason : str or None
        Why `agreement` is missing.
    """

    rater: str
    n_units: int
    n_shared: int
    agreement: float | None
    entropy: float | None
    alpha_without: Measurement
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            Keys are the attributes; measurements are dicts, what is missing is None.

        Examples
        --------
        >>> category_rater_reports([["a", "b"], ["a", "a"]])[0].as_dict()["agreement"]
        0.5
        """
        return {
            "rater": self.rater,
            "n_units": self.n_units,
            "n_shared": self.n_shared,
            "agreement": self.agreement,
            "entropy": self.entropy,
            "alpha_without": self.alpha_without.as_dict(),
            "reason": self.reason,
        }


def category_rater_reports(ratings: Ratings, *, min_shared: int = 1) -> tuple[CategoryRaterReport, ...]:
    """Compare each rater's categories with those of the others.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        Categories; NaN or None is missing.
    min_shared : int
        With fewer shared units, `agreement` is None.

    Returns
    -------
    tuple of CategoryRaterReport
        In the order of the rows.

    Examples
    --------
    >>> [one.agreement for one in category_rater_reports([["a", "b"], ["a", "b"], ["a", "a"]])]
    [0.75, 0.75, 0.5]
    """
    table = as_table(ratings)
    values = table.persons("category_rater_reports")
    names = table.raters or tuple(range(len(values)))
    return tuple(_category_report(str(name), row, values, min_shared) for row, name in enumerate(names))


def _category_report(name: str, row: int, values: FloatArray, min_shared: int) -> CategoryRaterReport:
    own, rest = values[row], np.delete(values, row, axis=0)
    others = (~np.isnan(rest)).sum(axis=0)
    given = ~np.isnan(own)
    shared = given & (others > 0)
    n_shared = int(shared.sum())
    known = n_shared >= max(min_shared, 1)
    same = (rest[:, shared] == own[shared]).sum(axis=0) / others[shared]
    share = np.unique(own[given], return_counts=True)[1] / max(int(given.sum()), 1)
    return CategoryRaterReport(
        rater=name,
        n_units=int(given.sum()),
        n_shared=n_shared,
        agreement=float(same.mean()) if known else None,
        entropy=float(np.abs(-(share * np.log2(share)).sum())) if share.size else None,
        alpha_without=krippendorff_alpha(RatingTable.from_dense(rest), level="nominal"),
        reason=None if known else f"{n_shared} unit(s) shared with others, {min_shared} needed",
    )
