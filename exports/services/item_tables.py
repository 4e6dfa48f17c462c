"""The table of items: what each is, and the labels it got."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from affectory.release.tables import TableSpec, items_table, media_columns
from affectory.splits import SplitAssignment
from exports.recipe import columns_of_keys
from exports.services.label_columns import columns_of
from exports.services.media import holds_originals, holds_part_media
from exports.services.source import Source
from exports.services.source_items import ITEMS_AT_ONCE, SourceItem
from ingest.facade import group_values

Columns = Mapping[str, Sequence[Any]]


def items_spec(source: Source) -> TableSpec:
    return items_table(
        [*columns_of(source.questions), *source.mapped],
        columns_of_keys(source.dataset.recipe),
        with_parts=bool(source.parts),
        with_times=source.timed_parts,
        with_originals=holds_originals(source),
        with_part_media=holds_part_media(source),
        with_stretches=source.has_stretches,
    )


def item_tables(
    source: Source, splits: SplitAssignment, role: str, media: Mapping[str, Mapping[str, str]]
) -> Iterator[pa.Table]:
    """Items of one part; ``media``: item key -> columns of its files."""
    spec = items_spec(source)
    of_files = media_columns(originals=holds_originals(source), parts=holds_part_media(source))
    of_role = splits.roles.number == splits.roles.different.index(role)
    for start in range(0, len(source.items), ITEMS_AT_ONCE):
        within = np.flatnonzero(of_role[start : start + ITEMS_AT_ONCE])
        if not within.size:
            continue
        places = start + within
        items = source.items.at(places)
        files = [media.get(item.key, {}) for item in items]
        columns: Columns = {
            "item_id": [item.key for item in items],
            "kind": [item.kind for item in items],
            "split": [role] * len(items),
            "group_id": [splits.groups.different[at] for at in splits.groups.number[places]],
            "n_raters": source.answered.raters_of_item[places].tolist(),
            **{name: [one.get(name) for one in files] for name in of_files},
            **_facts(source, items),
            **_parts(source, items),
        }
        arrays = {
            one.name: pa.array(columns[one.name], one.type) for one in spec.columns if one.name in columns
        }
        labels = source.labels.piece(start // ITEMS_AT_ONCE).take(pa.array(within))
        yield pa.table({**arrays, **dict(zip(labels.column_names, labels.columns, strict=True))})


def _facts(source: Source, items: Sequence[SourceItem]) -> Columns:
    fields = ("condition", "groups", "text", "onset_s", "offset_s", "asset__facts__duration_s")
    condition, groups, text, *times_s = zip(*source.facts_of(items, *fields), strict=True)
    return {
        "condition": [one or None for one in condition],
        "text": text,
        "media_onset_s": [onset_s or None for onset_s in times_s[0]],
        "duration_s": [length_s(*times) for times in zip(*times_s, strict=True)],
        **{
            key: ["; ".join(group_values(one.get(key))) or None for one in groups]
            for key in columns_of_keys(source.dataset.recipe)
        },
    }


def length_s(onset_s: float | None, offset_s: float | None, duration_s: float | None) -> float | None:
    """Seconds of an item: of its stretch of the asset, or of all of it."""
    end_s = offset_s if offset_s is not None else duration_s
    return None if end_s is None else float(end_s) - (onset_s or 0.0)


def _parts(source: Source, items: Sequence[SourceItem]) -> Columns:
    if not source.parts:
        return {}
    parts = [source.parts.get(item.pk, ()) for item in items]
    found = {"parts": [_object({part.name: part.key for part in some}) for some in parts]}
    if source.timed_parts:
        onsets_s = [{part.name: part.onset_s for part in some if part.onset_s is not None} for some in parts]
        found["part_onsets_s"] = [_object(some) for some in onsets_s]
    return found


def _object(named: Mapping[str, Any]) -> str | None:
    return json.dumps(named, ensure_ascii=False) if named else None
