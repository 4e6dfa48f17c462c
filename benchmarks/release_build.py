"""Building releases on the server: CPU seconds, memory and wall time of the job in a process of its own.

python -m benchmarks.release_build [--quick] [--json FILE]

An embedded PostgreSQL is filled with made-up ratings; nothing of that is measured. Rows are
{name, value, unit, baseline, ratio, goal, met}. Memory is the peak resident size of the process beyond what it was
before the job, with Django and all libraries loaded. --quick takes a twentieth of the data and judges no time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from config.embedded.environment import LEAN_MEMORY

Row = dict[str, Any]
# How often the items are there in datasets of which memory is measured, by name.
GROWING = {"votes": 1, "votes-2": 2, "votes-4": 4}
FULL = {"items": 100_000, "ratings": 1_000_000, "traces": 5_000, "media": 200}
RATERS = 20
TRACE_S = 60
RATE_HZ = 25
MEDIA_BYTES = 5_000_000
LABELS = ("neutral", "joy", "sadness", "anger", "surprise", "fear", "disgust")


def row(name: str, value: float, unit: str, *, baseline: float | None = None, goal: str | None = None) -> Row:
    """One line; `goal` is `<= number`, of the ratio where there is a baseline, else of the value."""
    ratio = None if baseline is None else value / baseline
    judged = value if ratio is None else ratio
    met = None if goal is None else judged <= float(goal.split()[1])
    return {
        "name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio, "goal": goal, "met": met,
    }  # fmt: skip


# --- the process that is measured ------------------------------------------------------------------------------


def build(dataset_name: str) -> None:
    """Publish one release of a dataset in this process and print what it took."""
    import resource

    import django

    django.setup()
    from django.db import connection

    from exports.facade import request_release
    from exports.models import Dataset, Release
    from jobs.services import perform

    dataset = Dataset.objects.get(name=dataset_name)
    job = request_release(dataset=dataset, requested_by="benchmark")
    connection.ensure_connection()
    before, before_mb = resource.getrusage(resource.RUSAGE_SELF), peak_mb()
    start = time.perf_counter()
    perform(job.pk)
    wall_s = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    job.refresh_from_db()
    if job.error:
        raise SystemExit(f"{dataset_name}: {job.error}")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    release = Release.objects.get(job=job.pk)
    told = {
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "mb": peak_mb() - before_mb,
        "rows": release.summary["rows"],
        "digest": release.digest,
    }
    print(json.dumps(told))


def peak_mb() -> float:
    """Most resident memory of this process so far; getrusage's figure would be inherited from the parent."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def measured(dataset_name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.release_build", "--build", dataset_name]
    # As every worker is started.
    env = {**LEAN_MEMORY, **os.environ}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"    {dataset_name}: {told['rows']}, {told['digest'][:19]}", file=sys.stderr)
    return told


# --- made-up data -----------------------------------------------------------------------------------------------


def execute(sql: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def study(slug: str, document: dict[str, Any], *, items: int, kind: str) -> Any:
    """A corpus of `items` items, its collection, a study and a dataset, all named `slug`."""
    from accounts.models import Organisation
    from annotation.models import Study
    from annotation.protocol import store_protocol
    from exports.facade import save_dataset
    from ingest.models import Collection, Corpus

    lab = Organisation.objects.get_or_create(name="lab", defaults={"title": "Lab"})[0]
    corpus = Corpus.objects.create(organisation=lab, name=slug, title=slug, licence="CC0-1.0")
    execute(
        "INSERT INTO ingest_item (id, corpus_id, key, kind, title, text, condition, groups, metadata, created_at) "
        "SELECT gen_random_uuid(), %s, 'item-' || lpad(n::text, 7, '0'), %s, '', 'Words of item ' || n, '', "
        "jsonb_build_object('film', 'film-' || n / 50), '{}', now() FROM generate_series(0, %s - 1) n",
        corpus.pk, kind, items,
    )  # fmt: skip
    collection = Collection.objects.create(organisation=lab, name=slug, filters={"corpus": slug})
    document = {**document, "name": slug}
    made = Study.objects.create(
        organisation=lab, slug=slug, title=slug, protocol=store_protocol(document), collection=collection
    )
    recipe = {"collection": slug, "studies": [slug], "split": {"keys": ["film"]}}
    save_dataset(organisation=lab, name=slug, title=slug, description="Made up.", recipe=recipe)
    return made


def panel(count: int) -> int:
    """That many raters; returns the first one's key."""
    from accounts.models import Organisation, Rater

    lab = Organisation.objects.get(name="lab")
    start = Rater.objects.count()
    raters = [Rater(organisation=lab, pseudonym=f"r{start + n:05d}", kind="simulated") for n in range(count)]
    return int(Rater.objects.bulk_create(raters)[0].pk)


def rate(made: Any, question: str, value_sql: str, *, raters: int, per_item: int) -> None:
    """`per_item` answers to every item, dealt out to the raters in turn; `value_sql` is made of i and n."""
    first = panel(raters)
    execute(
        "INSERT INTO annotation_response (id, study_id, item_id, rater_id, question, take, value, perspective, "
        "practice, exposed, target, timing, device, answered_at) "
        f"SELECT gen_random_uuid(), %s, id, %s + (i * %s + n) %% %s, %s, 0, {value_sql}, 'observer', false, false, '', "
        "'{\"active_ms\": 1500}', '{}', '2026-01-01'::timestamptz + i * interval '1 second' "
        "FROM (SELECT id, row_number() OVER (ORDER BY key) AS i FROM ingest_item WHERE corpus_id = "
        "(SELECT id FROM ingest_corpus WHERE name = %s)) item, generate_series(0, %s - 1) n",
        made.pk, first, per_item, raters, question, made.slug, per_item,
    )  # fmt: skip


def fill(scale: float) -> None:
    from annotation.facade import preset

    labels = "ARRAY[" + ",".join(f"'{label}'" for label in LABELS) + "]"
    picked = f"jsonb_build_object('labels', jsonb_build_array(({labels})[1 + floor(random() * 7)::int]))"
    for name, times in GROWING.items():
        made = study(name, preset("meld"), items=times * int(FULL["items"] * scale), kind="text")
        rate(made, "emotion", picked, raters=300, per_item=3)

    document = preset("image-emotion")
    scale_question = document["questions"][1]
    scale_question["options"]["dimensions"] = scale_question["options"]["dimensions"][:1]
    document["questions"] = [scale_question]
    made = study("ratings", document, items=int(FULL["ratings"] * scale) // RATERS, kind="image")
    rate(
        made,
        "vad",
        "jsonb_build_object('valence', floor(random() * 7)::int - 3)",
        raters=RATERS,
        per_item=RATERS,
    )
    made = study("traces", preset("veatic"), items=int(FULL["traces"] * scale) // 5, kind="video")
    rate(made, "affect", "jsonb_build_object('trace', gen_random_uuid())", raters=5, per_item=5)
    draw_traces(made)
    join("ratings", "traces")
    execute("ANALYZE")


def draw_traces(made: Any) -> None:
    """One-minute series at 25 Hz, joystick-like, with the trace that each response names."""
    import numpy as np

    from annotation.models import Response, Trace, TraceSeries

    rng, samples = np.random.default_rng(0), TRACE_S * RATE_HZ
    responses = Response.objects.filter(study=made).order_by("item__key", "rater")
    for start in range(0, responses.count(), 500):
        batch = list(responses[start : start + 500])
        traces = [
            Trace(id=one.value["trace"], study=made, item_id=one.item_id, rater_id=one.rater_id, question="affect",
                  state="finished")
            for one in batch
        ]  # fmt: skip
        Trace.objects.bulk_create(traces)
        steps = rng.normal(0, 0.02, (len(batch), samples, 2)) * (rng.random((len(batch), samples, 2)) > 0.7)
        values = np.clip(np.cumsum(steps, axis=1), -1, 1).astype("<f8")
        TraceSeries.objects.bulk_create(
            TraceSeries(trace=trace, rule="imported", rate_hz=RATE_HZ, t0_s=0.0,
                        dimensions=["valence", "arousal"], values=series.tobytes(), code_version="0")
            for trace, series in zip(traces, values, strict=True)
        )  # fmt: skip


def join(name: str, other: str) -> None:
    """Let the dataset `name` hold the items and ratings of both."""
    from exports.models import Dataset
    from ingest.models import Collection, Corpus, Item

    collection = Collection.objects.get(name=name)
    collection.picked.add(*Item.objects.filter(corpus__name=other))
    # Keys stand for items in a release, so those of two corpora must not be alike.
    execute(
        "UPDATE ingest_item SET key = 'clip-' || key WHERE corpus_id = %s", Corpus.objects.get(name=other).pk
    )
    dataset = Dataset.objects.get(name=name)
    dataset.recipe["studies"].append(other)
    dataset.save()


# --- media ------------------------------------------------------------------------------------------------------


def media_rows(scratch: Path, files: int) -> list[Row]:
    """Putting media into a release, against `cp` of the same files."""
    from affectory.release.writer import ReleaseWriter

    source = scratch / "media-source"
    source.mkdir()
    for number in range(files):
        (source / str(number)).write_bytes(os.urandom(1024) * (MEDIA_BYTES // 1024))
    start = time.perf_counter()
    subprocess.run(["cp", "-r", source, scratch / "media-copied"], check=True)
    copied_s = time.perf_counter() - start
    writer = ReleaseWriter(scratch / "media-release")
    start = time.perf_counter()
    for number, path in enumerate(sorted(source.iterdir())):
        writer.add_media(path, suffix=".mp4", sha256=f"{number:064x}")
    linked_s = time.perf_counter() - start
    own = [path for path in (scratch / "media-release").rglob("*.mp4") if path.stat().st_nlink == 1]
    return [
        row(f"{files} media files of 5 MB that were copied, not linked", len(own), "files", goal="<= 0"),
        row(f"{files} media files of 5 MB into a release", linked_s, "s", baseline=copied_s, goal="<= 1"),
    ]


def memory_rows(items: int, mb: dict[str, float]) -> list[Row]:
    """Memory of releases of text items by their size, and what each further item takes."""
    told = [
        row(
            f"release of {times * items:,} items with 3 responses each, memory", mb[name], "MB", goal="<= 150"
        )
        for name, times in GROWING.items()
    ]
    (least, few), *_, (most, many) = GROWING.items()
    each = (mb[most] - mb[least]) * 1e6 / ((many - few) * items)
    return [*told, row(f"memory for each item from {few * items:,} to {many * items:,}", each, "B")]


def rows(scratch: Path, scale: float) -> list[Row]:
    growing = {name: measured(name) for name in GROWING}
    votes, ratings = growing["votes"], measured("ratings")
    items, answers = int(FULL["items"] * scale), int(FULL["ratings"] * scale)
    what = f"release of {items:,} items with 3 responses each"
    both = f"release of {answers:,} ratings and {int(FULL['traces'] * scale):,} one-minute traces"
    return [
        row(what, votes["cpu_s"], "CPU s", goal="<= 10" if scale == 1 else None),
        *memory_rows(items, {name: told["mb"] for name, told in growing.items()}),
        row(both, ratings["wall_s"], "s", goal="<= 15" if scale == 1 else None),
        row(f"{both}, CPU", ratings["cpu_s"], "CPU s"),
        row(f"{both}, memory", ratings["mb"], "MB"),
        *media_rows(scratch, max(int(FULL["media"] * scale), 5)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a twentieth of the data")
    parser.add_argument("--json", metavar="FILE", type=Path)
    parser.add_argument("--build", metavar="DATASET", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if options.build:
        build(options.build)
        return
    scratch = Path(tempfile.mkdtemp(prefix="affectory-bench-"))
    os.environ["AFFECTORY_DATA"] = str(scratch)
    from config.embedded import postgres

    os.environ["DATABASE_URL"] = postgres.database_url(scratch)
    server = postgres.start(scratch)
    try:
        found = filled_and_measured(scratch, 0.05 if options.quick else 1.0)
    finally:
        server.stop()
        shutil.rmtree(postgres.Cluster(scratch).socket_folder, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
    for one in found:
        print(json.dumps(one))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def filled_and_measured(scratch: Path, scale: float) -> list[Row]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(scale)
    return rows(scratch, scale)


if __name__ == "__main__":
    main()
