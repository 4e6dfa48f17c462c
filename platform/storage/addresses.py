"""The address of an object: the SHA-256 of its bytes."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from affectory.errors import Conflict, NotFound

PIECE_BYTES = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredObject:
    sha256: str
    size: int


def hash_file(path: Path) -> StoredObject:
    """SHA-256 and size of a file, in pieces."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
    return StoredObject(digest.hexdigest(), size)


def check_unchanged(copy: Path, stored: StoredObject) -> None:
    """A file that somebody still writes to must not be kept under the digest it had before."""
    if hash_file(copy) != stored:
        raise Conflict("The file changed while it was being read.", code="file_changed")


def object_key(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise NotFound(f"{sha256!r} is not the SHA-256 of an object.")
    return f"{sha256[:2]}/{sha256}"
