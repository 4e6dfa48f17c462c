from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """Who did what to what. Rows are only ever added."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=120, help_text="e-mail, rater pseudonym, 'command' or 'job <id>'")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=160, help_text="kind and name or id of what it was done to")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["subject", "at"]),)
