"""How an item was asked about, and what was played and seen of it, for researchers."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from annotation.models import Assignment, AssignmentState, ParticipationState, Study


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    rater = serializers.CharField(source="participation.rater.pseudonym")
    item = serializers.CharField(source="study_item.item.key")
    practice = serializers.BooleanField(source="study_item.practice")
    questions = serializers.SerializerMethodField(help_text="keys in the order in which they were asked")
    flipped = serializers.SerializerMethodField(
        help_text="question -> dimensions whose axis was turned round"
    )
    language = serializers.SerializerMethodField()
    played = serializers.DictField(
        help_text="what the browser says was played, seen or heard; see docs/api.md"
    )

    class Meta:
        model = Assignment
        fields = (
            "rater", "item", "practice", "take", "position", "opened_at", "submitted_at",
            "questions", "flipped", "language", "played",
        )  # fmt: skip
        read_only_fields = fields

    def get_questions(self, row: Assignment) -> list[str]:
        asked: list[str] = row.presented.get("questions") or self.context["questions"]
        return asked

    def get_flipped(self, row: Assignment) -> dict[str, list[str]]:
        return dict(row.presented.get("flipped", {}))

    def get_language(self, row: Assignment) -> str:
        return str(row.presented.get("language", self.context["language"]))


def submitted_of(study: Study) -> QuerySet[Assignment]:
    """The assignments of a study that were answered, without those of raters who withdrew."""
    rows = Assignment.objects.filter(participation__study=study, state=AssignmentState.SUBMITTED)
    return rows.exclude(participation__state=ParticipationState.WITHDRAWN).select_related(
        "participation__rater", "study_item__item"
    )


def assignments_told(study: Study, rows: list[Assignment]) -> list[dict[str, Any]]:
    document = study.protocol.document
    written = [question["key"] for question in document["questions"]]
    context = {"questions": written, "language": document["language"]}
    return list(AssignmentSerializer(rows, many=True, context=context).data)
