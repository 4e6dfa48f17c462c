"""Studies of presets that speak several languages, made in a running server: run as a program with its settings."""

import json
import sys

import django

IMAGES = "images"
SAID = [("A", "Guess who is coming."), ("B", "No! Really?")]


def make() -> dict[str, str]:
    """Preset -> invite path of a study of it, with one item for practice and one more."""
    from ingest.models import Corpus, Item

    images = Corpus.objects.get(name=IMAGES)
    for place, (speaker, text) in enumerate(SAID):
        said = [
            {"speaker": name, "text": line, "target": n == place}
            for n, (name, line) in enumerate(SAID[: place + 1])
        ]
        Item.objects.create(
            corpus=images, key=f"said/{place}", kind="dialogue", title="-", text=text, context=said,
            groups={"speaker": speaker},
        )  # fmt: skip
    pictures = images.items.filter(kind="image").order_by("key").values_list("key", flat=True)[:2]
    chosen = {"image-emotion": list(pictures), "meld": ["said/0", "said/1"]}
    return {name: _study(images, name, keys) for name, keys in chosen.items()}


def _study(corpus, name: str, keys: list[str]) -> str:
    from annotation.protocol import preset
    from annotation.services.studies import create_study
    from ingest.models import Collection

    collection = Collection.objects.create(
        organisation=corpus.organisation, name=f"in-{name}", filters={"kind": []}
    )
    collection.picked.set(corpus.items.filter(key__in=keys))
    study = create_study(
        organisation=corpus.organisation, slug=f"in-{name}", title=name, document=preset(name),
        collection=collection, requested_by="test",
    )  # fmt: skip
    return f"/s/{study.invite_code}"


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(make()))
