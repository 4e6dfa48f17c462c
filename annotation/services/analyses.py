"""Asking for an analysis, and reading the newest one."""

from annotation.models import Analysis, Study
from jobs.facade import Job, request_debounced

KIND = "annotation.analyse"
# Answers come in bursts; one analysis serves all that arrive within this time.
GATHER_S = 5.0


def scope_of(study: Study) -> str:
    return f"study:{study.slug}"


def request_analysis(*, study: Study, requested_by: str, delay_s: float = GATHER_S) -> Job:
    """Have agreement and labels computed from all responses that are committed with the caller's transaction."""
    return request_debounced(
        kind=KIND,
        scope=scope_of(study),
        organisation_id=study.organisation_id,
        requested_by=requested_by,
        payload={"study": study.pk},
        delay_s=delay_s,
    )


def latest_analysis(study: Study) -> Analysis | None:
    return study.analyses.order_by("-pk").first()
