"""The HTTP calls to a server, and what its answers mean."""

import functools
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, Self
from urllib.parse import quote, urlsplit

import httpx

from affectory import __version__
from affectory.client.errors import (
    AuthError,
    ClientError,
    MismatchError,
    NetworkError,
    NotFoundError,
    WithdrawnError,
)
from affectory.client.problems import error_of, successor_hint, tombstone
from affectory.client.settings import Settings

API = 1
_TIMEOUT_S = 30.0
_CONNECT_TIMEOUT_S = 10.0
_STORE_HINT = "try again later; if it happens again, tell the people who run the server"


@dataclass(frozen=True)
class ReleaseSummary:
    version: str
    state: str
    digest: str
    created_at: str


@dataclass(frozen=True)
class ReleaseAnswer:
    """What the server says about one release; the manifest itself is fetched and checked as a file."""

    version: str
    state: str
    manifest_sha256: str
    reason: str = ""
    successor: str = ""
    signed_by: str | None = None


@dataclass(frozen=True)
class KeptDigests:
    """Where the row digests of a part of a withdrawn release are."""

    table: str
    part: str
    path: str
    sha256: str


@dataclass(frozen=True)
class ProofAnswer:
    """What is kept of a withdrawn release. No successor: it is not built yet, or nothing was left."""

    successor: str | None
    manifest_sha256: str
    digests: tuple[KeptDigests, ...]


class Server:
    """A connection to one server; safe to use from several threads.

    Before its first call it asks, once, whether server and client fit: another API raises `MismatchError`.
    """

    def __init__(self, settings: Settings, *, timeout_s: float = _TIMEOUT_S) -> None:
        headers = {"User-Agent": f"affectory/{__version__}", "Accept": "application/json"}
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token}"
        self.url = settings.server
        self._signed_in = settings.token is not None
        self._about: Mapping[str, Any] | None = None
        self._greeting = threading.Lock()
        # The path of the base URL is kept: a server may live below one. httpx drops the token on redirects to
        # another origin, such as a signed storage URL.
        self._http = httpx.Client(
            base_url=f"{settings.server}/api/",
            headers=headers,
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S)),
            follow_redirects=True,
            verify=_certificates(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def about(self) -> Mapping[str, Any]:
        """Return {name, version, api} and refuse a server that this client cannot talk to."""
        with self._greeting:
            if self._about is None:
                self._about = self._fitting(self._answer("server/"))
        return self._about

    def _fitting(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if answer.get("name") != "affectory":
            raise NetworkError(
                f"{self.url} is not an Affectory server", "name another with: affectory login URL"
            )
        if answer.get("api") != API:
            raise MismatchError(
                f"{self.url} is Affectory {answer.get('version')} with API {answer.get('api')}; "
                f"this client is {__version__} with API {API}",
                "upgrade the older one: pip install --upgrade affectory, or ask who runs the server",
            )
        return answer

    def session(self) -> Mapping[str, Any]:
        return self._get("session/")

    def datasets(self) -> list[Mapping[str, Any]]:
        return list(self._list("datasets/"))

    def releases(self, name: str) -> list[ReleaseSummary]:
        path = f"datasets/{quote(name, safe='')}/releases/"
        return [
            ReleaseSummary(
                version=entry["version"],
                state=entry["state"],
                digest=entry["digest"],
                created_at=entry["created_at"],
            )
            for entry in self._list(path)
        ]

    def release(self, name: str, version: str) -> ReleaseAnswer:
        answer = self._get(_release_path(name, version))
        return ReleaseAnswer(
            version=answer["version"],
            state=answer["state"],
            manifest_sha256=answer["manifest_sha256"],
            reason=answer.get("state_reason", ""),
            successor=answer.get("successor", ""),
            signed_by=answer.get("signed_by"),
        )

    def proof(self, name: str, version: str) -> ProofAnswer:
        """Return what is kept of a withdrawn release to prove its successor."""
        answer = self._get(f"{_release_path(name, version)}proof/")
        kept = tuple(
            KeptDigests(**{key: one[key] for key in ("table", "part", "path", "sha256")})
            for one in answer["digests"]
        )
        return ProofAnswer(answer["successor"], answer["manifest_sha256"], kept)

    def proof_file(self, name: str, version: str, path: str) -> bytes:
        """Return the manifest or the row digests of a part of a withdrawn release."""
        with self._open(f"{_release_path(name, version)}proof/files/{quote(path)}") as response:
            content: bytes = response.read()
            return content

    def file(self, name: str, version: str, path: str) -> bytes:
        """Return a small file of a release."""
        with self.stream(name, version, path) as response:
            content: bytes = response.read()
            return content

    @contextmanager
    def stream(
        self, name: str, version: str, path: str, *, headers: Mapping[str, str] | None = None
    ) -> Iterator[Any]:
        """Open a file of a release; `headers` may ask for a range. What breaks off raises `NetworkError`."""
        with self._open(f"{_release_path(name, version)}files/{quote(path)}", headers) as response:
            yield response

    @contextmanager
    def _open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Any]:
        self.about()
        # Any compression would make the ranges of a resumed download count other bytes.
        asked = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
        try:
            with self._http.stream("GET", url, headers=asked) as response:
                if response.is_error and response.status_code != httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                    response.read()
                    self._fail(response)
                yield response
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def _list(self, path: str) -> Iterator[Mapping[str, Any]]:
        """Give the entries of a list, page after page."""
        answer = self._get(path)
        while True:
            yield from answer["results"]
            if not answer.get("next"):
                return
            # Only the query of the next page is taken: the token never goes to an address from an answer.
            answer = self._get(f"{path}?{urlsplit(answer['next']).query}")

    def _get(self, path: str) -> Mapping[str, Any]:
        self.about()
        return self._answer(path)

    def _answer(self, path: str) -> Mapping[str, Any]:
        try:
            response = self._http.get(path)
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        if response.is_error:
            self._fail(response)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError(
                f"{response.url} did not answer with JSON; is {self.url} an Affectory server?",
                "name another with: affectory login URL",
            )
        return answer

    def _unreachable(self, error: httpx.TransportError) -> NetworkError:
        reason = error or type(error).__name__
        if store := self._store(error.request):
            return NetworkError(
                f"{store}, where {self.url} keeps its files, cannot be reached: {reason}", _STORE_HINT
            )
        return NetworkError(
            f"{self.url} cannot be reached: {reason}",
            "check the address with: affectory whoami    (what is in the cache loads without a network)",
        )

    def _store(self, request: httpx.Request) -> str | None:
        """Return host and port of the store to which a request was redirected, if it was."""
        return None if request.url.netloc == self._http.base_url.netloc else request.url.netloc.decode()

    def _fail(self, response: httpx.Response) -> NoReturn:
        if store := self._store(response.request):
            # A link that only the store understands: nothing that a token or another name would change.
            raise NetworkError(
                f"{store}, where {self.url} keeps its files, refused ({response.status_code})", _STORE_HINT
            )
        message, details = error_of(response)
        where = f"{response.request.method} {response.url}"
        match response.status_code:
            case 401 | 403:
                raise AuthError(f"{self.url} refused: {message}", self._sign_in_hint())
            case 404:
                hint = "see what there is with: affectory ls"
                raise NotFoundError(
                    f"{where}: {message or 'not found'}", hint if self._signed_in else self._private_hint()
                )
            case 410:
                raise WithdrawnError(tombstone(message, details), successor_hint(details))
            case status if status >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise NetworkError(
                    f"{where}: the server failed ({status}) {message}".rstrip(), "try again later"
                )
            case status:
                raise ClientError(f"{where}: {status} {message}".rstrip())

    def _sign_in_hint(self) -> str:
        again = "the token is not accepted; get a new one and type" if self._signed_in else "sign in with"
        return f"{again}: affectory login {self.url}    (or set AFFECTORY_TOKEN)"

    def _private_hint(self) -> str:
        return f"see what there is with: affectory ls; if it is not public: affectory login {self.url}"


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Read the certificates that are trusted once: it takes longer than most answers of a server."""
    return httpx.create_ssl_context()


def _release_path(name: str, version: str) -> str:
    return f"datasets/{quote(name, safe='')}/releases/{quote(version, safe='')}/"
