"""One offered file becomes an asset with its renditions and items, or is quarantined with the reason."""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest import sandbox
from ingest.models import Asset, EntryState, IngestEntry, Item, Rendition
from ingest.readers import registry
from ingest.readers.contract import Facts, ItemDraft, MediaError
from ingest.services.fingerprints import keep_fingerprints
from jobs.facade import Running
from storage.facade import StoredObject, as_file, put

KEY_CHARACTERS, TITLE_CHARACTERS = 400, 300
ERASED = "erased"
CONDITIONS = {
    "video": "video-only",
    "audio": "audio-only",
    "dialogue": "text",
    "text": "text",
    "words": "text",
}


def take_in(entry: IngestEntry, running: Running) -> dict[str, Any]:
    """Read one file; everything it becomes appears together, or not at all."""
    if entry.state == EntryState.READY:
        return {"state": entry.state}
    try:
        with as_file(entry.sha256) as path:
            running.progress(0, 100, f"reading {entry.path}")
            facts, fingerprints = sandbox.read(path, entry.path)
            drafts = list(registry.readers()[facts.kind].items(path, facts, entry.path))
            renditions = list(_renditions(path, facts, running))
        _check_keys(entry, drafts)
    except MediaError as error:
        return _quarantine(entry, error, running)
    with running.commit():
        # Somebody was erased meanwhile: what is in her file must not come back.
        if not IngestEntry.objects.select_for_update(no_key=True).filter(pk=entry.pk).exists():
            return {"state": ERASED}
        asset = _asset(entry, facts, renditions)
        keep_fingerprints(asset, fingerprints)
        _items(entry, asset, facts, drafts)
        _settle(entry, state=EntryState.READY, asset=asset, code="", reason="", field="")
    running.progress(100, 100, entry.path)
    return {"state": EntryState.READY, "items": len(drafts)}


def _check_keys(entry: IngestEntry, drafts: list[ItemDraft]) -> None:
    """An item that other bytes have made stays: what people rated never changes under them."""
    keys = [draft.key for draft in drafts]
    too_long = next((key for key in keys if len(key) > KEY_CHARACTERS), None)
    if too_long:
        message = f"The name of an item has {len(too_long)} characters; at most {KEY_CHARACTERS} are taken."
        raise MediaError("name_too_long", message, "name")
    same = Item.objects.filter(corpus=entry.corpus, key__in=keys).exclude(asset__sha256=entry.sha256)
    taken = same.values_list("key", flat=True).first()
    if taken:
        message = f"The corpus has an item {taken!r} from another file of this name; rename the new one."
        raise MediaError("name_taken", message, "name")


def _renditions(path: Path, facts: Facts, running: Running) -> Iterator[tuple[str, str, str, StoredObject]]:
    """(name, recipe version, media type, stored bytes) of everything made from a file."""
    recipes = registry.recipes_for(facts)
    with tempfile.TemporaryDirectory(prefix="affectory-rendition-") as folder:
        for index, recipe in enumerate(recipes):
            out = Path(folder) / recipe.name
            base, span = 10 + 90 * index / len(recipes), 90 / len(recipes)

            def show(share: float, base: float = base, span: float = span, name: str = recipe.name) -> None:
                running.progress(int(base + span * share), 100, f"making {name}")

            show(0)
            sandbox.render(path, facts, recipe.name, out, on_progress=show)
            yield recipe.name, str(recipe.version), recipe.media_type, put(out)


def _quarantine(entry: IngestEntry, error: MediaError, running: Running) -> dict[str, Any]:
    with running.commit():
        _settle(
            entry,
            state=EntryState.QUARANTINED,
            code=error.code,
            reason=error.message,
            field=error.field or "",
        )
    running.progress(100, 100, f"quarantined: {error.message}")
    return {"state": EntryState.QUARANTINED, "code": error.code, "message": error.message}


def _settle(entry: IngestEntry, **fields: Any) -> None:
    IngestEntry.objects.filter(pk=entry.pk).update(**fields)


def _asset(entry: IngestEntry, facts: Facts, renditions: list[tuple[str, str, str, StoredObject]]) -> Asset:
    asset, _ = Asset.objects.get_or_create(
        corpus=entry.corpus,
        sha256=entry.sha256,
        defaults={
            "size": entry.size,
            "path": entry.path,
            "kind": facts.kind,
            "media_type": facts.media_type,
            "facts": facts.to_json(),
        },
    )
    for name, recipe, media_type, stored in renditions:
        Rendition.objects.update_or_create(
            asset=asset,
            name=name,
            recipe=recipe,
            defaults={"sha256": stored.sha256, "size": stored.size, "media_type": media_type},
        )
    return asset


def _items(entry: IngestEntry, asset: Asset, facts: Facts, drafts: list[ItemDraft]) -> None:
    for draft in drafts:
        Item.objects.get_or_create(
            corpus=entry.corpus,
            key=draft.key,
            defaults={
                "kind": draft.kind,
                "title": draft.title[:TITLE_CHARACTERS],
                "asset": asset,
                "onset_s": draft.onset_s,
                "offset_s": draft.offset_s,
                "text": draft.text,
                "context": [asdict(line) for line in draft.context] or None,
                "condition": _condition(facts),
                "groups": {**draft.groups, **entry.groups},
                "metadata": {"people": entry.people} if entry.people else {},
            },
        )


def _condition(facts: Facts) -> str:
    """Which channels a rater perceives."""
    if facts.kind == "video" and facts.to_json()["audio_channels"]:
        return "audio-visual"
    return CONDITIONS.get(facts.kind, "")
