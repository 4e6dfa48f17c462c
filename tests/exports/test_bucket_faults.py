"""A bucket that fails while a release is built: nothing half is seen, and the repeat gives the same bytes."""

import uuid

import pytest

from exports.models import Release, SplitAssignment
from ingest.models import Asset, Rendition
from jobs.models import Job, JobState
from storage.addresses import object_key
from storage.facade import media_link, put_bytes
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.factories import Rater
from tests.failing_bucket import answer, failing_bucket, lost_answer, no_answer, no_connection
from tests.s3_server import BUCKET

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = {"media": "proxy"}


@pytest.fixture
def bucket(settings):
    with failing_bucket(settings) as found:
        yield found


@pytest.fixture
def pictures(bucket):
    """Keys of the pictures of a study that one person has rated."""
    study = factories.study(items=2, preset="emoset", practice_items=0)
    for asset in Asset.objects.all():
        stored = put_bytes(asset.path.encode())
        shown = {"media_type": "image/webp", "sha256": stored.sha256, "size": stored.size}
        Rendition.objects.create(asset=asset, name="proxy", recipe="1", **shown)
    Rater.consented(study).rate()
    return bucket.keys()


def _asked_for(request_id):
    body = {"request_id": request_id}
    answered = factories.signed_in().post("/api/datasets/d/releases/", body, content_type="application/json")
    assert answered.status_code == 202
    return Job.objects.get(pk=answered.json()["id"])


def _shown(path):
    return factories.signed_in().get(path if path.startswith("/") else f"/api/{path}")


#: Moment of the fault, in the order of a build: which file, how it is asked for, what the bucket does, what is told.
MOMENTS = {
    "a table is put": ("items/train", "PUT", answer(503, "SlowDown"), "SlowDown"),
    "a medium is looked for": ("media/", "HEAD", answer(403, "AccessDenied"), "AccessDenied"),
    "a table was put": ("splits/", "PUT", lost_answer, "Read timeout"),
    "the manifest is put": ("manifest.json", "PUT", answer(500, "InternalError"), "InternalError"),
    "the manifest is looked for": ("manifest.json", "HEAD", no_answer, "Connect timeout"),
}


def _fails(job, bucket, files, moment):
    """The next attempt of the job meets the fault, and nothing is seen of it but the reason."""
    about, bucket.method, bucket.fault, reason = MOMENTS[moment]
    path = next(path for path in files if path.startswith(about))
    bucket.key = object_key(files[path])
    performed(job)
    told = _shown(f"jobs/{job.pk}/").json()
    assert told["error"]["code"] == "store_unavailable"
    assert told["error"]["message"].startswith(f"{path}: The bucket {BUCKET!r} could not ")
    assert reason in told["error"]["message"]
    assert _shown("datasets/d/releases/").json()["results"] == []
    assert _shown("datasets/d/releases/1.0.0/").status_code == 404
    assert not Release.objects.exists()
    assert not SplitAssignment.objects.exists()
    bucket.fault = None
    return told["state"]


def test_a_bucket_that_fails_at_any_moment_leaves_nothing_and_the_repeat_gives_the_same_bytes(
    bucket, pictures
):
    expected = released(dataset(**RECIPE))
    files = dict(expected.files.values_list("path", "sha256"))
    begun_at = Job.objects.get(pk=expected.job).created_at
    expected.delete()
    SplitAssignment.objects.all().delete()
    for key in bucket.keys() - pictures:
        bucket.client.delete_object(Bucket=BUCKET, Key=key)

    request_id = str(uuid.uuid4())
    job = _asked_for(request_id)
    Job.objects.filter(pk=job.pk).update(created_at=begun_at)
    states = [_fails(job, bucket, files, moment) for moment in MOMENTS]
    assert states == ["queued"] * 4 + ["failed"]
    assert bucket.keys() > pictures
    # What was stored for nothing goes; nobody has to ask for that.
    assert performed(Job.objects.get(kind="exports.drop")).state == JobState.SUCCEEDED
    assert bucket.keys() == pictures

    assert _asked_for(request_id) == job
    _fails(job, bucket, files, "the manifest is put")
    assert performed(job).state == JobState.SUCCEEDED
    assert dict(Release.objects.get().files.values_list("path", "sha256")) == files
    assert bucket.keys() == {object_key(sha256) for sha256 in files.values()}
    assert not Job.objects.filter(kind="exports.drop").exists()

    bucket.method, bucket.key, bucket.fault = "", "", no_connection
    refused = _shown("datasets/d/releases/1.0.0/files/README.md")
    assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
    picture = Rendition.objects.first()
    assert _shown(media_link(picture.sha256, picture.media_type)).status_code == 503
    # The release before is read to compare with.
    assert performed(_asked_for(str(uuid.uuid4()))).error["message"].startswith("d 1.0.0: ")
