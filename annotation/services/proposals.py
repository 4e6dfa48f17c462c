"""What raters of a review are shown beside a question, and that they were."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.facade import Rater
from annotation import questions
from annotation.models import Assignment, Exposure, Proposal, Response
from annotation.questions.contract import Marking
from annotation.services.saying import said


def expose(assignment: Assignment) -> None:
    """Keep what this rater is shown of this item, from now on; within the caller's transaction."""
    Exposure.objects.bulk_create(
        Exposure(
            assignment=assignment, question=proposal.question, of_all=proposal.of_all, values=proposal.values
        )
        for proposal in assignment.study_item.proposals.all()
        if proposal.values
    )


def shown_proposals(assignment: Assignment, asked: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was shown with an assignment, as its page gets it: in words, those of ``asked``, and nobody's name."""
    by_key = {question["key"]: question for question in asked}
    return [
        {
            "question": row.question,
            "value": None if row.of_all else row.values[0]["value"],
            "said": _counted(
                by_key[row.question], [value["value"] for value in row.values], of_all=row.of_all
            ),
        }
        for row in assignment.exposures.order_by("pk")
        if row.question in by_key
    ]


def _counted(
    question: dict[str, Any], values: Sequence[dict[str, Any]], *, of_all: bool
) -> list[dict[str, Any]]:
    """Equal answers together, the most frequent first, so that their order says nothing about who gave them.

    Marks of several raters come as answers, too: they are drawn, and can be gone on with.
    """
    times = Counter(said(question, value) for value in values)
    first = {said(question, value): value for value in reversed(values)}
    drawn = of_all and isinstance(questions.question_type(question["type"]), Marking)
    return [
        {"text": text, "times": n, "value": first[text] if drawn else None}
        for text, n in sorted(times.items(), key=lambda one: (-one[1], one[0]))
    ]


def take_back(rater: Rater, *, erased: bool = False) -> None:
    """Nobody is shown the answers of somebody who has left any more; of one who is erased it is not kept, either."""
    own = {str(pk) for pk in Response.objects.filter(rater=rater).values_list("pk", flat=True)}
    studies = Response.objects.filter(rater=rater).values("study")
    rows: list[Proposal | Exposure] = list(Proposal.objects.filter(study_item__study__base__in=studies))
    if erased:
        rows += Exposure.objects.filter(assignment__study_item__study__base__in=studies)
    for row in rows:
        kept = [value for value in row.values if value["response"] not in own]
        if len(kept) < len(row.values):
            row.values = kept
            row.save(update_fields=["values"])
