import hashlib

import boto3
import httpx
import psycopg
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from moto import mock_aws

from affectory.errors import AffectoryError, NotFound, Unavailable
from storage import bucket, links, objects
from storage.addresses import object_key
from storage.facade import (
    as_file,
    copy_to,
    deleting,
    media_link,
    object_response,
    put,
    put_bytes,
    ranged_response,
    read_bytes,
    referring,
    size_of,
)
from tests.failing_bucket import answer, failing_bucket, no_connection
from tests.s3_server import BUCKET

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ABSENT = "0" * 64
MULTIPART_BYTES = 8 * 1024 * 1024  # from here on boto sends parts
PLACE = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


@pytest.fixture(params=["folder", "s3"])
def store(request, monkeypatch, tmp_path, settings):
    if request.param == "folder":
        chosen = objects.FolderStore(tmp_path / "objects")
        chosen.folder.mkdir()
        monkeypatch.setattr(objects, "store", lambda: chosen)
        monkeypatch.setattr(links, "store", lambda: chosen)
        yield chosen
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="affectory")
        settings.S3 = {
            "endpoint_url": "",
            "public_url": "https://s3.lab.example",
            "bucket": "affectory",
            "region": "us-east-1",
        }
        objects.store.cache_clear()
        yield objects.store()
    objects.store.cache_clear()


def test_bytes_are_kept_under_their_digest_and_twice_is_once(store, tmp_path):
    path = tmp_path / "given"
    path.write_bytes(CONTENT)
    assert put(path) == put_bytes(CONTENT) == objects.StoredObject(SHA256, len(CONTENT))
    assert read_bytes(SHA256) == CONTENT
    assert b"".join(store.read(SHA256, 10, 20)) == CONTENT[10:20]
    assert store.size(SHA256) == len(CONTENT)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_object_is_gone_and_deleting_it_again_is_harmless(store):
    put_bytes(CONTENT)
    with deleting() as delete:
        delete(SHA256)
        delete(SHA256)
    with pytest.raises(NotFound):
        store.size(SHA256)
    assert read_bytes(put_bytes(CONTENT).sha256) == CONTENT


@pytest.mark.django_db(transaction=True)
def test_nothing_is_deleted_while_somebody_begins_to_refer_to_it():
    """What a second session of the database would wait for is asked without waiting."""

    def could_delete():
        where = {key: connection.settings_dict[name] for key, name in PLACE.items()}
        with psycopg.connect(**where) as other:
            return other.execute("SELECT pg_try_advisory_lock(%s)", [objects._DELETION_LOCK]).fetchone()[0]

    with referring():
        assert not could_delete()
    assert could_delete()


@pytest.fixture
def failing(settings):
    with failing_bucket(settings) as found:
        yield found


def test_a_large_file_that_a_bucket_takes_half_of_is_not_there_and_nothing_of_it_is_left(failing, tmp_path):
    path = tmp_path / "large"
    path.write_bytes(bytes(MULTIPART_BYTES + 1))
    failing.key, failing.fault = "partNumber=2", answer(500, "InternalError")
    with pytest.raises(Unavailable, match=rf"The bucket '{BUCKET}' could not keep .*InternalError"):
        put(path)
    assert failing.asked
    assert not failing.keys()
    assert "Uploads" not in failing.client.list_multipart_uploads(Bucket=BUCKET)
    failing.fault = None
    assert read_bytes(put(path).sha256) == path.read_bytes()


def test_an_object_of_another_length_in_a_bucket_is_put_again(failing):
    failing.client.put_object(Bucket=BUCKET, Key=object_key(SHA256), Body=CONTENT[:-1])
    assert read_bytes(put_bytes(CONTENT).sha256) == CONTENT


def test_objects_of_a_bucket_that_is_away_or_gone_are_not_said_to_be_lost(failing):
    put_bytes(CONTENT)
    failing.fault = no_connection
    for use in (size_of, read_bytes, objects.store().delete):
        with pytest.raises(Unavailable, match=f"The bucket '{BUCKET}' could not .* connect"):
            use(SHA256)
    failing.fault = None
    failing.client.delete_object(Bucket=BUCKET, Key=object_key(SHA256))
    failing.client.delete_bucket(Bucket=BUCKET)
    with pytest.raises(Unavailable, match="bucket"):
        size_of(SHA256)


def test_nothing_at_all_can_be_kept(store):
    assert read_bytes(put_bytes(b"").sha256) == b""


def test_an_object_becomes_a_file(store, tmp_path):
    put_bytes(CONTENT)
    with as_file(SHA256) as path:
        assert path.read_bytes() == CONTENT
    for link in (True, False):
        copy_to(SHA256, tmp_path / f"copy-{link}", link=link)
        assert (tmp_path / f"copy-{link}").read_bytes() == CONTENT
    assert not list(tmp_path.glob("*.incoming"))


@pytest.mark.parametrize("address", [ABSENT, "../../etc/passwd", "ab/cd", "", SHA256.upper()])
def test_what_is_not_there_is_not_found(store, address):
    with pytest.raises(NotFound):
        read_bytes(address)


def test_a_file_that_changes_while_it_is_read_is_not_kept(store, tmp_path, monkeypatch):
    path = tmp_path / "growing"
    path.write_bytes(CONTENT + b"more")
    monkeypatch.setattr(objects, "hash_file", _first_time(objects.StoredObject(SHA256, len(CONTENT))))
    with pytest.raises(AffectoryError, match="changed"):
        put(path)
    monkeypatch.undo()
    with pytest.raises(NotFound):
        store.size(SHA256)


def _first_time(answer):
    real, answers = objects.hash_file, [answer]
    return lambda path: answers.pop() if answers else real(path)


@pytest.mark.parametrize(
    ("header", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=10239-", 206, (10239, 10240)),
        ("bytes=0-", 206, (0, 10240)),
        ("bytes=-5", 206, (10235, 10240)),
        ("bytes=-99999", 206, (0, 10240)),
        ("bytes=100-99999", 206, (100, 10240)),
        ("bytes=10240-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=5-2", 200, (0, 10240)),
        ("bytes=-", 200, (0, 10240)),
        ("bytes=0-1,4-5", 200, (0, 10240)),
        ("items=0-1", 200, (0, 10240)),
        ("bytes=" + "9" * 5000 + "-", 200, (0, 10240)),
    ],
)
def test_ranges(store, header, status, span):
    put_bytes(CONTENT)
    answer = ranged_response(RequestFactory().get("/", headers={"range": header}), SHA256, "video/mp4")
    assert answer.status_code == status
    if span is None:
        assert answer["Content-Range"] == "bytes */10240"
        return
    start, stop = span
    assert b"".join(answer) == CONTENT[start:stop]
    assert answer["Content-Length"] == str(stop - start)
    assert answer.get("Content-Range") == (f"bytes {start}-{stop - 1}/10240" if status == 206 else None)
    assert (answer["ETag"], answer["Accept-Ranges"]) == (f'"{SHA256}"', "bytes")


def test_a_range_of_another_version_is_answered_with_the_whole(store):
    put_bytes(CONTENT)
    for etag, status in ((f'"{SHA256}"', 206), ('"other"', 200)):
        headers = {"range": "bytes=0-9", "if-range": etag}
        answer = ranged_response(RequestFactory().get("/", headers=headers), SHA256, "video/mp4")
        assert answer.status_code == status


def test_head_has_the_headers_and_no_body(store):
    put_bytes(CONTENT)
    answer = ranged_response(RequestFactory().head("/"), SHA256, "video/mp4")
    assert (answer["Content-Length"], b"".join(answer)) == (str(len(CONTENT)), b"")


def test_a_link_gives_this_object_with_its_type_and_runs_nothing(store):
    put_bytes(CONTENT)
    answer = Client().get(media_link(SHA256, "image/webp"))
    if answer.status_code == 302:
        assert answer["Cache-Control"] == "no-store"
        address = httpx.URL(answer["Location"])
        # Exactly the address that the pages' content security policy lets media come from.
        assert address.host == "s3.lab.example"
        assert address.path == f"/affectory/{SHA256[:2]}/{SHA256}"
        assert int(address.params["X-Amz-Expires"]) <= 15 * 60
        assert address.params["response-content-type"] == "image/webp"
        return
    assert b"".join(answer) == CONTENT
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Referrer-Policy"] == "no-referrer"


def test_what_is_asked_of_an_object_without_its_bytes_is_answered_here(store):
    """A presigned link is for GET alone, and its bucket knows nothing of our ETag."""
    put_bytes(CONTENT)
    head = object_response(RequestFactory().head("/"), SHA256, "video/mp4", "a.mp4")
    assert (head.status_code, head["Content-Length"], head["ETag"]) == (200, str(len(CONTENT)), f'"{SHA256}"')
    link = media_link(SHA256, "video/mp4")
    assert Client().head(link).status_code == 200
    if isinstance(store, bucket.S3Store):
        for held, status in ((f'"{SHA256}"', 304), ('"other"', 302)):
            asked = RequestFactory().get("/", headers={"If-None-Match": held})
            assert object_response(asked, SHA256, "video/mp4").status_code == status


@pytest.mark.parametrize("store", ["s3"], indirect=True)
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("items-0.parquet", 'attachment; filename="items-0.parquet"'),
        ("Gefühl.parquet", "attachment; filename*=utf-8''Gef%C3%BChl.parquet"),
        ("", None),
    ],
)
def test_a_link_to_a_bucket_keeps_the_name_of_the_file(store, name, told):
    put_bytes(CONTENT)
    answer = object_response(RequestFactory().get("/"), SHA256, "application/x-parquet", name)
    asked = httpx.URL(answer["Location"]).params
    assert asked.get("response-content-disposition") == told
    assert asked["response-content-type"] == "application/x-parquet"


@pytest.mark.parametrize("store", ["s3"], indirect=True)
def test_without_a_public_address_media_of_a_bucket_pass_through_us(store, monkeypatch):
    monkeypatch.setattr(store, "public", None)
    put_bytes(CONTENT)
    answer = Client().get(media_link(SHA256, "video/mp4"), headers={"Range": "bytes=1-3"})
    assert (answer.status_code, b"".join(answer)) == (206, CONTENT[1:4])


@pytest.mark.parametrize(
    "damage", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "nonsense", lambda t: t + "A"]
)
def test_a_link_that_was_tampered_with_leads_nowhere(damage):
    start, _, token = media_link(SHA256, "video/mp4").rpartition("/")
    assert Client().get(f"{start}/{damage(token)}").status_code == 404


def test_an_old_link_leads_nowhere_and_so_does_one_to_nothing(settings):
    link = media_link(ABSENT, "video/mp4")
    assert Client().get(link).status_code == 404
    settings.MEDIA_LINK_AGE_S = -1
    assert Client().get(link).status_code == 404
    assert Client().post(link).status_code == 405
