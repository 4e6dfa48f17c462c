"""The columns that hold the labels of a question in the table of items."""

from collections.abc import Sequence

import pyarrow as pa

from affectory.release.tables.spec import Column


def gold_columns(
    question: str,
    dimension: str,
    *,
    minimum: float | None,
    maximum: float | None,
    source: str,
    unit: str | None = None,
) -> tuple[Column, Column, Column]:
    """Return `<question>_<dimension>` with its `_sd` and `_n`."""
    name = f"{question}_{dimension}"
    return (
        Column(name, pa.float64(), f"Gold {dimension} of {question!r}", unit, minimum, maximum, source),
        Column(
            f"{name}_sd",
            pa.float64(),
            f"Standard deviation (divided by n) over raters of {name}",
            unit,
            0,
            None,
            source,
        ),
        Column(f"{name}_n", pa.int32(), f"Answers that went into {name}", "answers", 0, None, source),
    )


def label_columns(question: str, labels: Sequence[str], *, source: str) -> tuple[Column, Column]:
    """Return `<question>_label` and `<question>_votes`; the votes stand in the order of `labels`."""
    listed = ", ".join(labels)
    return (
        Column(f"{question}_label", pa.string(), f"Label of {question!r}: one of {listed}", source=source),
        Column(
            f"{question}_votes",
            pa.list_(pa.int32()),
            f"Votes for each label of {question!r}, in the order {listed}",
            unit="votes",
            minimum=0,
            source=source,
        ),
    )


def labels_column(question: str, *, source: str) -> Column:
    """Return `<question>_labels`: all that enough raters chose, where each may choose several."""
    return Column(
        f"{question}_labels",
        pa.list_(pa.string()),
        f"Labels of {question!r} that enough raters chose; []: none of them, missing: no label",
        source=source,
    )


def reason_column(question: str, *, source: str) -> Column:
    """Return `<question>_reason`, for items that raters answered and that have no label or gold all the same."""
    return Column(
        f"{question}_reason",
        pa.string(),
        f"Why there is no label or gold of {question!r}; empty where there is, and where nobody answered",
        source=source,
    )


def word_columns(question: str, *, source: str) -> tuple[Column, Column, Column]:
    """Return `<question>_words` with the number of raters of each, and `<question>_n`."""
    words = f"{question}_words"
    return (
        Column(words, pa.list_(pa.string()), f"Words given to {question!r}, most used first", source=source),
        Column(
            f"{question}_word_raters",
            pa.list_(pa.int32()),
            f"Raters who gave each word of {words}, in its order",
            "raters",
            0,
            None,
            source,
        ),
        Column(f"{question}_n", pa.int32(), f"Answers that went into {words}", "answers", 0, None, source),
    )


def mapped_columns(
    question: str, dimensions: Sequence[str], *, minimum: float, maximum: float, source: str
) -> tuple[Column, ...]:
    """Return `<question>_<dimension>_mapped`: dimensions computed from the label votes by a mapping."""
    return tuple(
        Column(
            f"{question}_{dimension}_mapped",
            pa.float64(),
            f"{dimension} computed from the votes of {question!r}; nobody rated it",
            minimum=minimum,
            maximum=maximum,
            source=source,
        )
        for dimension in dimensions
    )


def mark_columns(question: str, *, source: str) -> tuple[Column, Column]:
    """Return `<question>_marks` with its `_n`: segments, spans, units or boxes that the raters marked together."""
    return (
        Column(
            f"{question}_marks",
            pa.string(),
            f"JSON list: what was marked together for {question!r}, with the share of raters; "
            "[]: nothing; missing: no label",
            source=source,
        ),
        Column(
            f"{question}_n",
            pa.int32(),
            f"Answers that went into {question}_marks",
            "answers",
            0,
            None,
            source,
        ),
    )
