"""What other rooms may use of storage."""

from storage.links import entity_tag, media_link, ranged_response
from storage.objects import (
    StoredObject,
    as_file,
    copy_to,
    deleting,
    hash_file,
    put,
    put_bytes,
    read_bytes,
    referring,
)
from storage.preconditions import IF_MATCH, refuse_if_changed, tagged

__all__ = [
    "IF_MATCH",
    "StoredObject",
    "as_file",
    "copy_to",
    "deleting",
    "entity_tag",
    "hash_file",
    "media_link",
    "put",
    "put_bytes",
    "ranged_response",
    "read_bytes",
    "referring",
    "refuse_if_changed",
    "tagged",
]
