"""Prove that the successor of a withdrawn release is that release minus rows, trusting no word of the server.

The anchor is the manifest that this machine knows: pinned in dataset.lock, or remembered in the cache. It binds the
row digests that the server kept, and these bind every answer of the successor.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from affectory.client.cache import Cache
from affectory.client.download import Source
from affectory.client.errors import MismatchError, NotFoundError, UsageError
from affectory.client.pull import pull
from affectory.client.resolve import Ref, resolve
from affectory.client.server import KeptDigests, Server
from affectory.release.digests import ROW_DIGEST_BYTES, RowDigests
from affectory.release.folder import open_contents
from affectory.release.lock import read_lock
from affectory.release.manifest import MANIFEST_NAME, Manifest, sha256_hex
from affectory.release.proof import ANSWER_TABLES, RemovalProof, holds, prove_successor


@dataclass(frozen=True)
class SuccessorProof:
    """Rows per part. `pinned`: the old manifest was known here, so the server cannot have made it up."""

    withdrawn: str
    successor: str
    pinned: bool
    parts: tuple[RemovalProof, ...]

    @property
    def holds(self) -> bool:
        return holds(self.parts)

    @property
    def unknown_answers(self) -> int:
        """Rows of answers that the withdrawn release did not have: changed ones, or given since."""
        return sum(part.unknown for part in self.parts if part.table in ANSWER_TABLES)


def prove(server: Server, cache: Cache, withdrawn: str, *, lock: Path) -> SuccessorProof:
    """Compare the successor of `withdrawn` (`name@version`) with the row digests that were kept of it."""
    ref = Ref.parse(withdrawn)
    if not ref.range.is_exact:
        raise UsageError(f"{withdrawn!r} does not name one release", "write it as name@1.2.0")
    version = ref.range.text
    answer = server.proof(ref.name, version)
    if answer.successor is None:
        raise NotFoundError(f"{ref} has no successor", "it is not built yet, or nothing was left to publish")
    anchor = _anchor(server, cache, ref.name, version, lock)
    manifest = Manifest.from_json(_checked(server, ref, MANIFEST_NAME, anchor or answer.manifest_sha256))
    if (manifest.name, manifest.version) != (ref.name, version):
        raise MismatchError(f"{ref}: the manifest is of {manifest.ref}")
    kept = {(one.table, one.part): one for one in answer.digests}

    def digests(table: str, part: str) -> RowDigests:
        return _row_digests(server, ref, kept.get((table, part)), f"{table}, part {part}")

    resolved = resolve(server, cache, Ref.parse(f"{ref.name}@{answer.successor}"))
    with tempfile.TemporaryDirectory(prefix="affectory-proof-") as scratch:
        folder = Path(scratch) / "successor"
        pull(Source(server, ref.name, answer.successor), resolved, cache, folder=folder)
        parts = prove_successor(manifest, digests, open_contents(folder))
    return SuccessorProof(manifest.ref, resolved.manifest.ref, anchor is not None, parts)


def _anchor(server: Server, cache: Cache, name: str, version: str, lock: Path) -> str | None:
    """Return the SHA-256 of the manifest as this machine knows it."""
    if lock.is_file():
        locked = read_lock(lock).datasets.get(name)
        if locked is not None and locked.version == version:
            return locked.manifest_sha256
    return cache.remembered(server.url, name, version)


def _row_digests(server: Server, ref: Ref, kept: KeptDigests | None, where: str) -> RowDigests:
    if kept is None:
        raise MismatchError(f"{ref}: the server kept no row digests of table {where}")
    content = _checked(server, ref, kept.path, kept.sha256)
    return np.frombuffer(content, dtype=f"S{ROW_DIGEST_BYTES}")


def _checked(server: Server, ref: Ref, path: str, sha256: str) -> bytes:
    content = server.proof_file(ref.name, ref.range.text, path)
    if sha256_hex(content) != sha256:
        raise MismatchError(f"{ref}: {path} has SHA-256 {sha256_hex(content)} and {sha256} was expected")
    return content
