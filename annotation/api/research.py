"""Studies for researchers: progress, agreement, traces and gold."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.facade import researcher
from affectory.errors import Conflict
from annotation.api.assignment_shapes import AssignmentSerializer, assignments_told, submitted_of
from annotation.api.bodies import body_of
from annotation.api.protocols import MAX_CHARACTERS, TEXT, SourceBody, source_in
from annotation.api.research_shapes import (
    AnalysisShape,
    OverlayShape,
    ProtocolShape,
    ReviewShape,
    StudyItemShape,
    overlay,
    with_labels,
)
from annotation.api.study_facts import StudyFacts, facts_of
from annotation.models import AgreementResult, Analysis, Study
from annotation.protocol import parse_protocol
from annotation.services.analyses import latest_analysis, request_analysis
from annotation.services.starting import start_study
from jobs.facade import JobSerializer

COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}


class StudySerializer(serializers.ModelSerializer[Study]):
    protocol = serializers.SerializerMethodField()
    participations = serializers.SerializerMethodField()
    responses = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    skips = serializers.SerializerMethodField()
    analysis = serializers.SerializerMethodField()
    invite_path = serializers.SerializerMethodField()
    review = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = (
            "slug", "title", "state", "imported", "invite_code", "invite_path", "created_at", "protocol",
            "participations", "responses", "items", "skips", "analysis", "review",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ProtocolShape)
    def get_protocol(self, study: Study) -> dict[str, Any]:
        document = study.protocol.document
        return {
            name: document[name]
            for name in ("name", "version", "title", "perspective", "questions", "raters")
        }

    @extend_schema_field({"type": "object", "additionalProperties": COUNTS})
    def get_participations(self, study: Study) -> dict[str, dict[str, int]]:
        """Kind of rater -> state -> how many."""
        return self._facts(study).participations

    def get_responses(self, study: Study) -> int:
        return self._facts(study).responses

    def get_items(self, study: Study) -> int:
        return self._facts(study).items

    @extend_schema_field(COUNTS)
    def get_skips(self, study: Study) -> dict[str, int]:
        """Reason -> how many items raters left out for it; ``unsaid``: without one."""
        return self._facts(study).skips

    @extend_schema_field(AnalysisShape(allow_null=True))
    def get_analysis(self, study: Study) -> dict[str, Any] | None:
        found = self._facts(study).analysis
        return AnalysisShape(found).data if found else None

    @extend_schema_field({"type": "string", "nullable": True})
    def get_invite_path(self, study: Study) -> str | None:
        """None where nobody can arrive by it: a file's answers, or raters with links of their own."""
        return None if study.imported or study.named else f"/s/{study.invite_code}"

    @extend_schema_field(ReviewShape(allow_null=True))
    def get_review(self, study: Study) -> dict[str, Any] | None:
        if study.base is None:
            return None
        return ReviewShape({"base": study.base.slug, "round": study.round, **study.review}).data

    def _facts(self, study: Study) -> StudyFacts:
        facts: dict[int, StudyFacts] = self.context["facts"]
        return facts[study.pk]


def _shown(study: Study) -> dict[str, Any]:
    return dict(StudySerializer(study, context={"facts": facts_of([study])}).data)


class AgreementSerializer(serializers.ModelSerializer[AgreementResult]):
    item = serializers.CharField(source="item.key", default=None, allow_null=True)
    details = serializers.DictField()

    class Meta:
        model = AgreementResult
        fields = (
            "question", "dimension", "item", "condition", "measure", "value", "ci_low", "ci_high",
            "n_units_used", "n_units_dropped", "n_raters", "convention", "reason", "details", "exposed",
        )  # fmt: skip
        read_only_fields = fields


class NewStudyBody(SourceBody):
    """Of a corpus all items that the protocol takes are rated, as a collection with the study's name."""

    slug = serializers.SlugField(max_length=80, help_text="name for programs; it cannot be changed later")
    title = serializers.CharField(max_length=200)
    protocol = serializers.CharField(
        max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="text of a protocol file, TOML"
    )


def _item_id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise serializers.ValidationError({"item": ["must be an item's id or 'none'."]}) from None


def studies_of(request: Request) -> QuerySet[Study]:
    """Those of the asking researcher's organisation; nobody else's are found."""
    own = Study.objects.filter(organisation=researcher(request).organisation_id)
    return own.select_related("protocol", "base")


class BySlug(CursorPagination):
    ordering = ("slug",)
    page_size = 50


class InOrder(CursorPagination):
    ordering = ("pk",)
    page_size = 200


class OfAnalysis(InOrder):
    """The rows of one analysis: a newer one has them anew, and would begin again in the middle of the list."""

    def __init__(self, analysis: Analysis | None) -> None:
        self.analysis = str(analysis.pk) if analysis else ""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        if request.query_params.get("analysis", self.analysis) != self.analysis:
            message = "The study was analysed again meanwhile. Read from the first page."
            raise Conflict(message, code="analysed_again")
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        self.base_url = replace_query_param(request.build_absolute_uri(), "analysis", self.analysis)
        return page


class StudyViewSet(viewsets.GenericViewSet[Study]):
    """Studies of the asking researcher's organisation."""

    serializer_class = StudySerializer
    pagination_class = BySlug
    lookup_field = "slug"
    queryset = Study.objects.none()

    def get_queryset(self) -> QuerySet[Study]:
        return studies_of(self.request)

    def list(self, request: Request) -> Response:  # noqa: ARG002
        """Studies, by name."""
        page = self.paginate_queryset(self.get_queryset()) or []
        context = {"facts": facts_of(page)}
        return self.get_paginated_response(StudySerializer(page, many=True, context=context).data)

    def retrieve(self, request: Request, slug: str) -> Response:  # noqa: ARG002
        """One study: its protocol, who takes part, and how far it is."""
        return Response(_shown(self._study(slug)))

    @extend_schema(request=NewStudyBody, responses={201: StudySerializer}, operation_id="studies_create")
    def create(self, request: Request) -> Response:
        """Start a study from a protocol's text; asking for the same one again is harmless."""
        body, who = body_of(NewStudyBody, request), researcher(request)
        study = start_study(
            organisation=who.organisation,
            slug=body["slug"],
            title=body["title"],
            document=parse_protocol(body["protocol"], TEXT),
            source=source_in(body),
            requested_by=who.email,
        )
        return Response(_shown(study), status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, description="id of an item; 'none': what is about the whole study")
        ],
        responses=AgreementSerializer(many=True),
        operation_id="studies_agreement",
    )
    @action(detail=True, pagination_class=InOrder)
    def agreement(self, request: Request, slug: str) -> Response:
        """Every agreement result of the newest analysis; 409 `analysed_again` where it is newer than the last page."""
        analysis = latest_analysis(self._study(slug))
        rows = AgreementResult.objects.filter(analysis=analysis).select_related("item")
        item = request.query_params.get("item")
        if item:
            rows = rows.filter(item=None if item == "none" else _item_id(item))
        pages = OfAnalysis(analysis)
        page = pages.paginate_queryset(rows, request) or []
        return pages.get_paginated_response(AgreementSerializer(page, many=True).data)

    @extend_schema(responses=StudyItemShape(many=True), operation_id="studies_items")
    @action(detail=True, pagination_class=InOrder)
    def items(self, request: Request, slug: str) -> Response:
        """Items of a study with what was computed for them, 200 at a time."""
        study = self._study(slug)
        rows = study.study_items.filter(practice=False).select_related("item__asset")
        pages = InOrder()
        page = pages.paginate_queryset(rows.prefetch_related("item__asset__renditions"), request) or []
        return pages.get_paginated_response(with_labels(study, [row.item for row in page]))

    @extend_schema(responses=AssignmentSerializer(many=True), operation_id="studies_assignments")
    @action(detail=True, pagination_class=InOrder)
    def assignments(self, request: Request, slug: str) -> Response:
        """How each item was asked about and shown to each rater who answered, 200 at a time."""
        study = self._study(slug)
        pages = InOrder()
        page = pages.paginate_queryset(submitted_of(study), request) or []
        return pages.get_paginated_response(assignments_told(study, page))

    @extend_schema(
        parameters=[OpenApiParameter("question", str, description="left out: the first continuous question")],
        responses=OverlayShape,
        operation_id="studies_traces",
    )
    @action(detail=True, url_path=r"items/(?P<item_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/traces")
    def traces(self, request: Request, slug: str, item_id: str) -> Response:
        """All raters' traces of one item with the gold."""
        study = self._study(slug)
        return Response(overlay(study, UUID(item_id), request.query_params.get("question")))

    @extend_schema(request=None, responses={202: JobSerializer}, operation_id="studies_analyse")
    @action(detail=True, methods=["post"])
    def analyse(self, request: Request, slug: str) -> Response:
        """Compute agreement and labels again, as a job."""
        job = request_analysis(study=self._study(slug), requested_by=researcher(request).email, delay_s=0)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    def _study(self, slug: str) -> Study:
        return get_object_or_404(self.get_queryset(), slug=slug)
