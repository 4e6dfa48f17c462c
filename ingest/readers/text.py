"""Plain text documents in UTF-8; one file is one item."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.contract import Facts, ItemDraft, MediaError, Reader
from ingest.readers.signatures import is_text

MAX_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class TextFacts(Facts):
    n_characters: int
    n_lines: int


class TextReader(Reader):
    kind = "text"
    extensions = frozenset({".txt"})
    facts_type = TextFacts
    renditions = ()

    def recognise(self, head: bytes, name: str) -> bool:
        # Text has no signature: program code and tables are text too, so the name has to say it.
        return Path(name).suffix.lower() in self.extensions and (is_text(head) or b"\0" not in head[:512])

    def probe(self, path: Path) -> TextFacts:
        text = read_text(path, MAX_BYTES)
        if not text.strip():
            raise MediaError("empty_file", "The document holds nothing but white space.")
        return TextFacts(
            kind="text",
            media_type="text/plain; charset=utf-8",
            n_characters=len(text),
            n_lines=len(text.splitlines()),
        )

    def items(self, path: Path, facts: Facts, name: str) -> Iterable[ItemDraft]:  # noqa: ARG002 - the contract's
        yield ItemDraft(
            key=name, kind=self.kind, title=Path(name).stem, text=read_text(path, MAX_BYTES).strip()
        )


def read_text(path: Path, max_bytes: int) -> str:
    """Read UTF-8 (a byte order mark is dropped) that a database can store."""
    size = path.stat().st_size
    if size > max_bytes:
        raise MediaError("too_large", f"The file has {size:,} bytes; at most {max_bytes:,} are taken.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"Line {line} is not UTF-8 (byte 0x{error.object[error.start]:02x})."
        raise MediaError("bad_content", message, f"line {line}") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise MediaError("bad_content", f"Line {line} holds a NUL character.", f"line {line}")
    return text


READER = TextReader()
