"""Named datasets, their immutable releases, and the ledger of which group went into which split."""

from typing import Self

from django.db import models
from django.utils import timezone


class Dataset(models.Model):
    """A recipe that can be run again; each run is a release."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    recipe = models.JSONField(help_text="see exports.recipe")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="dataset_name_once"),)


class ReleaseState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    YANKED = "yanked"
    WITHDRAWN = "withdrawn"


# What a bare name or a version range may choose.
RECOMMENDED = (ReleaseState.PUBLISHED, ReleaseState.DEPRECATED)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def published(self) -> Self:
        """Those that were published, whatever became of them since. All that clients may know of is among them."""
        return self.exclude(state=ReleaseState.DRAFT)

    def drafts(self) -> Self:
        """Those that nobody but the researchers of the organisation sees, and whose version is not taken yet."""
        return self.filter(state=ReleaseState.DRAFT).select_related("draft")

    def newest(self) -> "Release | None":
        """The one published last: a draft is published only while nothing else was since it was built."""
        return self.published().order_by("-pk").first()


class Release(models.Model):
    """One publication of a dataset, or a draft. The row appears when all of it is stored; only its state changes."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=ReleaseState, default=ReleaseState.PUBLISHED)
    digest = models.CharField(max_length=80, help_text="identity of the values")
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    summary = models.JSONField(help_text="rows, split sizes, leak report, agreement: what the page shows")
    job = models.UUIDField()
    created_at = models.DateTimeField(help_text="when it was asked for")
    published_at = models.DateTimeField(null=True, help_text="null: a draft, or of an early release not kept")
    corpora = models.JSONField(default=list, help_text="ids of the corpora that its items are of")
    state_reason = models.TextField(
        blank=True, help_text="why it is no longer simply published; shown to all"
    )
    state_changed_at = models.DateTimeField(null=True)
    successor = models.CharField(max_length=20, blank=True, help_text="version to use instead")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="release_out_of_use_has_reason",
                condition=models.Q(state__in=["draft", "published"]) | ~models.Q(state_reason=""),
            ),
            models.UniqueConstraint(
                fields=["dataset", "version"],
                name="release_version_once",
                condition=~models.Q(state="draft"),
            ),
            models.UniqueConstraint(fields=["job"], name="release_once_per_job"),
        )


class ReleaseFile(models.Model):
    """One file of a release, by the address of its bytes."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["release", "path"], name="release_path_once"),)


class Draft(models.Model):
    """What a release that is not published yet was built upon. It goes when the release is published."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    parent = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")
    erasure = models.DateTimeField(null=True, help_text="when somebody had been erased last")
    withdrawn = models.PositiveIntegerField(
        help_text="raters who had withdrawn from its studies and were stored"
    )
    recipe = models.JSONField(help_text="of the dataset, as it was")


class DraftPlaces(models.Model):
    """Where a scheme of a draft places what the ledger does not hold; it goes there with the release."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="places")
    scheme = models.CharField(max_length=60)
    places = models.BinaryField(help_text="role -> groups, as compressed JSON")


class SplitAssignment(models.Model):
    """Where a group was placed once, it stays: later releases place new groups only."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="ledger")
    scheme = models.CharField(max_length=60)
    group = models.CharField(max_length=500, help_text="<key>=<value>; id=<item key or rater>")
    role = models.CharField(max_length=500)
    assigned_in = models.CharField(max_length=20, help_text="version of the release that placed it")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dataset", "scheme", "group"], name="group_placed_once"),
        )


class Erasure(models.Model):
    """That a person's data go, for good. Who it was is forgotten with them; what was done stays."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="made by whoever asks")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.JSONField(
        null=True, help_text="{rater} or {corpus, group, value}; null once nothing of them is stored"
    )
    reason = models.TextField(help_text="stands on the tombstones")
    confirmed_by = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, help_text="when the originals were deleted")
    erased_rows = models.JSONField(
        default=dict, help_text="{responses, traces, items, assets} that were deleted"
    )
    dropping = models.JSONField(default=list, help_text="SHA-256 of objects that are to be deleted")


class Withdrawal(models.Model):
    """One release on its way to a tombstone: what goes, what is kept to prove the successor, how far it is."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="withdrawals")
    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="withdrawal")
    removed_rows = models.JSONField(help_text="table -> rows of the person")
    digests = models.JSONField(
        null=True, help_text="table -> part -> SHA-256 of the object with its row digests"
    )
    proof = models.JSONField(null=True, help_text="per table and part: rows kept, removed, unknown")
    dropping = models.JSONField(default=list, help_text="SHA-256 of objects that are to be deleted")
    dropped_at = models.DateTimeField(null=True, help_text="when its files were gone")
