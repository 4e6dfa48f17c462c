"""Width and height of a picture, from its header: no library for pictures is needed to export a release."""

import struct
from pathlib import Path

from affectory.views.contract import ViewRefusedError

_HEADER_BYTES = 32
_PNG = b"\x89PNG\r\n\x1a\n"


def picture_size(path: Path, item_id: str) -> tuple[int, int]:
    """Return width and height in pixels of a WebP (RFC 9649) or PNG file."""
    with path.open("rb") as stream:
        head = stream.read(_HEADER_BYTES)
    try:
        if head.startswith(_PNG):
            width, height = struct.unpack_from(">II", head, 16)
            return width, height
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return _WEBP[head[12:16]](head)
    except (KeyError, struct.error) as error:
        raise ViewRefusedError(f"the picture of {item_id!r} has no size in its header: {error}") from error
    raise ViewRefusedError(
        f"the picture of {item_id!r} is neither WebP nor PNG",
        "use a release with the media policy proxy or full",
    )


def _lossy(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(head: bytes) -> tuple[int, int]:
    (bits,) = struct.unpack_from("<I", head, 21)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _extended(head: bytes) -> tuple[int, int]:
    return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1


_WEBP = {b"VP8 ": _lossy, b"VP8L": _lossless, b"VP8X": _extended}
