"""Keeping what raters say about themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from affectory.errors import Invalid
from annotation.about_you import asked_about_you, wrong_answer
from annotation.models import Participation, SelfDescription
from annotation.services.participation import about_you_due, locked_participation, takes_part


@transaction.atomic
def describe(*, participation_id: UUID, answers: Mapping[str, Any]) -> Participation:
    """Store the answers to all questions about the rater, once; a repeat changes nothing."""
    participation = locked_participation(participation_id)
    takes_part(participation)
    if about_you_due(participation):
        checked = _checked(asked_about_you(participation.study.protocol.document), answers)
        SelfDescription.objects.create(participation=participation, answers=checked)
    return participation


def _checked(asked: list[dict[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    """An answer or null to each question, or one error that names every wrong field."""
    errors: dict[str, Any] = dict.fromkeys(
        sorted(set(answers) - {question["key"] for question in asked}), "This question is not asked here."
    )
    for question in asked:
        key = question["key"]
        if key not in answers:
            errors[key] = "Please answer this question, or say that you would rather not."
        elif wrong := wrong_answer(question, answers[key]):
            errors[key] = wrong
    if errors:
        raise Invalid(
            "Some answers are not right: " + ", ".join(errors) + ".", code="invalid_answer", details=errors
        )
    return dict(answers)
