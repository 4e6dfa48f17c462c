"""Studies over synthetic clips and images; runs inside the server's environment."""

import sys
from pathlib import Path

from django.core.management import call_command

from accounts.facade import create_researcher
from annotation.facade import create_study, preset
from benchmarks.tracing.clip import FPS, clip, images
from ingest.facade import Collection, save_collection

LAB, EMAIL = "bench", "bench@bench.example"
IMAGES = "images"


def make(folder: str, images_s: int = 0, **clips_s: int) -> None:
    """Make one study per named clip, with nothing but that clip in it; print `invite <name> <code>` for each.

    ``images_s`` above 0: one more, called `images`, over a sequence of as many seconds.
    """
    lab = create_researcher(email=EMAIL, password="only for this run", organisation=LAB).organisation_id
    for name, seconds in clips_s.items():
        place = Path(folder) / name
        place.mkdir(parents=True)
        clip(place / f"{name}.mp4", seconds)
        _ingest(place, name)
        _study(name, "video", save_collection(name=name, organisation_id=lab, filters={"corpus": name}))
    if images_s:
        place = Path(folder) / IMAGES
        place.mkdir(parents=True)
        images(place, images_s)
        _ingest(place, IMAGES)
        options = {"design": "sequence", "rate_hz": FPS, "corpus": IMAGES, "organisation": LAB}
        call_command("make-groups", "all-images", "sequences", stdout=sys.stderr, **options)
        _study(IMAGES, "sequence", Collection.objects.get(name="sequences"))


def _ingest(place: Path, corpus: str) -> None:
    call_command("ingest", str(place), corpus=corpus, organisation=LAB, stdout=sys.stderr)


def _study(name: str, kind: str, collection: Collection) -> None:
    document = preset("veatic")
    document["questions"] = document["questions"][:1]
    document["raters"] |= {"practice_items": 0, "items_per_rater": 1, "per_item": 10_000}
    if kind not in document["item_kinds"]:
        document |= {"item_kinds": [kind], "version": f"{document['version'][:-1]}9"}
    study = create_study(
        organisation=collection.organisation,
        slug=name,
        title=name,
        document=document,
        collection=collection,
        requested_by=EMAIL,
    )
    sys.stdout.write(f"invite {name} {study.invite_code}\n")
