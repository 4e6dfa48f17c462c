"""Webhooks of an organisation, and what became of their deliveries."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import researcher
from audit.facade import record
from jobs.facade import Job, JobSerializer
from rest.facade import IF_MATCH, refuse_if_changed, tagged
from webhooks.delivery import PING, ping, scope_of, send_again
from webhooks.models import Event, Webhook


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    events = serializers.ListField(child=serializers.ChoiceField(Event.choices), allow_empty=False)

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = ("id", "url", "events", "created_by", "created_at")
        read_only_fields = ("id", "created_by", "created_at")

    def validate_url(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or not url.isascii() or not url.isprintable() or " " in url:
            raise serializers.ValidationError("is no http or https address.")
        if parts.username is not None:
            raise serializers.ValidationError("holds a user name; the signature says who sends it.")
        return url

    def validate_events(self, events: list[str]) -> list[str]:
        return sorted(set(events))


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(read_only=True, help_text="Shown this once; it signs each delivery.")

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class DeliverySerializer(JobSerializer):
    """A job: `queued` with an error waits for its next attempt; `failed` was given up."""

    event = serializers.SerializerMethodField()

    class Meta(JobSerializer.Meta):
        fields = ("id", "event", "state", "error", "result", "attempt", "created_at", "finished_at")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field({"type": "string", "enum": [*Event.values, PING]})
    def get_event(self, row: Job) -> str:
        event: str = row.payload["event"]
        return event


class PingBody(serializers.Serializer[Any]):
    request_id = serializers.UUIDField(
        help_text="made by the caller; the same one again finds the same delivery"
    )


DELIVERY = OpenApiParameter("delivery", UUID, OpenApiParameter.PATH)


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50


class WebhookViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Webhook],
):
    """Webhooks of the asking researcher's organisation, newest first."""

    serializer_class = WebhookSerializer
    pagination_class = NewestFirst
    queryset = Webhook.objects.none()

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.filter(organisation=researcher(self.request).organisation_id)

    @extend_schema(request=WebhookSerializer, responses={201: NewWebhookSerializer})
    def create(self, request: Request) -> Response:
        """Have events told to an address; the secret is in this answer and nowhere else."""
        given = WebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        me = researcher(request)
        made = given.save(organisation_id=me.organisation_id, created_by=me.email)
        record(
            actor=me.email, action="created", subject=f"webhook:{made.pk}", url=made.url, events=made.events
        )
        return Response(NewWebhookSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WebhookSerializer, parameters=[IF_MATCH], responses=WebhookSerializer)
    def update(self, request: Request, pk: Any) -> Response:
        """Give it another address and other events; the secret stays. 412 where ``If-Match`` names another state."""
        given = WebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            webhook = get_object_or_404(self.get_queryset().select_for_update(no_key=True), pk=pk)
            refuse_if_changed(request, tagged(WebhookSerializer(webhook).data)["ETag"])
            before = {"url": webhook.url, "events": webhook.events}
            changed = WebhookSerializer().update(webhook, given.validated_data)
            record(
                actor=researcher(request).email, action="changed", subject=f"webhook:{webhook.pk}",
                before=before, url=changed.url, events=changed.events,
            )  # fmt: skip
        return tagged(WebhookSerializer(changed).data)

    @extend_schema(request=PingBody, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, pk: Any) -> Response:  # noqa: ARG002
        """Tell it a `ping`, once, whatever events it wants; the deliveries say what came of it."""
        given = PingBody(data=request.data)
        given.is_valid(raise_exception=True)
        asked_by = researcher(request).email
        row = ping(self.get_object(), request_id=given.validated_data["request_id"], requested_by=asked_by)
        return Response(DeliverySerializer(row).data, status=status.HTTP_202_ACCEPTED)

    def perform_destroy(self, instance: Webhook) -> None:
        record(actor=researcher(self.request).email, action="deleted", subject=f"webhook:{instance.pk}")
        instance.delete()

    @extend_schema(responses=DeliverySerializer(many=True))
    @action(detail=True)
    def deliveries(self, request: Request, pk: Any) -> Response:  # noqa: ARG002
        """What was told, newest first, and whether it arrived."""
        page: Any = self.paginate_queryset(self._deliveries())  # type: ignore[arg-type]
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)

    @extend_schema(
        request=None,
        parameters=[DELIVERY],
        responses={202: DeliverySerializer},
        operation_id="webhooks_deliveries_again",
    )
    @action(
        detail=True,
        methods=["post"],
        url_path=r"deliveries/(?P<delivery>[^/.]+)/again",
    )
    def again(self, request: Request, pk: Any, delivery: str) -> Response:  # noqa: ARG002
        """Tell once more what was given up, with the same id and body; what was not given up stays as it is."""
        row = get_object_or_404(self._deliveries(), pk=delivery)
        told = send_again(row, requested_by=researcher(request).email)
        return Response(DeliverySerializer(told).data, status=status.HTTP_202_ACCEPTED)

    def _deliveries(self) -> QuerySet[Job]:
        webhook = self.get_object()
        return Job.objects.filter(scope=scope_of(webhook.pk), organisation=webhook.organisation_id)
