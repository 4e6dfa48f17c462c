"""ELAN: one .eaf per item, one tier per question and rater, beside them one per gold.

Tiers of one document share their time slots' clock, the milliseconds of the medium. The medium is linked where
the release holds it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.source import Row, Source
from affectory.views.spans import WINDOW, Span, spans_of
from affectory.views.texts import attribute, csv_entry, element_text

_MIME = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".wav": "audio/x-wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
_SCHEMA = (
    'FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd"'
)
_CONSTRAINTS = (
    (
        "Time_Subdivision",
        "Time subdivision of parent annotation's time interval, no time gaps allowed within it",
    ),
    ("Symbolic_Subdivision", "Symbolic subdivision of a parent annotation"),
    ("Symbolic_Association", "1-1 association with a parent annotation"),
    (
        "Included_In",
        "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
    ),
)


def render(source: Source, options: Options) -> Iterator[Entry]:
    spans = spans_of(source, options.positive("window_s") or 1.0)
    if not any(spans.values()):
        raise ViewRefusedError(
            f"elan needs answers or traces on media with a duration, and {source.ref} has none"
        )
    media = source.media if options.flag("media") else {}
    when = source.manifest.created_at
    for row in source.items:
        name = source.names[row["item_id"]]
        file = None
        if row["item_id"] in media:
            file = f"media/{source.media_name(row['item_id'])}"
            yield Entry(file, media[row["item_id"]])
        yield Entry(f"{name}.eaf", _document(row, spans[row["item_id"]], file, when).encode())
    yield csv_entry("names.csv", ("name", "item_id"), ((source.names[key], key) for key in spans))


def _document(row: Row, spans: Sequence[Span], media: str | None, when: str) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ANNOTATION_DOCUMENT AUTHOR="affectory" DATE="{attribute(when)}" {_SCHEMA}>',
        '  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">',
        *_media(media),
        f'    <PROPERTY NAME="item_id">{element_text(row["item_id"])}</PROPERTY>',
        "  </HEADER>",
        "  <TIME_ORDER>",
        *_time_slots(spans),
        "  </TIME_ORDER>",
        *_tiers(spans),
        '  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>',
        *(
            f'  <CONSTRAINT DESCRIPTION="{attribute(told)}" STEREOTYPE="{name}"/>'
            for name, told in _CONSTRAINTS
        ),
        "</ANNOTATION_DOCUMENT>",
    ]
    return "\n".join(lines) + "\n"


def _media(media: str | None) -> Iterator[str]:
    if media:
        mime = _MIME.get(Path(media).suffix, "unknown")
        url = attribute(f"./{media}")
        yield f'    <MEDIA_DESCRIPTOR MEDIA_URL="{url}" MIME_TYPE="{mime}" RELATIVE_MEDIA_URL="{url}"/>'


def _time_slots(spans: Sequence[Span]) -> Iterator[str]:
    for number, span in enumerate(spans, start=1):
        yield f'    <TIME_SLOT TIME_SLOT_ID="ts{2 * number - 1}" TIME_VALUE="{span.start_ms}"/>'
        yield f'    <TIME_SLOT TIME_SLOT_ID="ts{2 * number}" TIME_VALUE="{span.end_ms}"/>'


def _tiers(spans: Sequence[Span]) -> Iterator[str]:
    for tier, numbered in groupby(enumerate(spans, start=1), key=lambda entry: entry[1].tier):
        rater = tier.partition(" ")[2]
        yield (
            f'  <TIER ANNOTATOR="{attribute(rater)}" LINGUISTIC_TYPE_REF="default-lt" TIER_ID="{attribute(tier)}">'
        )
        for number, span in numbered:
            yield (
                f'    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{2 * number - 1}"'
                f' TIME_SLOT_REF2="ts{2 * number}"><ANNOTATION_VALUE>{element_text(span.value)}</ANNOTATION_VALUE>'
                "</ALIGNABLE_ANNOTATION></ANNOTATION>"
            )
        yield "  </TIER>"


VIEW = View(
    name="elan",
    summary="one .eaf per item, one tier per question and rater",
    loses="samples of traces (means of windows instead), the split, items without a duration have empty tiers",
    opened_by="ELAN, pympi",
    render=render,
    options=(WINDOW, Option("media", "put the media files beside, and link them", "no", ("yes", "no"))),
)
