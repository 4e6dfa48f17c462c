"""A real worker process on a real broker, killed in the middle of its work."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from config.embedded import processes
from exports.facade import request_release, save_dataset
from exports.models import Release, ReleaseFile, SplitAssignment
from ingest.models import Asset, IngestEntry, Item, Rendition
from ingest.services.folders import offer_folder
from jobs.models import Job, JobState
from tests import factories
from tests.factories import Rater

REPOSITORY = Path(__file__).resolve().parents[2]
TIMEOUT_S = 120
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """This process would nudge the broker of another database; `_sweep` tells the right one."""
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)


@pytest.fixture
def broker(request):
    """What a process is told about its broker: nothing, for the queue in the platform's own database."""
    named = getattr(request, "param", None)
    return {"CELERY_BROKER_URL": request.getfixturevalue(named)} if named else {}


@pytest.fixture
def env(transactional_db, broker):
    """What a process needs that works on this test's database."""
    name = connection.settings_dict["NAME"]
    url = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
    roots = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")])
    own = {"DATABASE_URL": url, "AFFECTORY_DATA": str(settings.DATA_FOLDER), "PYTHONPATH": roots}
    return {**os.environ, **own, **broker, "DJANGO_SETTINGS_MODULE": "config.settings"}


@pytest.fixture
def worker(env, tmp_path):
    """Start workers; whatever is left of them is gone after the test."""
    started = []

    def start():
        command = [
            sys.executable,
            "-m",
            "celery",
            "--app=config",
            "worker",
            "--concurrency=1",
            "--loglevel=INFO",
        ]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        child = processes.start(command, tmp_path / "worker.log", parent_signal=signal.SIGKILL, env=env)
        started.append(child)
        return child

    yield start
    for child in started:
        processes.kill_group(child.pid)
        child.wait()


def _sweep(env):
    """What the clock does every half minute."""
    code = "import django; django.setup(); from jobs.services import sweep; sweep()"
    subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True)


@contextmanager
def _held(table):
    """Nobody writes into a table, so a worker comes to a halt there with its transaction open."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")

        def somebody_waits():
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
            )
            return cursor.fetchone()[0] > 0

        yield somebody_waits


def _killed_at(table, env, worker):
    """Let a worker come as far as writing into `table`, and kill it there with all its children."""
    with _held(table) as reached:
        child = worker()
        _sweep(env)
        assert processes.wait_until(reached, TIMEOUT_S)
        processes.kill_group(child.pid)
        child.wait()


def _finished_by_another(env, worker):
    """Let another worker do all that is left; returns the job during which the first one was killed."""
    killed = Job.objects.get(state=JobState.RUNNING)
    # The lease of the dead one runs out, and what the broker holds for it is lost; the test does not wait for that.
    Job.objects.filter(pk=killed.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    Job.objects.update(nudged_at=None)
    worker()
    _sweep(env)
    waiting = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    assert processes.wait_until(lambda: not waiting.exists(), TIMEOUT_S)
    for job in Job.objects.all():
        attempts = 2 if job == killed else 1
        assert (job.state, job.attempt, job.error) == (JobState.SUCCEEDED, attempts, None)
    killed.refresh_from_db()
    return killed


@pytest.mark.parametrize(
    "broker",
    [
        None,
        pytest.param("redis_url", marks=pytest.mark.broker("redis-server")),
        pytest.param("rabbitmq_url", marks=pytest.mark.broker("rabbitmq-server")),
    ],
    indirect=True,
    ids=["postgresql", "redis", "rabbitmq"],
)
def test_a_worker_killed_during_ingest_leaves_nothing_half_made_and_another_finishes(tmp_path, env, worker):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for colour in ("red", "blue"):
        Image.new("RGB", (64, 48), colour).save(folder / f"{colour}.png")
    list(offer_folder(folder=folder, corpus_name="c", organisation=factories.lab(), requested_by="test"))
    _killed_at("ingest_item", env, worker)
    assert not Asset.objects.exists()
    assert not Item.objects.exists()
    assert {entry.state for entry in IngestEntry.objects.all()} == {"pending"}
    _finished_by_another(env, worker)
    assert [entry.state for entry in IngestEntry.objects.all()] == ["ready", "ready"]
    assert sorted(Item.objects.values_list("key", flat=True)) == ["blue.png", "red.png"]
    assert Asset.objects.count() == 2
    made = list(Rendition.objects.values_list("asset", "name"))
    assert len(made) == len(set(made)) > 0


@pytest.mark.parametrize(
    ("table", "drafts"),
    [("exports_releasefile", 0), ("exports_splitassignment", 1)],
    ids=["kept", "published"],
)
def test_a_worker_killed_during_a_release_shows_nothing_half_made_and_another_finishes(
    table, drafts, env, worker
):
    study = factories.study(items=4)
    Rater.consented(study).rate()
    Job.objects.all().delete()
    recipe = {"collection": "all-study", "studies": ["study"]}
    dataset = save_dataset(organisation=factories.lab(), name="d", title="D", description="", recipe=recipe)
    job = request_release(dataset=dataset, requested_by="test")
    _killed_at(table, env, worker)
    assert not Release.objects.published().exists()
    assert not SplitAssignment.objects.exists()
    left = list(Release.objects.drafts().values_list("pk", flat=True))
    assert len(left) == drafts
    assert ReleaseFile.objects.exists() == bool(drafts)
    done = _finished_by_another(env, worker)
    release = Release.objects.get()
    assert release.state == "published"
    assert left in ([], [release.pk])
    assert done.result == {"version": "1.0.0", "digest": release.digest}
    assert release.job == job.pk
    assert not list((settings.DATA_FOLDER / "building").glob(f"{job.pk}-*"))
