"""Place groups into roles so that sizes and label distributions come out as asked, by simulated annealing."""

from dataclasses import dataclass

import numpy as np

from affectory.results import BoolArray, FloatArray, IntArray

#: Deviations of a role's size from its target, as a share of the target, that do not matter.
SIZE_TOLERANCE = 0.005
#: How much any further deviation weighs against as much of a total-variation distance.
SIZE_WEIGHT = 0.3
#: Distances are averaged by this power, so that the worst part counts most.
POWER = 4
START_TEMPERATURE = 0.02
END_TEMPERATURE = 1e-4
FREE = -1
#: With few groups and roles, more proposals than this per group and role find nothing new.
PROPOSALS_PER_CHOICE = 300


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What the optimiser works on.

    Attributes
    ----------
    sizes : ndarray, shape (groups,)
        Items per group.
    strata : ndarray, shape (groups, columns)
        How many items of the group fall in each stratum; the strata of several questions stand side by side.
    questions : ndarray of int, shape (questions,)
        First column of each question.
    shares : ndarray, shape (roles,)
        Wanted share of the items, summing to 1.
    """

    sizes: FloatArray
    strata: FloatArray
    questions: IntArray
    shares: FloatArray

    @property
    def wanted(self) -> FloatArray:
        """Distribution of each question over all items, side by side."""
        return _shares(self.strata.sum(axis=0), self.questions)


def place_groups(targets: Targets, fixed: IntArray, *, steps: int, seed: int) -> IntArray:
    """Choose a role for every group.

    Parameters
    ----------
    targets : Targets
        Groups, their strata and the wanted shares.
    fixed : ndarray of int, shape (groups,)
        Role of the groups that must not move, -1 for the free ones.
    steps : int
        Proposals of the annealing, at most.
    seed : int
        Of the proposals.

    Returns
    -------
    ndarray of int, shape (groups,)
        Every role with a share above 0 holds a group if there are enough free ones.

    Examples
    --------
    >>> asked = Targets(np.ones(4), np.ones((4, 1)), np.array([0]), np.array([0.75, 0.25]))
    >>> np.bincount(place_groups(asked, np.full(4, -1), steps=100, seed=0))
    array([3, 1])
    """
    rng = np.random.default_rng(seed)
    role = _greedy(targets, fixed, rng)
    free = np.flatnonzero(fixed == FREE)
    _fill_empty_roles(role, free, targets)
    if free.size < 2 or targets.shares.size < 2:
        return role
    enough = PROPOSALS_PER_CHOICE * free.size * targets.shares.size
    return _anneal(_State.of(targets, role), free, min(steps, enough), rng)


def total_variation(targets: Targets, role: IntArray) -> FloatArray:
    """Distance of each role's label distribution from that of all items.

    Parameters
    ----------
    targets : Targets
        Groups, their strata and the wanted shares.
    role : ndarray of int, shape (groups,)
        Number of each group's role.

    Returns
    -------
    ndarray, shape (roles, questions)
        0 (equal) to 1; NaN for a role without items that have the label.

    Examples
    --------
    >>> asked = Targets(np.ones(2), np.eye(2), np.array([0]), np.array([0.5, 0.5]))
    >>> total_variation(asked, np.array([0, 1]))
    array([[0.5],
           [0.5]])
    """
    state = _State.of(targets, role)
    apart = state.apart()
    empty = np.add.reduceat(state.strata, targets.questions, axis=1) <= 0
    return np.where(empty, np.nan, apart)


@dataclass(slots=True, eq=False)
class _State:
    """An assignment with its running sums; the only thing here that changes."""

    targets: Targets
    wanted: FloatArray
    role: IntArray
    sizes: FloatArray
    strata: FloatArray
    held: IntArray

    @classmethod
    def of(cls, targets: Targets, role: IntArray) -> "_State":
        n_roles = targets.shares.size
        strata = np.zeros((n_roles, targets.strata.shape[1]))
        np.add.at(strata, role, targets.strata)
        return cls(
            targets,
            targets.wanted,
            role.copy(),
            np.bincount(role, targets.sizes, n_roles).astype(np.float64),
            strata,
            np.bincount(role, minlength=n_roles),
        )

    def apart(self) -> FloatArray:
        """Total variation of each role and question."""
        shares = _shares(self.strata, self.targets.questions)
        return np.asarray(np.add.reduceat(np.abs(shares - self.wanted), self.targets.questions, axis=1) / 2)

    def cost(self) -> float:
        """Size deviations beyond the tolerance, and the distances of the label distributions."""
        shares = self.targets.shares
        off = np.abs(self.sizes / self.targets.sizes.sum() - shares) / np.where(shares > 0, shares, 1.0)
        too_far = np.maximum(off - SIZE_TOLERANCE, 0.0).sum()
        return float(SIZE_WEIGHT * too_far + np.mean(self.apart() ** POWER) ** (1 / POWER))

    def move(self, group: int, role: int) -> None:
        """Put one group into another role."""
        old = self.role[group]
        self.role[group] = role
        for place, sign in ((old, -1), (role, 1)):
            self.sizes[place] += sign * self.targets.sizes[group]
            self.strata[place] += sign * self.targets.strata[group]
            self.held[place] += sign


def _shares(strata: FloatArray, questions: IntArray) -> FloatArray:
    totals = np.add.reduceat(strata, questions, axis=-1)
    widths = np.diff(np.append(questions, strata.shape[-1]))
    spread = np.repeat(np.maximum(totals, 1e-12), widths, axis=-1)
    return np.asarray(strata / spread)


def _greedy(targets: Targets, fixed: IntArray, rng: np.random.Generator) -> IntArray:
    """Largest group first, each into the role that lacks most of what the group brings."""
    role = fixed.copy()
    settled = _State.of(targets, np.where(fixed == FREE, 0, fixed))
    for group in np.flatnonzero(fixed == FREE):
        settled.sizes[0] -= targets.sizes[group]
        settled.strata[0] -= targets.strata[group]
    size_goal = np.maximum(targets.shares * targets.sizes.sum(), 1e-12)
    strata_goal = np.maximum(np.outer(targets.shares, targets.strata.sum(axis=0)), 1e-12)
    order = rng.permutation(np.flatnonzero(fixed == FREE))
    for group in order[np.argsort(-targets.sizes[order], kind="stable")]:
        lack = 1 - settled.strata / strata_goal
        brings = targets.strata[group] / max(float(targets.sizes[group]), 1e-12)
        room = 1 - (settled.sizes + targets.sizes[group] / 2) / size_goal
        score = np.where(targets.shares > 0, room + lack @ brings / targets.questions.size, -np.inf)
        best = int(np.argmax(score))
        role[group] = best
        settled.sizes[best] += targets.sizes[group]
        settled.strata[best] += targets.strata[group]
    return role


def _fill_empty_roles(role: IntArray, free: IntArray, targets: Targets) -> None:
    """Give each empty role the smallest free group of the role that holds most groups, in place."""
    for empty in range(targets.shares.size):
        held = np.bincount(role, minlength=targets.shares.size)
        if held[empty] or targets.shares[empty] <= 0:
            continue
        givers = [group for group in free if held[role[group]] > 1]
        if givers:
            role[min(givers, key=lambda group: (-held[role[group]], targets.sizes[group], group))] = empty


def _anneal(state: _State, free: IntArray, steps: int, rng: np.random.Generator) -> IntArray:
    best, best_cost = state.role.copy(), state.cost()
    cost = best_cost
    allowed: BoolArray = state.targets.shares > 0
    roles = np.flatnonzero(allowed)
    chances = rng.random(steps)
    picks = rng.integers(free.size, size=(steps, 2))
    goals = rng.integers(roles.size, size=steps)
    swaps = rng.random(steps) < 0.5
    cooling = (END_TEMPERATURE / START_TEMPERATURE) ** (1 / max(steps - 1, 1))
    temperature = START_TEMPERATURE
    for step in range(steps):
        temperature *= cooling
        undo = _propose(state, free[picks[step]], int(roles[goals[step]]), swap=bool(swaps[step]))
        if not undo:
            continue
        proposed = state.cost()
        if proposed <= cost or chances[step] < np.exp((cost - proposed) / temperature):
            cost = proposed
            if cost < best_cost - 1e-12:
                best, best_cost = state.role.copy(), cost
        else:
            for group, role in undo:
                state.move(group, role)
    return best


def _propose(state: _State, pair: IntArray, goal: int, *, swap: bool) -> list[tuple[int, int]]:
    """Swap two groups or move the first one; give what undoes it, or nothing where it makes no sense."""
    first, second = int(pair[0]), int(pair[1])
    here, there = int(state.role[first]), int(state.role[second])
    if swap:
        if here == there:
            return []
        state.move(first, there)
        state.move(second, here)
        return [(first, here), (second, there)]
    if here == goal or state.held[here] == 1:
        return []
    state.move(first, goal)
    return [(first, here)]
