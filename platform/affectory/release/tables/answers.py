"""The tables of single answers and of who gave them."""

from collections.abc import Sequence

import pyarrow as pa

from affectory.release.tables.spec import Column, TableSpec, text

CALIBRATION_DECIMALS = 6


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
            text("item_id", "Identifier of the item"),
            text("rater_id", "Pseudonym of the rater"),
            text("question", "Key of the question"),
            text("dimension", "Dimension of the answer; `label` for categories, `text` for free text"),
            text("response_id", "Identifier of the response; the rows of one response share it"),
            Column("value_num", pa.float64(), "Answer on a scale, in the units of the dimension"),
            text("value_label", "Chosen label"),
            text("value_text", "Free text"),
            text("perspective", "Whose feeling is rated from where: self, observer, reader ..."),
            Column("simulated", pa.bool_(), "Whether a program answered in place of a person", required=True),
            Column("answered_at", pa.timestamp("us", tz="UTC"), "When the answer was given"),
            Column("duration_ms", pa.int64(), "Time from shown to answered", unit="ms", minimum=0),
            text("excluded", "Why the labels were made without this answer; empty when it counted"),
            *([Column("exposed", pa.bool_(), shown, required=True)] if with_exposed else []),
            *(
                [text("target", "Whom in the item the rater had picked; empty: nobody")]
                if with_target
                else []
            ),
        ),
        ("item_id", "rater_id", "question", "dimension", "response_id"),
    )


def raters_table(columns: Sequence[Column] = ()) -> TableSpec:
    """Return the raters table: pseudonyms only; banded demographics are the caller's extra columns."""
    return TableSpec(
        "raters",
        "One row per rater, under a pseudonym",
        (
            text("rater_id", "Pseudonym of the rater"),
            text("kind", "crowd, lab, expert, self, partner, model or imported", required=True),
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


def calibrations_table() -> TableSpec:
    """Return the calibrations: what each rater did on each clip with a known curve; they are about no item."""

    def number(
        name: str,
        description: str,
        unit: str | None = None,
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> Column:
        return Column(name, pa.float64(), description, unit, minimum, maximum, decimals=CALIBRATION_DECIMALS)

    return TableSpec(
        "calibrations",
        "How late, how far and how steadily each rater followed a known curve, before the ratings",
        (
            text("rater_id", "Pseudonym of the rater"),
            text(
                "modality", "What was followed: visual (brightness of a disc) or auditory (pitch of a tone)"
            ),
            text("response_id", "Identifier of the response"),
            text("question", "Key of the question", required=True),
            Column("simulated", pa.bool_(), "Whether a program answered in place of a person", required=True),
            number("lag_s", "Delay of the rater behind the curve; of no use where there is a reason", "s", 0),
            number("gain", "Slope of her trace on the curve, after the lag; 1 is faithful"),
            number("offset", "Level of her trace where the curve is 0, on the clip's scale of 0 to 1"),
            number("noise", "Standard deviation of what is left, on the same scale", None, 0),
            number("r", "Correlation with the curve, after the lag", None, -1, 1),
            text("reason", "Why numbers are missing, or the lag is of no use; empty: nothing to tell"),
        ),
        ("rater_id", "modality", "response_id"),
    )


def about_column(name: str, asked: str, k: int) -> Column:
    """Return a column of what raters said of themselves, in bands. `derived`: who else is there moves the bands."""
    return Column(
        name,
        pa.string(),
        f"What the rater said of herself ({asked}), in bands that at least {k} share; null: not asked or not told",
        derived=True,
    )
