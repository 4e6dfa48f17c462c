"""Text dialogues in our own JSON format (docs/ingest.md); one utterance is one item, or the whole is."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.readers.contract import Facts, ItemDraft, Line, MediaError, Reader
from ingest.readers.text import read_text

MAX_BYTES = 20_000_000
CONTEXT_LINES = 50
"""A rater sees at most so many utterances before the target, and none after it."""


@dataclass(frozen=True, kw_only=True)
class DialogueFacts(Facts):
    n_dialogues: int
    n_utterances: int
    n_speakers: int


@dataclass(frozen=True)
class Utterance:
    key: str
    speaker: str
    text: str


@dataclass(frozen=True)
class Dialogue:
    key: str
    title: str
    utterances: tuple[Utterance, ...]
    whole: bool
    """It is one item, instead of one for each utterance."""


class DialogueReader(Reader):
    kind = "dialogue"
    extensions = frozenset({".json"})
    facts_type = DialogueFacts
    renditions = ()

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the contract's
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"{") and b'"dialogues"' in head

    def probe(self, path: Path) -> DialogueFacts:
        dialogues = read_dialogues(path)
        utterances = [utterance for dialogue in dialogues for utterance in dialogue.utterances]
        return DialogueFacts(
            kind="dialogue",
            media_type="application/json",
            n_dialogues=len(dialogues),
            n_utterances=len(utterances),
            n_speakers=len({utterance.speaker for utterance in utterances}),
        )

    def items(self, path: Path, facts: Facts, name: str) -> Iterable[ItemDraft]:  # noqa: ARG002 - the contract's
        for dialogue in read_dialogues(path):
            yield from [_whole(dialogue, name)] if dialogue.whole else _items(dialogue, name)


def _whole(dialogue: Dialogue, name: str) -> ItemDraft:
    lines = dialogue.utterances
    return ItemDraft(
        key=f"{name}#{dialogue.key}",
        kind="dialogue",
        title=dialogue.title,
        text="\n".join(f"{one.speaker}: {one.text}" for one in lines),
        context=tuple(Line(speaker=one.speaker, text=one.text, target=False) for one in lines),
        groups={"dialogue": dialogue.key},
    )


def _items(dialogue: Dialogue, name: str) -> Iterator[ItemDraft]:
    for position, utterance in enumerate(dialogue.utterances):
        shown = dialogue.utterances[max(0, position - CONTEXT_LINES) : position + 1]
        yield ItemDraft(
            key=f"{name}#{dialogue.key}/{utterance.key}",
            kind="dialogue",
            title=f"{dialogue.title}, utterance {position + 1}",
            text=utterance.text,
            context=tuple(Line(speaker=one.speaker, text=one.text, target=one is utterance) for one in shown),
            groups={"dialogue": dialogue.key, "speaker": utterance.speaker},
        )


def read_dialogues(path: Path) -> tuple[Dialogue, ...]:
    try:
        document = json.loads(read_text(path, MAX_BYTES))
    except json.JSONDecodeError as error:
        raise MediaError(
            "bad_content", f"Line {error.lineno} is not JSON: {error.msg}.", f"line {error.lineno}"
        ) from error
    except RecursionError as error:
        raise MediaError("bad_content", "The JSON is nested too deeply.") from error
    dialogues = tuple(
        _dialogue(entry, f"dialogues[{index}]")
        for index, entry in enumerate(_list(document, "dialogues", "dialogues"))
    )
    _refuse_repeats([dialogue.key for dialogue in dialogues], "dialogues")
    return dialogues


def _dialogue(entry: Any, where: str) -> Dialogue:
    key = _string(entry, "id", where)
    lines = _list(entry, "utterances", f"{where}.utterances")
    utterances = tuple(
        _utterance(line, index, f"{where}.utterances[{index}]") for index, line in enumerate(lines)
    )
    _refuse_repeats([utterance.key for utterance in utterances], f"{where}.utterances")
    whole = entry.get("whole", False)
    if not isinstance(whole, bool):
        raise MediaError("bad_content", f"{where}.whole is neither true nor false.", f"{where}.whole")
    return Dialogue(key, _string(entry, "title", where, default=key), utterances, whole)


def _utterance(entry: Any, index: int, where: str) -> Utterance:
    return Utterance(
        _string(entry, "id", where, default=str(index + 1)),
        _string(entry, "speaker", where),
        _string(entry, "text", where),
    )


def _list(entry: Any, name: str, where: str) -> list[Any]:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, list) or not value:
        raise MediaError("bad_content", f"{where} is not a list with entries.", where)
    return value


def _string(entry: Any, name: str, where: str, default: str | None = None) -> str:
    if not isinstance(entry, dict):
        raise MediaError("bad_content", f"{where} is not an object.", where)
    value = entry.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise MediaError(
            "bad_content", f"{where}.{name} is not a text with letters in it.", f"{where}.{name}"
        )
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        message = f"{where}.{name} holds a NUL or half a character (a lone surrogate)."
        raise MediaError("bad_content", message, f"{where}.{name}")
    return value.strip()


def _refuse_repeats(keys: list[str], where: str) -> None:
    repeated = (
        next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
    )
    if repeated is not None:
        raise MediaError("bad_content", f"{where}: the id {repeated!r} occurs more than once.", where)


READER = DialogueReader()
