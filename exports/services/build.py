"""Building a release: read one moment, write a folder, store its files, keep a draft, and only then publish it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from affectory.errors import Conflict
from affectory.release.difference import Difference, compare
from affectory.release.folder import open_contents
from affectory.release.manifest import MANIFEST_NAME, ParentRecord
from affectory.release.signing import SIGNATURE_NAME
from affectory.release.tables import calibrations_table, rater_splits_table, splits_table
from affectory.release.versions import Bump, check_version, next_version
from affectory.release.writer import ReleaseWriter
from exports.models import Dataset, Release, ReleaseState
from exports.services import answer_tables, item_tables, trace_tables
from exports.services.beside import Beside, told_beside
from exports.services.card import schemes_of
from exports.services.datasheet import prose_of
from exports.services.discarding import discard_draft
from exports.services.drafts import (
    Outdated,
    Standing,
    Written,
    keep_draft,
    outdated,
    publish_draft,
    standing_of,
)
from exports.services.erasure import erase_pending
from exports.services.holdings import released_in
from exports.services.labels import in_pieces
from exports.services.mapped import map_labels
from exports.services.media import refer_media
from exports.services.people import ToldRaters, told_raters
from exports.services.signing import sign_manifest, signing_key
from exports.services.source import Source, read_source, studies_of
from exports.services.split_links import ask_for_fingerprints
from exports.services.splitting import Splits, place_all, rater_split_rows, split_rows
from exports.services.storing import expect_leftovers, restore_files, store_files
from exports.services.working import left_in, note_down, resumed_folder
from jobs.facade import Job, Running, make_due
from storage.facade import StoredObject, referring

OVERTAKEN_AT_MOST = 5


def build_release(running: Running) -> dict[str, Any]:
    """The release job: build a draft, and publish it unless only a draft was asked for.

    A repeat after a crash goes on with its draft where there is one and nothing came in between.
    """
    dataset = Dataset.objects.get(pk=running.payload["dataset"])
    for _ in range(OVERTAKEN_AT_MOST):
        try:
            release = _resumed(running) or _built(dataset, running)
            if not running.payload.get("draft"):
                release = _publish(release, running)
        except Outdated:
            continue
        return {"version": release.version, "digest": release.digest}
    raise Conflict(f"Other releases of {dataset.name} kept coming first; ask again.", code="overtaken")


def _resumed(running: Running) -> Release | None:
    """What an earlier attempt of the job has made. A draft that was overtaken is discarded."""
    release = Release.objects.select_related("dataset", "draft").filter(job=running.row.pk).first()
    if release is None or release.state != ReleaseState.DRAFT:
        return release
    reason = outdated(release.draft, standing_of(release.dataset))
    if reason is None:
        return release
    with running.commit():
        discard_draft(release=release, actor=f"job:{running.row.pk}", reason=reason)
    return None


def _publish(release: Release, running: Running) -> Release:
    running.progress(2, 3, "publishing")
    with running.commit():
        return publish_draft(release=release, actor=f"job:{running.row.pk}")


def _built(dataset: Dataset, running: Running) -> Release:
    """A draft of the dataset as it is now."""
    key = signing_key()
    erase_pending(dataset.organisation_id)
    ask_for_fingerprints(dataset, requested_by=f"job:{running.row.pk}")
    running.progress(0, 3, "deriving traces")
    keep_series(dataset)
    with resumed_folder(running) as folder:
        standing, written = _written(dataset, folder, running)
        beside = ["SHA256SUMS"]
        if key is not None:
            sign_manifest(folder, key)
            written.summary["signed_by"] = key.public_key
            beside.append(SIGNATURE_NAME)
        beside.append(MANIFEST_NAME)
        files = written.manifest.files
        leftovers = expect_leftovers(files, beside, folder=folder, dataset=dataset, running=running)
        with referring():
            running.progress(1, 3, "storing files")
            stored = store_files(files, beside, folder=folder)
            return _kept(dataset, standing, written, stored, leftovers, running)


def _kept(
    dataset: Dataset,
    standing: Standing,
    written: Written,
    stored: Mapping[str, StoredObject],
    leftovers: Job,
    running: Running,
) -> Release:
    try:
        with running.commit():
            Job.objects.filter(pk=leftovers.pk).delete()
            return keep_draft(
                dataset=dataset, standing=standing, written=written, stored=stored, job=running.row
            )
    except Outdated:
        # Somebody who is erased may be in them.
        make_due(leftovers)
        raise


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction in which everything that is read tells of one moment."""
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def keep_series(dataset: Dataset) -> None:
    """Derive what traces lack before the moment that is read: that is kept, also when the build is killed."""
    for study in studies_of(dataset):
        study.keep_series()


def _written(dataset: Dataset, folder: Path, running: Running) -> tuple[Standing, Written]:
    """What an earlier attempt had written when it was killed, if it still stands; else all is written now."""
    standing = standing_of(dataset)
    written = left_in(folder, dataset, standing)
    if written is None:
        running.progress(0, 3, "reading and writing tables")
        standing, written = _write(dataset, folder, running)
    note_down(folder, dataset, standing, written)
    return standing, written


def _write(dataset: Dataset, folder: Path, running: Running) -> tuple[Standing, Written]:
    """All tables from one repeatable-read snapshot, and what it was built upon."""
    with snapshot():
        standing = standing_of(dataset)
        source = read_source(dataset, released_in(running.payload.get("as_of")))
        writer = ReleaseWriter(folder)
        written = write_tables(source, writer, refer_media(source, writer))
        written.splits.refuse_problems()
        told = told_beside(source, written.splits, written.raters, written.mappings)
        parent = standing.parent
        parent_folder = folder.parent / "parent"
        if parent and not is_tombstone(parent):
            restore(parent, parent_folder)
    writer.set_schemes(schemes_of(source, written.mappings))
    before = _Parent(parent, parent_folder) if parent else None
    return standing, _finish(source, written, told, writer, running, before)


@dataclass(frozen=True)
class Tables:
    """What is known once all tables are written."""

    splits: Splits
    raters: ToldRaters
    mappings: list[dict[str, Any]]


def write_tables(source: Source, writer: ReleaseWriter, media: Mapping[str, Mapping[str, str]]) -> Tables:
    """Every table, in constant memory beside what the source holds."""
    writer.write(answer_tables.annotations_spec(source), answer_tables.annotation_tables(source))
    splits = place_all(source, source.answered.raters)
    mapped = map_labels(source, splits.default)
    labels = source.labels.joined_by(in_pieces(mapped.values))
    source = replace(source, labels=labels, mapped=mapped.columns)
    for role in splits.roles:
        tables = item_tables.item_tables(source, splits.default, role, media)
        writer.write(item_tables.items_spec(source), tables, part=role)
    trace_tables.check_fusions(source)
    if trace_tables.continuous(source):
        for spec, rows in (
            (trace_tables.traces_spec(source), trace_tables.trace_rows(source)),
            (trace_tables.traces_raw_spec(source), trace_tables.trace_raw_rows(source)),
            (trace_tables.gold_traces_spec(source), trace_tables.gold_trace_rows(source)),
        ):
            writer.write(spec, trace_tables.batches(rows, spec))
        writer.write(trace_tables.gold_raters_spec(source), trace_tables.gold_rater_rows(source))
    raters = told_raters(source, source.answered.raters, prose_of(source)["smallest_band"])
    writer.write(answer_tables.raters_spec(raters), answer_tables.rater_rows(source.answered, raters))
    if any(study.calibrates for study in source.studies):
        writer.write(calibrations_table(), answer_tables.calibration_rows(source))
    writer.write(splits_table(), split_rows(splits))
    if splits.of_kind(rater=True):
        writer.write(rater_splits_table(), rater_split_rows(splits))
    return Tables(splits, raters, mapped.reports)


def newest_release(dataset: Dataset) -> Release | None:
    """The one published last, whenever it was asked for."""
    return dataset.releases.newest()


def is_tombstone(release: Release) -> bool:
    """Whether its files are gone."""
    return not release.files.exclude(path=MANIFEST_NAME).exists()


def restore(release: Release, folder: Path) -> None:
    """A release's tables and documents, to compare with; its media are known by their names."""
    restore_files(release.files.exclude(path__startswith="media/"), folder)


@dataclass(frozen=True)
class _Parent:
    """The release before this one, and the folder that it was put into again."""

    release: Release
    folder: Path


def _finish(
    source: Source,
    filled: Tables,
    told: Beside,
    writer: ReleaseWriter,
    running: Running,
    before: _Parent | None,
) -> Written:
    parent = before.release if before else None
    difference: Difference | None = None
    earlier = ""
    if before and before.folder.exists():
        difference = compare(open_contents(before.folder), writer.contents())
        earlier = (before.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    version = _version(running.payload.get("version"), parent, difference)
    manifest = writer.finish(
        name=source.dataset.name,
        version=version,
        created_at=running.row.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        card=told.card,
        parent=ParentRecord(parent.version, parent.digest) if parent else None,
        difference=difference,
        notes=running.payload.get("notes", ""),
        earlier_changelog=earlier,
        media_policy=source.dataset.recipe["media"],
        facts=told.facts,
    )
    return Written(
        manifest,
        filled.splits.new_places(),
        {"rows": {t.name: t.rows for t in manifest.tables}, **told.facts},
        corpora=sorted(corpus.pk for corpus in source.items.corpora),
    )


def _version(wanted: str | None, parent: Release | None, difference: Difference | None) -> str:
    """The number that the difference asks for; a smaller one is refused."""
    if parent is None:
        return wanted or "1.0.0"
    # With a parent whose rows are erased nothing can be compared: rows of it are gone, at least.
    bump = difference.bump if difference else Bump.MAJOR
    if not wanted:
        return next_version(parent.version, bump)
    return check_version(wanted, parent.version, bump)
