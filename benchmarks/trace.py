"""The continuous trace as a measurement instrument, in a real Chromium against a real server.

python benchmarks/trace.py [--quick] [--json FILE] [--only timing,sequence,sound,draw,faults,protocol,load]

Rows are {name, value, unit, baseline, ratio, goal, met, load}; nothing here has a baseline, and `load` is the
machine's load average of the last minute when the row was measured: what others do on it is in the figures.
What is compared with what stands in docs/trace.md. --quick takes shorter films and fewer runs.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tracing import chrome, drawing, faults, sound, timing
from benchmarks.tracing.instruments import INSTRUMENTS
from benchmarks.tracing.server import REPOSITORY, Bench, running

Row = dict[str, Any]

FRAME_MS = timing.FRAME_US / 1000


@dataclass(frozen=True)
class Size:
    phase_s: float
    drawn_minutes: float
    frames: int
    faulty_runs: int
    outage_s: float
    protocol_runs: int
    raters: int
    load_s: float

    @property
    def film_s(self) -> int:
        """Long enough for all phases and for starting and stopping them."""
        return int(2.5 * self.phase_s + 12)

    @property
    def drawn_s(self) -> int:
        """Long enough for all that is drawn, and for a slow machine to draw it."""
        return int(self.frames / 60 + 6 * self.drawn_minutes + 60)


FULL = Size(
    phase_s=20,
    drawn_minutes=30,
    frames=900,
    faulty_runs=33,
    outage_s=600,
    protocol_runs=1000,
    raters=200,
    load_s=30,
)
QUICK = Size(
    phase_s=6,
    drawn_minutes=3,
    frames=300,
    faulty_runs=3,
    outage_s=20,
    protocol_runs=50,
    raters=50,
    load_s=8,
)
SHORT_FILM_S = 9
SEQUENCE_S = 8


def row(
    name: str, value: float | None, unit: str, *, below: float | None = None, at_least: float | None = None
) -> Row:
    """One line of the table; the goal is a bound that the value stays below, or reaches."""
    goal, met = None, None
    if below is not None:
        goal, met = f"< {below:g} {unit}", value is not None and value < below
    if at_least is not None:
        goal, met = f">= {at_least:g} {unit}", value is not None and value >= at_least
    load = round(os.getloadavg()[0], 1)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": None,
        "ratio": None,
        "goal": goal,
        "met": met,
        "load": load,
    }


def none_of(name: str, value: int | None) -> Row:
    """A line whose goal is that there is nothing of it."""
    return {**row(name, value, "events"), "goal": "0", "met": value == 0}


def p95(values: np.ndarray) -> float | None:
    return float(np.percentile(values, 95)) if values.size else None


def timing_rows(bench: Bench, size: Size) -> list[Row]:
    watched = _in_browser(lambda made: timing.watch(made, bench, "film", size.phase_s))
    rows = []
    for phase, called, frames in (("idle", "idle", 1), ("busy", "main thread 60 % busy", 2)):
        canvas = watched.errors_us(phase) / timing.FRAME_US
        screen = watched.errors_us(phase, watched.lead_us) / timing.FRAME_US
        name = f"timing error, {called}, p95 of {canvas.size} events"
        rows.append(row(f"{name}, as on screen", p95(screen), "frames", below=frames))
        rows.append(row(f"{name}, on the canvas", p95(canvas), "frames"))
    rows.append(row("lead of the canvas over the screen", watched.lead_us / 1000, "ms"))
    residuals = [fit["residual_us"] / 1000 for fit in watched.fits]
    rows.append(row("residual of the clock, largest of any chunk", max(residuals), "ms"))
    rate, sent = watched.rate_hz("fast"), watched.phases["fast"].moves
    rows.append(row(f"pointer capture, {sent} moves sent at 250 Hz", rate, "Hz", at_least=60))
    return rows


def sequence_rows(bench: Bench, _size: Size) -> list[Row]:
    watched = _in_browser(lambda made: timing.watch_sequence(made, bench, "images", SEQUENCE_S / 2 - 1.5))
    rows = []
    for phase, called, frames in (("idle", "idle", 1), ("busy", "main thread 60 % busy", 2)):
        errors = watched.errors_us(phase) / timing.FRAME_US
        name = f"timing error of {timing.FPS} images a second, {called}, p95 of {errors.size} events"
        rows.append(row(name, p95(errors), "frames", below=frames))
    residuals = [fit["residual_us"] / 1000 for fit in watched.fits]
    rows.append(row("residual of that clock, largest of any chunk", max(residuals), "ms"))
    return rows


def sound_rows(bench: Bench, size: Size) -> list[Row]:
    heard = _in_browser(lambda made: sound.hear(made, bench, "ticks", size.phase_s))
    rows = []
    for busy, called in ((False, "idle"), (True, "main thread 60 % busy")):
        errors = heard.errors_us(busy=busy) / 1000
        name = f"timing error of a sound, {called}, {errors.size} ticks"
        constant = float(np.median(errors))
        rows.append(row(f"{name}, p95", p95(np.abs(errors)), "ms"))
        rows.append(row(f"{name}, median", constant, "ms"))
        rows.append(row(f"{name}, p95 of the distance from the median", p95(np.abs(errors - constant)), "ms"))
    return rows


def draw_rows(bench: Bench, size: Size) -> list[Row]:
    return [one for name in INSTRUMENTS for one in _drawn(bench, size, name)]


def _drawn(bench: Bench, size: Size, instrument: str) -> list[Row]:
    costs = _in_browser(
        lambda made: drawing.draw_ms(made, bench, instrument, size.drawn_minutes, size.frames)
    )
    called = INSTRUMENTS[instrument].called
    name = f"drawing a frame after {size.drawn_minutes:g} min of trace, {called}"
    return [
        row(f"{name}, p99 of {costs.size}", float(np.percentile(costs, 99)), "ms", below=4),
        row(f"{name}, median", float(np.median(costs)), "ms"),
    ]


def fault_rows(bench: Bench, size: Size) -> list[Row]:
    tally = _in_browser(
        lambda made: faults.faulty_runs(made, bench, "short", size.faulty_runs, size.outage_s)
    )
    met, requests = (
        [f"{count} {name}" for name, count in sorted(counts.items())]
        for counts in (tally.met, tally.requests)
    )
    print(f"  happened: {', '.join(met)}\n  to requests: {', '.join(requests)}", flush=True)
    name = f"{tally.runs} real-browser runs, {tally.met.total()} mishaps, {tally.events} acknowledged events"
    return [none_of(f"{name}: lost", tally.lost), none_of(f"{name}: doubled", tally.doubled)]


def protocol_rows(_bench: Bench, size: Size) -> list[Row]:
    """Run the pages' own randomised test of the client-server protocol."""
    env = {**os.environ, "AFFECTORY_TRACE_RUNS": str(size.protocol_runs)}
    command = [sys.executable, "scripts/npm.py", "test", "--", "src/trace/protocol.test.ts"]
    ran = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)
    told = re.search(r"trace protocol: (\{.*\})", ran.stdout)
    found = json.loads(told[1]) if told else {"runs": 0, "events": 0, "wrong": None}
    name = f"{found['runs']} randomised runs of the client, {found['events']} kept events"
    return [none_of(f"{name}: lost or doubled", found["wrong"])]


def load_rows(bench: Bench, size: Size) -> list[Row]:
    code = bench.invites["short"].rsplit("/", 1)[1]
    words = [bench.url, code, str(size.raters), str(size.load_s)]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.tracing.load", *words],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    outcome = json.loads(ran.stdout)
    took = np.array(outcome["ms"])
    stored = bench.rows(
        "SELECT count(*) FROM annotation_tracechunk c JOIN annotation_trace t ON t.id = c.trace_id"
        " JOIN accounts_rater r ON r.id = t.rater_id WHERE r.kind = 'simulated' AND NOT c.orphan"
    )[0][0]
    name = f"{size.raters} simulated raters, {took.size / size.load_s:.0f} chunks a second"
    return [
        row(f"{name}: acknowledgement, p95", p95(took), "ms", below=150),
        row(f"{name}: acknowledgement, median", float(np.median(took)), "ms"),
        none_of(f"{name}: failed requests", len(outcome["faults"])),
        none_of(f"{name}: acknowledged chunks that are not stored", outcome["acknowledged"] - stored),
    ]


def _in_browser(work: Callable[[Any], Any]) -> Any:
    async def run() -> Any:
        async with chrome.browser() as made:
            return await work(made)

    return asyncio.run(run())


PARTS: dict[str, Callable[[Bench, Size], list[Row]]] = {
    "timing": timing_rows,
    "sequence": sequence_rows,
    "sound": sound_rows,
    "draw": draw_rows,
    "faults": fault_rows,
    "load": load_rows,
    "protocol": protocol_rows,
}


def printed(one: Row) -> str:
    """The row as a line of the table."""
    value = "-" if one["value"] is None else f"{one['value']:.4g}"
    met = {True: "yes", False: "NO", None: "-"}[one["met"]]
    return (
        f"{one['name']:<110} {value:>8} {one['unit']:<7} {one['goal'] or '-':>12} {met:<4} load {one['load']}"
    )


def main(arguments: list[str] | None = None) -> None:
    """Parse, measure, print, and write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter films, fewer runs")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, with commas")
    chosen = parser.parse_args(arguments)
    size = QUICK if chosen.quick else FULL
    rows = []
    parts = chosen.only.split(",")
    images_s = SEQUENCE_S if "sequence" in parts else 0
    clips = {"film": size.film_s, "short": SHORT_FILM_S}
    if "sound" in parts:
        clips["ticks"] = size.film_s
    if "draw" in parts:
        clips["drawn"] = size.drawn_s
    with running(images_s, **clips) as bench:
        for part in parts:
            for one in PARTS[part](bench, size):
                rows.append(one)
                print(printed(one), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
