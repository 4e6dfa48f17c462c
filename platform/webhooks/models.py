"""Who outside is told what happens here. A delivery is a job, so it outlives restarts and can be watched."""

import secrets
import uuid

from django.db import models
from django.utils import timezone


class Event(models.TextChoices):
    RELEASE_PUBLISHED = "release.published"
    RELEASE_WITHDRAWN = "release.withdrawn"
    STUDY_PROGRESS = "study.progress"


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Webhook(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    secret = models.CharField(
        max_length=64, default=new_secret, help_text="signs each body, so it is kept as it is"
    )
    events = models.JSONField(help_text="list of Event")
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)
