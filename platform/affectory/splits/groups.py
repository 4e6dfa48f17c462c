"""Groups that must stay together: connected components over several keys and near-duplicate links."""

from collections.abc import Hashable, Iterable, Sequence

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
    ties = [(members[0], member) for members in shared for member in members[1:]]
    left, right = (np.array(side, dtype=np.int64) for side in zip(*ties, strict=True)) if ties else _NO_TIES
    graph = sparse.coo_array((np.ones(left.size, dtype=np.int8), (left, right)), shape=(n, n))
    _, component = csgraph.connected_components(graph, directed=False)
    _, first = np.unique(component, return_index=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return np.asarray(rank[component], dtype=np.int64)


def members_by_value(values: Iterable[Hashable]) -> dict[Hashable, list[int]]:
    """Give the positions at which each value stands; None ties nothing together.

    Examples
    --------
    >>> members_by_value(["a", None, "a"])
    {'a': [0, 2]}
    """
    members: dict[Hashable, list[int]] = {}
    for position, value in enumerate(values):
        if value is not None:
            members.setdefault(value, []).append(position)
    return members


_NO_TIES = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
