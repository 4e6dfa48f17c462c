"""Perform a job in a process of its own, some days later: ``python -m tests.exports.elsewhere JOB DAYS``.

Zone, locale and hash seed are those of its environment.
"""

import locale
import sys
import time
from datetime import timedelta

import django
from django.utils import timezone

DAY_S = 86_400


def main(job: str, days: int) -> None:
    locale.setlocale(locale.LC_ALL, "")
    _later(days)
    django.setup()
    from jobs.services import perform

    perform(job)


def _later(days: int) -> None:
    """Move the clocks that the platform asks; models take theirs when they are loaded."""
    now, seconds = timezone.now, time.time
    timezone.now = lambda: now() + timedelta(days=days)
    time.time = lambda: seconds() + days * DAY_S


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
