"""First bytes of files: which container they announce, and how to call it in a message."""

from dataclasses import dataclass

STILL_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"heim", b"mif1", b"msf1"})
SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_QUICKTIME_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})


@dataclass(frozen=True)
class Container:
    """One demuxer is forced on a file, so that nothing in it can choose another."""

    demuxer: str
    media_type: str
    sound_only: bool = False


def container(head: bytes) -> Container | None:  # noqa: PLR0911 - a table of signatures
    if head[4:8] in _QUICKTIME_ATOMS and head[8:12] not in STILL_BRANDS:
        return _quicktime(head)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return Container("matroska", "video/webm" if b"webm" in head[:64] else "video/x-matroska")
    if head.startswith((b"RIFF", b"RF64")) and head[8:12] == b"WAVE":
        return Container("wav", "audio/wav", sound_only=True)
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return Container("avi", "video/x-msvideo")
    if head.startswith(b"OggS"):
        return Container("ogg", "video/ogg")
    if head.startswith(b"fLaC"):
        return Container("flac", "audio/flac", sound_only=True)
    if head.startswith(b"FORM") and head[8:12] in {b"AIFF", b"AIFC"}:
        return Container("aiff", "audio/aiff", sound_only=True)
    return _mpeg_audio(head)


def _quicktime(head: bytes) -> Container:
    sound_only = head[4:8] == b"ftyp" and head[8:12] in SOUND_BRANDS
    if head[4:8] != b"ftyp" or head[8:12] == b"qt  ":
        return Container("mov", "video/quicktime")
    return Container("mov", "audio/mp4" if sound_only else "video/mp4", sound_only=sound_only)


def _mpeg_audio(head: bytes) -> Container | None:
    if head.startswith(b"ID3"):
        return Container("mp3", "audio/mpeg", sound_only=True)
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        layer = head[1] >> 1 & 3
        if head[1] & 0xF6 == 0xF0:
            return Container("aac", "audio/aac", sound_only=True)
        if layer and head[2] >> 4 != 0xF and head[2] >> 2 & 3 != 3:
            return Container("mp3", "audio/mpeg", sound_only=True)
    return None


IMAGES = {
    b"\xff\xd8\xff": ("JPEG", "image/jpeg"),
    b"\x89PNG\r\n\x1a\n": ("PNG", "image/png"),
    b"GIF87a": ("GIF", "image/gif"),
    b"GIF89a": ("GIF", "image/gif"),
    b"BM": ("BMP", "image/bmp"),
    b"II*\x00": ("TIFF", "image/tiff"),
    b"MM\x00*": ("TIFF", "image/tiff"),
}


def image(head: bytes) -> tuple[str, str] | None:
    """Give Pillow's name of the format and its media type."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP", "image/webp"
    if head.startswith(b"BM") and head[6:10] != b"\0\0\0\0":  # two letters are not enough of a signature
        return None
    return next((value for magic, value in IMAGES.items() if head.startswith(magic)), None)


def is_edf(head: bytes) -> bool:
    # Bytes 168-183 are the start date and time in both formats, e.g. "20.11.2615.30.00".
    version = head[:8] in {b"0       ", b"\xffBIOSEMI"}
    return version and (head[170:171] == b"." or len(head) < 256)


def is_text(head: bytes) -> bool:
    """Whether these bytes can be UTF-8 text; a character cut by the end of the head is forgiven."""
    if any(byte < 0x20 and byte not in b"\t\n\r\f" for byte in head[:4096]):
        return False
    for cut in range(4):
        try:
            head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return True
    return False


_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x89HDF", "an HDF5 file"),
    (b"MATLAB", "a MATLAB file"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
_TEXTS = (
    (b"#EXTM3U", "an HLS playlist"),
    (b"ffconcat", "an ffconcat script"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document"),
    (b"{", "a JSON text"),
    (b"[", "a JSON text"),
)


def looks_like(head: bytes) -> str:  # noqa: PLR0911 - a table of names
    """Name the content in words, for error messages."""
    if (seen := container(head)) is not None:
        return f"a {seen.demuxer} {'audio' if seen.sound_only else 'media'} file ({seen.media_type})"
    if (picture := image(head)) is not None:
        return f"a {picture[0]} image"
    if is_edf(head):
        return "an EDF/BDF recording"
    if head[4:8] == b"ftyp" and head[8:12] in STILL_BRANDS:
        return "a HEIC or AVIF image"
    for magic, name in _OTHER:
        if head.startswith(magic):
            return name
    if is_text(head):
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
        return next((name for magic, name in _TEXTS if start.startswith(magic.lower())), "a text file")
    return "binary data of no known kind"
