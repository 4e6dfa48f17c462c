"""What other rooms may use of rest: helpers of the API that know HTTP and no kind of thing."""

from rest.preconditions import IF_MATCH, entity_tag, refuse_if_changed, tagged

__all__ = ["IF_MATCH", "entity_tag", "refuse_if_changed", "tagged"]
