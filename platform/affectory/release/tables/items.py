"""The table of items."""

from collections.abc import Sequence

import pyarrow as pa

from affectory.release.tables.spec import Column, TableSpec, text


def items_table(
    columns: Sequence[Column],
    group_keys: Sequence[str] = (),
    *,
    with_parts: bool = False,
    with_times: bool = False,
    with_originals: bool = False,
    with_part_media: bool = False,
    with_stretches: bool = False,
) -> TableSpec:
    """Return the items table: what it is, the group keys as own columns, then the caller's label columns.

    `with_parts` adds a column that names the parts of items which show several others together, `with_times` one that
    says when they begin, `with_part_media` those of their files, `with_originals` those of files as they were taken in,
    `with_stretches` one that says where in its file an item begins.
    """
    own = (
        text("item_id", "Identifier of the item"),
        text(
            "kind", "video, audio, image, eeg, text, dialogue, group, terms, sequence or trial", required=True
        ),
        text(
            "split", "Role of the item in the default split scheme: train, validation or test", required=True
        ),
        text("group_id", "Connected component over the group keys; no group is in two splits"),
        *(text(key, f"Group key: {key}") for key in group_keys),
        text("condition", "What was presented: audio-only, video-only, audio-visual or text"),
        Column("n_raters", pa.int32(), "Raters whose answers went into the labels", unit="raters", minimum=0),
    )
    parts = (
        text(
            "parts",
            "JSON object: name of each part that is shown together -> its item_id; empty without parts",
        ),
    )
    times = (
        text(
            "part_onsets_s",
            "JSON object: name of each part that has a time of its own -> second of the item at which it begins",
        ),
    )
    onset = Column(
        "media_onset_s",
        pa.float64(),
        "Second of its media file at which the item begins, from which all its times count; empty: the beginning",
        unit="s",
        minimum=0,
    )
    media = (
        *(
            text(name, meaning)
            for name, meaning in media_columns(originals=with_originals, parts=with_part_media).items()
        ),
        *([onset] if with_stretches else []),
        Column("duration_s", pa.float64(), "Duration of the medium", unit="s", minimum=0),
        text("text", "Text of the item"),
    )
    return TableSpec(
        "items",
        "One row per item: gold, soft labels, dispersion",
        (*own, *columns, *(parts if with_parts else ()), *(times if with_times else ()), *media),
        ("item_id",),
    )


def media_columns(*, originals: bool, parts: bool) -> dict[str, str]:
    """Return the names of the columns of media files, and what they mean."""
    columns = {
        "media_path": "Path of the media file inside the release, where media are part of it",
        "media_sha256": "SHA-256 of the media file",
    }
    if originals:
        columns["original_path"] = "Path of the original file inside the release, as it was taken in"
        columns["original_sha256"] = "SHA-256 of the original file"
    if parts:
        columns["part_media_paths"] = "JSON object: name of each part that has a media file -> its path"
    if parts and originals:
        columns["part_original_paths"] = "JSON object: name of each part -> path of its original file"
    return columns
