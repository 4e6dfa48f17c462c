"""Corpora, their items, and what became of the files that were offered."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import researcher
from ingest.api.corpus_facts import CorpusFacts, facts_of
from ingest.api.shapes import MediaShape, UtteranceShape
from ingest.media import media_of, picture_of
from ingest.models import Corpus, IngestEntry, Item, ItemPart
from ingest.services.groups import group_values


class FilesShape(serializers.Serializer[Any]):
    """How many of the offered files are in which state."""

    pending = serializers.IntegerField()
    ready = serializers.IntegerField()
    quarantined = serializers.IntegerField()


class CorpusSerializer(serializers.ModelSerializer[Corpus]):
    languages = serializers.ListField(child=serializers.CharField())
    files = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    cover = serializers.SerializerMethodField()

    class Meta:
        model = Corpus
        fields = (
            "name", "title", "licence", "consent_terms", "languages", "source", "synthetic", "created_at",
            "files", "items", "cover",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(FilesShape)
    def get_files(self, corpus: Corpus) -> dict[str, int]:
        return self._facts(corpus).files

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_items(self, corpus: Corpus) -> dict[str, int]:
        return self._facts(corpus).items

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_cover(self, corpus: Corpus) -> list[str]:
        """Small pictures of a few items."""
        return self._facts(corpus).cover

    def _facts(self, corpus: Corpus) -> CorpusFacts:
        facts: dict[int, CorpusFacts] = self.context["facts"]
        return facts[corpus.pk]


class PartSerializer(serializers.ModelSerializer[ItemPart]):
    item = serializers.UUIDField(source="item_id")
    key = serializers.CharField(source="item.key")

    class Meta:
        model = ItemPart
        fields = ("name", "fixed", "item", "key", "onset_s")
        read_only_fields = fields


class ItemSerializer(serializers.ModelSerializer[Item]):
    context = UtteranceShape(many=True, allow_null=True)  # type: ignore[assignment]
    groups = serializers.SerializerMethodField()
    parts = PartSerializer(many=True)
    media = serializers.SerializerMethodField()
    picture = serializers.SerializerMethodField()
    facts = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = (
            "id", "key", "kind", "title", "onset_s", "offset_s", "text", "context", "condition", "groups",
            "parts", "media", "picture", "facts",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_groups(self, item: Item) -> dict[str, str]:
        """Group keys; of several values, which parts of an item may have, all in one text."""
        return {key: "; ".join(group_values(value)) for key, value in item.groups.items()}

    @extend_schema_field(serializers.DictField(child=MediaShape()))
    def get_media(self, item: Item) -> dict[str, dict[str, str]]:
        return media_of(item.asset) if item.asset else {}

    @extend_schema_field({"type": "string", "nullable": True})
    def get_picture(self, item: Item) -> str | None:
        return picture_of(item)

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_facts(self, item: Item) -> dict[str, Any]:
        """Short facts of the file; long lists are left out."""
        facts = item.asset.facts if item.asset else {}
        return {key: value for key, value in facts.items() if not isinstance(value, list | dict)}


class EntrySerializer(serializers.ModelSerializer[IngestEntry]):
    class Meta:
        model = IngestEntry
        fields = ("path", "size", "state", "code", "reason", "field", "offered_at")
        read_only_fields = fields


class ByName(CursorPagination):
    ordering = ("name",)
    page_size = 50


class ByKey(CursorPagination):
    ordering = ("key",)
    page_size = 60


class ByPath(CursorPagination):
    ordering = ("path", "pk")
    page_size = 100


class CorpusViewSet(viewsets.GenericViewSet[Corpus]):
    """Corpora of the asking researcher's organisation."""

    serializer_class = CorpusSerializer
    pagination_class = ByName
    lookup_field = "name"
    queryset = Corpus.objects.none()

    def get_queryset(self) -> QuerySet[Corpus]:
        return Corpus.objects.filter(organisation=researcher(self.request).organisation_id)

    def list(self, request: Request) -> Response:  # noqa: ARG002
        """Corpora, by name."""
        page = self.paginate_queryset(self.get_queryset()) or []
        context = {"facts": facts_of(page)}
        return self.get_paginated_response(CorpusSerializer(page, many=True, context=context).data)

    def retrieve(self, request: Request, name: str) -> Response:  # noqa: ARG002
        """One corpus."""
        corpus = self._corpus(name)
        return Response(CorpusSerializer(corpus, context={"facts": facts_of([corpus])}).data)

    @extend_schema(
        parameters=[OpenApiParameter("kind", str)],
        responses=ItemSerializer(many=True),
        operation_id="corpora_items",
    )
    @action(detail=True, pagination_class=ByKey)
    def items(self, request: Request, name: str) -> Response:
        """Items of a corpus, by key."""
        rows = self._corpus(name).items.select_related("asset")
        rows = rows.prefetch_related("asset__renditions", "parts__item")
        kind = request.query_params.get("kind")
        pages = ByKey()
        page = pages.paginate_queryset(rows.filter(kind=kind) if kind else rows, request) or []
        return pages.get_paginated_response(ItemSerializer(page, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("state", str, enum=["pending", "ready", "quarantined"])],
        responses=EntrySerializer(many=True),
        operation_id="corpora_entries",
    )
    @action(detail=True, pagination_class=ByPath)
    def entries(self, request: Request, name: str) -> Response:
        """Files that were offered, and what became of them."""
        rows = self._corpus(name).entries.all()
        state = request.query_params.get("state")
        pages = ByPath()
        page = pages.paginate_queryset(rows.filter(state=state) if state else rows, request) or []
        return pages.get_paginated_response(EntrySerializer(page, many=True).data)

    def _corpus(self, name: str) -> Corpus:
        return get_object_or_404(self.get_queryset(), name=name)
