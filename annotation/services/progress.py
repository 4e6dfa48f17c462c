"""Telling webhooks how far a study is, when raters have finished."""

from typing import Any

from django.db.models import Count

from annotation.models import Participation, Response, Study
from jobs.facade import Running, request_debounced
from webhooks.facade import Event, announce, is_wanted

KIND = "annotation.progress"
# Raters who finish within this time are told of together.
GATHER_S = 30.0


def request_progress(study: Study) -> None:
    """Have the study's progress told, in the caller's transaction; nothing where nobody asked for it."""
    if not is_wanted(organisation_id=study.organisation_id, event=Event.STUDY_PROGRESS):
        return
    request_debounced(
        kind=KIND,
        scope=f"study:{study.slug}",
        organisation_id=study.organisation_id,
        requested_by="webhooks",
        payload={"study": study.pk},
        delay_s=GATHER_S,
    )


def announce_progress(running: Running) -> dict[str, Any]:
    """The job: count, and queue the deliveries. A repeat queues none twice."""
    study = Study.objects.get(pk=running.payload["study"])
    states = Participation.objects.filter(study=study).values_list("state")
    told = {
        "study": study.slug,
        "state": study.state,
        "participations": dict(states.annotate(n=Count("pk")).order_by("state")),
        "responses": Response.objects.filter(study=study, practice=False).count(),
    }
    with running.commit():
        announce(
            organisation_id=study.organisation_id,
            event=Event.STUDY_PROGRESS,
            event_id=str(running.row.pk),
            told=told,
        )
    return told
