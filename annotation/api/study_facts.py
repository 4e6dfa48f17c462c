"""What is counted of studies, for a whole page of them in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from annotation.models import Analysis, Participation, Response, Study, StudyItem


@dataclass
class StudyFacts:
    """``participations``: kind of rater -> state -> how many. Practice is not counted."""

    responses: int = 0
    items: int = 0
    analysis: Analysis | None = None
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
    items = StudyItem.objects.filter(study__in=studies, practice=False)
    for pk, n in items.values_list("study").annotate(n=Count("pk")):
        found[pk].items = n
    for analysis in Analysis.objects.filter(study__in=studies).order_by("study", "-pk").distinct("study"):
        found[analysis.study_id].analysis = analysis
    return found
