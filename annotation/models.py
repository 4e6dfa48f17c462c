"""Protocols, studies, who takes part, what was answered, and what was computed from it."""

import secrets
import uuid

from django.db import models
from django.utils import timezone

from annotation import produced, talk  # noqa: F401  (their tables are this app's, too)
from ingest.facade import Collection, Item


class Protocol(models.Model):
    """One version of a declarative annotation procedure. Never changed: another content is another version."""

    name = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical document")
    document = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["name", "version"], name="protocol_version_once"),)


class StudyState(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


def new_code() -> str:
    return secrets.token_urlsafe(9)


class Study(models.Model):
    """A protocol version run on a collection with a group of raters."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="studies")
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=StudyState, default=StudyState.OPEN)
    imported = models.BooleanField(
        default=False, help_text="its responses came from a file; nobody can arrive"
    )
    invite_code = models.CharField(max_length=32, unique=True, default=new_code)
    base = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reviews", help_text="the study it reviews"
    )
    round = models.PositiveIntegerField(
        default=1, help_text="of a consensus; 1: raters answered by themselves"
    )
    review = models.JSONField(
        default=dict, help_text="what raters are shown and why these items; empty: nothing is shown"
    )
    named = models.BooleanField(default=False, help_text="only raters who were named may arrive")
    produces = models.OneToOneField(
        "ingest.Corpus",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="what its raters make themselves goes there",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "slug"], name="study_slug_once"),)


class StudyItem(models.Model):
    """An item of a study, fixed when the study is made."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="study_items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    practice = models.BooleanField(default=False)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["study", "item"], name="study_item_once"),)


class Proposal(models.Model):
    """What raters of an item are shown beside a question, fixed when the study is made.

    One value to confirm or edit, or (``of_all``) the answers that all raters gave before. ``values``:
    ``[{value, response: id of the answer it is, or null}]``.
    """

    study_item = models.ForeignKey(StudyItem, on_delete=models.CASCADE, related_name="proposals")
    question = models.CharField(max_length=60)
    of_all = models.BooleanField(default=False)
    values = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["study_item", "question"], name="proposal_once"),)


class ParticipationState(models.TextChoices):
    INVITED = "invited"
    CONSENTED = "consented"
    RATING = "rating"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Participation(models.Model):
    """A rater in a study."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="participations")
    rater = models.ForeignKey("accounts.Rater", on_delete=models.PROTECT, related_name="+")
    arrival_id = models.UUIDField(help_text="made by the browser; the same one finds the same participation")
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=ParticipationState, default=ParticipationState.INVITED)
    completion_code = models.CharField(max_length=16, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["study", "arrival_id"], name="arrival_once"),)


class SelfDescription(models.Model):
    """What a rater said about herself, apart from what she rated. Exports read it in bands only."""

    participation = models.OneToOneField(
        Participation, on_delete=models.CASCADE, related_name="self_description"
    )
    answers = models.JSONField(help_text="question -> answer; null: would rather not say")
    answered_at = models.DateTimeField(default=timezone.now)


class AssignmentState(models.TextChoices):
    OPEN = "open"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"


class SkipReason(models.TextChoices):
    """Why a rater did not judge an item; empty: not said."""

    DISTURBING = "disturbing", "the content disturbs"
    TECHNICAL = "technical", "it does not show or play properly"
    CANNOT_JUDGE = "cannot_judge", "the rater cannot judge it"
    NO_PARTNER = "no_partner", "nobody came to talk to"


class Assignment(models.Model):
    """An item leased to a participation. When the lease runs out the item is free for others again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="assignments")
    study_item = models.ForeignKey(StudyItem, on_delete=models.PROTECT, related_name="assignments")
    take = models.PositiveSmallIntegerField(default=0, help_text="1: shown again, as the protocol asks")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.OPEN)
    lease_until = models.DateTimeField()
    opened_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    submission_id = models.UUIDField(null=True)
    skipped_at = models.DateTimeField(null=True)
    skip_reason = models.CharField(max_length=20, choices=SkipReason, blank=True)
    played = models.JSONField(default=dict, help_text="what the browser says was played, seen or heard")
    presented = models.JSONField(
        default=dict,
        help_text="questions in the order asked, which axes were flipped, the language; empty: as written",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["participation", "study_item", "take"], name="assignment_once"),
            models.CheckConstraint(
                name="submitted_assignment_has_submission",
                condition=~models.Q(state="submitted") | models.Q(submission_id__isnull=False),
            ),
        )


class Exposure(models.Model):
    """That a rater was shown a proposal before she answered: what exactly, and when."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="exposures")
    question = models.CharField(max_length=60)
    of_all = models.BooleanField(default=False)
    values = models.JSONField(help_text="as the proposal had them at that moment")
    shown_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["assignment", "question"], name="exposure_once"),)


class Response(models.Model):
    """One rater's answer to one question on one item. Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="made by whoever answers")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="responses")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    rater = models.ForeignKey("accounts.Rater", on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, related_name="responses")
    question = models.CharField(max_length=60)
    take = models.PositiveSmallIntegerField(default=0, help_text="1: of an item that was shown again")
    value = models.JSONField()
    perspective = models.CharField(max_length=20)
    practice = models.BooleanField(default=False)
    target = models.CharField(
        max_length=200, blank=True, help_text="who in the item is rated, where the rater picked somebody"
    )
    exposed = models.BooleanField(
        default=False, help_text="given after a proposal or others' answers were shown"
    )
    timing = models.JSONField(default=dict)
    device = models.JSONField(default=dict)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assignment", "question"], name="answer_once_per_assignment"),
            models.UniqueConstraint(
                fields=["study", "item", "rater", "question", "take"], name="answer_once_per_rater"
            ),
        )
        indexes = (models.Index(fields=["study", "question", "item"]),)


class TraceState(models.TextChoices):
    OPEN = "open"
    FINISHED = "finished"


class Trace(models.Model):
    """The response to a continuous question: an event log on the media clock, kept in chunks as they came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="traces")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    rater = models.ForeignKey("accounts.Rater", on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, related_name="traces")
    question = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=TraceState, default=TraceState.OPEN)
    writer = models.PositiveIntegerField(
        default=1, help_text="fencing number; an older browser page is refused"
    )
    device = models.JSONField(default=dict)
    chunk_count = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["study", "item", "question"]),)


class TraceChunk(models.Model):
    """A numbered, hashed piece of a trace's event log, exactly as the browser sent it."""

    trace = models.ForeignKey(Trace, on_delete=models.CASCADE, related_name="chunks")
    seq = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    writer = models.PositiveIntegerField()
    orphan = models.BooleanField(
        default=False, help_text="kept, not used: a stale writer's, or a conflicting repeat"
    )
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["trace", "seq"], condition=models.Q(orphan=False), name="trace_chunk_once"
            ),
            models.UniqueConstraint(
                fields=["trace", "seq", "sha256", "orphan"], name="trace_chunk_bytes_once"
            ),
        )


class TraceSeries(models.Model):
    """A fixed-rate series derived from a trace by a stated rule; the event log stays the truth.

    ``values`` holds little-endian float64, shape (samples, dimensions), NaN where ``rule`` finds no valid value.
    """

    trace = models.OneToOneField(Trace, on_delete=models.CASCADE, related_name="series")
    rule = models.CharField(max_length=60, help_text="e.g. hold; imported")
    rate_hz = models.FloatField()
    t0_s = models.FloatField()
    dimensions = models.JSONField()
    values = models.BinaryField()
    validity = models.JSONField(
        default=dict, help_text="coverage, gaps, stalls, clock residual, still time ..."
    )
    code_version = models.CharField(max_length=40)


class Analysis(models.Model):
    """One run of the computations over a study's responses; the newest is the one that is shown."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="analyses")
    job = models.UUIDField()
    made_from = models.JSONField(help_text="responses, raters by kind, excluded by reason, protocol digest")
    code_version = models.CharField(max_length=40)
    finished_at = models.DateTimeField(default=timezone.now)

    class Meta:
        get_latest_by = "pk"


class AgreementResult(models.Model):
    """One number about agreement, and how it was made. An undefined one has a reason instead of a value."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="agreement")
    question = models.CharField(max_length=60)
    dimension = models.CharField(max_length=60, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    condition = models.CharField(max_length=20, blank=True, help_text="empty: all conditions together")
    measure = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    ci_low = models.FloatField(null=True)
    ci_high = models.FloatField(null=True)
    n_units_used = models.PositiveIntegerField()
    n_units_dropped = models.PositiveIntegerField()
    n_raters = models.PositiveIntegerField()
    convention = models.TextField()
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    exposed = models.BooleanField(default=False, help_text="over answers given after exposure only")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="undefined_agreement_has_reason",
                condition=models.Q(value__isnull=False) | ~models.Q(reason=""),
            ),
        )


class Label(models.Model):
    """Something computed from the responses to one question on one item; value null with a reason is legitimate."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="labels")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    method = models.CharField(max_length=40, help_text="mean, vote, mapped_vad")
    value = models.JSONField(null=True)
    dispersion = models.JSONField(null=True)
    n_raters = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    provenance = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["analysis", "item", "question", "method"], name="label_once"),
        )


class GoldTrace(models.Model):
    """A fused trace.

    ``values`` and ``sd``: float64 (samples, dimensions), NaN: no gold there; ``n``: int32 (samples).
    """

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="gold_traces")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    method = models.CharField(max_length=40, help_text="mean, ewe")
    rate_hz = models.FloatField()
    t0_s = models.FloatField()
    dimensions = models.JSONField()
    values = models.BinaryField()
    sd = models.BinaryField()
    n = models.BinaryField()
    n_raters = models.PositiveIntegerField()
    weights = models.JSONField(default=dict, help_text="dimension -> {rater pseudonym: weight}")
    reason = models.TextField(blank=True)
    provenance = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["analysis", "item", "question", "method"], name="gold_trace_once"
            ),
        )
