"""One row per piece of background work. PostgreSQL's row is the truth; the broker only carries a nudge."""

import uuid

from django.db import models
from django.utils import timezone


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(
        max_length=200, unique=True, help_text="asking for the same key again finds this job"
    )
    payload = models.JSONField(default=dict)
    scope = models.CharField(
        max_length=160, help_text="what it is about: 'corpus:<name>', 'study:<slug>' ..."
    )
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    requested_by = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease = models.UUIDField(
        null=True, help_text="held by the worker that runs it; a stale worker's lease differs"
    )
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    nudged_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.JSONField(null=True, help_text="{code, message, details} of the last failed attempt")
    result = models.JSONField(null=True)
    code_version = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["state", "not_before"]),
            models.Index(fields=["scope", "-created_at"]),
        )
        constraints = (
            models.CheckConstraint(
                name="running_job_has_lease",
                condition=~models.Q(state="running")
                | models.Q(lease__isnull=False, lease_until__isnull=False),
            ),
        )
