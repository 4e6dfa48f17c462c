"""Groups that must stay together: connected components over several keys and near-duplicate links."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from affectory.results import IntArray


def connected_components(n: int, shared: Iterable[Sequence[int]]) -> IntArray:
    """Number the components of `n` things of which some are tied together.

    Parameters
    ----------
    n : int
        Things, numbered 0 to n - 1.
    shared : iterable of sequences of int
        Each sequence ties its members together.

    Returns
    -------
    ndarray of int, shape (n,)
        Component of each thing, numbered by first appearance.

    Examples
    --------
    >>> connected_components(5, [[0, 2], [2, 4]])
    array([0, 1, 0, 2, 0])
    """
    left: list[int] = []
    right: list[int] = []
    for members in shared:
        left += [members[0]] * (len(members) - 1)
        right += members[1:]
    return components_of_pairs(n, np.array(left, dtype=np.int64), np.array(right, dtype=np.int64))


def components_of_pairs(n: int, left: IntArray, right: IntArray) -> IntArray:
    """Do the same for things of which each in `left` is tied to the one at its place in `right`."""
    graph = sparse.coo_array((np.ones(left.size, dtype=np.int8), (left, right)), shape=(n, n))
    _, component = csgraph.connected_components(graph, directed=False)
    _, first = np.unique(component, return_index=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return np.asarray(rank[component], dtype=np.int64)
