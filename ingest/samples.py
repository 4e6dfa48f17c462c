"""Small examples of each kind of item, made by script: to show a protocol to somebody who has no corpus yet.

The same bytes come out each time, so that the store keeps one copy of them. The rows are the caller's, who takes them
back.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ingest import sandbox
from ingest.demo import brainwaves, films, pictures, sounds
from ingest.models import Asset, Corpus, Item, ItemPart, Rendition
from ingest.readers import registry
from storage.facade import StoredObject, put

_NAMES = uuid.UUID("5d3c9b1e-6a0f-4a44-9d0b-1f6f0c0f7a11")
# Renditions that raters' pages ask for; what was made is itself what they play.
_NEEDED = ("poster", "peaks", "pyramid", "tiles")
_FILM = films.Film("sample", "Pip", "garden", 0.10, 8, 25, (0.1, -0.5), (0.8, 0.4), 1)
_TUNE_S = 8
_TEXT = (
    "The letter had been lying on the table since the morning. She read it twice, laughed out loud, and ran "
    "into the garden without closing the door."
)
_DIALOGUE = (
    ("Ada", "You came after all!"),
    ("Mo", "I said that I would, did I not?"),
    ("Ada", "You say a lot of things."),
)
_TERMS = ("sunshine", "funeral", "table", "thunder")
#: (name, kind, fixed) of the parts of an item; which of these a protocol can use, its questions say.
_GROUPS = (
    (("a", "image", False), ("b", "image", False)),
    (("shown", "audio", True), ("a", "image", False), ("b", "image", False), ("c", "image", False)),
    (("video", "video", True), ("caption", "dialogue", True)),
)


@dataclass(frozen=True)
class _Medium:
    facts: dict[str, Any]
    original: StoredObject
    renditions: tuple[tuple[str, str, str, StoredObject], ...]  # name, recipe, media type, bytes


def sample_corpus(organisation_id: int) -> Corpus:
    name = f"sample-{uuid.uuid4().hex}"
    return Corpus.objects.create(organisation_id=organisation_id, name=name, title="Sample", synthetic=True)


def sample_items(corpus: Corpus, kind: str, number: int, groups: Mapping[str, str]) -> Iterator[Item]:
    """Items of one kind, the likeliest first: of parts there are several designs, of anything else one item.

    The same organisation, kind and number give the same ids.
    """
    if kind == "group":
        for design, parts in enumerate(_GROUPS):
            shown = [
                (name, _plain(corpus, part, f"{number}-{design}-{name}", index, groups), fixed)
                for index, (name, part, fixed) in enumerate(parts)
            ]
            yield _group(corpus, kind, f"{number}-{design}", shown)
    elif kind == "terms":
        words = [
            (chr(ord("a") + index), _item(corpus, "text", f"term-{number}-{index}", text=word), False)
            for index, word in enumerate(_TERMS)
        ]
        yield _group(corpus, kind, str(number), words)
    else:
        yield _plain(corpus, kind, str(number), number, groups)


def _plain(corpus: Corpus, kind: str, key: str, number: int, groups: Mapping[str, str]) -> Item:
    if kind == "text":
        return _item(corpus, kind, key, text=_TEXT, groups=dict(groups))
    if kind == "dialogue":
        lines = [
            {"speaker": speaker, "text": text, "target": index == len(_DIALOGUE) - 1}
            for index, (speaker, text) in enumerate(_DIALOGUE)
        ]
        return _item(corpus, kind, key, text=lines[-1]["text"], context=lines, groups=dict(groups))
    medium = _made(kind, number % len(pictures.PICTURES) if kind == "image" else 0)
    duration_s = medium.facts["duration_s"]
    return _item(
        corpus,
        kind,
        key,
        asset=_asset(corpus, kind, medium),
        onset_s=None if duration_s is None else 0.0,
        offset_s=duration_s,
        groups=dict(groups),
    )


def _item(corpus: Corpus, kind: str, key: str, **fields: Any) -> Item:
    own = uuid.uuid5(_NAMES, f"{corpus.organisation_id}/{kind}/{key}")
    return Item.objects.create(
        id=own, corpus=corpus, key=f"{kind}-{key}", kind=kind, title="Sample", **fields
    )


def _group(corpus: Corpus, kind: str, key: str, parts: list[tuple[str, Item, bool]]) -> Item:
    group = _item(corpus, kind, key)
    ItemPart.objects.bulk_create(
        ItemPart(group=group, item=item, name=name, position=position, fixed=fixed)
        for position, (name, item, fixed) in enumerate(parts)
    )
    return group


def _asset(corpus: Corpus, kind: str, medium: _Medium) -> Asset:
    asset, new = Asset.objects.get_or_create(
        corpus=corpus,
        sha256=medium.original.sha256,
        defaults={
            "size": medium.original.size,
            "path": f"sample-{kind}",
            "kind": kind,
            "media_type": medium.facts["media_type"],
            "facts": medium.facts,
        },
    )
    if new:
        Rendition.objects.bulk_create(
            Rendition(
                asset=asset,
                name=name,
                recipe=recipe,
                sha256=stored.sha256,
                size=stored.size,
                media_type=media_type,
            )
            for name, recipe, media_type, stored in medium.renditions
        )
    return asset


@cache
def _made(kind: str, number: int) -> _Medium:
    """Takes up to three seconds, once in a process."""
    name, make, proxy_type = _MAKERS[kind]
    with tempfile.TemporaryDirectory(prefix="affectory-sample-") as folder:
        path = Path(folder) / name
        make(path, number)
        facts = sandbox.probe(path, name)
        original = put(path)
        renditions = [("proxy", "0", proxy_type, original)] if proxy_type else []
        for recipe in registry.recipes_for(facts):
            if recipe.name in _NEEDED:
                out = Path(folder) / recipe.name
                sandbox.render(path, facts, recipe.name, out)
                renditions.append((recipe.name, str(recipe.version), recipe.media_type, put(out)))
    return _Medium(facts.to_json(), original, tuple(renditions))


def _film(path: Path, _number: int) -> None:
    films.make_film(_FILM, path)


def _tune(path: Path, _number: int) -> None:
    wav = path.with_suffix(".wav")
    sounds.write_wav(wav, sounds.melody(0.8, 0.6, _TUNE_S, np.random.default_rng(1)))
    sounds.encode(wav, path, "-c:a", "aac", "-b:a", "128k")


def _picture(path: Path, number: int) -> None:
    pictures.make_picture(pictures.PICTURES[number], path)


def _recording(path: Path, _number: int) -> None:
    brainwaves.make_recording(brainwaves.SESSIONS[-1], path)


#: kind -> name of the file, its maker, and the media type under which a browser plays it as it is; empty: it does not
_MAKERS: Mapping[str, tuple[str, Callable[[Path, int], None], str]] = {
    "video": ("film.mp4", _film, "video/mp4"),
    "audio": ("tune.m4a", _tune, "audio/mp4"),
    "image": ("picture.jpg", _picture, "image/jpeg"),
    "eeg": ("rest.edf", _recording, ""),
}
