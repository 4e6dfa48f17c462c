"""A real worker process on the real broker, killed in the middle of its work."""

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
def env(transactional_db):
    """What a process needs that works on this test's database."""
    name = connection.settings_dict["NAME"]
    url = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
    roots = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")])
    own = {"DATABASE_URL": url, "AFFECTORY_DATA": str(settings.DATA_FOLDER), "PYTHONPATH": roots}
    return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "config.settings"}


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
    assert Job.objects.get().state == JobState.RUNNING
    # The lease of the dead one runs out; the test does not wait for that.
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1), nudged_at=None)
    worker()
    _sweep(env)
    ended = processes.wait_until(
        lambda: Job.objects.filter(state__in=[JobState.SUCCEEDED, JobState.FAILED]).exists(), TIMEOUT_S
    )
    job = Job.objects.get()
    assert ended
    assert (job.state, job.attempt, job.error) == (JobState.SUCCEEDED, 2, None)
    return job


def test_a_worker_killed_during_ingest_leaves_nothing_half_made_and_another_finishes(tmp_path, env, worker):
    folder = tmp_path / "corpus"
    folder.mkdir()
    Image.new("RGB", (64, 48), "red").save(folder / "red.png")
    list(offer_folder(folder=folder, corpus_name="c", organisation=factories.lab(), requested_by="test"))
    _killed_at("ingest_item", env, worker)
    assert not Asset.objects.exists()
    assert not Item.objects.exists()
    assert IngestEntry.objects.get().state == "pending"
    _finished_by_another(env, worker)
    assert IngestEntry.objects.get().state == "ready"
    assert (Asset.objects.count(), Item.objects.count()) == (1, 1)
    names = list(Rendition.objects.values_list("name", flat=True))
    assert len(names) == len(set(names)) > 0


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
