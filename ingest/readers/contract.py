"""What every media reader promises.

A reader turns one untrusted file into *facts* (what was measured in it), *renditions* (files for browsers
and people) and *item drafts* (what will be rated). Only `ingest.sandbox` calls `probe` and `render`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, Self

ErrorCode = Literal[
    "empty_file",
    "unrecognised",
    "type_mismatch",
    "truncated",
    "too_large",
    "bad_header",
    "bad_content",
    "unsupported_codec",
    "decode_error",
    "timeout",
    "name_taken",
    "name_too_long",
    "unreadable",
]
OnProgress = Callable[[float], None]


class MediaError(Exception):
    """Why a file was not taken in: a stable code, a sentence for a person, and the field at fault."""

    def __init__(self, code: ErrorCode, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was measured in a file; every reader adds its own fields. Ready for JSON."""

    kind: str
    media_type: str
    duration_s: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One utterance as the rater sees it; `target` marks the one that is rated."""

    speaker: str
    text: str
    target: bool


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """One thing to rate, before it has a row. `key` is unique in its corpus and stable over re-ingests."""

    key: str
    kind: str
    title: str
    onset_s: float | None = None
    offset_s: float | None = None
    text: str | None = None
    context: tuple[Line, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)


def always(facts: Facts) -> bool:  # noqa: ARG001 - the signature of RenditionRecipe.applies
    return True


@dataclass(frozen=True, kw_only=True)
class RenditionRecipe:
    """How one rendition is made. A change of the recipe raises `version`, so that old ones are remade.

    Renditions are keyed by source digest, name and version, never by their bytes: encoders are not
    byte-stable over threads and builds.
    """

    name: str
    version: int
    media_type: str
    render: Callable[[Path, Facts, Path, OnProgress], None]
    applies: Callable[[Facts], bool] = always


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What tells that another file shows or sounds the same; None with the reason where there is nothing to tell."""

    kind: str
    version: int
    bits: bytes | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class FingerprintRecipe:
    """How one kind of fingerprint is taken; those of one kind and version are compared with each other.

    ``nothing``: why there is none where `take` returns None.
    """

    kind: Literal["picture", "film", "sound"]
    version: int
    take: Callable[[Path, Facts], bytes | None]
    nothing: str
    applies: Callable[[Facts], bool] = always


class Reader(Protocol):
    """A kind of medium. A module of this package that has a `READER` is found by the registry."""

    kind: str
    extensions: frozenset[str]
    """Lower-case, with the dot. A known extension on other content is a `type_mismatch`."""
    facts_type: type[Facts]
    renditions: tuple[RenditionRecipe, ...]
    fingerprints: tuple[FingerprintRecipe, ...] = ()
    """The first is of every file of this kind. Files of a kind without any are the same by their bytes or words."""

    def recognise(self, head: bytes, name: str) -> bool:
        """Whether the first bytes can be of this kind. `name` is a hint for formats without a signature."""
        ...

    def claims(self, path: Path) -> bool:  # noqa: ARG002 - readers of shared containers look inside
        """Whether the whole file is of this kind; asked only when several readers recognise the head."""
        return True

    def probe(self, path: Path) -> Facts:
        """Validate the whole file and measure it.

        Raises
        ------
        MediaError
            When the file must not be taken in.
        """
        ...

    def items(self, path: Path, facts: Facts, name: str) -> Iterable[ItemDraft]:  # noqa: ARG002
        """Yield what there is to rate; `name` is the file's name in its corpus, only ever used as text."""
        yield ItemDraft(
            key=name,
            kind=self.kind,
            title=Path(name).stem,
            onset_s=start_of(facts),
            offset_s=facts.duration_s,
        )


def start_of(facts: Facts) -> float | None:
    return None if facts.duration_s is None else 0.0
