"""Waiting for jobs, but not for ever."""

import time
from typing import Any

from django.db.models import Max

from affectory.errors import AffectoryError
from jobs.models import Job

# Longer than a lease with the longest pause between two attempts.
PATIENCE_S = 600.0


class NobodyWorks(AffectoryError):
    """No worker has taken up, held or ended a job for a long time."""

    code = "nobody_works"


class Patience:
    """Ends the waiting of whoever calls `check` again and again, once no worker shows a sign of life."""

    def __init__(self, limit_s: float = PATIENCE_S) -> None:
        self._limit_s = limit_s
        self._seen = _sign_of_life()
        self._since_s = time.monotonic()

    def check(self) -> None:
        seen, now_s = _sign_of_life(), time.monotonic()
        if seen != self._seen:
            self._seen, self._since_s = seen, now_s
        elif now_s - self._since_s > self._limit_s:
            raise NobodyWorks(
                f"No worker has done anything for {self._limit_s:g} s. Is one running? What is queued stays queued."
            )


def _sign_of_life() -> dict[str, Any]:
    """Changes with every claim, renewed lease and end of any job."""
    return Job.objects.aggregate(Max("started_at"), Max("lease_until"), Max("finished_at"))
