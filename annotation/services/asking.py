"""What one rater is asked on one item: which questions, in which order, with which axes turned round.

Decided when the item is leased and kept with the assignment, so that it is known afterwards and never changes under
a rater.
"""

from typing import Any

from annotation import questions
from annotation.models import Assignment, AssignmentState, Participation, StudyItem
from annotation.questions.continuous import continuous_type
from annotation.translations import translated


def presented(participation: Participation, study_item: StudyItem, position: int) -> dict[str, Any]:
    """``{"questions": keys in the order asked, "flipped": {question: dimension keys}}`` for a new assignment."""
    document = participation.study.protocol.document
    asked = [question for question in document["questions"] if _due(question, study_item, position)]
    turn = _turn(participation)
    if document["presentation"].get("counterbalance"):
        asked = _rotated(asked, turn)
    passes = max(1, sum(_continuous(question) for question in document["questions"]))
    flips = {
        question["key"]: _flipped(question["options"].get("flip", []), turn // passes)
        for question in asked
        if _continuous(question)
    }
    return {
        "questions": [question["key"] for question in asked],
        "flipped": {key: keys for key, keys in flips.items() if keys},
    }


def read_in(assignment: Assignment, language: str) -> None:
    """Keep which language the rater reads; it does not change any more once she has answered."""
    if assignment.state == AssignmentState.OPEN and assignment.presented.get("language") != language:
        assignment.presented = {**assignment.presented, "language": language}
        assignment.save(update_fields=["presented"])


def asked_questions(assignment: Assignment) -> list[dict[str, Any]]:
    """The protocol's questions that this assignment asks, in its order."""
    document = assignment.participation.study.protocol.document
    by_key = {question["key"]: question for question in document["questions"]}
    return [by_key[key] for key in assignment.presented.get("questions", by_key)]


def shown_questions(assignment: Assignment) -> list[dict[str, Any]]:
    """The same as this rater's page gets them, in the language that she reads."""
    document = assignment.participation.study.protocol.document
    said = translated(document, assignment.presented.get("language", document["language"]))
    by_key = {question["key"]: question for question in said["questions"]}
    return [_shown(by_key[question["key"]], assignment) for question in asked_questions(assignment)]


def _shown(question: dict[str, Any], assignment: Assignment) -> dict[str, Any]:
    told = {key: value for key, value in question.items() if key != "when"}
    if not _continuous(question):
        return told
    options = continuous_type(question["type"]).shown(
        question["options"],
        item_key=assignment.study_item.item.key,
        practice=assignment.study_item.practice,
        flipped=assignment.presented.get("flipped", {}).get(question["key"], []),
    )
    return {**told, "options": options}


def _due(question: dict[str, Any], study_item: StudyItem, position: int) -> bool:
    # Protocols stored before there was a choice ask always.
    when = question.get("when", "always")
    if when == "first":
        return position == 0
    return study_item.practice or when != "practice"


def _continuous(question: dict[str, Any]) -> bool:
    return questions.question_type(question["type"]).continuous


def _turn(participation: Participation) -> int:
    """How many raters of the study came before this one; it never changes for a rater."""
    earlier = Participation.objects.filter(study=participation.study_id, rater__lt=participation.rater_id)
    return earlier.count()


def _rotated(asked: list[dict[str, Any]], turn: int) -> list[dict[str, Any]]:
    """Passes in a cyclic Latin square over the raters; all other questions stay in their places."""
    passes = [question for question in asked if _continuous(question)]
    if not passes:
        return asked
    start = turn % len(passes)
    turned = iter([*passes[start:], *passes[:start]])
    return [next(turned) if _continuous(question) else question for question in asked]


def _flipped(keys: list[str], turn: int) -> list[str]:
    """Every combination of flipped axes equally often: the bits of the rater's turn."""
    return [key for bit, key in enumerate(keys) if turn >> bit & 1]
