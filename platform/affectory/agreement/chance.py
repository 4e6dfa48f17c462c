"""Agreement that is seen and agreement that chance would bring, and how far each unit moves the two.

The interval of every coefficient that is made of them follows from that (Gwet 2014, chapter 5).
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from affectory.agreement.credit import CERTAIN_CHANCE, Weights, agreement_of_units, credit_of, votes_of
from affectory.results import Basis, BoolArray, FloatArray, IntArray, Measurement
from affectory.tables import RatingTable


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Agreement that is seen: its value, the one that units scatter about, what each says and weighs there."""

    value: float
    centre: float
    score: FloatArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """Agreement by chance, and how far each unit moves it."""

    value: float
    moved: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Votes of the units that somebody rated, shape (units, categories)."""

    votes: IntArray
    pairable: BoolArray
    credit: FloatArray
    n_raters: int
    n_unrated: int

    @classmethod
    def of(cls, table: RatingTable, weights: Weights | None) -> "Panel":
        votes, n_raters = votes_of(table)
        n = votes.sum(axis=1)
        rated = votes[n > 0]
        return cls(rated, n[n > 0] >= 2, credit_of(votes.shape[1], weights), n_raters, int((n == 0).sum()))

    @property
    def n_categories(self) -> int:
        return len(self.credit)

    def basis(self, convention: str) -> Basis:
        used = int(self.pairable.sum())
        return Basis(convention, used, len(self.votes) + self.n_unrated - used, self.n_raters)

    def of_pairs(self) -> "Panel":
        """The same without units that have one vote."""
        kept = self.votes[self.pairable]
        return Panel(kept, np.ones(len(kept), dtype=bool), self.credit, self.n_raters, self.n_unrated)

    def shares(self) -> tuple[FloatArray, FloatArray]:
        """Mean over units of their shares of the categories, and how far each unit moves it."""
        of_unit = self.votes / self.votes.sum(axis=1, keepdims=True)
        mean = of_unit.mean(axis=0)
        return mean, of_unit - mean

    def pooled(self) -> tuple[FloatArray, FloatArray]:
        """Shares of the categories among all votes, and how far each unit moves them."""
        n = self.votes.sum(axis=1, keepdims=True)
        share = self.votes.sum(axis=0) / n.sum()
        return share, (self.votes - n * share) / n.mean()

    def seen(self) -> Seen:
        """Mean over units of their pairs' agreement."""
        score = np.zeros(len(self.votes))
        score[self.pairable] = agreement_of_units(self.votes[self.pairable], self.credit)
        mean = float(score[self.pairable].mean())
        return Seen(mean, mean, score, self.pairable / self.pairable.mean())

    def seen_by_votes(self) -> Seen:
        """The same with units weighed by their votes, corrected for their number; all units have two."""
        n = self.votes.sum(axis=1)
        weight = n / n.mean()
        of_unit = agreement_of_units(self.votes, self.credit) * weight
        plain, correction = float(of_unit.mean()), 1 / float(n.sum())
        corrected = (1 - correction) * plain + correction
        # Gwet takes the corrected mean here and scatters about the plain one.
        return Seen(corrected, plain, of_unit - corrected * (weight - 1), np.ones(n.size))


def chance_of_shares(share: FloatArray, moved: FloatArray, credit: FloatArray) -> Chance:
    """Two votes that are drawn from the same shares."""
    return Chance(float(share @ credit @ share), 2 * moved @ (credit @ share))


def chance_of_persons(codes: FloatArray, credit: FloatArray) -> Chance:
    """Votes of two different raters, each drawn from that rater's own shares; codes (raters, units)."""
    codes = codes[~np.isnan(codes).all(axis=1)]
    r, n_units = codes.shape
    shares = np.array([_shares_of(row, len(credit)) for row in codes])
    moved = np.zeros(n_units)
    for row, share in zip(codes, shares, strict=True):
        against = credit @ (shares.sum(axis=0) - share)
        known = ~np.isnan(row)
        moved[known] += (against[row[known].astype(np.int64)] - share @ against) / known.mean()
    pairs = r * (r - 1)
    same = np.einsum("rk,kl,rl->", shares, credit, shares)
    total = shares.sum(axis=0)
    return Chance(float(total @ credit @ total - same) / pairs, 2 * moved / pairs)


def _shares_of(row: FloatArray, n_categories: int) -> FloatArray:
    given = row[~np.isnan(row)].astype(np.int64)
    return np.asarray(np.bincount(given, minlength=n_categories) / given.size)


def corrected(basis: Basis, seen: Seen, chance: Chance, ci: float) -> Measurement:
    facts: dict[str, float | None] = {"observed_agreement": seen.value, "chance_agreement": chance.value}
    left = 1 - chance.value
    if left <= 1e-12:
        return basis.undefined(CERTAIN_CHANCE, details=facts)
    value, n = (seen.value - chance.value) / left, seen.score.size
    if n < 2:
        return basis.measured(value, details={**facts, "se": None})
    centre = (seen.centre - chance.value) / left
    of_unit = seen.weight * (seen.score - chance.value) / left
    moved = of_unit - centre - (1 - centre) * chance.moved / left
    se = math.sqrt(float(np.square(moved).sum()) / (n * (n - 1)))
    half = float(special.stdtrit(n - 1, (1 + ci) / 2)) * se
    interval = max(-1.0, value - half), min(1.0, value + half)
    return basis.measured(value, ci=interval, details={**facts, "se": se, "ci_level": ci})
