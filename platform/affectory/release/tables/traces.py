"""The tables of traces: series at a fixed rate, event logs, and what was fused from them."""

from collections.abc import Sequence

import pyarrow as pa

from affectory.release.tables.spec import Column, TableSpec, text

TRACE_DECIMALS = 4
PROVENANCE_DECIMALS = 6


def traces_table(
    dimensions: Sequence[str], *, minimum: float | None = None, maximum: float | None = None
) -> TableSpec:
    """Return the traces table: one row per item, rater, question and take, at a fixed rate."""
    return TableSpec(
        "traces",
        "One continuous rating per row, resampled to a fixed rate",
        (
            text("item_id", "Identifier of the item"),
            text("rater_id", "Pseudonym of the rater"),
            text("question", "Key of the question"),
            Column("take", pa.int16(), "Number of the attempt, from 0", minimum=0),
            text("response_id", "Identifier of the response"),
            Column("simulated", pa.bool_(), "Whether a program answered in place of a person", required=True),
            *_time_columns(),
            *(_series(name, f"{name} over media time", minimum, maximum) for name in dimensions),
            Column("mask", pa.list_(pa.bool_()), "True where the sample is valid"),
            text("rule", "How the fixed-rate series was made from the event log"),
            Column("coverage", pa.float64(), "Valid share of the medium", minimum=0, maximum=1),
            Column(
                "longest_gap_s", pa.float64(), "Longest stretch without a valid sample", unit="s", minimum=0
            ),
            text("excluded", "Why the gold was made without this trace; empty when it counted"),
        ),
        ("item_id", "rater_id", "question", "take"),
        row_group_rows=500,
    )


def traces_raw_table(dimensions: Sequence[str]) -> TableSpec:
    """Return the raw traces: the event log as it was stored, before resampling."""
    return TableSpec(
        "traces_raw",
        "Event logs of the traces as they were recorded; imported traces have none",
        (
            text("item_id", "Identifier of the item"),
            text("rater_id", "Pseudonym of the rater"),
            text("question", "Key of the question"),
            Column("take", pa.int16(), "Number of the attempt, from 0", minimum=0),
            text("response_id", "Identifier of the response"),
            Column(
                "seq", pa.list_(pa.int64()), "Number of each event over the whole trace; a hole is a loss"
            ),
            Column("page", pa.list_(pa.int32()), "Page of each event, from 0: a reload has another clock"),
            Column("event", pa.list_(pa.string()), "Kind of each event"),
            Column("t_event_us", pa.list_(pa.int64()), "Time of each event on its page's clock", unit="us"),
            Column("t_media_us", pa.list_(pa.int64()), "Time of each event on the media clock", unit="us"),
            *(Column(name, pa.list_(pa.float64()), f"{name} at each event") for name in dimensions),
        ),
        ("item_id", "rater_id", "question", "take"),
        row_group_rows=500,
    )


def gold_traces_table(
    dimensions: Sequence[str], *, minimum: float | None = None, maximum: float | None = None
) -> TableSpec:
    """Return the gold traces: one row per item, question and fusion method."""
    series = [
        column
        for name in dimensions
        for column in (
            _series(name, f"Gold {name} over media time", minimum, maximum),
            _series(f"{name}_sd", f"Standard deviation over raters of {name}", 0, None),
        )
    ]
    return TableSpec(
        "gold_traces",
        "Traces fused over raters, per method",
        (
            text("item_id", "Identifier of the item"),
            text("question", "Key of the question"),
            text("method", "Fusion method"),
            Column("gold", pa.bool_(), "Whether this fusion is the gold of the question", required=True),
            *_time_columns(),
            *series,
            Column("n", pa.list_(pa.int16()), "Raters with a valid sample", unit="raters", minimum=0),
            text(
                "reason",
                "Why a dimension has no gold, or what is to be known of it, by dimension; empty: nothing",
            ),
        ),
        ("item_id", "question", "method"),
        row_group_rows=500,
    )


def gold_raters_table(dimensions: Sequence[str]) -> TableSpec:
    """Return what each rater's trace had to do with each gold trace: one row per gold trace and rater."""
    return TableSpec(
        "gold_raters",
        "How each gold trace was made: which raters' traces were fused, with which weight and lag",
        (
            text("item_id", "Identifier of the item"),
            text("question", "Key of the question"),
            text("method", "Fusion method"),
            text("rater_id", "Pseudonym of the rater"),
            *(
                Column(
                    f"{name}_weight",
                    pa.float64(),
                    f"Share of the rater in {name}; the shares of all make 1; empty: all count the same",
                    minimum=0,
                    maximum=1,
                    decimals=PROVENANCE_DECIMALS,
                )
                for name in dimensions
            ),
            Column(
                "lag_s",
                pa.float64(),
                "Delay that was taken out of the rater's trace; empty: none was",
                unit="s",
                minimum=0,
                decimals=PROVENANCE_DECIMALS,
            ),
            text(
                "lag_from", "Who says so: calibration (the rater's own) or fixed (the rule's); empty: no lag"
            ),
            text("excluded", "Why the gold was made without this rater; empty when her trace was fused"),
        ),
        ("item_id", "question", "method", "rater_id"),
    )


def _time_columns() -> tuple[Column, Column]:
    return (
        Column("rate_hz", pa.float64(), "Samples per second", unit="Hz", minimum=0, required=True),
        Column("t0_s", pa.float64(), "Media time of the first sample", unit="s", required=True),
    )


def _series(name: str, description: str, minimum: float | None, maximum: float | None) -> Column:
    return Column(
        name, pa.list_(pa.float32()), description, minimum=minimum, maximum=maximum, decimals=TRACE_DECIMALS
    )
