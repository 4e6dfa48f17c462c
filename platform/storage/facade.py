"""What other rooms may use of storage."""

from storage.addresses import StoredObject, hash_file
from storage.links import media_link, object_response, ranged_response
from storage.objects import (
    as_file,
    copy_to,
    deleting,
    named,
    put,
    put_bytes,
    read_bytes,
    referring,
    size_of,
)
from storage.scratch import scratch_file

__all__ = [
    "StoredObject",
    "as_file",
    "copy_to",
    "deleting",
    "hash_file",
    "media_link",
    "named",
    "object_response",
    "put",
    "put_bytes",
    "ranged_response",
    "read_bytes",
    "referring",
    "scratch_file",
    "size_of",
]
