"""Telling, at least once: a job per event and webhook is queued with the event, and sent until it is taken."""

import http.client
import json
import uuid
from typing import Any

from django.utils import timezone

from affectory.errors import Unavailable
from jobs.facade import Job, Running, job, request_job
from webhooks.models import Event, Webhook
from webhooks.sending import post, signature

KIND = "webhooks.deliver"
# With the pauses between jobs' attempts (5, 20, 60, then 300 s): for about 40 minutes.
ATTEMPTS = 12
PING = "ping"


def is_wanted(*, organisation_id: int, event: Event) -> bool:
    return Webhook.objects.filter(organisation=organisation_id, events__contains=[event]).exists()


def announce(*, organisation_id: int, event: Event, event_id: str, told: dict[str, Any]) -> None:
    """Queue a delivery to everybody who asked for the event, in the caller's transaction; one per ``event_id``."""
    for webhook in Webhook.objects.filter(organisation=organisation_id, events__contains=[event]):
        request_job(
            kind=KIND,
            key=f"{KIND}:{webhook.pk}:{event}:{event_id}",
            scope=scope_of(webhook.pk),
            organisation_id=organisation_id,
            requested_by="webhooks",
            payload={"webhook": str(webhook.pk), "event": event, "data": told},
            max_attempts=ATTEMPTS,
        )


def ping(webhook: Webhook, *, request_id: uuid.UUID, requested_by: str) -> Job:
    """Queue a delivery that tells of nothing, to see whether any arrives; it is tried once."""
    return request_job(
        kind=KIND,
        key=f"{KIND}:{webhook.pk}:{PING}:{request_id}",
        scope=scope_of(webhook.pk),
        organisation_id=webhook.organisation_id,
        requested_by=requested_by,
        payload={"webhook": str(webhook.pk), "event": PING, "data": {}},
        max_attempts=1,
    )


def send_again(row: Job, *, requested_by: str) -> Job:
    """Queue a delivery that was given up anew, with its id and body; one that was not is left as it is."""
    return request_job(
        kind=KIND,
        key=row.key,
        scope=row.scope,
        organisation_id=row.organisation_id,
        requested_by=requested_by,
        payload=row.payload,
        retry_failed=True,
    )


def scope_of(webhook_id: uuid.UUID) -> str:
    return f"webhook:{webhook_id}"


@job(KIND)
def deliver(running: Running) -> dict[str, Any]:
    webhook = Webhook.objects.filter(pk=running.payload["webhook"]).first()
    if webhook is None:
        return {"status": None}  # nobody wants it any more
    row = running.row
    body = body_of(row)
    timestamp = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "affectory-webhook",
        "X-Affectory-Event": row.payload["event"],
        "X-Affectory-Delivery": str(row.pk),
        "X-Affectory-Timestamp": str(timestamp),
        "X-Affectory-Signature": signature(webhook.secret, timestamp, body),
    }
    try:
        status = post(webhook.url, body, headers)
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"No answer: {type(error).__name__}: {error}", code="no_answer") from error
    if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
        raise Unavailable(f"The receiver answered {status}.", code="refused")
    return {"status": status}


def body_of(row: Job) -> bytes:
    """The same bytes at each attempt."""
    told = {
        "id": str(row.pk),
        "event": row.payload["event"],
        "at": row.created_at.isoformat(),
        "data": row.payload["data"],
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
