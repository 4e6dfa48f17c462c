"""People, their organisations and tokens; raters, and apart from them who they are elsewhere."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone


class Organisation(models.Model):
    """A lab: whoever belongs to it sees its corpora, studies and datasets, and nobody else does."""

    name = models.SlugField(unique=True)
    title = models.CharField(max_length=200)


class Researchers(UserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A researcher. Raters have no account."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Researchers()  # type: ignore[misc]


class ApiToken(models.Model):
    """A bearer token of a researcher or of a model repository; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class RaterKind(models.TextChoices):
    CROWD = "crowd"
    LAB = "lab"
    EXPERT = "expert"
    SELF = "self"
    PARTNER = "partner"
    MODEL = "model"
    IMPORTED = "imported"
    SIMULATED = "simulated"


class Rater(models.Model):
    """Whoever answers, known by a pseudonym only."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=RaterKind)
    slot = models.BooleanField(
        default=False,
        help_text="nobody in particular: the n-th answer of each item in a file without rater ids",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "pseudonym"], name="rater_pseudonym_once"),
        )


class RaterIdentity(models.Model):
    """Who a rater is on the platform she came from. Exports never read this table."""

    rater = models.OneToOneField(Rater, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=40)
    external_id = models.CharField(max_length=128)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["platform", "external_id"], name="identity_once"),)


class Consent(models.Model):
    """That a rater agreed to exactly this text, and when; withdrawing adds a time, deletes nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rater = models.ForeignKey(Rater, on_delete=models.PROTECT, related_name="consents")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rater", "digest"], name="consent_once"),)
