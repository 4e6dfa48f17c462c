"""What is counted of studies, for a whole page of them in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from annotation.models import Analysis, Assignment, AssignmentState, Participation, Response, Study, StudyItem


@dataclass
class StudyFacts:
    """``participations``: kind of rater -> state -> how many; ``skips``: reason, or ``unsaid`` -> how many.

    Practice is not counted.
    """

    responses: int = 0
    items: int = 0
    analysis: Analysis | None = None
    skips: dict[str, int] = field(default_factory=dict)
    participations: dict[str, dict[str, int]] = field(default_factory=dict)


def facts_of(studies: Sequence[Study]) -> dict[int, StudyFacts]:
    found: dict[int, StudyFacts] = defaultdict(StudyFacts)
    taking_part = Participation.objects.filter(study__in=studies)
    for pk, kind, state, n in taking_part.values_list("study", "rater__kind", "state").annotate(
        n=Count("pk")
    ):
        found[pk].participations.setdefault(kind, {})[state] = n
    responses = Response.objects.filter(study__in=studies, practice=False)
    for pk, n in responses.values_list("study").annotate(n=Count("pk")):
        found[pk].responses = n
    skipped = Assignment.objects.filter(
        state=AssignmentState.SKIPPED, study_item__study__in=studies, study_item__practice=False
    )
    for pk, reason, n in skipped.values_list("study_item__study", "skip_reason").annotate(n=Count("pk")):
        found[pk].skips[reason or "unsaid"] = n
    items = StudyItem.objects.filter(study__in=studies, practice=False)
    for pk, n in items.values_list("study").annotate(n=Count("pk")):
        found[pk].items = n
    for analysis in Analysis.objects.filter(study__in=studies).order_by("study", "-pk").distinct("study"):
        found[analysis.study_id].analysis = analysis
    return found
