"""Drafts: releases that only the researchers of the organisation see, until one of them publishes or discards them.

They have addresses of their own, by the job that built them, so no address of a release ever answers with a draft.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.facade import researcher
from affectory.errors import NotFound
from exports.api.lookup import dataset_of, release_of
from exports.api.shapes import ComparedShape
from exports.api.views import FILE, NewestFirst, ReleaseDetailSerializer, ReleaseSerializer, file_of
from exports.models import Dataset, Release, ReleaseState
from exports.services.difference import compare_releases, request_comparison
from exports.services.discarding import discard_draft, lock_dataset
from exports.services.drafts import outdated, publish_draft, recipe_changed, refuse_outdated, standing_of
from exports.services.states import in_use
from jobs.facade import JobSerializer
from rest.facade import IF_MATCH, refuse_if_changed, tagged


class DraftFields(serializers.Serializer[Release]):
    """What only drafts have. ``version`` is the one that it would be published as."""

    id = serializers.UUIDField(source="job", help_text="of the job that built it")
    outdated = serializers.SerializerMethodField()
    recipe_changed = serializers.SerializerMethodField()

    def get_outdated(self, release: Release) -> str | None:
        """Why it cannot be published any more; null: it can."""
        return outdated(release.draft, self.context["standing"])

    def get_recipe_changed(self, release: Release) -> bool:
        """Whether the dataset has another recipe by now; the draft may be published all the same."""
        return recipe_changed(release)


class DraftSerializer(DraftFields, ReleaseSerializer):
    class Meta(ReleaseSerializer.Meta):
        fields = ("id", "outdated", "recipe_changed", *ReleaseSerializer.Meta.fields)
        read_only_fields = fields


class DraftDetailSerializer(DraftFields, ReleaseDetailSerializer):
    class Meta(ReleaseDetailSerializer.Meta):
        fields = ("id", "outdated", "recipe_changed", *ReleaseDetailSerializer.Meta.fields)
        read_only_fields = fields


def draft_of(request: Request, name: str, draft: UUID) -> Release:
    found = dataset_of(request, name).releases.drafts().select_related("dataset").filter(job=draft).first()
    if found is None:
        raise NotFound(f"There is no such draft of {name}. It may have been published, or discarded.")
    return found


def told(release: Release) -> dict[str, Any]:
    context = {"standing": standing_of(release.dataset)}
    return dict(DraftDetailSerializer(release, context=context).data)


def built(dataset: Dataset, draft: UUID) -> Release:
    """What that job has built, draft or published by now; for as long as the transaction lasts it stays so."""
    lock_dataset(dataset.pk)
    found = dataset.releases.select_related("dataset", "draft").filter(job=draft).first()
    if found is None:
        raise NotFound(f"There is no such draft of {dataset.name}. It may have been discarded.")
    return found


class DraftsView(GenericAPIView[Release]):
    serializer_class = DraftSerializer
    pagination_class = NewestFirst

    @extend_schema(responses=DraftSerializer(many=True), operation_id="drafts_list")
    def get(self, request: Request, name: str) -> Response:
        """Drafts of a dataset, newest first."""
        dataset = dataset_of(request, name)
        page = self.paginate_queryset(dataset.releases.drafts().select_related("dataset"))
        context = {"standing": standing_of(dataset)}
        return self.get_paginated_response(DraftSerializer(page, many=True, context=context).data)


class DraftView(APIView):
    @extend_schema(responses=DraftDetailSerializer, operation_id="drafts_read")
    def get(self, request: Request, name: str, draft: UUID) -> Response:
        """One draft with its manifest: what the release would be."""
        return Response(told(draft_of(request, name, draft)))

    @extend_schema(parameters=[IF_MATCH], responses={204: None}, operation_id="drafts_discard")
    def delete(self, request: Request, name: str, draft: UUID) -> Response:
        """Discard a draft with its files; 409 ``not_a_draft`` where it is published by now."""
        with transaction.atomic():
            release = built(dataset_of(request, name), draft)
            if release.state == ReleaseState.DRAFT:
                refuse_if_changed(request, tagged(told(release))["ETag"])
            discard_draft(release=release, actor=researcher(request).email)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DraftPublishView(APIView):
    @extend_schema(
        request=None, parameters=[IF_MATCH], responses=ReleaseDetailSerializer, operation_id="drafts_publish"
    )
    def post(self, request: Request, name: str, draft: UUID) -> Response:
        """Publish a draft as it is; once more is harmless. 409 ``draft_outdated`` where it must be built again."""
        with transaction.atomic():
            release = built(dataset_of(request, name), draft)
            if release.state == ReleaseState.DRAFT:
                refuse_outdated(release.draft, release.dataset)
                refuse_if_changed(request, tagged(told(release))["ETag"])
            published = publish_draft(release=release, actor=researcher(request).email)
        return Response(ReleaseDetailSerializer(in_use(published)).data)


FROM = OpenApiParameter("from", str, required=True, description="version to compare with")


class DraftDifferenceView(APIView):
    @extend_schema(parameters=[FROM], responses=ComparedShape, operation_id="drafts_difference")
    def get(self, request: Request, name: str, draft: UUID) -> Response:
        """What somebody who goes from a release to this draft would find different."""
        return Response(ComparedShape(compare_releases(**self._two(request, name, draft))).data)

    @extend_schema(
        request=None,
        parameters=[FROM],
        responses={202: JobSerializer},
        operation_id="drafts_difference_create",
    )
    def post(self, request: Request, name: str, draft: UUID) -> Response:
        """Have a job compare tables that are too large for a request; the same two again find the same job."""
        two = self._two(request, name, draft)
        row = request_comparison(**two, requested_by=researcher(request).email)
        return Response(JobSerializer(row).data, status=status.HTTP_202_ACCEPTED)

    def _two(self, request: Request, name: str, draft: UUID) -> dict[str, Release]:
        return {
            "old": release_of(request, name, request.query_params.get("from", "")),
            "new": draft_of(request, name, draft),
        }


class DraftFileView(APIView):
    @extend_schema(responses=FILE, operation_id="drafts_file")
    def get(self, request: Request, name: str, draft: UUID, path: str) -> HttpResponseBase:
        """The bytes of one file of a draft, as of a release."""
        return file_of(request, draft_of(request, name, draft), path)
