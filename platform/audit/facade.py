"""What other rooms may use of audit."""

from typing import Any

from audit.models import AuditEntry


def record(*, actor: str, action: str, subject: str, **details: Any) -> None:
    """Add one entry, in the caller's transaction: no deed without its record, no record without its deed."""
    AuditEntry.objects.create(actor=actor, action=action, subject=subject, details=details)


__all__ = ["record"]
