"""Copies of the demo's items in a corpus of a test's own: no browser test may change what another one sees.

As a program, run inside a running demo: makes such a corpus, and a study of all of it under the same name.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.browser.inside import said_inside

if TYPE_CHECKING:
    from ingest.models import Corpus

DEMO, LAB = "demo-film", "demo-lab"


def copied(name: str, *keys: str) -> "Corpus":
    """A new corpus with the demo's items of these keys; what was made of their files is shared with it."""
    from ingest.models import Corpus, Item

    demo = Corpus.objects.select_related("organisation").get(organisation__name=LAB, name=DEMO)
    corpus = Corpus.objects.create(organisation=demo.organisation, name=name, title=name, synthetic=True)
    for key in keys:
        one = demo.items.get(key=key)
        Item.objects.create(
            corpus=corpus, key=key, kind=one.kind, title=one.title, asset=one.asset, text=one.text,
            context=one.context, condition=one.condition, groups=one.groups,
        )  # fmt: skip
    return corpus


def study_on_copies(folder: Path, slug: str, protocol: Path, keys: list[str]) -> str:
    """Run a protocol file on copies of the demo's items of these keys; returns the invite path."""
    return json.loads(said_inside(folder, "-m", "tests.browser.copies", slug, str(protocol), *keys))


def _make(slug: str, protocol: str, *keys: str) -> str:
    from annotation.protocol import read_protocol
    from annotation.services.studies import create_study
    from ingest.services.collections import save_collection

    lab = copied(slug, *keys).organisation
    collection = save_collection(name=slug, organisation_id=lab.pk, filters={"corpus": slug})
    study = create_study(
        organisation=lab, slug=slug, title=slug, document=read_protocol(Path(protocol)),
        collection=collection, requested_by="test",
    )  # fmt: skip
    return f"/s/{study.invite_code}"


if __name__ == "__main__":
    django.setup()
    print(json.dumps(_make(*sys.argv[1:])))  # noqa: T201 - what the caller reads
