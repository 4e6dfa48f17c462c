"""The background work of ingest. Imported by the app's `ready`, which registers it."""

from typing import Any

from ingest.models import Asset, IngestEntry
from ingest.services.files import ERASED, take_in
from ingest.services.fingerprints import KIND as FINGERPRINTS
from ingest.services.fingerprints import take_missing
from ingest.services.folders import KIND
from jobs.facade import Running, job


@job(KIND)
def read_file(running: Running) -> dict[str, Any]:
    entry = IngestEntry.objects.select_related("corpus").filter(pk=running.payload["entry"]).first()
    return take_in(entry, running) if entry else {"state": ERASED}


@job(FINGERPRINTS)
def take_fingerprints(running: Running) -> dict[str, Any]:
    asset = Asset.objects.filter(pk=running.payload["asset"]).first()
    return take_missing(asset, running) if asset else {"state": ERASED}
