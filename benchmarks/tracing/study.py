"""Studies over synthetic clips; runs inside the server's environment."""

import sys
from pathlib import Path

from django.core.management import call_command

from accounts.facade import create_researcher
from annotation.facade import create_study, preset
from benchmarks.tracing.clip import clip
from ingest.facade import save_collection

LAB, EMAIL = "bench", "bench@bench.example"


def make(folder: str, **clips_s: int) -> None:
    """Make one study per named clip, with nothing but that clip in it; print `invite <name> <code>` for each."""
    researcher = create_researcher(email=EMAIL, password="only for this run", organisation=LAB)
    for name, seconds in clips_s.items():
        place = Path(folder) / name
        place.mkdir(parents=True)
        clip(place / f"{name}.mp4", seconds)
        call_command("ingest", str(place), corpus=name, organisation=LAB, stdout=sys.stderr)
        document = preset("veatic")
        document["raters"] |= {"practice_items": 0, "items_per_rater": 1, "per_item": 10_000}
        study = create_study(
            organisation=researcher.organisation,
            slug=name,
            title=name,
            document=document,
            collection=save_collection(
                name=name, organisation_id=researcher.organisation_id, filters={"corpus": name}
            ),
            requested_by=EMAIL,
        )
        sys.stdout.write(f"invite {name} {study.invite_code}\n")
