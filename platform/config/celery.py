"""The Celery application; a worker is ``celery -A config worker``, the clock ``celery -A config beat``.

Whoever publishes must have imported this module, or its messages go to an unconfigured application.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# What a dead worker left is found at most half a lease after it is free.
SWEEP_PERIOD_S = settings.JOB_LEASE_S / 2

app = Celery("affectory")
app.config_from_object(settings.CELERY)
app.conf.beat_schedule = {
    "sweep": {
        "task": "jobs.sweep",
        "schedule": SWEEP_PERIOD_S,
        # A sweep that waited for its turn until the next one was sent has nothing left to do.
        "options": {"expires": SWEEP_PERIOD_S},
    }
}
app.autodiscover_tasks()
# Celery keeps the current application per thread; the threads of the web server get this one.
app.set_default()
