"""A bucket that answers with errors, or not at all: at the edge of the network, below everything that boto does."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from storage import objects
from tests.s3_server import BUCKET

_SENT = "before-send.s3"


class _Body(bytes):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield bytes(self)


@dataclass
class FailingBucket:
    """`fault` takes the place of the bucket's answers to requests about `key`; without it all is well."""

    client: Any
    fault: Callable[["FailingBucket", Any, str], Any] | None = None
    key: str = ""
    method: str = ""
    asked: list[str] = field(default_factory=list)

    def sent(self, request: Any, event_name: str, **_: Any) -> Any:
        if self.fault is None or self.key not in request.url or self.method not in request.method:
            return None
        self.asked.append(request.method)
        return self.fault(self, request, event_name)

    def keys(self) -> set[str]:
        return {one["Key"] for one in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())}


def answer(status: int, code: str) -> Callable[..., Any]:
    body = _Body(f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode())
    return lambda _bucket, request, _event: AWSResponse(request.url, status, {}, body)


def no_answer(_bucket: FailingBucket, request: Any, _event: str) -> Any:
    raise ConnectTimeoutError(endpoint_url=request.url)


def no_connection(_bucket: FailingBucket, request: Any, _event: str) -> Any:
    raise EndpointConnectionError(endpoint_url=request.url)


def lost_answer(bucket: FailingBucket, request: Any, event: str) -> Any:
    """It does what it was asked, and nobody hears of it."""
    fault, bucket.fault = bucket.fault, None
    bucket.client.meta.events.emit_until_response(event, request=request)
    bucket.fault = fault
    raise ReadTimeoutError(endpoint_url=request.url)


@contextmanager
def failing_bucket(settings: Any) -> Iterator[FailingBucket]:
    """An empty bucket in this process as the platform's store; boto waits for nothing between its requests."""
    settings.S3 = {**settings.S3, "endpoint_url": "", "public_url": "", "bucket": BUCKET}
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "test")
    objects.store.cache_clear()
    with mock.patch.dict(os.environ, keys), mock.patch("time.sleep"), mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=BUCKET)
        bucket = FailingBucket(objects.store().client)  # type: ignore[attr-defined]
        bucket.client.meta.events.register_first(_SENT, bucket.sent)
        yield bucket
    objects.store.cache_clear()
