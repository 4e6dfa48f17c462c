"""Which things are shown together: pairs for comparisons, tuples for best-worst questions.

Designs speak of things by number, 0 to n - 1, and depend on nothing but their arguments and seed.
"""

from collections import Counter, defaultdict
from itertools import combinations
from math import comb

import numpy as np

#: Small designs are drawn several times and the evenest is taken; large ones come out even at once.
DRAWS_TIMES_THINGS = 2000


def all_pairs(n: int) -> list[tuple[int, int]]:
    """Every two of n things once.

    >>> all_pairs(3)
    [(0, 1), (0, 2), (1, 2)]
    """
    return list(combinations(range(n), 2))


def balanced_pairs(n: int, *, per_thing: int, seed: int) -> list[tuple[int, int]]:
    """Pairs in which each thing stands `per_thing` times, none twice, all connected to each other.

    Things stand on a ring in random order, and each is paired with those that are some random steps ahead. One
    step is always among them, so that every thing can be compared with every other through a chain.

    Parameters
    ----------
    n : int
        At least 3 things.
    per_thing : int
        Even, 2 to n - 1.

    Raises
    ------
    ValueError
        Where no such design exists.

    >>> pairs = balanced_pairs(6, per_thing=2, seed=0)
    >>> len(pairs), sorted(thing for pair in pairs for thing in pair)
    (6, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    """
    if n < 3:
        raise ValueError(f"balanced pairs need at least 3 things; there are {n}")
    if per_thing % 2 or not 2 <= per_thing <= n - 1:
        raise ValueError(f"per_thing: must be even and between 2 and {n - 1}; it is {per_thing}")
    rng = np.random.default_rng(seed)
    ring = rng.permutation(n)
    # Half of a ring at most: a longer way round is the same pair. Half way round itself would count once only.
    further = rng.permutation(np.arange(2, (n - 1) // 2 + 1))[: per_thing // 2 - 1]
    pairs = [
        (int(ring[place]), int(ring[(place + ahead) % n])) for ahead in (1, *further) for place in range(n)
    ]
    return [pairs[i] for i in rng.permutation(len(pairs))]


def balanced_tuples(n: int, *, size: int, count: int, seed: int) -> list[tuple[int, ...]]:
    """Tuples in which things stand about equally often, alone and with each other.

    Parameters
    ----------
    n : int
        Things, more than `size`.
    size : int
        Things in a tuple, at least 3.
    count : int
        Tuples; best-worst scaling commonly takes 1.5 n to 2 n tuples of four.

    Returns
    -------
    list of tuple of int
        No thing is twice in a tuple, and no tuple is there twice. How often two things stand differs by at most
        1; two things meet as rarely as a greedy choice can arrange.

    Raises
    ------
    ValueError
        Where no such design exists.

    References
    ----------
    Kiritchenko & Mohammad (2016), Capturing reliable fine-grained sentiment associations by crowdsourcing and
    best-worst scaling, NAACL, section 3 (random tuples under the same conditions).

    >>> tuples = balanced_tuples(8, size=4, count=16, seed=1)
    >>> sorted(Counter(thing for shown in tuples for thing in shown).values())
    [8, 8, 8, 8, 8, 8, 8, 8]
    """
    if size < 3 or n <= size:
        raise ValueError(
            f"tuples of {size} need a size of at least 3 and more than {size} things; there are {n}"
        )
    if not 1 <= count <= comb(n, size):
        raise ValueError(f"{n} things make 1 to {comb(n, size)} different tuples of {size}, not {count}")
    rng = np.random.default_rng(seed)
    draws = [_drawn(n, size, count, rng) for _ in range(1 + DRAWS_TIMES_THINGS // n)]
    return min(draws, key=_unevenness)


def _drawn(n: int, size: int, count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    shown = np.zeros(n, dtype=np.int64)
    met: dict[int, Counter[int]] = defaultdict(Counter)
    known: set[frozenset[int]] = set()
    made: list[tuple[int, ...]] = []
    while len(made) < count:
        drawn = _one_tuple(shown, met, size, rng)
        if frozenset(drawn) in known:
            drawn = _unknown_tuple(shown, known, size, rng)
        known.add(frozenset(drawn))
        made.append(drawn)
        shown[list(drawn)] += 1
        for one, other in combinations(drawn, 2):
            met[one][other] += 1
            met[other][one] += 1
    return made


def _one_tuple(
    shown: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    met: dict[int, Counter[int]],
    size: int,
    rng: np.random.Generator,
) -> tuple[int, ...]:
    """The things shown least, of these the ones that met the others of this tuple least, of these any."""
    times, meetings = shown.copy(), np.zeros(len(shown), dtype=np.int64)
    chosen: list[int] = []
    for _ in range(size):
        fewest = np.flatnonzero(times == times.min())
        rarest = fewest[meetings[fewest] == meetings[fewest].min()]
        thing = int(rng.choice(rarest))
        chosen.append(thing)
        times[thing] = np.iinfo(np.int64).max
        for other, n in met[thing].items():
            meetings[other] += n
    return tuple(chosen)


def _unknown_tuple(
    shown: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    known: set[frozenset[int]],
    size: int,
    rng: np.random.Generator,
) -> tuple[int, ...]:
    """A tuple that is not there yet, of things that were shown as rarely as possible."""
    order = sorted(range(len(shown)), key=lambda thing: (shown[thing], rng.random()))
    return next(drawn for drawn in combinations(order, size) if frozenset(drawn) not in known)


def _unevenness(tuples: list[tuple[int, ...]]) -> tuple[int, int]:
    """How much more often one thing stands than another, then how often the most frequent pair meets."""
    shown = Counter(thing for drawn in tuples for thing in drawn)
    met = Counter(pair for drawn in tuples for pair in combinations(sorted(drawn), 2))
    return max(shown.values()) - min(shown.values()), max(met.values())
