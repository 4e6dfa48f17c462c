"""The background work of annotation. Imported by the app's `ready`, which registers it."""

from typing import Any

from annotation.analysis.run import analyse
from annotation.models import Study
from annotation.services.analyses import KIND
from annotation.services.producing import KIND as HAND_OVER
from annotation.services.producing import hand_to_ingest
from annotation.services.progress import KIND as PROGRESS
from annotation.services.progress import announce_progress
from annotation.services.transcripts import KIND as HAND_OVER_DIALOGUE
from annotation.services.transcripts import hand_dialogue_to_ingest
from jobs.facade import Running, job


@job(KIND)
def analyse_study(running: Running) -> dict[str, Any]:
    study = Study.objects.select_related("protocol").get(pk=running.payload["study"])
    return analyse(study, running)


@job(PROGRESS)
def tell_progress(running: Running) -> dict[str, Any]:
    return announce_progress(running)


@job(HAND_OVER)
def hand_over(running: Running) -> dict[str, Any]:
    return hand_to_ingest(running)


@job(HAND_OVER_DIALOGUE)
def hand_over_dialogue(running: Running) -> dict[str, Any]:
    return hand_dialogue_to_ingest(running)
