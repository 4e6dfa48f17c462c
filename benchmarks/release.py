"""Writing, comparing, verifying, pulling and loading a release of 1e6 ratings and 5,000 one-minute VA traces.

Every line names its baseline, measured in this run on this machine:

    python -m benchmarks.release [--ratings 1000000] [--traces 5000] [--json FILE]
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import affectory
from affectory.client.cache import Cache
from affectory.client.download import Source
from affectory.client.pull import pull
from affectory.client.resolve import Ref, resolve
from affectory.client.server import Server
from affectory.client.settings import Settings
from affectory.release.card import Card
from affectory.release.difference import compare
from affectory.release.folder import open_contents, open_manifest
from affectory.release.tables import (
    TableSpec,
    annotations_table,
    gold_columns,
    items_table,
    traces_table,
)
from affectory.release.verify import verify_folder
from affectory.release.writer import ReleaseWriter
from tests.affectory.client.release_server import Behaviour, serving

RATERS_PER_ITEM = 20
RATE_HZ = 25.0
TRACE_S = 60
BATCH_ROWS = 20_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Cost:
    wall_s: float
    cpu_s: float
    result: Any


def cost(work: Callable[[], Any]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu, result)


def cost_of_command(*command: str) -> Cost:
    """Run a program; its CPU time is that of the child."""
    begun, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begun, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, used, None)


def row(what: str, ours: Cost, baseline: Cost | None = None, *, at_most: float | None = None) -> Row:
    """Print and return one line of wall time; `at_most` is of the ratio where there is a baseline, else seconds."""
    line = f"{what:44} {ours.wall_s:7.3f} s wall {ours.cpu_s:7.3f} s cpu"
    if baseline is not None:
        wall, cpu = ours.wall_s / baseline.wall_s, ours.cpu_s / baseline.cpu_s
        line += (
            f"   {wall:5.2f}x wall {cpu:5.2f}x cpu of {baseline.wall_s:.3f} s wall {baseline.cpu_s:.3f} s cpu"
        )
    print(line, flush=True)
    ratio = baseline and ours.wall_s / baseline.wall_s
    judged = ours.wall_s if ratio is None else ratio
    return {
        "name": what,
        "value": ours.wall_s,
        "unit": "s",
        "baseline": baseline and baseline.wall_s,
        "ratio": ratio,
        "goal": None if at_most is None else f"<= {at_most:g}",
        "met": None if at_most is None else judged <= at_most,
    }


def ratings(count: int, spec: TableSpec, seed: int = 0) -> pa.Table:
    """Make scale answers, sorted by the primary key, as a server would hand them over."""
    rng = np.random.default_rng(seed)
    number = np.arange(count)
    texts = {
        "item_id": [f"item-{n // RATERS_PER_ITEM:07d}" for n in number],
        "rater_id": [f"rater-{n % RATERS_PER_ITEM:04d}" for n in number],
        "question": pa.repeat("vad", count),
        "dimension": pa.repeat("valence", count),
        "response_id": [f"{n:032x}" for n in number],
        "perspective": pa.repeat("observer", count),
    }
    columns = {
        **texts,
        "value_num": np.round(rng.uniform(-1, 1, count), 2),
        "simulated": pa.repeat(pa.scalar(value=True), count),
        "answered_at": pa.array(1_780_000_000_000_000 + number * 1_370_000, pa.timestamp("us", "UTC")),
        "duration_ms": rng.integers(400, 20_000, count),
    }
    arrays = [
        pa.array(columns[field.name]).cast(field.type)
        if field.name in columns
        else pa.nulls(count, field.type)
        for field in spec.schema
    ]
    return pa.Table.from_arrays(arrays, schema=spec.schema)


def traces(count: int, spec: TableSpec) -> pa.Table:
    """Make joystick-like traces: plateaus and ramps, rounded to four decimals."""
    rng = np.random.default_rng(1)
    samples = int(TRACE_S * RATE_HZ)
    offsets = np.arange(count + 1, dtype=np.int32) * samples

    def series() -> pa.Array:
        steps = rng.normal(0, 0.02, (count, samples)) * (rng.random((count, samples)) > 0.7)
        values = np.round(np.clip(np.cumsum(steps, axis=1), -1, 1), 4).astype(np.float32)
        return pa.ListArray.from_arrays(offsets, pa.array(values.ravel()))

    columns = {
        "item_id": pa.array([f"item-{n // 5:07d}" for n in range(count)]),
        "rater_id": pa.array([f"rater-{n % 5:04d}" for n in range(count)]),
        "question": pa.repeat("trace", count),
        "take": pa.array(np.zeros(count, np.int16)),
        "simulated": pa.repeat(pa.scalar(value=True), count),
        "rate_hz": pa.array(np.full(count, RATE_HZ)),
        "t0_s": pa.array(np.zeros(count)),
        "valence": series(),
        "arousal": series(),
        "mask": pa.ListArray.from_arrays(offsets, pa.array(np.ones(count * samples, bool))),
    }
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(count, field.type)
        for field in spec.schema
    ]
    return pa.Table.from_arrays(arrays, schema=spec.schema)


def batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.to_batches(max_chunksize=BATCH_ROWS)


def write(folder: Path, tables: dict[TableSpec, pa.Table], version: str) -> Path:
    writer = ReleaseWriter(folder)
    for spec, table in tables.items():
        parts = ("train", "validation", "test") if spec.name == "items" else ("full",)
        for at, part in enumerate(parts):
            rows = table if len(parts) == 1 else table.take(pa.array(range(at, table.num_rows, len(parts))))
            writer.write(spec, batches(rows), part=part)
    card = Card(title="Benchmark", description="Made up.", licence="CC0-1.0", simulated=True)
    writer.finish(name="bench", version=version, created_at="2026-01-01T00:00:00Z", card=card)
    return folder


def write_bare(folder: Path, tables: dict[TableSpec, pa.Table]) -> None:
    for spec, table in tables.items():
        path = folder / f"{spec.name}.parquet"
        pq.write_table(
            table, path, compression="zstd", compression_level=3, row_group_size=spec.row_group_rows
        )


def items(count: int, spec: TableSpec) -> pa.Table:
    values = np.linspace(-1, 1, count)
    columns = {
        "item_id": pa.array([f"item-{n:07d}" for n in range(count)]),
        "kind": pa.repeat("video", count),
        "split": pa.array([("train", "validation", "test")[n % 3] for n in range(count)]),
        "va_valence": pa.array(values),
    }
    arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in spec.schema]
    return pa.Table.from_arrays(arrays, schema=spec.schema)


def changed(table: pa.Table) -> pa.Table:
    """Return the ratings with every thousandth removed and every hundredth of the others moved a little."""
    at = np.arange(table.num_rows)
    values = table.column("value_num").to_numpy() + (at % 100 == 1) * 0.01
    kept = table.set_column(table.schema.get_field_index("value_num"), "value_num", pa.array(values))
    return kept.filter(pa.array(at % 1000 != 0))


def sha256_all(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*.parquet"):
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
        total += path.stat().st_size
    return total


def measure(scratch: Path, rating_count: int, trace_count: int) -> Iterator[Row]:
    item_spec = items_table(gold_columns("va", "valence", minimum=-1, maximum=1, source="mean"))
    rating_spec, trace_spec = annotations_table(), traces_table(("valence", "arousal"))
    rated = ratings(rating_count, rating_spec)
    tables = {
        item_spec: items(max(rating_count // RATERS_PER_ITEM, 3), item_spec),
        rating_spec: rated,
        trace_spec: traces(trace_count, trace_spec),
    }
    for spec, table in tables.items():
        (scratch / f"bare-{spec.name}").mkdir()
        bare = cost(lambda spec=spec, table=table: write_bare(scratch / f"bare-{spec.name}", {spec: table}))
        ours = cost(
            lambda spec=spec, table=table: write(scratch / f"one-{spec.name}", {spec: table}, "1.0.0")
        )
        yield row(f"write {spec.name}, {table.num_rows:,} rows, and bare pyarrow", ours, bare)
    (scratch / "bare").mkdir()
    bare = cost(lambda: write_bare(scratch / "bare", tables))
    ours = cost(lambda: write(scratch / "old", tables, "1.0.0"))
    yield row("write all, digests and documents, and bare pyarrow", ours, bare, at_most=1.5)

    write(scratch / "new", {**tables, rating_spec: changed(rated)}, "2.0.0")
    old, new = open_contents(scratch / "old"), open_contents(scratch / "new")
    yield row(f"diff of two with {rating_count:,} rows", found := cost(lambda: compare(old, new)), at_most=3)
    print(f"    {'; '.join(found.result.reasons)}")

    manifest = open_manifest(scratch / "old")
    sha256_all(scratch / "old")
    hashing = cost(lambda: sha256_all(scratch / "old"))
    checking = cost(lambda: verify_folder(scratch / "old", manifest, manifest.files, deep=False))
    yield row("verify, and SHA-256 alone", checking, hashing, at_most=1.25)
    deep = cost(lambda: verify_folder(scratch / "old", manifest, manifest.files, deep=True))
    yield row("verify --deep, and SHA-256 alone", deep, hashing)
    yield from measure_client(scratch)


def measure_client(scratch: Path) -> Iterator[Row]:
    behaviour = Behaviour()
    behaviour.publish(scratch / "old")
    with serving(behaviour) as url:
        settings = Settings(server=url, token=None, cache=scratch / "cache")
        os.environ["AFFECTORY_CACHE"] = str(settings.cache)

        def pull_it() -> None:
            with Server(settings) as server:
                cache = Cache(settings.cache)
                resolved = resolve(server, cache, Ref.parse("bench@1.0.0"))
                pull(Source(server, "bench", "1.0.0"), resolved, cache, folder=scratch / "pulled")

        yield row("pull from localhost", cost(pull_it), at_most=2)
        loaded = cost(lambda: affectory.load("bench@1.0.0", split="train", server=url).to_pandas())
        yield row("load one split", loaded, at_most=0.5)
        views = cost(lambda: affectory.load("bench@1.0.0", server=url).traces())
        yield row(f"load {len(views.result):,} traces as views", views)


def measure_help() -> Row:
    """How long a person waits for `affectory --help`: the median of five, each in a process of its own."""
    command = (sys.executable, "-m", "affectory.cli", "--help")
    told = sorted((cost_of_command(*command) for _ in range(5)), key=lambda one: one.wall_s)
    return row("affectory --help", told[2], at_most=0.15)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ratings", type=int, default=1_000_000)
    parser.add_argument("--traces", type=int, default=5_000)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    options = parser.parse_args()
    rows = [measure_help()]
    with tempfile.TemporaryDirectory(prefix="affectory-bench-") as scratch:
        rows += measure(Path(scratch), options.ratings, options.traces)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
