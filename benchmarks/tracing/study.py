"""Studies over synthetic clips and images; runs inside the server's environment."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command

from accounts.facade import create_researcher
from annotation.facade import create_study, preset
from annotation.protocol import ProtocolSerializer
from benchmarks.tracing.clip import FPS, clip, images, ticks
from benchmarks.tracing.instruments import INSTRUMENTS
from ingest.facade import Collection, save_collection

LAB, EMAIL = "bench", "bench@bench.example"
IMAGES = "images"
DRAWN = "drawn"
TICKS = "ticks"


def make(folder: str, images_s: int = 0, **clips_s: int) -> None:
    """Make one study per named clip, with nothing but that clip in it; print `invite <name> <code>` for each.

    ``images_s`` above 0: one more, called `images`, over a sequence of as many seconds. A clip called `drawn` has a
    study for each kind of trace, which has its name; one called `ticks` is a sound.
    """
    lab = create_researcher(email=EMAIL, password="only for this run", organisation=LAB).organisation_id
    for name, seconds in clips_s.items():
        place = Path(folder) / name
        place.mkdir(parents=True)
        if name == TICKS:
            ticks(place / f"{name}.wav", seconds)
        else:
            clip(place / f"{name}.mp4", seconds)
        _ingest(place, name)
        found = save_collection(name=name, organisation_id=lab, filters={"corpus": name})
        if name == DRAWN:
            for instrument, drawn in INSTRUMENTS.items():
                _study(instrument, "video", found, drawn.question)
        else:
            _study(name, "audio" if name == TICKS else "video", found)
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


def _study(name: str, kind: str, collection: Collection, question: dict[str, Any] | None = None) -> None:
    document = preset("veatic")
    document["questions"] = [question or document["questions"][0]]
    document["raters"] |= {"practice_items": 0, "items_per_rater": 1, "per_item": 10_000}
    if kind not in document["item_kinds"]:
        document |= {"item_kinds": [kind], "name": name}
    if kind == "audio":
        document["presentation"] = document["presentation"] | {"sound": True}
    if question:
        checked = ProtocolSerializer(data=document | {"name": name})
        checked.is_valid(raise_exception=True)
        document = dict(checked.validated_data)
    study = create_study(
        organisation=collection.organisation,
        slug=name,
        title=name,
        document=document,
        collection=collection,
        requested_by=EMAIL,
    )
    sys.stdout.write(f"invite {name} {study.invite_code}\n")
