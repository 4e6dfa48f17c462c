"""What raters make themselves: recordings and texts that become items of the study's own corpus."""

import uuid

from django.db import models
from django.utils import timezone


class ProductionState(models.TextChoices):
    OPEN = "open"
    FINISHED = "finished", "all of it is here"
    HANDED_OVER = "handed_over", "ingest has it; what became of it is in its entry"


class Production(models.Model):
    """Something that a rater made as the answer to a question, kept in chunks until ingest has it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="made by the browser")
    assignment = models.ForeignKey(
        "annotation.Assignment", on_delete=models.SET_NULL, null=True, related_name="productions"
    )
    rater = models.ForeignKey("accounts.Rater", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey("accounts.Consent", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    media_type = models.CharField(max_length=100, help_text="as the browser calls it; never trusted")
    size = models.PositiveBigIntegerField(help_text="bytes of all chunks together")
    chunk_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 over the chunks' SHA-256 in hex, joined")
    told = models.JSONField(default=dict, help_text="what the browser says: duration_s, device")
    state = models.CharField(max_length=12, choices=ProductionState, default=ProductionState.OPEN)
    entry = models.ForeignKey("ingest.IngestEntry", on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)


class ProductionChunk(models.Model):
    """A numbered piece of a production; gone once ingest has the whole."""

    production = models.ForeignKey(Production, on_delete=models.CASCADE, related_name="chunks")
    seq = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["production", "seq"], name="production_chunk_once"),)
