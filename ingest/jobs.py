"""The background work of ingest. Imported by the app's `ready`, which registers it."""

from typing import Any

from ingest.models import IngestEntry
from ingest.services.files import take_in
from ingest.services.folders import KIND
from jobs.facade import Running, job


@job(KIND)
def read_file(running: Running) -> dict[str, Any]:
    entry = IngestEntry.objects.select_related("corpus").get(pk=running.payload["entry"])
    return take_in(entry, running)
