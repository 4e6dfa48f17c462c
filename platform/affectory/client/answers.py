"""What each rater answered, as rows to train on: one per item, rater and take, with the columns that gold has."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

_ROW = ["item_id", "rater_id", "take"]
_RESPONSE = ["item_id", "rater_id", "question"]
#: The columns of `annotations` that are read.
NEEDED = [
    *_RESPONSE,
    "response_id",
    "dimension",
    "value_num",
    "value_label",
    "simulated",
    "answered_at",
    "excluded",
]
_LABEL = "label"


def answer_rows(annotations: pa.Table, labels: Mapping[str, Sequence[str]]) -> pa.Table:
    """Put what a rater said of an item into one row.

    Parameters
    ----------
    annotations : Table
        Rows of `annotations` with the columns `NEEDED`; excluded ones are left out.
    labels : mapping
        The labels of each question that has votes, in the order of the votes.

    Returns
    -------
    Table
        `item_id`, `rater_id`, `take` (from 0, where a rater was asked again), `simulated`, then for numbers
        `<question>_<dimension>` and for labels `<question>_votes`: 1 where the rater chose the label, else 0. Null: not
        asked, or not answered. In the order of item, rater and take.
    """
    cells = annotations.filter(annotations.column("excluded").is_null()).to_pandas()
    cells["take"] = _takes(cells)
    rows = cells.drop_duplicates(_ROW).sort_values(_ROW).set_index(_ROW)[["simulated"]]
    cells["row"] = rows.index.get_indexer(pd.MultiIndex.from_frame(cells[_ROW]))
    columns = {name: rows.index.get_level_values(name) for name in _ROW} | {"simulated": rows["simulated"]}
    columns |= {name: pa.array(values) for name, values in columns.items()}
    columns |= dict(_numbers(cells, len(rows)))
    columns |= dict(_votes(cells, labels, len(rows)))
    return pa.table(columns)


def kinds_of(rows: pa.Table) -> dict[str, str]:
    """Return which columns of `answer_rows` can be targets, with the kind of their values."""
    return {
        field.name: "list<float>" if pa.types.is_list(field.type) else "float"
        for field in rows.schema
        if field.name not in {*_ROW, "simulated"}
    }


def _takes(cells: pd.DataFrame) -> "pd.Series[int]":
    """Return which answer of the rater to the question for the item this is, in the order of time."""
    order = cells.groupby(["answered_at", "response_id"], dropna=False).ngroup()
    return order.groupby([cells[name] for name in _RESPONSE]).rank(method="dense").astype(np.int16) - 1


def _numbers(cells: pd.DataFrame, rows: int) -> Iterable[tuple[str, pa.Array]]:
    told = cells[cells["value_num"].notna()]
    for (question, dimension), values in told.groupby(["question", "dimension"]):
        column = np.full(rows, np.nan)
        column[values["row"]] = values["value_num"]
        yield f"{question}_{dimension}", pa.array(column, from_pandas=True)


def _votes(
    cells: pd.DataFrame, labels: Mapping[str, Sequence[str]], rows: int
) -> Iterable[tuple[str, pa.Array]]:
    # Several labels of one answer are rows `label:<label>`.
    voted = cells[(cells["dimension"] == _LABEL) | cells["dimension"].str.startswith(f"{_LABEL}:")]
    for question, values in voted.groupby("question"):
        order = pd.Index(labels.get(question, ()))
        if len(order):
            yield (
                f"{question}_votes",
                _listed(values["row"], order.get_indexer(values["value_label"]), rows, len(order)),
            )


def _listed(row: "pd.Series[int]", place: npt.NDArray[np.intp], rows: int, members: int) -> pa.Array:
    """Return a list per row; an answer that is none of the labels, such as `other`, votes for none."""
    votes = np.zeros((rows, members), dtype=np.float32)
    known = place >= 0
    votes[row.to_numpy()[known], place[known]] = 1
    asked = np.zeros(rows, dtype=bool)
    asked[row] = True
    offsets = pa.array(np.arange(rows + 1) * members, pa.int32())
    return pa.ListArray.from_arrays(offsets, votes.ravel(), mask=pa.array(~asked))
