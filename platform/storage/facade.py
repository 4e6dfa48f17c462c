"""What other rooms may use of storage."""

from storage.links import media_link, object_response, ranged_response
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
    size_of,
)

__all__ = [
    "StoredObject",
    "as_file",
    "copy_to",
    "deleting",
    "hash_file",
    "media_link",
    "object_response",
    "put",
    "put_bytes",
    "ranged_response",
    "read_bytes",
    "referring",
    "size_of",
]
