"""Named datasets, their immutable releases, and the ledger of which group went into which split."""

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
    PUBLISHED = "published"


class Release(models.Model):
    """One publication of a dataset. The row appears when all of it is stored, and never changes."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=ReleaseState, default=ReleaseState.PUBLISHED)
    digest = models.CharField(max_length=80, help_text="identity of the values")
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    summary = models.JSONField(help_text="rows, split sizes, leak report, agreement: what the page shows")
    job = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dataset", "version"], name="release_version_once"),
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
