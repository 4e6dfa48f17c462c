"""The state of a release that was published: deprecated, yanked, published again; withdrawn by an erasure only."""

from django.db import transaction
from django.utils import timezone

from affectory.errors import Conflict, Gone, Invalid
from affectory.release.versions import Version
from audit.facade import record
from exports.models import RECOMMENDED, Dataset, Release, ReleaseState

CHOSEN_BY_PEOPLE = (ReleaseState.PUBLISHED, ReleaseState.DEPRECATED, ReleaseState.YANKED)


def in_use(release: Release) -> Release:
    """The release, unless it is withdrawn: then its tombstone, as an error."""
    if release.state == ReleaseState.WITHDRAWN:
        raise Gone(
            f"{release.dataset.name}@{release.version} is withdrawn: data of a person in it were erased.",
            code="withdrawn",
            details=tombstone(release),
        )
    return release


def tombstone(release: Release) -> dict[str, object]:
    """What is left to say about a withdrawn release. No successor: it is not built yet, or nothing was left."""
    assert release.state_changed_at is not None  # noqa: S101  # set with the state
    return {
        "reason": release.state_reason,
        "date": release.state_changed_at.date().isoformat(),
        "successor": release.successor or None,
        "removed_rows": release.withdrawal.removed_rows,
        "digest": release.digest,
        "manifest_sha256": release.manifest_sha256,
    }


@transaction.atomic
def change_state(*, release: Release, state: str, reason: str, successor: str = "", actor: str) -> Release:
    """Deprecate, yank or publish again. The same change again is harmless."""
    row = Release.objects.select_for_update(of=("self",)).select_related("dataset").get(pk=release.pk)
    in_use(row)
    if state not in CHOSEN_BY_PEOPLE:
        raise Invalid(f"{state!r} is not a state that can be chosen; an erasure withdraws releases.")
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why; the reason is shown to everyone who uses the release.", code="reason_missing")
    if successor:
        _check_successor(row, successor)
    before = row.state
    published = state == ReleaseState.PUBLISHED
    row.state, row.state_changed_at = state, timezone.now()
    row.state_reason, row.successor = ("", "") if published else (reason, successor)
    row.save(update_fields=["state", "state_changed_at", "state_reason", "successor"])
    record(
        actor=actor, action=state, subject=f"release:{row.dataset.name}@{row.version}",
        before=before, reason=reason, successor=successor,
    )  # fmt: skip
    return row


def _check_successor(release: Release, version: str) -> None:
    other = release.dataset.releases.published().filter(version=version).first()
    if other is None:
        raise Invalid(f"There is no release {version} of {release.dataset.name}.", code="no_such_successor")
    if other.pk == release.pk or other.state not in RECOMMENDED:
        raise Conflict(f"{version} cannot be recommended instead.", code="no_such_successor")


def recommended_successor(dataset: Dataset, *, after: Release) -> str:
    """The highest version above ``after`` that may be recommended; empty where there is none."""
    versions = dataset.releases.filter(state__in=RECOMMENDED).values_list("version", flat=True)
    later = [version for version in versions if Version.parse(version) > Version.parse(after.version)]
    return max(later, key=Version.parse, default="")
