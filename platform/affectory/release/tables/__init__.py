"""What a table of a release is, and the standard tables.

A `TableSpec` is declared once and feeds the Parquet schema, the manifest, the dataset card and
croissant.json. The items table differs per dataset: start from `items_table` and hand it the columns that
`gold_columns`, `label_columns` and `mapped_columns` make for each question.
"""

from affectory.release.tables.answers import (
    about_column,
    annotations_table,
    calibrations_table,
    raters_table,
)
from affectory.release.tables.items import items_table, media_columns
from affectory.release.tables.labels import (
    gold_columns,
    label_columns,
    labels_column,
    mapped_columns,
    mark_columns,
    reason_column,
    word_columns,
)
from affectory.release.tables.spec import Column, TableSpec
from affectory.release.tables.splits import rater_splits_table, splits_table
from affectory.release.tables.traces import (
    TRACE_DECIMALS,
    gold_raters_table,
    gold_traces_table,
    traces_raw_table,
    traces_table,
)

__all__ = [
    "TRACE_DECIMALS",
    "Column",
    "TableSpec",
    "about_column",
    "annotations_table",
    "calibrations_table",
    "gold_columns",
    "gold_raters_table",
    "gold_traces_table",
    "items_table",
    "label_columns",
    "labels_column",
    "mapped_columns",
    "mark_columns",
    "media_columns",
    "rater_splits_table",
    "raters_table",
    "reason_column",
    "splits_table",
    "traces_raw_table",
    "traces_table",
    "word_columns",
]
