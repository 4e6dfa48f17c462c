"""Collections, for whoever makes a study or a dataset of one."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import researcher
from ingest.models import Collection


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    filters = serializers.DictField(read_only=True)

    class Meta:
        model = Collection
        fields = ("name", "filters", "created_at")
        read_only_fields = fields


class ByName(CursorPagination):
    ordering = ("name",)
    page_size = 100


class CollectionsView(ListAPIView[Collection]):
    serializer_class = CollectionSerializer
    pagination_class = ByName
    queryset = Collection.objects.none()

    def get_queryset(self) -> QuerySet[Collection]:
        return Collection.objects.filter(organisation=researcher(self.request).organisation_id)

    @extend_schema(operation_id="collections_list")
    def get(self, request: Request) -> Response:
        """Saved selections of items, by name."""
        return self.list(request)
