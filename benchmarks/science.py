"""Speed and memory of the science library, each against a baseline run in the same process.

python benchmarks/science.py [--quick] [--json FILE]

Rows are {name, value, unit, baseline, ratio, goal, met}. `baseline` is the seconds of the library or the
plain loop named in the row; it is null, and `met` too, where that library is not installed. --quick takes a
tenth of the data.
"""

import argparse
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from affectory import aggregation, agreement, fusion, splits

Row = dict[str, Any]


def seconds(work: Callable[[], Any], *, repeats: int = 3) -> float:
    """Best of a few runs: what the code can do when the machine lets it."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def peak_bytes(work: Callable[[], Any]) -> int:
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
    baseline: float | None = None,
    at_most: float | None = None,
    at_least_times: float | None = None,
) -> Row:
    """One line of the table; the goal is an upper bound of the value or a lower bound of the ratio."""
    ratio = None if baseline is None else baseline / value
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


def alpha_rows(n_units: int) -> list[Row]:
    """Krippendorff's alpha over 10 raters."""
    rng = np.random.default_rng(0)
    floats = rng.random((10, n_units))
    whole = {"interval": rng.integers(1, 10, floats.shape), "nominal": rng.integers(0, 8, floats.shape)}
    whole["ordinal"] = whole["interval"]
    goals = {"interval": 30.0, "nominal": 10.0, "ordinal": 4.0}
    label = f"10 x {n_units:,}"

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
    for level, goal in goals.items():
        ratings = whole[level].astype(float)
        own = seconds(lambda ratings=ratings, level=level: agreement.krippendorff_alpha(ratings, level=level))
        rows.append(
            row(
                f"alpha {level}, whole numbers, {label} (krippendorff)",
                own,
                "s",
                baseline=krippendorff_seconds(ratings, level),
                at_least_times=goal,
            )
        )
    return rows


def krippendorff_seconds(ratings: np.ndarray, level: str) -> float | None:
    if find_spec("krippendorff") is None:
        return None
    import krippendorff  # noqa: PLC0415 - only where it is installed

    return seconds(
        lambda: krippendorff.alpha(reliability_data=ratings, level_of_measurement=level), repeats=1
    )


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
        rows.append(
            row(
                f"pairwise CCC, 20 x {n_samples:,}, {name} (double loop)",
                seconds(lambda values=values: agreement.pairwise_ccc(values)),
                "s",
                baseline=seconds(lambda values=values: looped_ccc(values), repeats=1),
                at_least_times=goal,
            )
        )
    return rows


def worker_rows(n_items: int) -> list[Row]:
    """Dawid-Skene, 5 votes per item, 20 iterations."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 7, n_items)
    item = np.repeat(np.arange(n_items), 5)
    label = np.where(rng.random(item.size) < 0.7, truth[item], rng.integers(0, 7, item.size))
    votes = pd.DataFrame({"task": item, "worker": rng.integers(0, 500, item.size), "label": label})
    return [
        row(
            f"Dawid-Skene, {n_items:,} x 5, 20 iterations (crowd-kit)",
            seconds(lambda: aggregation.dawid_skene(votes, max_iter=20, tol=0), repeats=1),
            "s",
            baseline=crowdkit_seconds(votes),
            at_least_times=20.0,
        )
    ]


def crowdkit_seconds(votes: pd.DataFrame) -> float | None:
    if find_spec("crowdkit") is None:
        return None
    from crowdkit.aggregation import DawidSkene  # noqa: PLC0415 - only where it is installed

    return seconds(lambda: DawidSkene(n_iter=20, tol=0).fit_predict(votes), repeats=1)


def warping_rows(n_samples: int) -> list[Row]:
    """Barycentre of 6 traces."""
    traces = np.random.default_rng(0).normal(size=(6, n_samples)).cumsum(axis=1)
    return [
        row(
            f"DBA, 6 x {n_samples:,}, 10 iterations, window 50 samples (tslearn, no window)",
            seconds(lambda: fusion.align(traces, rate_hz=25, window_s=2, iterations=10)),
            "s",
            baseline=tslearn_seconds(traces),
            at_least_times=60.0,
        )
    ]


def tslearn_seconds(traces: np.ndarray) -> float | None:
    if find_spec("tslearn") is None:
        return None
    from tslearn.barycenters import dtw_barycenter_averaging  # noqa: PLC0415 - only where it is installed

    return seconds(lambda: dtw_barycenter_averaging(traces[:, :, None], max_iter=10), repeats=1)


def heavy_tailed_items(n_items: int, n_groups: int) -> pd.DataFrame:
    """Simulated items of few large and many small speakers, each with a taste in emotions."""
    rng = np.random.default_rng(0)
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


def split_rows(n_items: int) -> list[Row]:
    """A split of 150 heavy-tailed groups."""
    items = heavy_tailed_items(n_items, 150)
    scheme = splits.RatioScheme(keys=("speaker",), categories=("emotion",), scales=("valence", "arousal"))
    start = time.perf_counter()
    report = splits.assign_splits(items, scheme=scheme).report
    spent = time.perf_counter() - start
    off = max(abs(report.shares[role] - report.wanted[role]) for role in report.wanted)
    apart = max(max(found.values()) for found in report.total_variation.values())
    name = f"split of {n_items:,} items in 150 groups"
    return [
        row(name, spent, "s", at_most=3.0),
        row(f"{name}: largest deviation of a share", off, "of all items", at_most=0.01),
        row(f"{name}: largest total variation", apart, "(0 to 1)", at_most=0.06),
        row(f"{name}: leaks", len(report.leaks), "leaks", at_most=0),
    ]


def growth_rows(sizes: tuple[int, ...]) -> list[Row]:
    """Cost per rating over four sizes: flat means linear."""
    rng = np.random.default_rng(0)
    rows = []
    for n_units in sizes:
        ratings = rng.integers(1, 10, (10, n_units)).astype(float)
        for level in ("nominal", "ordinal", "interval"):
            spent = seconds(
                lambda ratings=ratings, level=level: agreement.krippendorff_alpha(ratings, level=level)
            )
            rows.append(row(f"alpha {level}, 10 x {n_units:,}: per rating", spent / ratings.size * 1e9, "ns"))
    return rows


def measure(*, quick: bool) -> list[Row]:
    """Run everything."""
    part = 10 if quick else 1
    return [
        *alpha_rows(1_000_000 // part),
        *bootstrap_rows(10_000 // part),
        *icc_rows(100_000 // part),
        *pairwise_rows(100_000 // part),
        *worker_rows(100_000 // part),
        *warping_rows(1500 // part),
        *split_rows(6000),
        *growth_rows(tuple(size // part for size in (1_000, 10_000, 100_000, 1_000_000))),
    ]


def printed(rows: list[Row]) -> str:
    """The rows as a table."""
    lines = [f"{'name':<88} {'value':>10} {'unit':<14} {'baseline':>9} {'ratio':>8} {'goal':>12} met"]
    for one in rows:
        base = "-" if one["baseline"] is None else f"{one['baseline']:.4g}"
        ratio = "-" if one["ratio"] is None else f"{one['ratio']:.3g}x"
        met = {True: "yes", False: "NO", None: "-"}[one["met"]]
        lines.append(
            f"{one['name']:<88} {one['value']:>10.4g} {one['unit']:<14} {base:>9} {ratio:>8}"
            f" {one['goal'] or '-':>12} {met}"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Parse, measure, print, and write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    chosen = parser.parse_args(arguments)
    rows = measure(quick=chosen.quick)
    print(printed(rows))
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
