"""Corpora, the files they came from, what was made of them, and the items that people rate."""

import uuid

from django.db import models
from django.utils import timezone


class Corpus(models.Model):
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=100, blank=True, help_text="SPDX identifier")
    consent_terms = models.TextField(blank=True)
    languages = models.JSONField(default=list, help_text="BCP 47 tags")
    source = models.TextField(blank=True)
    synthetic = models.BooleanField(default=False, help_text="made by script, not recorded from people")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="corpus_name_once"),)


class Subject(models.Model):
    """A person who is seen or heard in a corpus, by a code."""

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="subjects")
    code = models.CharField(max_length=80)
    attributes = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["corpus", "code"], name="subject_once"),)


class Asset(models.Model):
    """The bytes of one original file. Never changed."""

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="assets")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    path = models.TextField(help_text="relative to the folder it came from")
    kind = models.CharField(
        max_length=20, help_text="name of the reader: video, audio, image, eeg, dialogue, text"
    )
    media_type = models.CharField(max_length=100)
    facts = models.JSONField(default=dict, help_text="what the reader probed: duration, rate, channels ...")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["corpus", "sha256"], name="asset_bytes_once"),)


class Rendition(models.Model):
    """What was derived from an asset; known by the source and the recipe, as transcodes differ from run to run."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=20, help_text="proxy, poster, thumb, peaks, pyramid, pts")
    recipe = models.CharField(max_length=20, help_text="version of the recipe")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["asset", "name", "recipe"], name="rendition_once"),)


class Fingerprint(models.Model):
    """What tells that another file shows or sounds the same; taken of an asset when its file is read."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="fingerprints")
    kind = models.CharField(max_length=20, help_text="picture, film, sound")
    version = models.PositiveSmallIntegerField(help_text="of the way in which it is taken")
    bits = models.BinaryField(null=True)
    reason = models.TextField(blank=True, help_text="why there are no bits")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["asset", "kind"], name="fingerprint_once"),)


class Item(models.Model):
    """The unit that is rated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=400, help_text="stable name inside the corpus; used in releases")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, related_name="items")
    onset_s = models.FloatField(null=True, help_text="start within the asset; null: from its beginning")
    offset_s = models.FloatField(null=True, help_text="end within the asset; null: to its end")
    text = models.TextField(null=True)
    context = models.JSONField(null=True, help_text="[{speaker, text, target}] of a dialogue utterance")
    condition = models.CharField(
        max_length=20, blank=True, help_text="audio-only, video-only, audio-visual, text"
    )
    groups = models.JSONField(
        default=dict,
        help_text="group keys: subject, speaker, film, dialogue ...; a list where parts differ in one",
    )
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["corpus", "key"], name="item_key_once"),)
        indexes = (models.Index(fields=["corpus", "kind", "key"]),)


class ItemPart(models.Model):
    """One named part of an item that shows several others together."""

    group = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="parts")
    item = models.ForeignKey(Item, on_delete=models.RESTRICT, related_name="+")
    name = models.CharField(max_length=40, help_text="what answers call it")
    position = models.PositiveSmallIntegerField()
    fixed = models.BooleanField(
        default=False, help_text="shown first under its name; the others are candidates, shown in any order"
    )
    onset_s = models.FloatField(
        null=True, help_text="second of the group at which it begins; null: it has no time of its own"
    )

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["group", "name"], name="part_name_once"),
            models.UniqueConstraint(fields=["group", "item"], name="part_item_once"),
            models.UniqueConstraint(fields=["group", "position"], name="part_position_once"),
        )


class EntryState(models.TextChoices):
    PENDING = "pending"
    READY = "ready"
    QUARANTINED = "quarantined"


class IngestEntry(models.Model):
    """One file that was offered to a corpus, and what became of it."""

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="entries")
    path = models.TextField(help_text="relative to the folder; shown as given")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=EntryState, default=EntryState.PENDING)
    code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    field = models.CharField(max_length=80, blank=True)
    groups = models.JSONField(default=dict, help_text="group keys that its items get")
    people = models.JSONField(default=dict, help_text="name -> boxes, which its items get as metadata")
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["corpus", "path", "sha256"], name="entry_once"),)
        indexes = (models.Index(fields=["corpus", "state"]),)


class Collection(models.Model):
    """A saved selection of items that can be run again: filters, and items picked by hand."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.SlugField(max_length=80)
    filters = models.JSONField(default=dict, help_text="{corpus, kind: [...], condition: [...], key_prefix}")
    picked = models.ManyToManyField(Item, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="collection_name_once"),)
