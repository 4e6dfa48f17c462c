"""Erasing somebody who recorded herself: her answers, her recordings, and what others said about them."""

import uuid

import pytest

from annotation.models import Response, Trace
from annotation.produced import Production
from annotation.services.studies import create_study
from exports.facade import save_dataset
from exports.models import Release
from ingest.models import Asset, IngestEntry, Item, Subject
from jobs.models import Job, JobState
from storage.objects import store
from tests import factories
from tests.annotation.recorded import pseudonym, record, recording_study, work
from tests.exports.making import performed, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(monkeypatch):
    """Two makers, one of whom also handed in a broken file; an observer of all of it; a release of the ratings."""
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)
    telling = recording_study()
    makers = [Rater.consented(telling) for _ in range(2)]
    for maker in makers:
        record(maker)
    record(makers[0], b"no recording at all")
    work()
    document = factories.protocol("self-annotation")
    document["raters"].pop("own_items")
    observed = create_study(
        organisation=telling.organisation, slug="observed", title="Observed",
        document=factories.protocol_from(document),
        collection=factories.collection(telling.produces, "observed"), requested_by="test",
    )  # fmt: skip
    observer = Rater.consented(observed)
    while assignment := observer.next():
        trace = observer.trace_values(assignment, "affect", [[0.5]] * 9)
        observer.submit(assignment, {"affect": {"trace": trace}})
    recipe = {"collection": "observed", "studies": ["observed"]}
    released(
        save_dataset(organisation=telling.organisation, name="d", title="D", description="", recipe=recipe)
    )
    return makers


def _erased(name):
    client = factories.signed_in()
    plan = client.get("/api/erasures/plan/", {"rater": name}).json()
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": name}
    assert client.post("/api/erasures/", body, content_type="application/json").status_code == 202
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("kind"):
        assert performed(job).state == JobState.SUCCEEDED, job.error
    return plan


def test_erasing_a_maker_deletes_what_she_recorded_everywhere(made):
    gone, stays = made
    name = pseudonym(gone)
    entries = IngestEntry.objects.filter(path__startswith=name)
    assert sorted(entries.values_list("state", flat=True)) == ["quarantined", "ready"]
    objects = list(entries.values_list("sha256", flat=True))
    plan = _erased(name)
    assert plan["releases"][0]["rows"]["items"] == 1
    assert not Item.objects.filter(groups__subject=name).exists()
    assert not Subject.objects.filter(code=name).exists()
    assert not IngestEntry.objects.filter(path__startswith=name).exists()
    assert not Production.objects.filter(rater__pseudonym=name).exists()
    assert not Response.objects.filter(rater__pseudonym=name).exists()
    assert not any((store().folder / sha256[:2] / sha256).exists() for sha256 in objects)
    # What the observer said about the other one is still there.
    assert Item.objects.filter(groups__subject=pseudonym(stays)).count() == 1
    assert Asset.objects.count() == 1
    assert Trace.objects.count() == 1
    states = Release.objects.order_by("pk").values_list("version", "state")
    assert list(states) == [("1.0.0", "withdrawn"), ("2.0.0", "published")]
