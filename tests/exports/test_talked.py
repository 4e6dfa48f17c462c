"""Dialogues in a release: whole, without names, and gone when one of both is erased."""

import uuid

import pytest

from annotation.services.studies import create_study
from exports.facade import save_dataset
from exports.models import Release
from ingest.models import IngestEntry, Item
from jobs.models import Job, JobState
from tests import factories
from tests.annotation.recorded import pseudonym, work
from tests.annotation.talking import finished, talking_study
from tests.exports.making import performed, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pairs(monkeypatch):
    """Two pairs who talked, an observer of both talks, a release of what she said about them."""
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)
    study = talking_study(items=2)
    both = [finished(study), finished(study)]
    for pair in both:
        for talker in pair:
            assert talker.hand_in().status_code == 200
    for job in Job.objects.filter(kind="annotation.hand_over_dialogue"):
        assert performed(job).state == JobState.SUCCEEDED, job.error
    work()
    observed = create_study(
        organisation=study.organisation, slug="observed", title="Observed", document=factories.protocol("meld"),
        collection=factories.collection(study.produces, "observed"), requested_by="test",
    )  # fmt: skip
    observer = Rater.consented(observed)
    while observer.next():
        observer.rate()
    recipe = {"collection": "observed", "studies": ["observed"]}
    released(
        save_dataset(organisation=study.organisation, name="d", title="D", description="", recipe=recipe)
    )
    return both


def test_erasing_one_of_both_withdraws_the_release_and_keeps_the_other_dialogue(pairs):
    (gone, _), stay = pairs
    name, client = pseudonym(gone.rater), factories.signed_in()
    plan = client.get("/api/erasures/plan/", {"rater": name}).json()
    assert plan["releases"][0]["rows"]["items"] == 1
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": name}
    assert client.post("/api/erasures/", body, content_type="application/json").status_code == 202
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("kind"):
        assert performed(job).state == JobState.SUCCEEDED, job.error
    [item] = Item.objects.filter(kind="dialogue")
    assert sorted(item.groups["subject"]) == sorted(pseudonym(talker.rater) for talker in stay)
    assert IngestEntry.objects.count() == 1
    states = Release.objects.order_by("pk").values_list("version", "state")
    assert list(states) == [("1.0.0", "withdrawn"), ("2.0.0", "published")]
