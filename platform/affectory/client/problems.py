"""What a server says when it refuses, in words for people."""

from collections.abc import Mapping
from typing import Any

import httpx


def error_of(response: httpx.Response) -> tuple[str, Mapping[str, Any]]:
    """Return message and details of a refusal; both empty where the answer is not one of ours."""
    try:
        answer = response.json()
    except ValueError:
        return "", {}
    if not isinstance(answer, dict):
        return "", {}
    details = answer.get("details")
    return str(answer.get("message", "")), details if isinstance(details, dict) else {}


def tombstone(message: str, details: Mapping[str, Any]) -> str:
    facts = [
        f"{key.replace('_', ' ')}: {_fact(details[key])}"
        for key in ("reason", "date", "removed_rows")
        if key in details
    ]
    return "; ".join([message or "this release is withdrawn", *facts])


def _fact(value: Any) -> str:
    """Return a fact in words; counts by table as `12 annotations, 1 raters`."""
    if isinstance(value, dict):
        return ", ".join(f"{count} {table}" for table, count in value.items())
    return str(value)


def successor_hint(details: Mapping[str, Any]) -> str:
    if successor := details.get("successor"):
        return (
            f"use its successor {successor}, and delete the cached copy with: affectory cache purge-withdrawn"
        )
    return "delete the cached copy with: affectory cache purge-withdrawn"
