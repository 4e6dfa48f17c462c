"""Finds the readers of this package and the one that fits a file."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import ingest.readers
from ingest.readers.contract import Facts, Fingerprint, MediaError, Reader, RenditionRecipe
from ingest.readers.signatures import looks_like

HEAD_BYTES = 64 * 1024


@cache
def readers() -> Mapping[str, Reader]:
    modules = (
        importlib.import_module(f"{ingest.readers.__name__}.{module.name}")
        for module in pkgutil.iter_modules(ingest.readers.__path__)
    )
    found: list[Reader] = [module.READER for module in modules if hasattr(module, "READER")]
    return {reader.kind: reader for reader in found}


def recognise(path: Path, name: str) -> Reader:
    """Choose the reader by content; the name can only contradict it.

    Looks inside shared containers, so it runs in the sandbox like everything that decodes.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise MediaError("empty_file", "The file is empty (0 bytes).")
    extension = Path(name).suffix.lower()
    candidates = [reader for reader in readers().values() if reader.recognise(head, name)]
    if not candidates:
        raise _not_recognised(extension, head)
    chosen = candidates[0]
    if len(candidates) > 1:
        chosen = next((reader for reader in candidates if reader.claims(path)), chosen)
    if extension in _known_extensions() and extension not in chosen.extensions:
        message = f"The file is named {extension} but holds {looks_like(head)} (read as {chosen.kind})."
        raise MediaError("type_mismatch", message, "name")
    return chosen


def facts_from_json(stored: Mapping[str, Any]) -> Facts:
    return readers()[stored["kind"]].facts_type.from_json(stored)


def recipes_for(facts: Facts) -> tuple[RenditionRecipe, ...]:
    """Give the renditions that make sense for this file, e.g. peaks only where there is sound."""
    return tuple(recipe for recipe in readers()[facts.kind].renditions if recipe.applies(facts))


def fingerprints_of(path: Path, facts: Facts) -> list[Fingerprint]:
    """Take all fingerprints of a probed file; one that cannot be taken says why, and spoils nothing else."""
    found = []
    for recipe in readers()[facts.kind].fingerprints:
        if recipe.applies(facts):
            bits, reason = None, recipe.nothing
            try:
                bits = recipe.take(path, facts)
            except MediaError as error:
                reason = error.message
            found.append(
                Fingerprint(
                    kind=recipe.kind, version=recipe.version, bits=bits, reason="" if bits else reason
                )
            )
    return found


def _known_extensions() -> frozenset[str]:
    return frozenset[str]().union(*(reader.extensions for reader in readers().values()))


def _not_recognised(extension: str, head: bytes) -> MediaError:
    seen = looks_like(head)
    if extension in _known_extensions():
        return MediaError("type_mismatch", f"The file is named {extension} but looks like {seen}.", "name")
    kinds = ", ".join(sorted(readers()))
    return MediaError("unrecognised", f"The file looks like {seen}; known kinds are {kinds}.")
