"""Gamma: agreement on segments that may overlap, through pygamma-agreement (the extra `gamma`)."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from affectory.agreement.unitizing import Unit
from affectory.extras import optional
from affectory.results import Basis, Fact, Measurement


def gamma(
    units: Sequence[Sequence[Unit]],
    *,
    position: float = 1.0,
    category: float = 1.0,
    empty: float = 1.0,
    samples: int = 30,
    precision: float | None = None,
    seed: int = 0,
) -> Measurement:
    """Mathet's gamma: aligns the segments of all raters at once and compares with shuffled raters.

    Parameters
    ----------
    units : sequence of sequences of (start, length, category)
        One list per rater, as for `unitizing_alpha`; any unit of time, and segments of one rater may overlap.
    position, category, empty : float
        Weight of a difference in place, weight of a difference in category, and cost of a segment that
        another rater does not have: alpha, beta and delta-empty of the paper.
    samples : int
        Shuffled copies from which the disorder expected by chance is estimated.
    precision : float, optional
        Wanted relative error of that estimate, such as 0.05, at 95 per cent confidence; as many samples are
        added as it takes.
    seed : int
        Of the shuffling.

    Returns
    -------
    Measurement
        At most 1; 0 is chance, and it may be negative. None with fewer than two raters, or when nothing was
        marked. `details` has `gamma_cat` (categories alone, on the same alignment), `gamma_k:<category>` of
        each category (both None where no two segments stand beside each other), the two disorders, and, where
        a precision was asked for, `sampling_low` and `sampling_high`: the value lies between them for all
        that the shuffling leaves open.

    Notes
    -----
    The alignment is an integer program whose size grows with the product of the raters' numbers of
    segments: tens of segments take seconds, hundreds may take hours. Install with
    `pip install 'affectory[gamma]'`; the solver that it brings (cvxopt with GLPK) is under GPL-3.0.
    The library draws from numpy's global generator, which is seeded for the call and put back after it, so
    that this function does not run in two threads at once.

    References
    ----------
    Mathet, Widlocher & Metivier (2015), The unified and holistic method gamma for inter-annotator agreement
    measure and alignment, Computational Linguistics 41, 437-479; Titeux & Riad (2021), pygamma-agreement,
    Journal of Open Source Software 6, 2989.

    Examples
    --------
    >>> gamma([[(0, 2, "joy")]]).reason
    'needs two raters'
    """
    _check(units, samples, precision)
    n_units = sum(len(row) for row in units)
    name = f"gamma, shuffled raters; weights position {position:g}, category {category:g}, empty {empty:g}"
    basis = Basis(name, n_units, 0, len(units))
    if len(units) < 2:
        return basis.undefined("needs two raters")
    if n_units == 0:
        return basis.undefined("nobody marked anything")
    library = optional("pygamma_agreement")
    categories = sorted({word for row in units for _, _, word in row})
    weights = library.CombinedCategoricalDissimilarity(alpha=position, beta=category, delta_empty=empty)
    with _contained(seed):
        found = _continuum(library, units).compute_gamma(
            weights, n_samples=samples, precision_level=precision, sampler=library.ShuffleContinuumSampler()
        )
        return _measured(found, basis, categories, precision=precision, seed=seed)


def _check(units: Sequence[Sequence[Unit]], samples: int, precision: float | None) -> None:
    for rater, row in enumerate(units):
        for start, length, _ in row:
            if not length > 0:
                raise ValueError(f"units: rater {rater}: the unit at {start} has length {length}")
    if samples < 1:
        raise ValueError(f"samples: at least 1, not {samples}")
    if precision is not None and not 0 < precision < 1:
        raise ValueError(f"precision: between 0 and 1, not {precision}")


def _continuum(library: Any, units: Sequence[Sequence[Unit]]) -> Any:
    segment = optional("pyannote.core").Segment
    continuum = library.Continuum()
    for rater, row in enumerate(units):
        continuum.add_annotator(str(rater))
        for start, length, category in row:
            continuum.add(str(rater), segment(start, start + length), category)
    return continuum


def _measured(
    found: Any, basis: Basis, categories: Sequence[str], *, precision: float | None, seed: int
) -> Measurement:
    observed, expected = float(found.observed_disorder), float(found.expected_disorder)
    facts: dict[str, Fact] = {
        "observed_disorder": observed,
        "expected_disorder": expected,
        "samples": int(found.n_samples),
        "seed": seed,
    }
    if expected <= 0:
        return basis.undefined("shuffled raters agree as well: expected disorder is 0", details=facts)
    if precision is not None:
        facts |= {
            "sampling_low": 1 - observed / (expected * (1 - precision)),
            "sampling_high": 1 - observed / (expected * (1 + precision)),
        }
    compared = _compared(found.best_alignment)
    with np.errstate(invalid="ignore", divide="ignore"):
        facts["gamma_cat"] = _known(found.gamma_cat) if compared else None
        for one in categories:
            facts[f"gamma_k:{one}"] = _known(found.gamma_k(one)) if one in compared else None
    return basis.measured(1 - observed / expected, details=facts)


def _compared(alignment: Any) -> set[str]:
    """Categories of segments that stand beside another rater's; of others the library says 1."""
    beside = [[unit for _, unit in one.n_tuple if unit is not None] for one in alignment.unitary_alignments]
    return {unit.annotation for together in beside if len(together) > 1 for unit in together}


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


@contextmanager
def _contained(seed: int) -> Iterator[None]:
    """Keep the library's hands off the process: its draws, its solver's prints, a warning per sample."""
    solver, quiet = optional("cvxopt.glpk").options, logging.NullHandler()
    draws, options, silenced = np.random.get_state(), dict(solver), logging.root.manager.disable  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    solver["msg_lev"] = "GLP_MSG_OFF"
    logging.root.addHandler(quiet)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        np.random.set_state(draws)  # noqa: NPY002
        solver.clear()
        solver.update(options)
        logging.root.removeHandler(quiet)
        logging.disable(silenced)
