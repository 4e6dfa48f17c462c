"""``manage.py ingest FOLDER --corpus NAME``: offer a folder of files to a corpus and watch them being read."""

import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.facade import Organisation
from affectory.errors import AffectoryError
from ingest.models import EntryState, IngestEntry
from ingest.services.folders import offer_folder
from jobs.facade import PATIENCE_S, Job, JobState, NobodyWorks, Patience

POLL_S = 0.5


class Command(BaseCommand):
    help = "Take the files below a folder into a corpus. The worker reads them; this shows how far it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--corpus", required=True, help="name of the corpus; made when it does not exist")
        parser.add_argument("--organisation", default="lab", help="name of the organisation (default: lab)")
        parser.add_argument("--no-wait", action="store_true", help="only queue the work")
        parser.add_argument(
            "--patience",
            type=float,
            default=PATIENCE_S,
            metavar="S",
            help="stop waiting once no worker has done anything for so long (default: %(default)g)",
        )

    def handle(
        self, *, folder: Path, corpus: str, organisation: str, no_wait: bool, patience: float, **_options: Any
    ) -> None:
        lab, _ = Organisation.objects.get_or_create(name=organisation, defaults={"title": organisation})
        try:
            entries = list(
                offer_folder(
                    folder=folder, corpus_name=corpus, organisation=lab, requested_by="command:ingest"
                )
            )
        except AffectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(entries)} files offered to the corpus {corpus}.")
        if not no_wait and entries:
            try:
                self._watch([entry.pk for entry in entries], Patience(patience))
            except NobodyWorks as error:
                raise CommandError(error.message) from error

    def _watch(self, entries: list[int], patience: Patience) -> None:
        """Print every file as it is done; ends when none is left to read."""
        told: set[int] = set()
        counts: Counter[str] = Counter()
        while len(told) < len(entries):
            rows = (
                IngestEntry.objects.filter(pk__in=entries)
                .exclude(pk__in=told)
                .exclude(state=EntryState.PENDING)
            )
            for row in rows.order_by("pk"):
                told.add(row.pk)
                counts[row.state] += 1
                note = (
                    f"quarantined, {row.code}: {row.reason}"
                    if row.state == EntryState.QUARANTINED
                    else "ready"
                )
                self.stdout.write(f"[{len(told)}/{len(entries)}] {row.path!r}: {note}")
            self._report_failed(entries, told)
            if len(told) < len(entries):
                patience.check()
                time.sleep(POLL_S)
        self.stdout.write(f"Done: {counts['ready']} ready, {counts['quarantined']} quarantined.")

    def _report_failed(self, entries: list[int], told: set[int]) -> None:
        """A job that failed for a fault of ours leaves its file pending; say so and do not wait for it."""
        failed = Job.objects.filter(kind="ingest.file", state=JobState.FAILED, payload__entry__in=entries)
        for job in failed:
            entry = job.payload["entry"]
            if entry not in told:
                told.add(entry)
                message = job.error["message"] if job.error else "no reason known"
                self.stderr.write(f"[{len(told)}/{len(entries)}] entry {entry}: not read, {message}")
