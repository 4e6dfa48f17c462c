"""How the parts of an item stand before one rater."""

from hashlib import sha256

from annotation.models import Assignment
from ingest.facade import Part, parts_of


def shown_parts(assignment: Assignment) -> tuple[Part, ...]:
    """Fixed parts in their order, then the candidates, shuffled for each assignment unless the protocol forbids it.

    The order follows from the assignment's id, so that a reload shows the same and an answer can be held to it.
    """
    item = assignment.study_item.item_id
    parts = parts_of([item]).get(item, ())
    presentation = assignment.participation.study.protocol.document["presentation"]
    if not presentation.get("shuffle_parts", True):
        return parts
    lots = {part.name: sha256(f"{assignment.pk}/{part.name}".encode()).digest() for part in parts}
    return tuple(sorted(parts, key=lambda part: (not part.fixed, b"" if part.fixed else lots[part.name])))
