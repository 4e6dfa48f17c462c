"""Which items are wanted, written as a person types it: `kind=video`, `va_valence>=0.2`."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from affectory.client.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

_SHAPE = re.compile(r"\s*(\w+)\s*(==|=|!=|>=|<=|>|<)\s*(.*?)\s*", re.DOTALL)
_OPERATIONS = {
    "=": "equal",
    "==": "equal",
    "!=": "not_equal",
    ">=": "greater_equal",
    "<=": "less_equal",
    ">": "greater",
    "<": "less",
}
_EXAMPLE = "write it as: --filter kind=video, or --filter 'va_valence>=0.2'"
_TRUTH = {"true": True, "false": False}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": lambda text: _TRUTH[text.lower()],
    "text": str,
    "date": dt.date.fromisoformat,
}


@dataclass(frozen=True)
class Condition:
    """One comparison of a column of the items table with a value. A row without a value never fits."""

    column: str
    operation: str
    value: Any

    @classmethod
    def parse(cls, text: str, kinds: Mapping[str, str]) -> "Condition":
        """Read `text`; `kinds` are the columns of the items table with the kind of their values."""
        found = _SHAPE.fullmatch(text)
        if not found:
            raise UsageError(f"the filter {text!r} is no comparison", _EXAMPLE)
        column, operator, given = found.groups()
        if column not in kinds:
            raise UsageError(f"items have no column {column!r} to filter by", f"there is: {', '.join(kinds)}")
        kind = kinds[column]
        if kind not in _READERS:
            raise UsageError(f"column {column!r} holds {kind} and cannot be filtered by", _EXAMPLE)
        try:
            return cls(column, _OPERATIONS[operator], _READERS[kind](given))
        except (ValueError, KeyError):
            raise UsageError(f"column {column!r} holds {kind}, and {given!r} is none", _EXAMPLE) from None


def fitting_ids(items: "pa.Table", conditions: Sequence[Condition]) -> "pa.Array":
    """Return the `item_id` of the rows that fit all conditions."""
    import pyarrow.compute as pc  # noqa: PLC0415  # pyarrow only where it is needed

    for one in conditions:
        items = items.filter(getattr(pc, one.operation)(items.column(one.column), one.value))
    return items.column("item_id").combine_chunks()
