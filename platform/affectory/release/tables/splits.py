"""The tables of who and what stands in which split."""

import pyarrow as pa

from affectory.release.tables.spec import Column, TableSpec, text


def splits_table() -> TableSpec:
    """Return the splits table: every split scheme of items, one row per scheme, item and role.

    An item is in one role of a scheme as a whole, or in several by stretches of time.
    """
    return TableSpec(
        "splits",
        "Role or fold of each item in each split scheme",
        (
            text("scheme", "Name of the split scheme"),
            text("item_id", "Identifier of the item"),
            text("group_id", "Group that was placed as a whole"),
            text("role", "train, validation, test or the name of a fold"),
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
            text("scheme", "Name of the split scheme"),
            text("rater_id", "Pseudonym of the rater"),
            text("role", "train, validation or test", required=True),
        ),
        ("scheme", "rater_id"),
    )
