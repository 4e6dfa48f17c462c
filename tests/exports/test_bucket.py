"""A release in a bucket: pulled by links to it, or through the server where the bucket has no public address."""

import httpx
import pytest

import affectory
from affectory.cli import main
from storage import objects
from storage.addresses import object_key
from tests import factories
from tests.exports.making import dataset, released
from tests.factories import Rater
from tests.s3_server import BUCKET, s3_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bucket():
    with s3_server() as server:
        yield server


@pytest.fixture(params=["public", "inner"])
def release(bucket, request, settings, client_signed_in):
    """A release on the bucket."""
    public = bucket.url if request.param == "public" else ""
    settings.S3 = {**settings.S3, "endpoint_url": bucket.url, "public_url": public, "bucket": BUCKET}
    objects.store.cache_clear()
    Rater.consented(factories.study(items=4)).rate()
    made = released(dataset())
    yield made
    objects.store.cache_clear()


def _items_file(release):
    return release.files.filter(path__startswith="items/").order_by("path").first()


def _key(file):
    return object_key(file.sha256)


def test_a_release_in_a_bucket_is_pulled_whole_and_no_token_goes_there(release, bucket, request):
    assert main(["pull", "d@1.0.0", "-q"]) == 0
    assert main(["verify", "d-1.0.0", "-q"]) == 0
    assert len(affectory.load("d@1.0.0", table="items").to_pandas()) == 4
    if "inner" in request.node.name:
        assert bucket.by_link == []
        return
    served = {file.path: _key(file) for file in release.files.all()}
    del served["SHA256SUMS"]  # the client makes its own
    assert {asked.key for asked in bucket.by_link} == set(served.values())
    assert {asked.authorization for asked in bucket.by_link} == {None}


@pytest.mark.parametrize("release", ["public"], indirect=True)
def test_a_transfer_that_the_bucket_breaks_off_goes_on_where_it_was(release, bucket):
    file = _items_file(release)
    bucket.break_after[_key(file)] = 100
    assert main(["pull", "d@1.0.0", "-q"]) == 0
    asked = [one.range for one in bucket.by_link if one.key == _key(file)]
    assert asked == [None, "bytes=100-"]
    assert main(["verify", "d-1.0.0", "-q"]) == 0


@pytest.mark.parametrize("release", ["public"], indirect=True)
def test_bytes_that_were_changed_in_the_bucket_are_not_taken_in(release, tmp_path):
    file = _items_file(release)
    store = objects.store()
    wrong = b"".join(store.read(file.sha256, 0, file.size))[::-1]
    store.client.put_object(Bucket=BUCKET, Key=_key(file), Body=wrong)
    assert main(["pull", "d@1.0.0", "-q"]) == 3
    assert not (tmp_path / "d-1.0.0").exists()


@pytest.mark.parametrize("release", ["public"], indirect=True)
def test_a_browser_gets_a_file_under_its_name_and_type(release, live_server):
    file = _items_file(release)
    client = factories.signed_in()
    answer = client.get(f"/api/datasets/d/releases/1.0.0/files/{file.path}")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    given = httpx.get(answer["Location"], headers={"Range": "bytes=0-3"})
    assert (given.status_code, given.content) == (206, b"PAR1")
    assert given.headers["Content-Type"] == "application/x-parquet"
    assert given.headers["Content-Disposition"] == f'attachment; filename="{file.path.rpartition("/")[2]}"'
