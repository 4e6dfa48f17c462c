"""The durable end of the trace protocol: what is acknowledged is committed, and nothing counts twice."""

import json
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from affectory.errors import Conflict, Invalid, NotFound
from annotation import questions
from annotation.models import Assignment, AssignmentState, Trace, TraceChunk, TraceState
from annotation.questions.continuous import continuous_type
from annotation.services.asking import asked_questions
from annotation.services.assignments import assignment_of, renewed
from annotation.services.chunks import Stored, check_body, check_whole, conflict, stored_of
from annotation.services.participation import locked_participation, may_rate
from annotation.trace_log import Chunk, TraceLogError, check_values, parse_chunk

CHUNK_BYTES = 16 * 1024


@transaction.atomic
def open_trace(
    *,
    participation_id: uuid.UUID,
    trace_id: uuid.UUID,
    assignment_id: uuid.UUID,
    question: str,
    device: dict[str, Any],
) -> Trace:
    """Begin a trace, or take it over: the caller becomes the writer and any older page is fenced off."""
    # Two tabs that begin together: one makes the trace, the other takes it over.
    locked_participation(participation_id)
    assignment = assignment_of(participation_id, assignment_id)
    may_rate(assignment.participation)
    asked = {q["key"]: q for q in asked_questions(assignment)}
    if question not in asked or not questions.question_type(asked[question]["type"]).continuous:
        raise Invalid(f"No continuous question is called {question!r} here.", details={"question": question})
    trace = Trace.objects.select_for_update(no_key=True).filter(pk=trace_id).first()
    if trace is None:
        return _begin(assignment, trace_id, question, device)
    if (trace.assignment_id, trace.question) != (assignment.pk, question):
        raise Conflict("This trace belongs to another item.", code="trace_elsewhere")
    if trace.state == TraceState.OPEN:
        trace.writer += 1
        trace.device = device
        trace.save(update_fields=["writer", "device"])
        renewed(assignment)
    return trace


def _begin(assignment: Assignment, trace_id: uuid.UUID, question: str, device: dict[str, Any]) -> Trace:
    """A new trace. A page that lost its copy begins again; the recording before it goes no further."""
    _refuse_submitted(assignment.state)
    before = Trace.objects.filter(assignment=assignment, question=question, state=TraceState.OPEN)
    before.update(writer=F("writer") + 1)
    return Trace.objects.create(
        id=trace_id,
        study=assignment.participation.study,
        item=assignment.study_item.item,
        rater=assignment.participation.rater,
        assignment=assignment,
        question=question,
        device=device,
    )


def trace_of(participation_id: uuid.UUID, trace_id: uuid.UUID, *, lock: bool = False) -> Trace:
    rows = Trace.objects.select_related("assignment__participation", "study__protocol")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=trace_id, assignment__participation=participation_id).first()
    if found is None:
        raise NotFound("There is no such trace.")
    return found


def add_chunk(
    *, participation_id: uuid.UUID, trace_id: uuid.UUID, seq: int, writer: int, sha256: str, body: str
) -> tuple[Trace, Stored]:
    """Store one chunk; returns after the commit. A refused chunk is kept as orphan, so nothing sent is lost."""
    chunk = _checked_body(sha256, body)
    with transaction.atomic():
        trace = trace_of(participation_id, trace_id, lock=True)
        _check_may_write(trace)
        _check_values(trace, chunk)
        refusal = _store(trace, TraceChunk(trace=trace, seq=seq, writer=writer, sha256=sha256, body=body))
    if refusal:
        raise refusal
    return trace, stored(trace)


def _store(trace: Trace, chunk: TraceChunk) -> Conflict | None:
    # Neither the body nor an order is asked for: at most one row counts, and its index says all.
    there = trace.chunks.filter(seq=chunk.seq, orphan=False).values_list("sha256", flat=True).order_by()
    known = next(iter(there), None)
    if known == chunk.sha256:
        return None
    if chunk.writer != trace.writer:
        refusal = Conflict(
            "This item was opened in another tab or window, which goes on with it.",
            code="stale_writer",
            details={"writer": trace.writer},
        )
    elif known:
        refusal = conflict(chunk.seq)
    elif trace.state == TraceState.FINISHED:
        refusal = Conflict("This trace is finished.", code="trace_finished")
    else:
        chunk.save()
        return None
    chunk.orphan = True
    TraceChunk.objects.bulk_create([chunk], ignore_conflicts=True)
    return refusal


def _checked_body(sha256: str, body: str) -> Chunk:
    check_body(body.encode(), sha256, most_bytes=CHUNK_BYTES)
    try:
        return parse_chunk(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The chunk cannot be read: {error}", code="chunk_invalid") from error


def _check_may_write(trace: Trace) -> None:
    if trace.assignment is not None:
        may_rate(trace.assignment.participation)


def _check_values(trace: Trace, chunk: Chunk) -> None:
    asked = {question["key"]: question for question in trace.study.protocol.document["questions"]}
    question = asked[trace.question]
    kind = continuous_type(question["type"])
    bounds = [(one["min"], one["max"]) for one in kind.dimensions(question["options"])]
    try:
        check_values(chunk, bounds, whole=kind.reading == "nominal")
    except TraceLogError as error:
        raise Invalid(f"The chunk cannot be read: {error}", code="chunk_invalid") from error


def stored(trace: Trace) -> Stored:
    return stored_of(trace.chunks.filter(orphan=False))


def resume_at_us(trace: Trace) -> int | None:
    """The media time up to which the unbroken chunks reach: where a reloaded page goes on."""
    last = trace.chunks.filter(orphan=False, seq__lte=stored(trace).high_water).order_by("-seq")
    for chunk in last.iterator(chunk_size=8):
        times = [event[3] for event in json.loads(chunk.body)["events"] if event[3] is not None]
        if times:
            return max(0, int(times[-1]))
    return None


@transaction.atomic
def finish(
    *, participation_id: uuid.UUID, trace_id: uuid.UUID, writer: int, chunks: int, digest: str
) -> Trace:
    """Close a trace whose chunks are all here and whose bytes are what the browser says."""
    trace = trace_of(participation_id, trace_id, lock=True)
    _check_may_write(trace)
    rows = trace.chunks.filter(orphan=False)
    if trace.state == TraceState.FINISHED:
        if (trace.chunk_count, trace.digest) == (chunks, digest):
            return trace
        raise Conflict("This trace was finished with another content.", code="trace_finished")
    if writer != trace.writer:
        raise Conflict("Another tab or window goes on with this item.", code="stale_writer")
    check_whole(dict(rows.values_list("seq", "sha256")), chunks, digest, "trace")
    trace.state, trace.chunk_count, trace.digest, trace.finished_at = (
        TraceState.FINISHED,
        chunks,
        digest,
        timezone.now(),
    )
    trace.save()
    return trace


def _refuse_submitted(state: str) -> None:
    if state == AssignmentState.SKIPPED:
        raise Conflict("This item has been skipped.", code="already_skipped")
    if state == AssignmentState.SUBMITTED:
        raise Conflict("This item has been submitted already.", code="already_submitted")
