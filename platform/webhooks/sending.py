"""One signed POST to an address that was looked up once: no redirects, no proxies, ten seconds in all."""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from webhooks.addresses import resolve

TIMEOUT_S = 10.0
_PORTS = {"http": 80, "https": 443}


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over ``<timestamp>.<body>``, so that an old body cannot be sent again under a new time."""
    return "sha256=" + hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


class _Pinned(http.client.HTTPConnection):
    """Connects to an address instead of a name; what takes longer than the limit in all is cut off."""

    def __init__(self, host: str, port: int, address: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self.default_port = _PORTS["https" if tls else "http"]
        self._address, self._tls = address, tls
        self._limit: threading.Timer | None = None
        self._held: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT_S)
        self.sock = plain
        self._held = plain.dup()
        self._limit = threading.Timer(TIMEOUT_S, _cut, [self._held])
        self._limit.daemon = True
        self._limit.start()
        if self._tls:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)

    def close(self) -> None:
        if self._limit and self._held:
            self._limit.cancel()
            self._held.close()
        super().close()


def _cut(same: socket.socket) -> None:
    try:
        same.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended meanwhile


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status that the receiver answers with. Raises OSError or http.client.HTTPException where none comes."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    address = resolve(host, port, private=settings.WEBHOOK_PRIVATE)
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    connection = _Pinned(host, port, address, tls)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()
