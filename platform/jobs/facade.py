"""What other rooms may use of jobs."""

from jobs.api import JobSerializer
from jobs.models import Job, JobState
from jobs.services import Running, TryAgain, job, request_debounced, request_job

__all__ = [
    "Job",
    "JobSerializer",
    "JobState",
    "Running",
    "TryAgain",
    "job",
    "request_debounced",
    "request_job",
]
