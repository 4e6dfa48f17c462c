"""Where somebody is in a picture, and what is wrong with what says so."""

import math
from itertools import pairwise
from typing import Any

BOX_NUMBERS = 5


def wrong_boxes(boxes: Any) -> str | None:
    """Why this is no list of ``[t, x, y, w, h]``, or None.

    t in seconds, rising; x, y (left, top), w and h as parts of the picture, 0..1.

    >>> wrong_boxes([[0, 0.1, 0.2, 0.3, 0.4], [1, 0.1, 0.2, 0.3, 0.4]])
    >>> wrong_boxes([[0, 100, 50, 30, 40]])
    'box 1: left, top, width and height are parts of the picture, 0 to 1; it has 100.'
    """
    if not isinstance(boxes, list) or not boxes:
        return "must be a list of boxes [seconds, left, top, width, height]."
    for number, box in enumerate(boxes, start=1):
        if not isinstance(box, list) or len(box) != BOX_NUMBERS or not all(map(_is_number, box)):
            return f"box {number}: must be five numbers, seconds, left, top, width, height."
        outside = next((part for part in box[1:] if not 0 <= part <= 1), None)
        if outside is not None:
            return f"box {number}: left, top, width and height are parts of the picture, 0 to 1; it has {outside:g}."
    if not all(before[0] < after[0] for before, after in pairwise(boxes)):
        return "the seconds of the boxes must rise."
    return None


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
