"""The mean of values that come in clusters, with an interval that takes whole clusters for the units."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from affectory.agreement.resampling import Bootstrap
from affectory.results import Basis, Fact, FloatArray, Measurement, check_level


def cluster_mean(
    values: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    ci: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
    unit: str = "cluster",
) -> Measurement:
    """Mean of values, and how far it would move with other clusters, such as other items of the same kind.

    Parameters
    ----------
    values : array_like, shape (values,)
        Any range; NaN is missing.
    clusters : array_like, shape (values,)
        Which cluster each value belongs to: anything that sorts.
    ci, draws, seed : float, int, int
        Confidence level of the percentile bootstrap over clusters, number of draws and their seed.
    unit : str
        What a cluster is, for reasons and convention.

    Returns
    -------
    Measurement
        In the range of the values. Units are clusters; those without any value are dropped. One cluster alone has
        a mean and no interval, which `reason` says.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, section 3.8 (resampling whole clusters).

    Examples
    --------
    >>> found = cluster_mean([0.5, 0.7, 0.9, 0.3], ["film a", "film a", "film b", "film c"])
    >>> round(found.value, 3), found.n_units_used
    (0.6, 3)
    >>> cluster_mean([0.5, 0.7], ["film a", "film a"], unit="item").reason
    'one item alone has no interval over items'
    """
    check_level(ci)
    numbers = np.asarray(values, dtype=np.float64)
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    valid = ~np.isnan(numbers)
    counts = np.asarray(np.bincount(place[valid], minlength=names.size), dtype=np.float64)
    sums = np.asarray(np.bincount(place[valid], numbers[valid], minlength=names.size), dtype=np.float64)
    used = counts > 0
    n_used = int(used.sum())
    basis = Basis(f"mean over {unit}s", n_used, names.size - n_used, 0)
    if n_used == 0:
        return basis.undefined(f"no {unit} has a value")
    mean = float(numbers[valid].mean())
    return _with_interval(mean, sums[used], counts[used], basis, Bootstrap(ci, draws, seed, unit=unit))


def mean_over_units(
    values: FloatArray,
    basis: Basis,
    bootstrap: Bootstrap | None,
    facts: Mapping[str, Fact] = MappingProxyType({}),
) -> Measurement:
    """Mean of one value for each unit, without any missing, and the interval that a bootstrap gives it."""
    mean = float(values.mean())
    if bootstrap is None:
        return basis.measured(mean, details=facts)
    return _with_interval(mean, values, np.ones(values.size), basis, bootstrap, facts)


def _with_interval(
    mean: float,
    sums: FloatArray,
    counts: FloatArray,
    basis: Basis,
    bootstrap: Bootstrap,
    facts: Mapping[str, Fact] = MappingProxyType({}),
) -> Measurement:
    """Put an interval about a mean; ``sums`` and ``counts``, shape (units,), are of each unit's values."""
    if alone := bootstrap.alone(sums.size):
        return basis.measured(mean, reason=alone, details=facts)
    packs = bootstrap.deal(sums.size)
    numerator, denominator = packs.sums(sums), packs.sums(counts)
    means = [float(weights @ numerator / (weights @ denominator)) for weights in bootstrap.weights(packs.n)]
    how = bootstrap.told(packs.n, sums.size, len(means))
    return basis.measured(mean, ci=bootstrap.interval(means, mean), details={**facts, **how})
