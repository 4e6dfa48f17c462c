"""A small real HTTP server that answers as docs/api.md says, and can be told to misbehave."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from affectory.release.folder import open_manifest
from affectory.release.manifest import MANIFEST_NAME, sha256_hex
from affectory.release.signing import SIGNATURE_NAME, Signature

PAGE = 2


@dataclass
class Hold:
    """Stop in the middle of a file until `go_on` is set; `reached` is set when it stands."""

    after_bytes: int
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


@dataclass
class Behaviour:
    """What is served, and how it goes wrong. `requests` is what was asked for."""

    folders: dict[tuple[str, str], Path] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    tombstones: dict[str, dict[str, Any]] = field(default_factory=dict)
    token: str | None = None
    api: int = 1
    break_after: dict[str, list[int]] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    wrong_bytes: dict[str, int] = field(default_factory=dict)
    failing: int = 0
    ignore_range: bool = False
    redirect_files_to: str | None = None
    tokens_seen: set[str | None] = field(default_factory=set)
    requests: list[tuple[str, str | None]] = field(default_factory=list)

    def publish(self, folder: Path, state: str = "published") -> None:
        manifest = open_manifest(folder)
        self.folders[manifest.name, manifest.version] = folder
        self.states[manifest.version] = state

    def files_asked(self) -> list[str]:
        return [path.split("/files/", 1)[1] for path, _ in self.requests if "/files/" in path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: Behaviour

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:  # noqa: PLR0911  # one line per address
        told = self.behaviour
        told.requests.append((self.path, self.headers.get("Range")))
        told.tokens_seen.add(self.headers.get("Authorization"))
        if told.redirect_files_to and "/files/" in self.path:
            return self._redirect(told.redirect_files_to + self.path)
        if told.failing:
            told.failing -= 1
            return self._problem(503, "unavailable", "the server is starting")
        if (
            told.token
            and self.headers.get("Authorization") != f"Bearer {told.token}"
            and "/server/" not in self.path
        ):
            return self._problem(401, "not_authenticated", "a token is needed")
        path, _, query = self.path.removeprefix("/api/").partition("?")
        match path.strip("/").split("/", 5):
            case ["server"]:
                return self._json({"name": "affectory", "version": "9.9.9", "api": told.api})
            case ["session"]:
                return self._json({"email": "ada@example.org"})
            case ["datasets"]:
                names = sorted({name for name, _ in told.folders})
                return self._json(
                    {"next": None, "previous": None, "results": [{"name": name} for name in names]}
                )
            case ["datasets", name, "releases"]:
                return self._releases(name, query)
            case ["datasets", name, "releases", version, *rest] if version in told.tombstones:
                return self._problem(
                    410, "withdrawn", f"{name}@{version} is withdrawn", told.tombstones[version]
                )
            case ["datasets", name, "releases", version, *rest] if (name, version) in told.folders:
                folder = told.folders[name, version]
                return self._file(folder, rest[1]) if rest else self._release(folder, version)
        return self._problem(404, "not_found", f"nothing at {path}")

    def _releases(self, name: str, query: str) -> None:
        found = [self._summary(version) for (own, version) in self.behaviour.folders if own == name]
        found += [
            {"version": v, "state": "withdrawn", "digest": "", "created_at": ""}
            for v in self.behaviour.tombstones
        ]
        if not found:
            return self._problem(404, "not_found", f"no dataset {name!r}")
        start = int(query.removeprefix("cursor=") or 0)
        more = f"http://elsewhere.invalid/api/x/?cursor={start + PAGE}" if start + PAGE < len(found) else None
        return self._json({"next": more, "previous": None, "results": found[start : start + PAGE]})

    def _summary(self, version: str) -> dict[str, Any]:
        folder = next(folder for (_, own), folder in self.behaviour.folders.items() if own == version)
        manifest = open_manifest(folder)
        return {
            "version": version,
            "state": self.behaviour.states[version],
            "digest": manifest.digest,
            "created_at": manifest.created_at,
            "rows": 0,
        }

    def _release(self, folder: Path, version: str) -> None:
        content = (folder / MANIFEST_NAME).read_bytes()
        self._json(
            {
                "name": "x",
                "version": version,
                "state": self.behaviour.states[version],
                "manifest_sha256": sha256_hex(content),
                "signed_by": self._signed_by(folder),
                "manifest": json.loads(content),
            }
        )

    def _signed_by(self, folder: Path) -> str | None:
        path = folder / SIGNATURE_NAME
        return Signature.from_json(path.read_bytes()).public_key if path.is_file() else None

    def _file(self, folder: Path, path: str) -> None:
        if not (folder / path).is_file():
            self._problem(404, "not_found", f"no file {path}")
            return
        content = (folder / path).read_bytes()
        etag = f'"{sha256_hex(content)}"'
        if self.behaviour.wrong_bytes.get(path):
            self.behaviour.wrong_bytes[path] -= 1
            content = bytes([content[0] ^ 1]) + content[1:]
        start = 0
        asked = self.headers.get("Range")
        if asked and not self.behaviour.ignore_range:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", etag)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        broken_at = self.behaviour.break_after.get(path)
        if broken_at:
            self.wfile.write(content[start : start + broken_at.pop(0)])
            self.close_connection = True
            return
        if hold := self.behaviour.holds.pop(path, None):
            self.wfile.write(content[start : start + hold.after_bytes])
            hold.reached.set()
            hold.go_on.wait(60)
            start += hold.after_bytes
        self.wfile.write(content[start:])

    def _json(self, answer: Any, status: int = 200) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _redirect(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _problem(self, status: int, code: str, message: str, details: Any = None) -> None:
        self._json({"code": code, "message": message, "details": details or {}}, status)


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Serve until the end of the block; give the address."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
