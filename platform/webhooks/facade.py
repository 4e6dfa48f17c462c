"""What other rooms may use of webhooks."""

from webhooks.delivery import announce, is_wanted
from webhooks.models import Event

__all__ = ["Event", "announce", "is_wanted"]
