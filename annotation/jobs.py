"""The background work of annotation. Imported by the app's `ready`, which registers it."""

from typing import Any

from annotation.analysis.run import analyse
from annotation.models import Study
from annotation.services.analyses import KIND
from jobs.facade import Running, job


@job(KIND)
def analyse_study(running: Running) -> dict[str, Any]:
    study = Study.objects.select_related("protocol").get(pk=running.payload["study"])
    return analyse(study, running)
