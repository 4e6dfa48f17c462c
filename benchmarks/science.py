"""Speed and memory of the science library, each against a baseline run in the same process.

python benchmarks/science.py [--quick] [--json FILE]

Rows are {name, value, unit, baseline, ratio, goal, met}. `baseline` is the time or the memory of the library
or the plain loop named in the row, on the same data, after it has compiled what it compiles. Where that
library is not installed it says so, and `met` is null; krippendorff comes with `make setup-dev`, crowd-kit,
tslearn and numba with `make bench-science` in an environment of their own. Memory is what Python and numpy
allocate beside the input; compiled libraries allocate more than is seen. --quick takes a tenth of the data.
"""

import argparse
import json
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from affectory import aggregation, agreement, alike, fusion, splits
from affectory.alike.pictures import PRINT_BYTES
from affectory.alike.sequences import FRAME
from affectory.alike.sounds import FRAMES_HZ

Row = dict[str, Any]
NOT_INSTALLED = "not installed"
Work = Callable[[], Any]


def seconds(work: Work, *, repeats: int = 3) -> float:
    """Best of some runs, short jobs for half a second: what the code can do when the machine lets it."""
    best, spent, runs = float("inf"), 0.0, 0
    while runs < repeats or (repeats > 1 and spent < 0.5):
        start = time.perf_counter()
        work()
        took = time.perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best


def peak_bytes(work: Work) -> int:
    """Most memory that was allocated beside what existed before."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def row(
    name: str,
    value: float,
    unit: str,
    *,
    baseline: float | str | None = None,
    at_most: float | None = None,
    at_least_times: float | None = None,
) -> Row:
    """One line of the table; the goal is an upper bound of the value or a lower bound of the ratio."""
    ratio = baseline / value if isinstance(baseline, float) else None
    goal = f"<= {at_most:g} {unit}" if at_most is not None else None
    met = None if at_most is None else value <= at_most
    if at_least_times is not None:
        goal = f">= {at_least_times:g}x"
        met = None if ratio is None else ratio >= at_least_times
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": ratio,
        "goal": goal,
        "met": met,
    }


def compared(
    name: str,
    own: Work,
    other: Work | None,
    *,
    at_least_times: float | None = None,
    repeats: int = 3,
    library_repeats: int = 1,
) -> list[Row]:
    """Time and peak memory of the same job done here and by another, which may not be installed."""
    times = peaks = NOT_INSTALLED
    if other:
        times, peaks = seconds(other, repeats=library_repeats), peak_bytes(other) / 1e6
    return [
        row(name, seconds(own, repeats=repeats), "s", baseline=times, at_least_times=at_least_times),
        row(f"{name}: peak memory", peak_bytes(own) / 1e6, "MB", baseline=peaks),
    ]


def alpha_rows(n_units: int) -> list[Row]:
    """Krippendorff's alpha over 10 raters."""
    rng = np.random.default_rng(0)
    floats = rng.random((10, n_units))
    whole = {"interval": rng.integers(1, 10, floats.shape), "nominal": rng.integers(0, 8, floats.shape)}
    whole["ordinal"] = whole["interval"]
    label = f"10 x {n_units:,}"
    library = import_module("krippendorff") if find_spec("krippendorff") else None

    def float_alpha() -> None:
        agreement.krippendorff_alpha(floats, level="interval")

    rows = [
        row(f"alpha interval, float, {label}", seconds(float_alpha), "s", at_most=0.3),
        row(
            f"alpha interval, float, {label}: memory beside the input",
            peak_bytes(float_alpha) / floats.nbytes,
            "x input",
            at_most=1.0,
        ),
    ]
    for level, goal in {"interval": 30.0, "nominal": 10.0, "ordinal": 4.0}.items():
        ratings = whole[level].astype(float)

        def own(ratings: np.ndarray = ratings, level: str = level) -> None:
            agreement.krippendorff_alpha(ratings, level=level)

        def theirs(ratings: np.ndarray = ratings, level: str = level) -> None:
            library.alpha(reliability_data=ratings, level_of_measurement=level)

        name = f"alpha {level}, whole numbers, {label} (krippendorff)"
        rows += compared(name, own, theirs if library else None, at_least_times=goal, library_repeats=2)
    return rows


def bootstrap_rows(n_units: int) -> list[Row]:
    """Bootstrap intervals, 1,000 draws."""
    rng = np.random.default_rng(0)
    cases = {
        "interval": rng.random((10, n_units)),
        "nominal": rng.integers(0, 8, (10, n_units)).astype(float),
        "ordinal": rng.integers(1, 10, (10, n_units)).astype(float),
    }
    return [
        row(
            f"alpha {level} with bootstrap interval, 1,000 draws, 10 x {n_units:,}",
            seconds(
                lambda level=level, ratings=ratings: agreement.krippendorff_alpha(
                    ratings, level=level, ci=0.95
                ),
                repeats=1,
            ),
            "s",
            at_most=1.0,
        )
        for level, ratings in cases.items()
    ]


def icc_rows(n_units: int) -> list[Row]:
    """Six forms with intervals."""
    ratings = np.random.default_rng(0).random((10, n_units))
    return [
        row(f"six ICC forms, 10 x {n_units:,}", seconds(lambda: agreement.icc(ratings)), "s", at_most=0.02)
    ]


def looped_ccc(traces: np.ndarray) -> np.ndarray:
    """Every pair one by one, as the field's scripts do it."""
    cells = np.eye(len(traces))
    for i in range(len(traces)):
        for j in range(len(traces)):
            both = ~(np.isnan(traces[i]) | np.isnan(traces[j]))
            x, y = traces[i][both], traces[j][both]
            shift = (x.mean() - y.mean()) ** 2
            cells[i, j] = 2 * ((x - x.mean()) * (y - y.mean())).mean() / (x.var() + y.var() + shift)
    return cells


def pairwise_rows(n_samples: int) -> list[Row]:
    """Pairwise CCC of 20 raters."""
    rng = np.random.default_rng(0)
    traces = rng.random((20, n_samples))
    gappy = np.where(rng.random(traces.shape) < 0.1, np.nan, traces)
    rows = []
    for name, values, goal in (("complete", traces, 15.0), ("10 % missing", gappy, 3.0)):
        rows += compared(
            f"pairwise CCC, 20 x {n_samples:,}, {name} (double loop)",
            lambda values=values: agreement.pairwise_ccc(values),
            lambda values=values: looped_ccc(values),
            at_least_times=goal,
        )
    return rows


def simulated_votes(n_items: int) -> pd.DataFrame:
    """Five votes per item by 500 workers who are right in 70 % and otherwise guess."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 7, n_items)
    item = np.repeat(np.arange(n_items), 5)
    label = np.where(rng.random(item.size) < 0.7, truth[item], rng.integers(0, 7, item.size))
    return pd.DataFrame({"task": item, "worker": rng.integers(0, 500, item.size), "label": label})


def worker_rows(n_items: int) -> list[Row]:
    """Dawid-Skene, 5 votes per item, 20 iterations."""
    votes = simulated_votes(n_items)
    library = import_module("crowdkit.aggregation") if find_spec("crowdkit") else None
    return compared(
        f"Dawid-Skene, {n_items:,} x 5, 20 iterations (crowd-kit)",
        lambda: aggregation.dawid_skene(votes, max_iter=20, tol=0),
        (lambda: library.DawidSkene(n_iter=20, tol=0).fit(votes)) if library else None,
        at_least_times=20.0,
        library_repeats=2,
    )


def warping_rows(n_samples: int) -> list[Row]:
    """Barycentre of 6 traces, by numpy and, where numba is installed, compiled."""
    traces = np.random.default_rng(0).normal(size=(6, n_samples)).cumsum(axis=1)
    library = tslearn_barycentre(traces) if find_spec("tslearn") else None
    name = f"DBA, 6 x {n_samples:,}, 10 iterations, window 50 samples"

    def own(engine: str) -> Work:
        return lambda: fusion.align(traces, rate_hz=25, window_s=2, iterations=10, engine=engine)

    if not find_spec("numba"):
        return compared(f"{name}, numpy (tslearn)", own("numpy"), library, at_least_times=60.0)
    first = seconds(own("numba"), repeats=1), seconds(library, repeats=1) if library else NOT_INSTALLED
    return [
        row(f"{name}, numba, first call in a process (tslearn)", first[0], "s", baseline=first[1]),
        *compared(f"{name}, numpy (tslearn)", own("numpy"), library, repeats=5, library_repeats=3),
        *compared(
            f"{name}, numba (tslearn)",
            own("numba"),
            library,
            at_least_times=60.0,
            repeats=5,
            library_repeats=3,
        ),
    ]


def tslearn_barycentre(traces: np.ndarray) -> Work:
    """The same job: same start, same window, all ten iterations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for h5py, which it does not need here
        average = import_module("tslearn.barycenters").dtw_barycenter_averaging
    window = {"global_constraint": "sakoe_chiba", "sakoe_chiba_radius": 50}

    def work() -> None:
        average(
            traces[:, :, None],
            init_barycenter=traces.mean(axis=0)[:, None],
            max_iter=10,
            tol=-np.inf,
            metric_params=window,
        )

    return work


def heavy_tailed_items(n_items: int, n_groups: int, seed: int) -> pd.DataFrame:
    """Simulated items of few large and many small speakers, each with a taste in emotions."""
    rng = np.random.default_rng(seed)
    weight = rng.pareto(1.2, n_groups) + 0.2
    weight = np.minimum(weight / weight.sum(), 0.05)
    speaker = rng.choice(n_groups, n_items, p=weight / weight.sum())
    taste = rng.dirichlet(np.full(6, 2.0), n_groups).cumsum(axis=1)
    emotion = (rng.random(n_items)[:, None] > taste[speaker]).sum(axis=1)
    return pd.DataFrame(
        {
            "id": np.arange(n_items),
            "speaker": speaker,
            "emotion": np.array(list("ADFHNS"))[np.minimum(emotion, 5)],
            "valence": rng.normal(emotion / 6, 0.3),
            "arousal": rng.normal(0, 0.3, n_items),
        }
    )


def split_rows(n_items: int, seeds: int) -> list[Row]:
    """Splits of 150 heavy-tailed groups; of each figure the worst over several sets of items."""
    scheme = splits.RatioScheme(keys=("speaker",), categories=("emotion",), scales=("valence", "arousal"))
    spent, off, apart, leaks = [], [], [], 0
    for seed in range(seeds):
        items = heavy_tailed_items(n_items, 150, seed)
        start = time.perf_counter()
        report = splits.assign_splits(items, scheme=scheme, seed=seed).report
        spent.append(time.perf_counter() - start)
        off += [abs(report.shares[role] / wanted - 1) for role, wanted in report.wanted.items()]
        apart += [distance for found in report.total_variation.values() for distance in found.values()]
        leaks += len(report.leaks)
    name = f"split of {n_items:,} items in 150 groups, worst of {seeds} sets"
    return [
        row(name, max(spent), "s", at_most=3.0),
        row(f"{name}: size off its target", max(off), "of target", at_most=0.01),
        row(f"{name}: total variation of a part", max(apart), "(0 to 1)", at_most=0.06),
        row(f"{name}: leaks", leaks, "leaks", at_most=0),
    ]


def near_duplicate_rows(n: int) -> list[Row]:
    """Fingerprints of noise: hardly any are near each other, as in a corpus."""
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 256, PRINT_BYTES, dtype=np.uint8).tobytes() for _ in range(n)]
    minutes = n // 100
    sounds = []
    for _ in range(minutes):
        told = np.zeros(round(60 * FRAMES_HZ), dtype=FRAME)
        told["bits"], told["known"] = rng.integers(0, 2**32, told.size, dtype=np.uint32), 2**32 - 1
        sounds.append(told.tobytes())
    return [
        row(
            f"near-duplicates among {n:,} pictures",
            seconds(lambda: list(alike.same_pictures(pictures))),
            "s",
            at_most=10.0,
        ),
        row(
            f"near-duplicates in {minutes:,} minutes of sound",
            seconds(lambda: list(alike.same_stretches(sounds, FRAMES_HZ))),
            "s",
            at_most=10.0,
        ),
    ]


def growth_rows(part: int) -> list[Row]:
    """Cost per rating over four sizes: flat or falling means linear, above what a call costs anyhow."""
    rng = np.random.default_rng(0)
    ratings = rng.integers(1, 10, (10, 1_000_000 // part)).astype(float)
    fractions = rng.random((10, 100_000 // part))
    votes = simulated_votes(100_000 // part)
    long = [size // part for size in (1_000, 10_000, 100_000, 1_000_000)]
    jobs: dict[str, tuple[list[int], int, Callable[[int], Any]]] = {
        **{
            f"alpha {level}, 10 x": (
                long,
                10,
                lambda n, level=level: agreement.krippendorff_alpha(ratings[:, :n], level=level),
            )
            for level in ("nominal", "ordinal", "interval")
        },
        "alpha ratio of fractions, 10 x": (
            [size // 10 for size in long],
            10,
            lambda n: agreement.krippendorff_alpha(fractions[:, :n], level="ratio"),
        ),
        "six ICC forms, 10 x": (long, 10, lambda n: agreement.icc(ratings[:, :n])),
        "pairwise CCC, 10 x": (long, 10, lambda n: agreement.pairwise_ccc(ratings[:, :n])),
        **{
            f"{name}, 10 x": (long, 10, lambda n, fuse=fuse: fuse(ratings[:, :n]))
            for name, fuse in {
                "mean": fusion.mean,
                "median": fusion.median,
                "trimmed mean": fusion.trimmed,
                "EWE": partial(fusion.ewe, weights="ccc"),
                "EWE by correlation": fusion.ewe,
                "AVEC's recipe": partial(fusion.fuse, recipe=fusion.RECIPES["avec"]),
                "relative representation": partial(fusion.represent, kind="relative", rate_hz=25),
                "lags behind the others, 5 tried": partial(fusion.rater_lags, rate_hz=1, search_s=2),
            }.items()
        },
        "Dawid-Skene, 20 iterations, 5 x": (
            [size // 10 for size in long],
            5,
            lambda n: aggregation.dawid_skene(votes.iloc[: 5 * n], max_iter=20, tol=0),
        ),
        "DBA, numpy, 10 x": (
            [5_000 // part, 10_000 // part, 20_000 // part, 40_000 // part],
            10,
            lambda n: fusion.align(ratings[:, :n], rate_hz=25, window_s=1, iterations=2, engine="numpy"),
        ),
    }
    rows = []
    for name, (sizes, raters, work) in jobs.items():
        costs = [seconds(lambda n=n, work=work: work(n)) / (n * raters) * 1e9 for n in sizes]
        rows += [row(f"{name} {n:,}: per rating", cost, "ns") for n, cost in zip(sizes, costs, strict=True)]
        rows.append(
            row(
                f"{name} n: cost per rating at the largest size by the one before", costs[-1] / costs[-2], "x"
            )
        )
    return rows


def measure(*, quick: bool) -> Iterator[Row]:
    """Run everything, giving each row as soon as it is known."""
    part = 10 if quick else 1
    yield from alpha_rows(1_000_000 // part)
    yield from bootstrap_rows(10_000 // part)
    yield from icc_rows(100_000 // part)
    yield from pairwise_rows(100_000 // part)
    yield from worker_rows(100_000 // part)
    yield from warping_rows(1500 // part)
    yield from split_rows(6000, seeds=2 if quick else 10)
    yield from near_duplicate_rows(100_000 // part)
    yield from growth_rows(part)


HEADER = f"{'name':<88} {'value':>10} {'unit':<14} {'baseline':>13} {'ratio':>8} {'goal':>12} met"


def printed(one: Row) -> str:
    """A row as a line of the table."""
    base = one["baseline"] or "-"
    base = base if isinstance(base, str) else f"{base:.4g}"
    ratio = "-" if one["ratio"] is None else f"{one['ratio']:.3g}x"
    met = {True: "yes", False: "NO", None: "-"}[one["met"]]
    return (
        f"{one['name']:<88} {one['value']:>10.4g} {one['unit']:<14} {base:>13} {ratio:>8}"
        f" {one['goal'] or '-':>12} {met}"
    )


def main(arguments: list[str] | None = None) -> None:
    """Parse, measure, print, and write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    chosen = parser.parse_args(arguments)
    rows = []
    print(HEADER)
    for one in measure(quick=chosen.quick):
        rows.append(one)
        print(printed(one), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
