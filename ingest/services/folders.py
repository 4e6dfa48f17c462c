"""Offering a folder of files to a corpus. The same folder again changes nothing."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from django.core.validators import slug_re
from django.db import transaction

from accounts.facade import Organisation
from affectory.errors import Conflict, Invalid, NotFound
from audit.facade import record
from ingest.models import Corpus, EntryState, IngestEntry, Item, Subject
from ingest.services.description import FILE_NAME as DESCRIPTION
from ingest.services.description import checked_description
from jobs.facade import Job, request_job
from storage.facade import put

KIND = "ingest.file"
NAME_CHARACTERS = 80
_CORPUS_FIELDS = ("title", "licence", "consent_terms", "languages", "source", "synthetic")


def offer_folder(
    *, folder: Path, corpus_name: str, organisation: Organisation, requested_by: str
) -> Iterator[IngestEntry]:
    """Store every file below ``folder`` and queue its reading; yields each entry as it is offered.

    Hidden files, and folders that begin with ``.`` or ``_``, are left alone; ``corpus.toml`` describes the corpus.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    check_name(corpus_name)
    description = _read_description(folder)
    corpus = _corpus(corpus_name, organisation, description, requested_by)
    for path in _files(folder):
        yield _offer(corpus, path, shown_path(path, folder), description, requested_by)


def check_name(corpus_name: str) -> None:
    if not slug_re.fullmatch(corpus_name) or len(corpus_name) > NAME_CHARACTERS:
        raise Invalid(
            f"{corpus_name!r} is no name for a corpus: use up to {NAME_CHARACTERS} letters, digits, - and _."
        )


def shown_path(path: Path, folder: Path) -> str:
    """The name as text that a database can hold; bytes that are no UTF-8 are shown by their number."""
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and name != DESCRIPTION and path.is_file() and not path.is_symlink():
                yield path


def _read_description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    if not path.exists():
        return {}
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{DESCRIPTION} is not TOML: {error}") from error
    return checked_description(given)


def _corpus(name: str, organisation: Organisation, description: dict[str, Any], requested_by: str) -> Corpus:
    fields = {key: description[key] for key in _CORPUS_FIELDS if key in description}
    with transaction.atomic():
        corpus, created = Corpus.objects.get_or_create(
            organisation=organisation, name=name, defaults={"title": name, **fields}
        )
        for code, attributes in description.get("subjects", {}).items():
            Subject.objects.get_or_create(corpus=corpus, code=code, defaults={"attributes": attributes})
        if created:
            record(actor=requested_by, action="created", subject=f"corpus:{name}")
    return corpus


def _offer(
    corpus: Corpus, path: Path, shown: str, description: dict[str, Any], requested_by: str
) -> IngestEntry:
    try:
        return offer_file(
            corpus,
            path,
            shown,
            _fitting(shown, description, "groups"),
            requested_by,
            _fitting(shown, description, "people"),
        )
    except (OSError, Conflict) as error:
        return _unreadable(corpus, shown, error)


def offer_file(
    corpus: Corpus,
    path: Path,
    shown: str,
    groups: Mapping[str, str | list[str]],
    requested_by: str,
    people: dict[str, Any] | None = None,
) -> IngestEntry:
    """Store a file and queue its reading; its items get the group keys and the marked people.

    The same file again changes nothing but whom is marked.
    """
    stored, marked = put(path), people or {}
    with transaction.atomic():
        entry, _ = IngestEntry.objects.get_or_create(
            corpus=corpus,
            path=shown,
            sha256=stored.sha256,
            defaults={"size": stored.size, "groups": groups, "people": marked},
        )
        if entry.people != marked:
            _mark(entry, marked)
        IngestEntry.objects.filter(corpus=corpus, path=shown, sha256="").delete()
        _request(entry, requested_by)
    return entry


def _unreadable(corpus: Corpus, shown: str, error: Exception) -> IngestEntry:
    """Keep that a file could not be read, in one row however often it is offered."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    fields = {
        "size": 0,
        "state": EntryState.QUARANTINED,
        "code": "unreadable",
        "reason": reason or "Not readable.",
    }
    return IngestEntry.objects.update_or_create(corpus=corpus, path=shown, sha256="", defaults=fields)[0]


def _request(entry: IngestEntry, requested_by: str) -> Job:
    return request_job(
        kind=KIND,
        key=f"{KIND}:{entry.pk}",
        scope=f"corpus:{entry.corpus.name}",
        organisation_id=entry.corpus.organisation_id,
        requested_by=requested_by,
        payload={"entry": entry.pk},
        retry_failed=True,
    )


def _mark(entry: IngestEntry, people: dict[str, Any]) -> None:
    """People were marked, or marked otherwise, since the file was taken in; what was rated stays what it is."""
    entry.people = people
    entry.save(update_fields=["people"])
    for item in Item.objects.filter(corpus=entry.corpus, asset=entry.asset).exclude(asset=None):
        others = {key: value for key, value in item.metadata.items() if key != "people"}
        item.metadata = {**others, "people": people} if people else others
        item.save(update_fields=["metadata"])


def _fitting(shown: str, description: dict[str, Any], part: str) -> dict[str, Any]:
    """What all patterns of ``[groups]`` or ``[people]`` that fit its path say of a file."""
    found: dict[str, Any] = {}
    for pattern, told in description.get(part, {}).items():
        if fnmatchcase(shown, pattern):
            found |= told
    return found
