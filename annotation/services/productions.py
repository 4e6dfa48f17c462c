"""Uploading what raters record: what is acknowledged is committed, and a repeat is harmless."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction

from affectory.errors import Conflict, Invalid, NotFound
from annotation import questions
from annotation.models import AssignmentState
from annotation.produced import Production, ProductionChunk, ProductionState
from annotation.questions.contract import UploadedQuestion, produces_items
from annotation.services.asking import asked_questions
from annotation.services.assignments import assignment_of, renewed
from annotation.services.chunks import Stored, check_body, check_whole, conflict, stored_of
from annotation.services.participation import locked_participation, may_rate
from annotation.services.producing import consent_behind

CHUNK_BYTES = 128 * 1024


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What a browser says of a whole take before it sends it; all chunks but the last have ``CHUNK_BYTES``."""

    question: str
    media_type: str
    size: int
    digest: str
    duration_s: float
    device: dict[str, Any]

    @property
    def chunks(self) -> int:
        return -(-self.size // CHUNK_BYTES)


@transaction.atomic
def open_production(
    *, participation_id: uuid.UUID, production_id: uuid.UUID, assignment_id: uuid.UUID, announced: Announced
) -> Production:
    """Begin an upload, or find it again. A new id for the same question takes the place of the one before."""
    locked_participation(participation_id)
    assignment = assignment_of(participation_id, assignment_id)
    may_rate(assignment.participation)
    known = Production.objects.filter(pk=production_id).first()
    if known is not None:
        if (known.assignment_id, known.question, known.digest) != (
            assignment.pk,
            announced.question,
            announced.digest,
        ):
            raise Conflict("This id belongs to another recording.", code="recording_elsewhere")
        return known
    if assignment.state != AssignmentState.OPEN:
        raise Conflict("This item has been handed in already.", code=f"already_{assignment.state}")
    asked = {question["key"]: question for question in asked_questions(assignment)}
    _check(asked.get(announced.question), announced)
    Production.objects.filter(assignment=assignment, question=announced.question).delete()
    renewed(assignment)
    return Production.objects.create(
        id=production_id,
        assignment=assignment,
        rater=assignment.participation.rater,
        consent=consent_behind(assignment.participation),
        question=announced.question,
        media_type=announced.media_type,
        size=announced.size,
        chunk_count=announced.chunks,
        digest=announced.digest,
        told={"duration_s": announced.duration_s, "device": announced.device},
    )


def _check(question: dict[str, Any] | None, announced: Announced) -> None:
    if question is None or produces_items(question) != "recording":
        reason = f"No question {announced.question!r} asks for a recording here."
        raise Invalid(reason, details={"question": announced.question})
    kind = cast("UploadedQuestion", questions.question_type(question["type"]))
    wrong = kind.check_upload(
        question["options"],
        media_type=announced.media_type,
        size=announced.size,
        duration_s=announced.duration_s,
    )
    if wrong:
        reasons = " ".join(f"{field} {reason}" for field, reason in wrong.items())
        raise Invalid(f"The recording cannot be taken: {reasons}", code="invalid_recording", details=wrong)


def production_of(participation_id: uuid.UUID, production_id: uuid.UUID, *, lock: bool = False) -> Production:
    """An upload of this participation; anybody else's is not found."""
    rows = Production.objects.select_related("assignment__participation")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=production_id, assignment__participation=participation_id).first()
    if found is None:
        raise NotFound("There is no such recording.")
    return found


@transaction.atomic
def add_chunk(
    *, participation_id: uuid.UUID, production_id: uuid.UUID, seq: int, sha256: str, body: bytes
) -> Production:
    """Store one chunk; its caller answers after the commit."""
    check_body(body, sha256, most_bytes=CHUNK_BYTES)
    production = production_of(participation_id, production_id, lock=True)
    _may_send(production)
    if seq >= production.chunk_count or len(body) != _length(production, seq):
        raise Invalid(
            f"Chunk {seq} of {len(body)} bytes is no part of the recording that was announced.",
            code="chunk_unannounced",
        )
    if production.state == ProductionState.HANDED_OVER:  # a repeat; ingest has the bytes
        return production
    known = production.chunks.filter(seq=seq).values_list("sha256", flat=True).first()
    if known is None:
        ProductionChunk.objects.create(production=production, seq=seq, sha256=sha256, body=body)
    elif known != sha256:
        raise conflict(seq)
    return production


def _length(production: Production, seq: int) -> int:
    return min(CHUNK_BYTES, production.size - seq * CHUNK_BYTES)


def stored(production: Production) -> Stored:
    if production.state == ProductionState.HANDED_OVER:  # ingest has the chunks
        return Stored(high_water=production.chunk_count - 1, missing=[])
    return stored_of(production.chunks.all())


@transaction.atomic
def finish(*, participation_id: uuid.UUID, production_id: uuid.UUID) -> Production:
    """Close an upload whose chunks are all here and are what was announced; repeating it is harmless."""
    production = production_of(participation_id, production_id, lock=True)
    _may_send(production)
    if production.state == ProductionState.OPEN:
        have = dict(production.chunks.values_list("seq", "sha256"))
        check_whole(have, production.chunk_count, production.digest, "recording")
        production.state = ProductionState.FINISHED
        production.save(update_fields=["state"])
    return production


def _may_send(production: Production) -> None:
    if production.assignment is not None:
        may_rate(production.assignment.participation)
