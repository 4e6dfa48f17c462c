"""What other rooms may use of jobs."""

from jobs.api import JobSerializer
from jobs.models import Job, JobState
from jobs.patience import PATIENCE_S, NobodyWorks, Patience
from jobs.services import Running, job, make_due, request_debounced, request_job

__all__ = [
    "PATIENCE_S",
    "Job",
    "JobSerializer",
    "JobState",
    "NobodyWorks",
    "Patience",
    "Running",
    "job",
    "make_due",
    "request_debounced",
    "request_job",
]
