"""Two raters who talk about one item: kept here while they do, and until ingest has what was said."""

import uuid

from django.db import models
from django.utils import timezone


class DialogueState(models.TextChoices):
    WAITING = "waiting", "one waits for another"
    OPEN = "open"
    ENDED = "ended", "it can be handed in"
    LEFT = "left", "one of both went while the other was there"
    LOST = "lost", "one of both gave it up, as the other was gone"


class Dialogue(models.Model):
    """A conversation about an item, from the first who waits for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey("annotation.Study", on_delete=models.CASCADE, related_name="dialogues")
    study_item = models.ForeignKey(
        "annotation.StudyItem",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="what it is about; null while somebody waits",
    )
    state = models.CharField(max_length=8, choices=DialogueState, default=DialogueState.WAITING)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    entry = models.ForeignKey("ingest.IngestEntry", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["study", "state"]),)


class Sign(models.TextChoices):
    """What somebody's page says of her."""

    HERE = "here"
    WRITING = "writing"
    HIDDEN = "hidden", "the page is not in sight"


class Seat(models.Model):
    """A rater's place in a dialogue. Of the seats of an assignment one at most was not left."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="seats")
    assignment = models.ForeignKey(
        "annotation.Assignment", on_delete=models.SET_NULL, null=True, related_name="seats"
    )
    rater = models.ForeignKey("accounts.Rater", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey("accounts.Consent", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60, blank=True, help_text="empty while she waits")
    arrived_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="when her page last asked for news")
    active_at = models.DateTimeField(default=timezone.now, help_text="when she last wrote or sent something")
    sign = models.CharField(max_length=8, choices=Sign, default=Sign.HERE)
    left_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True, help_text="what she can hand in; null before the end")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["assignment"], condition=models.Q(left_at=None), name="seat_once_per_assignment"
            ),
            models.UniqueConstraint(fields=["dialogue", "rater"], name="seat_once_per_rater"),
            models.UniqueConstraint(
                fields=["dialogue", "role"], condition=~models.Q(role=""), name="seat_once_per_role"
            ),
        )


class Message(models.Model):
    """Something said; gone once ingest has the whole, or nobody can hand it in any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="made by the browser")
    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="messages")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField(help_text="from 1, in the order in which the server took them")
    text = models.TextField()
    label = models.CharField(max_length=60, blank=True, help_text="what its writer says that it does")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("seq",)
        constraints = (models.UniqueConstraint(fields=["dialogue", "seq"], name="message_seq_once"),)
