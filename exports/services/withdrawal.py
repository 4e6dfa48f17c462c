"""From a withdrawn release to its tombstone: keep row digests, publish a successor, prove it, delete the files.

Each step asks what is done already, so the job may be killed anywhere and repeated. None of it is needed to stop
serving the release: that was done when the erasure was confirmed.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from django.utils import timezone

from affectory.errors import Invalid
from affectory.release.digests import ROW_DIGEST_BYTES, RowDigests
from affectory.release.folder import open_contents
from affectory.release.manifest import MANIFEST_NAME
from affectory.release.proof import part_row_digests, prove_successor
from exports.models import Dataset, Erasure, Release, Withdrawal
from exports.services.build import build_release, restore
from exports.services.discarding import delete_unreferenced
from exports.services.erasure import erase_pending
from exports.services.holdings import manifest_of
from exports.services.states import recommended_successor
from exports.services.working import remove_leftovers, working_folder
from jobs.facade import Running
from storage.facade import put_bytes, read_bytes, referring

STEPS = 4


def erase_originals(running: Running) -> dict[str, Any]:
    """The job of an erasure itself: the person's rows and files, whether or not they were ever released."""
    erasure = Erasure.objects.get(pk=running.payload["erasure"])
    erase_pending(erasure.organisation_id)
    erasure.refresh_from_db()
    delete_unreferenced(erasure.dropping)
    return dict(erasure.erased_rows)


def withdraw_releases(running: Running) -> dict[str, Any]:
    """The job of an erasure for one dataset: all its releases that held the person get one successor."""
    dataset = Dataset.objects.get(pk=running.payload["dataset"])
    rows = Withdrawal.objects.filter(erasure=running.payload["erasure"], release__dataset=dataset)
    withdrawals = list(rows.select_related("release").order_by("release"))
    newest = withdrawals[-1].release
    running.progress(0, STEPS, "keeping row digests")
    for withdrawal in withdrawals:
        _keep_digests(withdrawal, running)
    successor = _successor(dataset, newest, running)
    running.progress(2, STEPS, "proving the successor")
    for withdrawal in withdrawals:
        _prove(withdrawal, successor, running)
    running.progress(3, STEPS, "deleting files")
    for withdrawal in withdrawals:
        _drop_files(withdrawal, running)
    remove_leftovers(running)
    return {"successor": successor.version if successor else None, "withdrawn": len(withdrawals)}


def _keep_digests(withdrawal: Withdrawal, running: Running) -> None:
    if withdrawal.digests is not None:
        return
    with working_folder(running) as folder, referring():
        restore(withdrawal.release, folder)
        contents = open_contents(folder)
        withdrawal.digests = {
            table.name: {
                part.name: put_bytes(part_row_digests(contents, table.name, part.name).tobytes()).sha256
                for part in table.parts
                if part.rows
            }
            for table in contents.tables
        }
        with running.commit():
            withdrawal.save(update_fields=["digests"])


def _successor(dataset: Dataset, newest: Release, running: Running) -> Release | None:
    """A later release without the person where there is one, else one that is built now; None: nothing is left."""
    built = Release.objects.published().filter(job=running.row.pk).first()
    if built:
        return built
    version = recommended_successor(dataset, after=newest)
    if not version:
        try:
            version = build_release(running)["version"]
        except Invalid as error:
            if error.code != "nothing_to_release":
                raise
            return None
    return dataset.releases.published().get(version=version)


def _prove(withdrawal: Withdrawal, successor: Release | None, running: Running) -> None:
    if withdrawal.proof is not None or successor is None:
        return
    with working_folder(running) as folder:
        restore(successor, folder)
        proofs = prove_successor(
            manifest_of(withdrawal.release),
            lambda table, part: kept_digests(withdrawal, table, part),
            open_contents(folder),
        )
    withdrawal.proof = [asdict(proof) for proof in proofs]
    with running.commit():
        withdrawal.save(update_fields=["proof"])
        Release.objects.filter(pk=withdrawal.release_id).update(successor=successor.version)


def kept_digests(withdrawal: Withdrawal, table: str, part: str) -> RowDigests:
    digests = withdrawal.digests or {}
    return np.frombuffer(read_bytes(digests[table][part]), dtype=f"S{ROW_DIGEST_BYTES}")


def _drop_files(withdrawal: Withdrawal, running: Running) -> None:
    """The manifest stays: it holds digests and counts, and is what the proof is about."""
    if withdrawal.dropped_at is not None:
        return
    files = withdrawal.release.files.exclude(path=MANIFEST_NAME)
    with running.commit():
        withdrawal.dropping = sorted({*withdrawal.dropping, *files.values_list("sha256", flat=True)})
        withdrawal.save(update_fields=["dropping"])
        files.delete()
    delete_unreferenced(withdrawal.dropping)
    withdrawal.dropped_at = timezone.now()
    with running.commit():
        withdrawal.save(update_fields=["dropped_at"])
