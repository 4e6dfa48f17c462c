"""An S3 server on a port of this machine: moto behind HTTP, for boto3, browsers and clients of presigned links.

Moto checks no signature. What a bucket that is not public does with a request, is done here: one that brings none is
refused, and so is one that brings two kinds of credentials.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import requests
from moto import mock_aws

BUCKET = "affectory"
_MOTO = "https://s3.amazonaws.com"
_OWN_HEADERS = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Asked:
    """A request for an object by a presigned link."""

    key: str
    range: str | None
    authorization: str | None


@dataclass
class S3Server:
    """`by_link` is what was asked for by presigned links; `break_after` cuts the next such answers short."""

    url: str
    by_link: list[Asked] = field(default_factory=list)
    break_after: dict[str, int] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What the platform's processes are told about it."""
        return {
            "S3_ENDPOINT_URL": self.url,
            "S3_BUCKET": BUCKET,
            "AWS_ACCESS_KEY_ID": "affectory",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: S3Server

    def log_message(self, *_: Any) -> None:
        pass

    def _pass_on(self) -> None:
        body = self._body()
        query = parse_qs(urlsplit(self.path).query)
        signed, key = "X-Amz-Signature" in query, urlsplit(self.path).path.removeprefix(f"/{BUCKET}/")
        if signed:
            self.told.by_link.append(Asked(key, self.headers.get("Range"), self.headers.get("Authorization")))
        if signed == bool(self.headers.get("Authorization")):
            self._answer(403, {}, b"<Error><Code>AccessDenied</Code></Error>")
            return
        answer = requests.request(
            self.command, _MOTO + self.path, headers=self._headers(), data=body, stream=True, timeout=30
        )
        content = b"" if self.command == "HEAD" else answer.content
        self._answer(answer.status_code, answer.headers, content, self.told.break_after.pop(key, None))

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815

    def _headers(self) -> dict[str, str]:
        return {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"host", "transfer-encoding"}
        }

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _answer(self, status: int, headers: Any, content: bytes, break_after: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _OWN_HEADERS:
                self.send_header(name, value)
        self.send_header(
            "Content-Length", headers["Content-Length"] if self._is_head(status) else str(len(content))
        )
        self.end_headers()
        self.wfile.write(content[:break_after])
        self.close_connection = self.close_connection or break_after is not None

    def _is_head(self, status: int) -> bool:
        return self.command == "HEAD" and status == HTTPStatus.OK


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Serve an empty bucket until the end of the block."""
    with mock_aws(), ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=BUCKET)
        told = S3Server(f"http://127.0.0.1:{server.server_address[1]}")
        server.RequestHandlerClass = type("Handler", (_Handler,), {"told": told})
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
