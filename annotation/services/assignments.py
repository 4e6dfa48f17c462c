"""Leasing items to raters, and taking their answers."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from affectory.errors import Conflict, Gone, Invalid, NotFound
from annotation import questions
from annotation.branching import reached
from annotation.models import (
    Assignment,
    AssignmentState,
    Participation,
    ParticipationState,
    Response,
    SkipReason,
    Study,
    StudyState,
    Trace,
    TraceState,
)
from annotation.people import choosable
from annotation.played import left_to_play
from annotation.questions.continuous import tells_of_rater
from annotation.questions.contract import PartsQuestion, PlacedQuestion
from annotation.questions.extent import extent_of
from annotation.services.analyses import request_analysis
from annotation.services.asking import asked_questions, presented
from annotation.services.choosing import next_item
from annotation.services.participation import (
    complete_if_done,
    lease_length,
    locked_participation,
    may_rate,
)
from annotation.services.producing import hand_over, unmade
from annotation.services.proposals import expose
from annotation.services.seats import waited_in_vain
from annotation.services.shown import shown_parts

NOT_DUE = "This question is not asked after the other answers."


@transaction.atomic
def next_assignment(*, participation_id: uuid.UUID) -> Assignment | None:
    """The assignment that is open, else a new lease; None when nothing is left for this rater."""
    # One lease at a time per study: two raters never take the last place of an item together.
    study_id = Participation.objects.values_list("study_id", flat=True).get(pk=participation_id)
    # The locks leave keys alone, so that a submission, which refers to the study, never waits for this one's order.
    studies = Study.objects.select_for_update(of=("self",), no_key=True).select_related("protocol")
    study = studies.get(pk=study_id)
    participation = locked_participation(participation_id)
    may_rate(participation)
    assignment = participation.assignments.filter(state=AssignmentState.OPEN).first()
    if assignment:
        return renewed(assignment)
    if study.state != StudyState.OPEN:
        raise Gone("This study has been closed. What you have rated is kept; thank you.", code="study_closed")
    place = next_item(participation, study)
    if participation.state == ParticipationState.CONSENTED:
        participation.state = ParticipationState.RATING
        participation.save()
    if place is None:
        complete_if_done(participation, nothing_left=True)
        return None
    position = participation.assignments.count()
    assignment = Assignment.objects.create(
        participation=participation,
        study_item=place.study_item,
        take=place.take,
        position=position,
        presented=presented(participation, place.study_item, position),
        lease_until=timezone.now() + lease_length(study),
    )
    expose(assignment)
    return assignment


def renewed(assignment: Assignment) -> Assignment:
    """Whoever still works on an open assignment keeps it."""
    if assignment.state == AssignmentState.OPEN:
        assignment.lease_until = timezone.now() + lease_length(assignment.participation.study)
        assignment.save(update_fields=["lease_until"])
    return assignment


def looked_at(*, participation_id: uuid.UUID, assignment_id: uuid.UUID) -> Assignment:
    """An assignment that its rater has before her: she may rate, and keeps her lease."""
    assignment = assignment_of(participation_id, assignment_id)
    may_rate(assignment.participation)
    return renewed(assignment)


def assignment_of(participation_id: uuid.UUID, assignment_id: uuid.UUID) -> Assignment:
    """An assignment of this participation; anybody else's is not found."""
    rows = Assignment.objects.select_related("participation__study__protocol", "study_item__item__asset")
    found = rows.filter(pk=assignment_id, participation=participation_id).first()
    if found is None:
        raise NotFound("There is no such assignment.")
    return found


@transaction.atomic
def submit(
    *, participation_id: uuid.UUID, assignment_id: uuid.UUID, submission_id: uuid.UUID, responses: list[dict[str, Any]],
    played: dict[str, Any], target: str = "",
) -> Assignment:  # fmt: skip
    """Store the answers to all questions of an assignment, once; a repeat of the same submission is harmless."""
    locked_participation(participation_id)
    assignment = assignment_of(participation_id, assignment_id)
    if assignment.submission_id == submission_id:
        return assignment
    _refuse_over(assignment)
    participation = assignment.participation
    may_rate(participation)
    _check_target(assignment, target)
    _check_played(assignment, played)
    shown = set(assignment.exposures.values_list("question", flat=True))
    rows = _checked_responses(assignment, responses)
    for row in rows:
        row.exposed, row.target = row.question in shown, target
    _store(rows)
    hand_over(assignment, rows)
    Assignment.objects.filter(pk=assignment.pk).update(
        state=AssignmentState.SUBMITTED,
        submission_id=submission_id,
        submitted_at=timezone.now(),
        played=played,
    )
    assignment.refresh_from_db()
    complete_if_done(participation)
    request_analysis(study=participation.study, requested_by=f"rater:{participation.rater.pseudonym}")
    return assignment


@transaction.atomic
def skip(*, participation_id: uuid.UUID, assignment_id: uuid.UUID, reason: str) -> Assignment:
    """Leave an item out, as the protocol allows: done for this rater, and free for others again. May be repeated.

    Whoever waited long enough for somebody to talk to may always.
    """
    locked_participation(participation_id)
    assignment = assignment_of(participation_id, assignment_id)
    if assignment.state == AssignmentState.SKIPPED:
        return assignment
    _refuse_over(assignment)
    participation = assignment.participation
    may_rate(participation)
    may_skip = participation.study.protocol.document["presentation"].get("skip", False)
    if not may_skip and not (reason == SkipReason.NO_PARTNER and waited_in_vain(assignment)):
        raise Invalid("Items of this study cannot be skipped.", code="no_skipping")
    assignment.state, assignment.skip_reason = AssignmentState.SKIPPED, reason
    assignment.skipped_at = assignment.lease_until = timezone.now()
    assignment.save(update_fields=["state", "skip_reason", "skipped_at", "lease_until"])
    hand_over(assignment, [])
    complete_if_done(participation)
    return assignment


def _refuse_over(assignment: Assignment) -> None:
    if assignment.state == AssignmentState.SUBMITTED:
        raise Conflict("This item has been submitted already.", code="already_submitted")
    if assignment.state == AssignmentState.SKIPPED:
        raise Conflict("This item has been skipped.", code="already_skipped")


def _check_target(assignment: Assignment, target: str) -> None:
    """Who was picked is one of those who are marked in the item, and nobody is where there is nothing to pick."""
    presentation = assignment.participation.study.protocol.document["presentation"]
    names = choosable(presentation, assignment.study_item.item.metadata)
    if target not in (names or [""]):
        known = f"one of {', '.join(names)}" if names else "empty: there is nobody to choose from"
        message = f"Please say who in the item was rated; the target must be {known}."
        raise Invalid(message, code="invalid_target", details={"target": f"must be {known}."})


def _check_played(assignment: Assignment, played: dict[str, Any]) -> None:
    rule = assignment.participation.study.protocol.document["presentation"].get("must_play")
    wrong = left_to_play(assignment.study_item.item, rule, played) if rule else {}
    if wrong:
        raise Invalid("Please play it as long as this study asks for.", code="not_played", details=wrong)


def _store(rows: list[Response]) -> None:
    try:
        with transaction.atomic():
            Response.objects.bulk_create(rows)
    except IntegrityError as error:
        message = "An answer has the id of another one; make a new id for each answer."
        raise Conflict(message, code="response_exists") from error


def _checked_responses(assignment: Assignment, given: list[dict[str, Any]]) -> list[Response]:
    """Rows for the answers, or one error that names every wrong field."""
    asked = {question["key"]: question for question in asked_questions(assignment)}
    errors: dict[str, Any] = {}
    answers = {answer["question"]: answer for answer in given}
    if len(answers) < len(given):
        errors["responses"] = "One question is answered twice."
    for key in sorted(set(answers) - set(asked)):
        errors[key] = "This question is not asked here."
    due = reached(asked.values(), {key: answer["value"] for key, answer in answers.items()})
    for key, question in asked.items():
        if key in answers:
            wrong = _wrong(question, answers[key]["value"], assignment) if key in due else NOT_DUE
            if wrong:
                errors[key] = wrong
        elif key in due and due[key]["required"]:
            errors[key] = "Please answer this question."
    if errors:
        raise Invalid(
            "Some answers are not right: " + ", ".join(errors) + ".", code="invalid_answer", details=errors
        )
    return [_row(assignment, asked[key], answers[key]) for key in asked if key in answers]


def _wrong(question: dict[str, Any], value: dict[str, Any], assignment: Assignment) -> dict[str, str]:
    kind = questions.question_type(question["type"])
    wrong = kind.check(question["options"], value)
    if not wrong and isinstance(kind, PartsQuestion):
        wrong = kind.check_parts(question["options"], value, shown_parts(assignment))
    if not wrong and isinstance(kind, PlacedQuestion):
        wrong = kind.check_places(question["options"], value, extent_of(assignment.study_item.item))
    if not wrong and kind.continuous:
        own = Trace.objects.filter(assignment=assignment, question=question["key"], state=TraceState.FINISHED)
        if value["trace"] not in {str(pk) for pk in own.values_list("pk", flat=True)}:
            wrong = {"trace": "is not finished, or is not of this item."}
    return wrong or unmade(assignment, question, value)


def _row(assignment: Assignment, question: dict[str, Any], answer: dict[str, Any]) -> Response:
    participation = assignment.participation
    return Response(
        id=answer["id"],
        study=participation.study,
        item=assignment.study_item.item,
        rater=participation.rater,
        assignment=assignment,
        question=answer["question"],
        take=assignment.take,
        value=answer["value"],
        perspective=participation.study.protocol.document["perspective"],
        practice=assignment.study_item.practice or tells_of_rater(question["type"]),
        timing=answer.get("timing", {}),
        device=answer.get("device", {}),
    )
