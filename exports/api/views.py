"""Datasets and releases, for researchers and for model repositories."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.facade import researcher
from exports.api.lookup import dataset_of, release_of
from exports.api.shapes import CheckShape, ComparedShape, ManifestShape, SummaryShape
from exports.models import RECOMMENDED, Dataset, Release
from exports.recipe import RecipeSerializer
from exports.services.datasets import (
    change_dataset,
    create_dataset,
    last_check,
    outdated_check,
    request_check,
    request_release,
)
from exports.services.difference import compare_releases, request_comparison
from exports.services.states import CHOSEN_BY_PEOPLE, change_state, in_use
from jobs.facade import JobSerializer
from rest.facade import IF_MATCH, refuse_if_changed, tagged
from storage.facade import object_response

MEDIA_TYPES = {
    ".json": "application/json",
    ".sig": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/x-parquet",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".webp": "image/webp",
}


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    rows = serializers.SerializerMethodField()
    signed_by = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields: tuple[str, ...] = (
            "version", "state", "state_reason", "state_changed_at", "successor", "digest", "created_at",
            "published_at", "rows", "signed_by",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_rows(self, release: Release) -> dict[str, int]:
        rows: dict[str, int] = release.summary["rows"]
        return rows

    def get_signed_by(self, release: Release) -> str | None:
        """The public key whose signature is in manifest.sig; null: it is not signed."""
        signed_by: str | None = release.summary.get("signed_by")
        return signed_by


class ReleaseDetailSerializer(ReleaseSerializer):
    name = serializers.CharField(source="dataset.name")
    title = serializers.CharField(source="dataset.title")
    bytes = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    manifest = serializers.SerializerMethodField()

    class Meta(ReleaseSerializer.Meta):
        fields = (
            "name", "title", *ReleaseSerializer.Meta.fields, "bytes", "summary", "manifest_sha256", "manifest",
        )  # fmt: skip
        read_only_fields = fields

    def get_bytes(self, release: Release) -> int:
        return sum(release.files.values_list("size", flat=True))

    @extend_schema_field(SummaryShape)
    def get_summary(self, release: Release) -> Any:
        return release.summary

    @extend_schema_field(ManifestShape)
    def get_manifest(self, release: Release) -> Any:
        return release.manifest


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    latest = serializers.SerializerMethodField()
    recipe = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = ("name", "title", "description", "recipe", "created_at", "latest")
        read_only_fields = fields

    @extend_schema_field(ReleaseSerializer(allow_null=True))
    def get_latest(self, dataset: Dataset) -> dict[str, Any] | None:
        return ReleaseSerializer(dataset.newest[0]).data if dataset.newest else None  # type: ignore[attr-defined]

    @extend_schema_field(RecipeSerializer)
    def get_recipe(self, dataset: Dataset) -> Any:
        return dataset.recipe


class DatasetBody(serializers.Serializer[Any]):
    """``recipe`` replaces the one before; errors in it are named ``splits[0].ratios: reason``."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, default="", allow_blank=True)
    recipe = serializers.JSONField()

    def validate_recipe(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("is an object.")
        return value


class NewDatasetBody(DatasetBody):
    name = serializers.SlugField(max_length=80, help_text="how programs call it; it cannot be changed")


class NewReleaseBody(serializers.Serializer[Any]):
    request_id = serializers.UUIDField(help_text="made by the caller; the same one again finds the same job")
    version = serializers.RegexField(
        r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$",
        required=False,
        help_text="left out: what the difference asks for",
    )
    notes = serializers.CharField(required=False, allow_blank=True)
    draft = serializers.BooleanField(
        required=False, default=False, help_text="build it, but do not publish it: see drafts/"
    )


class StateBody(serializers.Serializer[Any]):
    """``deprecated``: there is a better one; ``yanked``: not to be used, ranges pass it by; both can be taken back."""

    state = serializers.ChoiceField([str(state) for state in CHOSEN_BY_PEOPLE])
    reason = serializers.CharField(max_length=500, help_text="shown to everyone who uses the release")
    successor = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="version to use instead"
    )


class ByName(CursorPagination):
    ordering = ("name",)
    page_size = 50


class NewestFirst(CursorPagination):
    ordering = ("-pk",)
    page_size = 50


class DatasetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Dataset]):
    """Datasets of the asking researcher's organisation."""

    serializer_class = DatasetSerializer
    pagination_class = ByName
    lookup_field = "name"
    queryset = Dataset.objects.none()

    def get_queryset(self) -> QuerySet[Dataset]:
        usable = Release.objects.filter(state__in=RECOMMENDED)
        newest = usable.order_by("dataset", "-pk").distinct("dataset").defer("manifest")
        mine = Dataset.objects.filter(organisation=researcher(self.request).organisation_id)
        return mine.prefetch_related(Prefetch("releases", queryset=newest, to_attr="newest"))

    @extend_schema(request=NewDatasetBody, responses={201: DatasetSerializer})
    def create(self, request: Request) -> Response:
        """Make a dataset. Its recipe is checked, and what it names must exist."""
        given = NewDatasetBody(data=request.data)
        given.is_valid(raise_exception=True)
        me = researcher(request)
        made = create_dataset(organisation=me.organisation, actor=me.email, **given.validated_data)
        return self._told(made.name, status.HTTP_201_CREATED)

    @extend_schema(request=DatasetBody, parameters=[IF_MATCH], responses=DatasetSerializer)
    def update(self, request: Request, name: str) -> Response:
        """Give it another title, description and recipe; 412 where ``If-Match`` names another state."""
        given = DatasetBody(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            mine = Dataset.objects.filter(organisation=researcher(request).organisation_id)
            dataset = get_object_or_404(mine.select_for_update(no_key=True), name=name)
            refuse_if_changed(request, self._told(name)["ETag"])
            change_dataset(dataset=dataset, actor=researcher(request).email, **given.validated_data)
        return self._told(name)

    def _told(self, name: str, status_code: int = status.HTTP_200_OK) -> Response:
        """A dataset with the ``ETag`` that reading it gives, too."""
        return tagged(DatasetSerializer(self.get_queryset().get(name=name)).data, status_code)


class ReleasesView(GenericAPIView[Release]):
    serializer_class = ReleaseSerializer
    pagination_class = NewestFirst

    @extend_schema(responses=ReleaseSerializer(many=True), operation_id="releases_list")
    def get(self, request: Request, name: str) -> Response:
        """Releases of a dataset, newest first."""
        page = self.paginate_queryset(dataset_of(request, name).releases.published())
        return self.get_paginated_response(ReleaseSerializer(page, many=True).data)

    @extend_schema(request=NewReleaseBody, responses={202: JobSerializer}, operation_id="releases_create")
    def post(self, request: Request, name: str) -> Response:
        """Build a release and publish it, or keep it as a draft that has the id of the job; as a job."""
        given = NewReleaseBody(data=request.data)
        given.is_valid(raise_exception=True)
        me = researcher(request)
        row = request_release(
            dataset=dataset_of(request, name), requested_by=me.email, **given.validated_data
        )
        return Response(JobSerializer(row).data, status=status.HTTP_202_ACCEPTED)


class CheckBody(serializers.Serializer[Any]):
    request_id = serializers.UUIDField(help_text="made by the caller; the same one again finds the same job")


class LastCheckShape(serializers.Serializer[Any]):
    job = JobSerializer(allow_null=True)
    found = CheckShape(allow_null=True, help_text="null: not done, or it failed; the job says why")
    outdated = serializers.CharField(allow_null=True, help_text="why it may hold no more; null: it may")


class CheckView(APIView):
    @extend_schema(responses=LastCheckShape, operation_id="dataset_check_read")
    def get(self, request: Request, name: str) -> Response:
        """The newest dry run: counts, splits and changes, as they were when it ran."""
        dataset = dataset_of(request, name)
        row = last_check(dataset)
        found = row.result if row else None
        return Response(
            {
                "job": JobSerializer(row).data if row else None,
                "found": found,
                "outdated": outdated_check(dataset, found) if found else None,
            }
        )

    @extend_schema(request=CheckBody, responses={202: JobSerializer}, operation_id="dataset_check_create")
    def post(self, request: Request, name: str) -> Response:
        """Count, split and compare what would be published now, as a job; nothing is published."""
        given = CheckBody(data=request.data)
        given.is_valid(raise_exception=True)
        me = researcher(request)
        row = request_check(dataset=dataset_of(request, name), requested_by=me.email, **given.validated_data)
        return Response(JobSerializer(row).data, status=status.HTTP_202_ACCEPTED)


class ReleaseView(APIView):
    @extend_schema(responses=ReleaseDetailSerializer, operation_id="releases_read")
    def get(self, request: Request, name: str, version: str) -> Response:
        """One release with its manifest; a withdrawn one is 410 with its tombstone."""
        return Response(ReleaseDetailSerializer(in_use(release_of(request, name, version))).data)


TO = OpenApiParameter("to", str, required=True, description="version to compare with")


class DifferenceView(APIView):
    @extend_schema(parameters=[TO], responses=ComparedShape, operation_id="releases_difference")
    def get(self, request: Request, name: str, version: str) -> Response:
        """What somebody who goes from this release to another would find different."""
        return Response(ComparedShape(compare_releases(**self._two(request, name, version))).data)

    @extend_schema(
        request=None,
        parameters=[TO],
        responses={202: JobSerializer},
        operation_id="releases_difference_create",
    )
    def post(self, request: Request, name: str, version: str) -> Response:
        """Have a job compare tables that are too large for a request; the same two again find the same job."""
        two = self._two(request, name, version)
        row = request_comparison(**two, requested_by=researcher(request).email)
        return Response(JobSerializer(row).data, status=status.HTTP_202_ACCEPTED)

    def _two(self, request: Request, name: str, version: str) -> dict[str, Release]:
        return {
            "old": release_of(request, name, version),
            "new": release_of(request, name, request.query_params.get("to", "")),
        }


class ReleaseStateView(APIView):
    @extend_schema(
        request=StateBody,
        parameters=[IF_MATCH],
        responses=ReleaseDetailSerializer,
        operation_id="releases_state",
    )
    def post(self, request: Request, name: str, version: str) -> Response:
        """Deprecate a release, yank it, or publish it again; 412 where ``If-Match`` names another state of it."""
        given = StateBody(data=request.data)
        given.is_valid(raise_exception=True)
        found = release_of(request, name, version)
        with transaction.atomic():
            locked = Release.objects.select_for_update(of=("self",)).select_related("dataset")
            release = in_use(locked.get(pk=found.pk))
            refuse_if_changed(request, tagged(ReleaseDetailSerializer(release).data)["ETag"])
            changed = change_state(release=release, actor=researcher(request).email, **given.validated_data)
        return tagged(ReleaseDetailSerializer(changed).data)


FILE = {
    (200, "application/octet-stream"): OpenApiTypes.BINARY,
    302: OpenApiResponse(description="To a link that gives the bytes, also by range, for 15 minutes."),
}


class ReleaseFileView(APIView):
    @extend_schema(responses=FILE, operation_id="releases_file")
    def get(self, request: Request, name: str, version: str, path: str) -> HttpResponseBase:
        """The bytes of one file; takes ranges, ``ETag`` is the SHA-256. Where they are in a bucket, a link to them."""
        return file_of(request, in_use(release_of(request, name, version)), path)


def file_of(request: Request, release: Release, path: str) -> HttpResponseBase:
    file = release.files.filter(path=path).first()
    if file is None:
        raise Http404
    http: HttpRequest = request._request  # noqa: SLF001
    suffix = path[path.rfind(".") :] if "." in path else ""
    media_type = MEDIA_TYPES.get(suffix, "application/octet-stream")
    return object_response(http, file.sha256, media_type, file_name=path.rpartition("/")[2])
