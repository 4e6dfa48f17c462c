"""Categories to valence, arousal and dominance by a taxonomy's coordinates, and back again."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.results import BoolArray, FloatArray
from affectory.taxonomy import Taxonomy, get_taxonomy

AXES = ("valence", "arousal", "dominance")


@dataclass(frozen=True, slots=True, eq=False)
class VadEstimate:
    """Coordinates of distributions over categories.

    Attributes
    ----------
    mean : ndarray, shape (units, 3)
        Valence, arousal, dominance on -1 to 1; NaN where undefined.
    covariance : ndarray, shape (units, 3, 3)
        Spread of the categories chosen (not the uncertainty of a category's own coordinates); NaN where
        undefined.
    sources : mapping of str to str
        Label key to the source of its coordinates, for every label with coordinates.
    reasons : tuple of str or None
        Why a unit has no coordinates.
    taxonomy : str
        Name and version.
    """

    mean: FloatArray
    covariance: FloatArray
    sources: Mapping[str, str]
    reasons: tuple[str | None, ...]
    taxonomy: str


@dataclass(frozen=True, slots=True, eq=False)
class NearestCategory:
    """The closest label of each point.

    Attributes
    ----------
    labels : tuple of str or None
        None where a coordinate is missing or two labels are equally near; `reasons` tells.
    distances : ndarray, shape (points,)
        Euclidean distance on the -1 to 1 scales; NaN where a coordinate is missing.
    sources : mapping of str to str
        Label key to the source of its coordinates.
    reasons : tuple of str or None
    convention : str
    """

    labels: tuple[str | None, ...]
    distances: FloatArray
    sources: Mapping[str, str]
    reasons: tuple[str | None, ...]
    convention: str


@dataclass(frozen=True, slots=True, eq=False)
class CategoryShares:
    """Points as distributions over categories.

    Attributes
    ----------
    shares : ndarray, shape (points, labels)
        In the taxonomy's order, each row summing to 1; 0 for labels without coordinates; NaN where a
        coordinate of the point is missing.
    sources : mapping of str to str
        Label key to the source of its coordinates.
    reasons : tuple of str or None
        Why a point has no distribution.
    convention : str
    taxonomy : str
        Name and version.
    """

    shares: FloatArray
    sources: Mapping[str, str]
    reasons: tuple[str | None, ...]
    convention: str
    taxonomy: str


def category_to_vad(
    distribution: Mapping[str, float] | npt.ArrayLike, taxonomy: Taxonomy | str
) -> VadEstimate:
    """Mean and covariance of the coordinates of the categories that were chosen.

    Parameters
    ----------
    distribution : mapping of label to weight, or array_like of shape (units, labels)
        Votes or shares, 0 or more, in the taxonomy's order; each row is scaled to sum 1.
    taxonomy : Taxonomy or str
        Or the name of a shipped one.

    Returns
    -------
    VadEstimate
        Undefined, with a reason, for a row without any weight and for one that gives weight to a label
        without coordinates (leaving it out would shift the mean).

    References
    ----------
    Russell & Mehrabian (1977), Journal of Research in Personality 11, 273-294 (coordinates of shipped
    taxonomies; `sources` names the term of each label).

    Examples
    --------
    >>> category_to_vad({"N": 1, "H": 1}, "crema_d").mean.round(3)
    array([[0.405, 0.255, 0.23 ]])
    """
    taxonomy = _taxonomy(taxonomy)
    weights = _weights(distribution, taxonomy)
    places = taxonomy.coordinates()
    known = np.asarray(~np.isnan(places).any(axis=1))
    reasons = tuple(_why_undefined(row, known, taxonomy.keys) for row in weights)
    usable = np.array([reason is None for reason in reasons], dtype=bool)
    mean = np.full((len(weights), 3), np.nan)
    covariance = np.full((len(weights), 3, 3), np.nan)
    shares = weights[usable][:, known]
    shares = shares / shares.sum(axis=1, keepdims=True)
    mean[usable] = shares @ places[known]
    apart = places[known] - mean[usable][:, None, :]
    covariance[usable] = np.einsum("uk,uki,ukj->uij", shares, apart, apart)
    return VadEstimate(mean, covariance, _sources(taxonomy), reasons, f"{taxonomy.name}@{taxonomy.version}")


def nearest_category(vad: npt.ArrayLike, taxonomy: Taxonomy | str) -> NearestCategory:
    """The label whose coordinates are nearest.

    Parameters
    ----------
    vad : array_like, shape (points, 3), (points, 2) or one such row
        Valence, arousal and (if given) dominance on -1 to 1; with two axes only valence and arousal are
        compared.
    taxonomy : Taxonomy or str
        Or the name of a shipped one. Labels without coordinates cannot win.

    Returns
    -------
    NearestCategory

    Examples
    --------
    >>> nearest_category([0.8, 0.5, 0.4], "ekman6").labels
    ('happiness',)
    """
    taxonomy = _taxonomy(taxonomy)
    distances, axes = _distances(vad, taxonomy)
    labels = taxonomy.anchored()
    found = [_nearest(row, [label.key for label in labels]) for row in distances]
    return NearestCategory(
        labels=tuple(label for label, _ in found),
        distances=distances.min(axis=1),
        sources=_sources(taxonomy),
        reasons=tuple(reason for _, reason in found),
        convention=f"Euclidean distance over {', '.join(axes)}",
    )


def vad_to_categories(vad: npt.ArrayLike, taxonomy: Taxonomy | str, *, spread: float = 0.3) -> CategoryShares:
    """Distribution over categories in which nearer labels have more share.

    Parameters
    ----------
    vad : array_like, shape (points, 3), (points, 2) or one such row
        Valence, arousal and (if given) dominance on -1 to 1; NaN is missing.
    taxonomy : Taxonomy or str
        Or the name of a shipped one.
    spread : float
        Standard deviation s of a round normal density about each label, on the -1 to 1 scale, above 0. The
        smaller, the closer to `nearest_category`.

    Returns
    -------
    CategoryShares
        Soft labels; how soft is for `spread` to say, nothing here was fitted to data.

    Notes
    -----
    share_k = exp(-d_k^2 / 2 s^2) / sum over labels, with d_k the Euclidean distance: the posterior of a
    mixture of equal normal densities with equal weights.

    Examples
    --------
    >>> vad_to_categories([0.8, 0.5, 0.4], "ekman6").shares.round(2)
    array([[0.  , 0.  , 0.  , 0.93, 0.  , 0.07]])
    """
    if not (np.isfinite(spread) and spread > 0):
        raise ValueError(f"spread: above 0, not {spread}")
    taxonomy = _taxonomy(taxonomy)
    distances, axes = _distances(vad, taxonomy)
    exponent = -np.square(distances / spread) / 2
    weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    shares = np.zeros((len(distances), len(taxonomy.labels)))
    known = ~np.isnan(taxonomy.coordinates()).any(axis=1)
    shares[:, known] = weight / weight.sum(axis=1, keepdims=True)
    missing = np.asarray(np.isnan(distances).any(axis=1))
    shares[missing] = np.nan
    return CategoryShares(
        shares=shares,
        sources=_sources(taxonomy),
        reasons=tuple("a coordinate is missing" if lost else None for lost in missing),
        convention=f"normal densities with deviation {spread:g} over {', '.join(axes)}",
        taxonomy=f"{taxonomy.name}@{taxonomy.version}",
    )


def _distances(vad: npt.ArrayLike, taxonomy: Taxonomy) -> tuple[FloatArray, tuple[str, ...]]:
    """Distance of each point to each label with coordinates, and the axes compared."""
    points = np.atleast_2d(np.asarray(vad, dtype=np.float64))
    n_axes = points.shape[1]
    if points.ndim != 2 or n_axes not in {2, 3}:
        raise ValueError(f"vad: need rows of 2 or 3 numbers, not shape {points.shape}")
    if np.isinf(points).any():
        raise ValueError(f"vad: infinite value at point {np.argwhere(np.isinf(points))[0][0]}")
    labels = taxonomy.anchored()
    if not labels:
        raise ValueError(f"taxonomy {taxonomy.name} has no coordinates")
    places = np.array([label.anchor.vad for label in labels if label.anchor])[:, :n_axes]
    return np.linalg.norm(points[:, None, :] - places, axis=2), AXES[:n_axes]


def _taxonomy(taxonomy: Taxonomy | str) -> Taxonomy:
    return get_taxonomy(taxonomy) if isinstance(taxonomy, str) else taxonomy


def _weights(distribution: Mapping[str, float] | npt.ArrayLike, taxonomy: Taxonomy) -> FloatArray:
    if isinstance(distribution, Mapping):
        given = {taxonomy.label(key).key: weight for key, weight in distribution.items()}
        weights = np.array([[given.get(key, 0.0) for key in taxonomy.keys]], dtype=np.float64)
    else:
        weights = np.atleast_2d(np.asarray(distribution, dtype=np.float64))
    if weights.ndim != 2 or weights.shape[1] != len(taxonomy.labels):
        raise ValueError(f"distribution: need rows of {len(taxonomy.labels)} weights, not {weights.shape}")
    if (weights < 0).any() or np.isinf(weights).any():
        raise ValueError("distribution: weights are finite and not below 0")
    return weights


def _why_undefined(row: FloatArray, known: BoolArray, keys: tuple[str, ...]) -> str | None:
    if np.isnan(row).any():
        return "a weight is missing"
    if row.sum() <= 0:
        return "no category has any weight"
    homeless = [keys[i] for i in np.flatnonzero((row > 0) & ~known)]
    return f"no coordinates for {', '.join(homeless)}" if homeless else None


def _nearest(distances: FloatArray, keys: list[str]) -> tuple[str | None, str | None]:
    if np.isnan(distances).any():
        return None, "a coordinate is missing"
    nearest = np.flatnonzero(distances <= distances.min() + 1e-12)
    if nearest.size > 1:
        return None, "equally near: " + ", ".join(keys[i] for i in nearest)
    return keys[int(nearest[0])], None


def _sources(taxonomy: Taxonomy) -> dict[str, str]:
    return {label.key: label.anchor.source for label in taxonomy.labels if label.anchor}
