"""A release tells of one moment, whatever comes meanwhile, and is the same wherever and whenever it is built."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from affectory.release.writer import ReleaseWriter
from annotation.analysis import series
from annotation.models import Response, TraceSeries
from annotation.services.studies import create_study
from exports.facade import request_release
from exports.models import Release
from exports.services import build
from ingest.models import Item, Subject
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories
from tests.exports.making import dataset
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
REPOSITORY = Path(__file__).resolve().parents[2]
ITEMS = 3
ASKED = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def studies():
    """One asks for traces and one for labels, about the same films."""
    labels = factories.protocol() | {"item_kinds": ["video"]}
    of = factories.corpus(languages=["de"])
    for n in range(ITEMS):
        factories.item(f"item-{n}", of, groups={"subject": f"s{n}"})
        Subject.objects.create(corpus=of, code=f"s{n}", attributes={"städtisch": "ja"})
    return [
        create_study(
            organisation=of.organisation, slug=slug, title="Für Züge", document=document,
            collection=factories.collection(of), requested_by="test",
        )
        for slug, document in (
            ("traces", factories.protocol("veatic", raters={"per_item": 50})),
            ("labels", {**labels, "raters": {**labels["raters"], "per_item": 50}}),
        )
    ]  # fmt: skip


def _rates(study, n=0):
    """Another rater answers for every film."""
    rater = Rater.consented(study)
    for _ in range(ITEMS):
        assignment = rater.next()
        answers = None
        if study.slug == "traces":
            values = [[0.1 * step, 0.05 * step * (1 + n)] for step in range(9)]
            answers = {"affect": {"trace": rater.trace_values(assignment, "affect", values)}}
        assert rater.submit(assignment, answers).status_code == 200


def _dataset():
    return dataset(
        collection="all",
        studies=["traces", "labels"],
        card={"motivation": "Über Gefühle", "smallest_band": 2},
    )


def _job(of):
    """A draft that is asked for at one moment: that is among the things that a release is made from."""
    job = request_release(dataset=of, requested_by="test", draft=True)
    Job.objects.filter(pk=job.pk).update(created_at=ASKED, not_before=ASKED)
    return job


def _built(job):
    """The files of a draft, and its manifest."""
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    release = Release.objects.get(job=job.pk)
    return dict(release.files.values_list("path", "sha256")), release.manifest


def _meanwhile(studies):
    """Others answer, and a film and a person come, each through a connection of its own."""

    def come():
        number = Item.objects.count()
        for study in studies:
            _rates(study)
        of = factories.corpus()
        factories.item(f"late-{number}", of, groups={"subject": f"late-{number}"})
        Subject.objects.create(corpus=of, code=f"late-{number}", attributes={"städtisch": "ja"})
        connection.close()

    with ThreadPoolExecutor(1) as others:
        others.submit(come).result()


def test_what_comes_while_a_release_is_built_is_in_none_of_its_files(studies, monkeypatch):
    for study in studies:
        _rates(study)
        _rates(study, 1)
    of = _dataset()
    calm, later = _job(of), _job(of)
    perform(calm.pk)
    read, write, told = build.read_source, ReleaseWriter.write, build.told_beside

    def read_first(*args):
        source = read(*args)
        _meanwhile(studies)
        return source

    def write_later(*args, **more):
        _meanwhile(studies)
        return write(*args, **more)

    def tell_later(*args):
        _meanwhile(studies)
        return told(*args)

    answers = Response.objects.count()
    with monkeypatch.context() as hooks:
        hooks.setattr(build, "read_source", read_first)
        hooks.setattr(ReleaseWriter, "write", write_later)
        hooks.setattr(build, "told_beside", tell_later)
        perform(later.pk)
    assert Response.objects.count() > answers
    assert _built(later) == _built(calm)
    afterwards = _job(of)
    perform(afterwards.pk)
    before, after = (Release.objects.get(job=job.pk).summary["rows"] for job in (later, afterwards))
    assert all(after[name] > before[name] for name in ("items", "annotations", "traces", "raters", "splits"))


def _derivations(monkeypatch, meanwhile=lambda: None):
    """The traces that are derived from now on."""
    derived, real = [], series._derived

    def told(trace, *args):
        derived.append(trace.pk)
        meanwhile()
        return real(trace, *args)

    monkeypatch.setattr(series, "_derived", told)
    return derived


def _performed_apart(job):
    perform(job.pk)
    connection.close()


def _waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def test_two_builds_that_need_the_same_series_derive_each_once_and_none_is_repeated(studies, monkeypatch):
    for n in range(2):
        _rates(studies[0], n)
    assert not TraceSeries.objects.exists()
    of = _dataset()
    first, second = _job(of), _job(of)
    begun, go_on = threading.Event(), threading.Event()

    def pause():
        begun.set()
        assert go_on.wait(60)

    derived = _derivations(monkeypatch, pause)
    with ThreadPoolExecutor(2) as workers:
        one = workers.submit(_performed_apart, first)
        assert begun.wait(60)
        other = workers.submit(_performed_apart, second)
        try:
            while not _waits_for_a_lock():
                assert not other.done()
        finally:
            go_on.set()
        one.result()
        other.result()
    assert _built(first)[1]["digest"] == _built(second)[1]["digest"]
    assert (first.attempt, second.attempt) == (1, 1)
    assert len(derived) == len(set(derived)) == TraceSeries.objects.count() == 2 * ITEMS


def test_a_trace_that_came_just_before_the_moment_is_derived_for_the_release_alone(studies, monkeypatch):
    _rates(studies[0])
    calm, later = _job(_dataset()), _job(_dataset())
    with monkeypatch.context() as late:
        late.setattr(build, "keep_series", lambda *_args: None)
        perform(later.pk)
    assert not TraceSeries.objects.exists()
    perform(calm.pk)
    assert TraceSeries.objects.count() == ITEMS
    assert _built(later) == _built(calm)


def test_series_that_a_killed_build_derived_are_kept(studies, monkeypatch):
    _rates(studies[0])
    job = _job(_dataset())

    def die(*_args):
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(build, "read_source", die)
        with pytest.raises(SystemExit):
            perform(job.pk)
    assert TraceSeries.objects.count() == ITEMS
    Job.objects.filter(pk=job.pk).update(lease_until=ASKED)
    derived = _derivations(monkeypatch)
    perform(job.pk)
    assert _built(job)
    assert derived == []


def _performed_elsewhere(job, days, **environment):
    place = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    roots = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")])
    own = {"DATABASE_URL": place, "AFFECTORY_DATA": str(settings.DATA_FOLDER), "PYTHONPATH": roots}
    given = {**os.environ, **own, **environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "tests.exports.elsewhere", str(job.pk), str(days)]
    done = subprocess.run(command, env=given, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_two_processes_on_two_days_in_other_zones_and_locales_write_the_same_bytes(studies):
    for study in studies:
        _rates(study)
        _rates(study, 1)
    of = _dataset()
    here, there = _job(of), _job(of)
    _performed_elsewhere(here, 0, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    # No UTF-8 mode: whatever opens a file without naming its encoding would write or read ASCII.
    plain = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    _performed_elsewhere(there, 40, TZ="Asia/Kathmandu", PYTHONHASHSEED="2", **plain)
    there.refresh_from_db()
    here.refresh_from_db()
    assert there.finished_at - here.finished_at > timedelta(days=39)
    files, manifest = _built(here)
    assert {path.split("/")[0] for path in files} >= {
        "items",
        "annotations",
        "traces",
        "traces_raw",
        "README.md",
    }
    assert _built(there) == (files, manifest)
