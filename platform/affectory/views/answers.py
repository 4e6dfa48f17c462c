"""What raters answered, cell by cell, as the annotations table has it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One value that a rater gave; excluded ones are left out."""

    item_id: str
    rater_id: str
    question: str
    dimension: str
    value: float | str
    response_id: str

    @property
    def name(self) -> str:
        """The question, with its dimension where it has several."""
        return self.question if self.dimension in {"label", "text"} else f"{self.question}_{self.dimension}"


def read_answers(rows: Iterable[Mapping[str, Any]]) -> Iterator[Answer]:
    """Give the value of each row of annotations; a row without any is left out."""
    for row in rows:
        for column in ("value_num", "value_label", "value_text"):
            value = row[column]
            if isinstance(value, str) or (value is not None and not math.isnan(value)):
                # Several labels of one answer are rows `label:<label>`.
                dimension = "label" if str(row["dimension"]).startswith("label:") else row["dimension"]
                yield Answer(
                    row["item_id"], row["rater_id"], row["question"], dimension, value, row["response_id"]
                )
                break
