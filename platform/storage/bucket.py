"""Objects in a bucket of any S3 endpoint."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.http import content_disposition_header

from affectory.errors import NotFound, Unavailable
from storage.addresses import PIECE_BYTES, StoredObject, check_unchanged, object_key

# Waited for anew with every retry; a page should not hang for minutes because nobody is there.
CONNECT_TIMEOUT_S = 5


class S3Store:
    """Objects under the same keys in a bucket. One that does not answer, or refuses, is `Unavailable`.

    ``public`` is a client of the address under which browsers and programs elsewhere reach the same server: they are
    sent there by short-lived presigned links. Without it the bytes pass through us.
    """

    def __init__(self, client: Any, bucket: str, public: Any = None) -> None:
        self.client, self.bucket, self.public = client, bucket, public

    def put(self, path: Path, stored: StoredObject) -> None:
        with self._asked(f"keep {stored.sha256}"), tempfile.NamedTemporaryFile() as own:
            if self._held(stored.sha256) == stored.size:
                return
            shutil.copyfile(path, own.name)
            check_unchanged(Path(own.name), stored)
            self.client.upload_fileobj(own, self.bucket, object_key(stored.sha256))

    def size(self, sha256: str) -> int:
        with self._asked(f"find {sha256}"):
            size = self._held(sha256)
            if size is None:
                # Where there is no bucket, all of its objects look lost.
                self.client.head_bucket(Bucket=self.bucket)
                raise NotFound(f"Object {sha256} is not in the store.")
            return size

    def read(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        if stop <= start:
            return
        span = f"bytes={start}-{stop - 1}"
        with self._asked(f"read {sha256}"):
            try:
                found = self.client.get_object(Bucket=self.bucket, Key=object_key(sha256), Range=span)
            except self.client.exceptions.NoSuchKey as error:
                raise NotFound(f"Object {sha256} is not in the store.") from error
            yield from found["Body"].iter_chunks(PIECE_BYTES)

    def local_path(self, sha256: str) -> Path | None:  # noqa: ARG002
        return None

    def link(self, sha256: str, media_type: str, file_name: str, age_s: int) -> str | None:
        if self.public is None:
            return None
        wanted = {"Bucket": self.bucket, "Key": object_key(sha256), "ResponseContentType": media_type}
        if file_name and (named := content_disposition_header(as_attachment=True, filename=file_name)):
            wanted["ResponseContentDisposition"] = named
        return str(self.public.generate_presigned_url("get_object", Params=wanted, ExpiresIn=age_s))

    def delete(self, sha256: str) -> None:
        with self._asked(f"delete {sha256}"):
            self.client.delete_object(Bucket=self.bucket, Key=object_key(sha256))

    def _held(self, sha256: str) -> int | None:
        """Bytes of an object; None: there is none."""
        try:
            return int(self.client.head_object(Bucket=self.bucket, Key=object_key(sha256))["ContentLength"])
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != HTTPStatus.NOT_FOUND:
                raise
            return None

    @contextmanager
    def _asked(self, what: str) -> Iterator[None]:
        """Say which bucket could not do what, and why: it was asked several times by then."""
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(
                f"The bucket {self.bucket!r} could not {what}: {error}", code="store_unavailable"
            ) from error


def s3_client(endpoint_url: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint_url or None,
        region_name=settings.S3["region"],
        # Presigned links are still signed the old way unless told so, which newer regions and servers refuse.
        config=Config(
            signature_version="s3v4",
            retries={"max_attempts": 5, "mode": "standard"},
            connect_timeout=CONNECT_TIMEOUT_S,
        ),
    )
