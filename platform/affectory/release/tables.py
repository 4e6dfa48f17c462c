"""What a table of a release is, and the standard tables.

A `TableSpec` is declared once and feeds the Parquet schema, the manifest, the dataset card and
croissant.json. The items table differs per dataset: start from `items_table` and hand it the columns that
`gold_columns`, `label_columns` and `mapped_columns` make for each question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from affectory.release.encoding import kind_of
from affectory.release.errors import TableError
from affectory.release.manifest import ColumnRecord

TRACE_DECIMALS = 4


@dataclass(frozen=True)
class Column:
    """One column. `minimum` and `maximum` are the limits of the scale, not the observed range.

    `decimals` rounds floats (also inside lists) to their true resolution before they are written. A `derived`
    column follows from other rows (it counts them, or says what enough of them share), and a difference in it alone
    does not count as a change.
    """

    name: str
    type: pa.DataType
    description: str
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    source: str | None = None
    decimals: int | None = None
    required: bool = False
    derived: bool = False

    def record(self) -> ColumnRecord:
        return ColumnRecord(
            name=self.name,
            kind=kind_of(self.type, self.name),
            type=str(self.type),
            description=self.description,
            unit=self.unit,
            minimum=self.minimum,
            maximum=self.maximum,
            source=self.source,
            derived=self.derived,
        )


@dataclass(frozen=True)
class TableSpec:
    """A table: its columns in order, the primary key its rows are sorted by, and its row group size."""

    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    row_group_rows: int = 65_536

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise TableError(f"table {self.name}: column {repeated[0]!r} is declared twice")
        unknown = [name for name in self.primary_key if name not in names]
        if unknown or not self.primary_key:
            raise TableError(
                f"table {self.name}: the primary key {self.primary_key} is not made of its columns"
            )

    @property
    def schema(self) -> pa.Schema:
        key = set(self.primary_key)
        fields = [pa.field(c.name, c.type, nullable=not (c.required or c.name in key)) for c in self.columns]
        return pa.schema(fields)

    def records(self) -> tuple[ColumnRecord, ...]:
        return tuple(column.record() for column in self.columns)


def items_table(
    columns: Sequence[Column],
    group_keys: Sequence[str] = (),
    *,
    with_parts: bool = False,
    with_times: bool = False,
    with_originals: bool = False,
) -> TableSpec:
    """Return the items table: what it is, the group keys as own columns, then the caller's label columns.

    `with_parts` adds a column that names the parts of items which show several others together, `with_times` one that
    says when they begin, `with_originals` those of the files that were taken in.
    """
    own = (
        _text("item_id", "Identifier of the item"),
        _text(
            "kind", "video, audio, image, eeg, text, dialogue, group, terms, sequence or trial", required=True
        ),
        _text(
            "split", "Role of the item in the default split scheme: train, validation or test", required=True
        ),
        _text("group_id", "Connected component over the group keys; no group is in two splits"),
        *(_text(key, f"Group key: {key}") for key in group_keys),
        _text("condition", "What was presented: audio-only, video-only, audio-visual or text"),
        Column("n_raters", pa.int32(), "Raters whose answers went into the labels", unit="raters", minimum=0),
    )
    parts = (
        _text(
            "parts",
            "JSON object: name of each part that is shown together -> its item_id; empty without parts",
        ),
    )
    times = (
        _text(
            "part_onsets_s",
            "JSON object: name of each part that has a time of its own -> second of the item at which it begins",
        ),
    )
    media = (
        *(_text(name, meaning) for name, meaning in media_columns(originals=with_originals).items()),
        Column("duration_s", pa.float64(), "Duration of the medium", unit="s", minimum=0),
        _text("text", "Text of the item"),
    )
    return TableSpec(
        "items",
        "One row per item: gold, soft labels, dispersion",
        (*own, *columns, *(parts if with_parts else ()), *(times if with_times else ()), *media),
        ("item_id",),
    )


def media_columns(*, originals: bool) -> dict[str, str]:
    """Return the names of the columns of media files, and what they mean."""
    seen = {
        "media_path": "Path of the media file inside the release, where media are part of it",
        "media_sha256": "SHA-256 of the media file",
    }
    taken_in = {
        "original_path": "Path of the original file inside the release, as it was taken in",
        "original_sha256": "SHA-256 of the original file",
    }
    return seen | taken_in if originals else seen


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
    """Return `<question>_marks` with its `_n`: segments, spans or units that the raters marked together."""
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


def annotations_table(*, with_exposed: bool = False, with_target: bool = False) -> TableSpec:
    """Return the annotations table: one row per item, rater, question and dimension or label.

    `with_exposed` adds which answers were given after a proposal or others' answers were shown, `with_target` whom in
    the item each rater had picked.
    """
    shown = (
        "Whether a proposal, or what others had answered, was shown before; never counted with other answers"
    )
    return TableSpec(
        "annotations",
        "One row per item, rater, question and dimension; excluded answers stay, with their reason",
        (
            _text("item_id", "Identifier of the item"),
            _text("rater_id", "Pseudonym of the rater"),
            _text("question", "Key of the question"),
            _text("dimension", "Dimension of the answer; `label` for categories, `text` for free text"),
            _text("response_id", "Identifier of the response; the rows of one response share it"),
            Column("value_num", pa.float64(), "Answer on a scale, in the units of the dimension"),
            _text("value_label", "Chosen label"),
            _text("value_text", "Free text"),
            _text("perspective", "Whose feeling is rated from where: self, observer, reader ..."),
            Column("simulated", pa.bool_(), "Whether a program answered in place of a person", required=True),
            Column("answered_at", pa.timestamp("us", tz="UTC"), "When the answer was given"),
            Column("duration_ms", pa.int64(), "Time from shown to answered", unit="ms", minimum=0),
            _text("excluded", "Why the labels were made without this answer; empty when it counted"),
            *([Column("exposed", pa.bool_(), shown, required=True)] if with_exposed else []),
            *(
                [_text("target", "Whom in the item the rater had picked; empty: nobody")]
                if with_target
                else []
            ),
        ),
        ("item_id", "rater_id", "question", "dimension", "response_id"),
    )


def traces_table(
    dimensions: Sequence[str], *, minimum: float | None = None, maximum: float | None = None
) -> TableSpec:
    """Return the traces table: one row per item, rater, question and take, at a fixed rate."""
    return TableSpec(
        "traces",
        "One continuous rating per row, resampled to a fixed rate",
        (
            _text("item_id", "Identifier of the item"),
            _text("rater_id", "Pseudonym of the rater"),
            _text("question", "Key of the question"),
            Column("take", pa.int16(), "Number of the attempt, from 0", minimum=0),
            _text("response_id", "Identifier of the response"),
            Column("simulated", pa.bool_(), "Whether a program answered in place of a person", required=True),
            *_time_columns(),
            *(_series(name, f"{name} over media time", minimum, maximum) for name in dimensions),
            Column("mask", pa.list_(pa.bool_()), "True where the sample is valid"),
            _text("rule", "How the fixed-rate series was made from the event log"),
            Column("coverage", pa.float64(), "Valid share of the medium", minimum=0, maximum=1),
            Column(
                "longest_gap_s", pa.float64(), "Longest stretch without a valid sample", unit="s", minimum=0
            ),
            _text("excluded", "Why the gold was made without this trace; empty when it counted"),
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
            _text("item_id", "Identifier of the item"),
            _text("rater_id", "Pseudonym of the rater"),
            _text("question", "Key of the question"),
            Column("take", pa.int16(), "Number of the attempt, from 0", minimum=0),
            _text("response_id", "Identifier of the response"),
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
            _text("item_id", "Identifier of the item"),
            _text("question", "Key of the question"),
            _text("method", "Fusion method"),
            *_time_columns(),
            *series,
            Column("n", pa.list_(pa.int16()), "Raters with a valid sample", unit="raters", minimum=0),
        ),
        ("item_id", "question", "method"),
        row_group_rows=500,
    )


def raters_table(columns: Sequence[Column] = ()) -> TableSpec:
    """Return the raters table: pseudonyms only; banded demographics are the caller's extra columns."""
    return TableSpec(
        "raters",
        "One row per rater, under a pseudonym",
        (
            _text("rater_id", "Pseudonym of the rater"),
            _text("kind", "crowd, lab, expert, self, partner, model or imported", required=True),
            Column("simulated", pa.bool_(), "Whether this is a program in place of a person", required=True),
            Column(
                "n_responses",
                pa.int64(),
                "Responses in this release",
                unit="responses",
                minimum=0,
                derived=True,
            ),
            *columns,
        ),
        ("rater_id",),
    )


def about_column(name: str, asked: str, k: int) -> Column:
    """Return a column of what raters said of themselves, in bands. `derived`: who else is there moves the bands."""
    return Column(
        name,
        pa.string(),
        f"What the rater said of herself ({asked}), in bands that at least {k} share; null: not asked or not told",
        derived=True,
    )


def splits_table() -> TableSpec:
    """Return the splits table: every split scheme of items, one row per scheme, item and role.

    An item is in one role of a scheme as a whole, or in several by stretches of time.
    """
    return TableSpec(
        "splits",
        "Role or fold of each item in each split scheme",
        (
            _text("scheme", "Name of the split scheme"),
            _text("item_id", "Identifier of the item"),
            _text("group_id", "Group that was placed as a whole"),
            _text("role", "train, validation, test or the name of a fold"),
            Column("start_s", pa.float64(), "Begin of the stretch within the item; empty: whole", "s", 0),
            Column("end_s", pa.float64(), "End of the stretch within the item; empty: whole", "s", 0),
        ),
        ("scheme", "item_id", "role"),
    )


def rater_splits_table() -> TableSpec:
    """Return the splits of raters: who rates for training and who for the test, per scheme."""
    return TableSpec(
        "rater_splits",
        "Role of each rater in each split scheme by rater",
        (
            _text("scheme", "Name of the split scheme"),
            _text("rater_id", "Pseudonym of the rater"),
            _text("role", "train, validation or test", required=True),
        ),
        ("scheme", "rater_id"),
    )


def _text(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name, pa.string(), description, required=required)


def _time_columns() -> tuple[Column, Column]:
    return (
        Column("rate_hz", pa.float64(), "Samples per second", unit="Hz", minimum=0, required=True),
        Column("t0_s", pa.float64(), "Media time of the first sample", unit="s", required=True),
    )


def _series(name: str, description: str, minimum: float | None, maximum: float | None) -> Column:
    return Column(
        name, pa.list_(pa.float32()), description, minimum=minimum, maximum=maximum, decimals=TRACE_DECIMALS
    )
