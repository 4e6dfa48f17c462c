"""Word lists in UTF-8; one line is one item, to be rated alone or in tuples."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.contract import Facts, ItemDraft, MediaError, Reader
from ingest.readers.signatures import is_text
from ingest.readers.text import read_text

MAX_BYTES = 5_000_000
MAX_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class WordsFacts(Facts):
    n_words: int


class WordsReader(Reader):
    kind = "words"
    extensions = frozenset({".words"})
    facts_type = WordsFacts
    renditions = ()

    def recognise(self, head: bytes, name: str) -> bool:
        return Path(name).suffix.lower() in self.extensions and (is_text(head) or b"\0" not in head[:512])

    def probe(self, path: Path) -> WordsFacts:
        words: set[str] = set()
        for line, word in _words(path):
            if len(word) > MAX_CHARACTERS:
                message = f"Line {line} has {len(word)} characters; at most {MAX_CHARACTERS} are taken."
                raise MediaError("bad_content", message, f"line {line}")
            if word in words:
                raise MediaError("bad_content", f"Line {line} repeats {word!r}.", f"line {line}")
            words.add(word)
        if not words:
            raise MediaError("empty_file", "The list holds no words.")
        return WordsFacts(kind="words", media_type="text/plain; charset=utf-8", n_words=len(words))

    def items(self, path: Path, facts: Facts, name: str) -> Iterable[ItemDraft]:  # noqa: ARG002 - the contract's
        for _, word in _words(path):
            yield ItemDraft(key=f"{name}#{word}", kind="text", title=word, text=word)


def _words(path: Path) -> Iterator[tuple[int, str]]:
    """(line, word) of every line that is not blank."""
    for line, text in enumerate(read_text(path, MAX_BYTES).splitlines(), 1):
        if text.strip():
            yield line, text.strip()


READER = WordsReader()
