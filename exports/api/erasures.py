"""Erasing people: what would go, doing it, and how far it is."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.facade import researcher
from annotation.facade import withdrawn_participations, withdrawn_rater
from exports.models import Erasure
from exports.services.erasure import Holding, confirm_erasure, holdings, pending_erasures, queue_jobs
from exports.services.holdings import Person
from exports.services.states import recommended_successor

ROWS = {"type": "object", "additionalProperties": {"type": "integer"}}


class PersonFields(serializers.Serializer[Any]):
    """A rater by pseudonym, or whoever is in the items of a corpus that carry a group key."""

    rater = serializers.CharField(required=False, default="", allow_blank=True)
    corpus = serializers.CharField(required=False, default="", allow_blank=True)
    group = serializers.CharField(required=False, default="subject")
    value = serializers.CharField(required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs["rater"]) == bool(attrs["corpus"] and attrs["value"]):
            raise serializers.ValidationError({"rater": "Give either a rater, or corpus, group and value."})
        return attrs

    @property
    def person(self) -> Person:
        given = self.validated_data
        if given["rater"]:
            return Person(rater=given["rater"])
        return Person(**{name: given[name] for name in ("corpus", "group", "value")})


class ErasureBody(PersonFields):
    id = serializers.UUIDField(help_text="made by the caller; the same one again finds the same erasure")
    reason = serializers.CharField(
        help_text="stands on the tombstones; do not name the person", max_length=500
    )


class HeldShape(serializers.Serializer[Any]):
    """A release, or a draft, that holds rows of the person."""

    dataset = serializers.CharField()
    version = serializers.CharField()
    state = serializers.CharField()
    rows = serializers.DictField(child=serializers.IntegerField())


class PlanShape(serializers.Serializer[Any]):
    """``drafts`` would be discarded; ``successors``: dataset -> version that takes over; null: it would be built."""

    releases = HeldShape(many=True)
    drafts = HeldShape(many=True)
    successors = serializers.DictField(child=serializers.CharField(allow_null=True))


class PendingShape(serializers.Serializer[Any]):
    rater = serializers.CharField()
    study = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    responses = serializers.IntegerField(help_text="stored, used nowhere any more")
    releases = HeldShape(many=True)


class WithdrawnShape(serializers.Serializer[Any]):
    dataset = serializers.CharField(source="release.dataset.name")
    version = serializers.CharField(source="release.version")
    successor = serializers.CharField(source="release.successor", allow_blank=True)
    removed_rows = serializers.DictField(child=serializers.IntegerField())
    proved = serializers.SerializerMethodField()
    files_deleted_at = serializers.DateTimeField(source="dropped_at", allow_null=True)

    def get_proved(self, withdrawal: Any) -> bool:
        return withdrawal.proof is not None


class ErasureSerializer(serializers.ModelSerializer[Erasure]):
    """``person`` is null once their data are deleted: who it was is forgotten with them."""

    releases = WithdrawnShape(source="withdrawals", many=True)
    erased_rows = serializers.SerializerMethodField()

    class Meta:
        model = Erasure
        fields = (
            "id", "person", "reason", "confirmed_by", "confirmed_at", "erased_at", "erased_rows", "releases",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ROWS)
    def get_erased_rows(self, erasure: Erasure) -> Any:
        return erasure.erased_rows


class NewestFirst(CursorPagination):
    ordering = ("-confirmed_at",)
    page_size = 50


class ErasuresView(GenericAPIView[Erasure]):
    serializer_class = ErasureSerializer
    pagination_class = NewestFirst

    @extend_schema(responses=ErasureSerializer(many=True), operation_id="erasures_list")
    def get(self, request: Request) -> Response:
        """Erasures of the organisation, newest first."""
        mine = Erasure.objects.filter(organisation=researcher(request).organisation_id)
        page = self.paginate_queryset(mine.prefetch_related("withdrawals__release__dataset"))
        return self.get_paginated_response(ErasureSerializer(page, many=True).data)

    @extend_schema(request=ErasureBody, responses={202: ErasureSerializer}, operation_id="erasures_create")
    def post(self, request: Request) -> Response:
        """Erase a person: releases that hold them stop being served at once, the rest follows in jobs."""
        given = ErasureBody(data=request.data)
        given.is_valid(raise_exception=True)
        me = researcher(request)
        erasure = confirm_erasure(
            erasure_id=given.validated_data["id"],
            organisation=me.organisation,
            person=given.person,
            reason=given.validated_data["reason"],
            actor=me.email,
        )
        return Response(ErasureSerializer(erasure).data, status=status.HTTP_202_ACCEPTED)


class ErasurePlanView(APIView):
    @extend_schema(parameters=[PersonFields], responses=PlanShape, operation_id="erasures_plan")
    def get(self, request: Request) -> Response:
        """What erasing a person would withdraw and discard. Nothing is changed."""
        given = PersonFields(data=request.query_params)
        given.is_valid(raise_exception=True)
        held = holdings(researcher(request).organisation_id, given.person)
        found = [one for one in held if not one.is_draft]
        drafts = [one for one in held if one.is_draft]
        newest = {one.release.dataset: one.release for one in found}
        successors = {
            dataset.name: recommended_successor(dataset, after=release) or None
            for dataset, release in newest.items()
        }
        return Response({"releases": _held(found), "drafts": _held(drafts), "successors": successors})


class AsTheyCame(CursorPagination):
    ordering = ("started_at", "pk")
    page_size = 50


class PendingErasuresView(GenericAPIView[Any]):
    serializer_class = PendingShape
    pagination_class = AsTheyCame

    @extend_schema(responses=PendingShape(many=True), operation_id="erasures_pending")
    def get(self, request: Request) -> Response:
        """Raters who withdrew and whose data are still stored, with the releases that still publish them."""
        organisation = researcher(request).organisation
        page = self.paginate_queryset(withdrawn_participations(organisation.pk)) or []
        found = pending_erasures(organisation, [withdrawn_rater(one) for one in page])
        return self.get_paginated_response(
            [
                {
                    "rater": one.rater.pseudonym,
                    "study": one.rater.study,
                    "withdrawn_at": one.rater.withdrawn_at,
                    "responses": one.rater.responses,
                    "releases": _held(one.releases),
                }
                for one in found
            ]
        )


class ErasureView(APIView):
    @extend_schema(responses=ErasureSerializer, operation_id="erasures_read")
    def get(self, request: Request, erasure_id: str) -> Response:
        """One erasure, and how far each of its releases is."""
        return Response(ErasureSerializer(_erasure(request, erasure_id)).data)


class ErasureResumeView(APIView):
    @extend_schema(request=None, responses={202: ErasureSerializer}, operation_id="erasures_resume")
    def post(self, request: Request, erasure_id: str) -> Response:
        """Ask again for what failed, such as a successor whose recipe had to be mended first."""
        erasure = _erasure(request, erasure_id)
        queue_jobs(erasure)
        return Response(ErasureSerializer(erasure).data, status=status.HTTP_202_ACCEPTED)


def _erasure(request: Request, erasure_id: str) -> Erasure:
    return get_object_or_404(Erasure, organisation=researcher(request).organisation_id, pk=erasure_id)


def _held(found: list[Holding]) -> list[dict[str, Any]]:
    return [
        {
            "dataset": one.release.dataset.name,
            "version": one.release.version,
            "state": one.release.state,
            "rows": one.rows,
        }
        for one in found
    ]
