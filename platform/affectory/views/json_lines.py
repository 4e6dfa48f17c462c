"""JSONL: one file per table of the release, one JSON object per row, samples of traces as lists."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from affectory.views.contract import Entry, Option, Options, View
from affectory.views.source import Source


def render(source: Source, options: Options) -> Iterator[Entry]:
    for name in options.names("tables") or tuple(table.name for table in source.manifest.tables):
        source.manifest.table(name)
        yield Entry(f"{name}.jsonl", _lines(source, name))


def _lines(source: Source, name: str) -> Iterator[bytes]:
    for batch in source.table(name).to_batches(max_chunksize=1_000):
        yield "".join(
            f"{json.dumps(row, ensure_ascii=False, default=_text)}\n" for row in batch.to_pylist()
        ).encode()


def _text(value: Any) -> str:
    """Write an instant as ISO 8601 in UTC."""
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{value!r} has no place in JSON")


VIEW = View(
    name="jsonl",
    summary="one JSON object per row, one file per table",
    loses="column descriptions and media",
    opened_by="datasets (Hugging Face), pandas, jq",
    render=render,
    options=(Option("tables", "only these tables, with commas between them"),),
)
