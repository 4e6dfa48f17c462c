"""What maps numbers to numbers once it was fitted: a straight line, or the nearest items."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from affectory.results import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    """A straight mapping.

    Attributes
    ----------
    weights : ndarray, shape (features + 1, targets)
        Intercept first.
    """

    weights: FloatArray

    @classmethod
    def fit(cls, x: FloatArray, y: FloatArray, penalty: float) -> "Ridge":
        """Fit with features standardised inside, so that the penalty is fair to all."""
        middle, spread = x.mean(axis=0), x.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        scaled = (x - middle) / spread
        gram = scaled.T @ scaled + penalty * np.eye(x.shape[1])
        slopes = np.linalg.lstsq(gram, scaled.T @ (y - y.mean(axis=0)), rcond=None)[0] / spread[:, None]
        return cls(np.vstack([y.mean(axis=0) - middle @ slopes, slopes]))

    @property
    def n_targets(self) -> int:
        """Numbers predicted per item."""
        return int(self.weights.shape[1])

    def predict(self, x: FloatArray) -> FloatArray:
        """Map items of shape (items, features) without NaN."""
        return np.asarray(self.weights[0] + x @ self.weights[1:])


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The mean of the items that are nearest by Euclidean distance.

    Attributes
    ----------
    x, y : ndarray, shapes (items, features) and (items, targets)
        The items themselves.
    k : int
        Neighbours averaged, at most all items.
    """

    x: FloatArray
    y: FloatArray
    k: int

    @property
    def n_targets(self) -> int:
        """Numbers predicted per item."""
        return int(self.y.shape[1])

    def predict(self, x: FloatArray) -> FloatArray:
        """Map items of shape (items, features) without NaN."""
        k = min(self.k, len(self.x))
        _, nearest = cKDTree(self.x).query(x, k=k)
        return np.asarray(self.y[np.reshape(nearest, (len(x), k))].mean(axis=1))
