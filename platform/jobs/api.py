"""Watching background work."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination

from jobs.models import Job, JobState

_PROGRESS = {
    "type": "object",
    "required": ["done", "total", "rate_per_s", "remaining_s", "message"],
    "properties": {
        "done": {"type": "integer"},
        "total": {"type": "integer"},
        "rate_per_s": {"type": "number", "nullable": True},
        "remaining_s": {"type": "number", "nullable": True},
        "message": {"type": "string"},
    },
}
_ERROR = {
    "type": "object",
    "nullable": True,
    "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
}


class JobSerializer(serializers.ModelSerializer[Job]):
    progress = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "id", "kind", "scope", "state", "progress", "error", "result", "attempt",
            "created_at", "started_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(_PROGRESS)
    def get_progress(self, row: Job) -> dict[str, Any]:
        rate = remaining = None
        if row.started_at and row.done:
            elapsed_s = ((row.finished_at or timezone.now()) - row.started_at).total_seconds()
            rate = row.done / elapsed_s if elapsed_s > 0 else None
            if rate and row.state == JobState.RUNNING:
                remaining = max(0, row.total - row.done) / rate
        return {
            "done": row.done, "total": row.total, "rate_per_s": rate, "remaining_s": remaining, "message": row.message,
        }  # fmt: skip

    @extend_schema_field(_ERROR)
    def get_error(self, row: Job) -> dict[str, str] | None:
        return {"code": row.error["code"], "message": row.error["message"]} if row.error else None


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50


class JobViewSet(viewsets.ReadOnlyModelViewSet[Job]):
    """Jobs of the asking researcher's organisation, newest first."""

    serializer_class = JobSerializer
    pagination_class = NewestFirst
    queryset = Job.objects.none()

    def get_queryset(self) -> QuerySet[Job]:
        rows = Job.objects.filter(organisation=self.request.user.organisation_id)  # type: ignore[union-attr]
        asked = {name: self.request.query_params.get(name) for name in ("scope", "state")}
        return rows.filter(**{name: value for name, value in asked.items() if value})

    @extend_schema(
        parameters=[
            OpenApiParameter("scope", str, description="e.g. corpus:demo-film, study:va-trace"),
            OpenApiParameter("state", str, enum=JobState.values),
        ]
    )
    def list(self, *args: Any, **kwargs: Any) -> Any:
        return super().list(*args, **kwargs)
