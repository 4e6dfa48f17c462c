"""ELAN: one .eaf per item, one tier per question and rater, beside them one per gold.

Tiers of one document share their time slots' clock, the milliseconds of the medium. The medium is linked where
the release holds it. A tier of ELAN holds no two annotations at one time: what overlaps goes to a second tier,
`<question> <rater> (2)`. What else was said of a mark is on tiers of its own, `<question>_<detail> <rater>`, over the
same stretch. A moment is one millisecond long, as ELAN shows nothing shorter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.source import Row, Source, by_item
from affectory.views.spans import WINDOW, Span, spans_of
from affectory.views.texts import attribute, csv_entry, element_text

_MIME = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".wav": "audio/x-wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
_MS = 1000
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


@dataclass(frozen=True)
class _Tier:
    id: str
    annotator: str
    spans: Sequence[Span]


def render(source: Source, options: Options) -> Iterator[Entry]:
    spans = spans_of(source, options.positive("window_s") or 1.0)
    if not any(spans.values()):
        raise ViewRefusedError(
            f"elan needs answers or traces on media with a duration, and {source.ref} has none"
        )
    media = source.media if options.flag("media") else {}
    when = source.manifest.created_at
    markings = by_item(source.markings)
    for row in source.items:
        name = source.names[row["item_id"]]
        file = None
        if row["item_id"] in media:
            file = f"media/{source.media_name(row['item_id'])}"
            yield Entry(file, media[row["item_id"]])
        nothing = [(one.question, one.who) for one in markings.get(row["item_id"], []) if not one.marks]
        tiers = _tiers(spans[row["item_id"]], nothing)
        media_element = _media(file, round(source.onsets_s[row["item_id"]] * _MS)) if file else ""
        yield Entry(f"{name}.eaf", _document(row, tiers, media_element, when).encode())
    yield csv_entry("names.csv", ("name", "item_id"), ((source.names[key], key) for key in spans))


def _document(row: Row, tiers: Sequence[_Tier], media: str, when: str) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ANNOTATION_DOCUMENT AUTHOR="affectory" DATE="{attribute(when)}" {_SCHEMA}>',
        '  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">',
        *([media] if media else []),
        f'    <PROPERTY NAME="item_id">{element_text(row["item_id"])}</PROPERTY>',
        "  </HEADER>",
        "  <TIME_ORDER>",
        *_time_slots(tiers),
        "  </TIME_ORDER>",
        *_elements(tiers),
        '  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>',
        *(
            f'  <CONSTRAINT DESCRIPTION="{attribute(told)}" STEREOTYPE="{name}"/>'
            for name, told in _CONSTRAINTS
        ),
        "</ANNOTATION_DOCUMENT>",
    ]
    return "\n".join(lines) + "\n"


def _media(file: str, onset_ms: int) -> str:
    """Return the link to a medium, of which `onset_ms` is the zero of the document."""
    mime = _MIME.get(Path(file).suffix, "unknown")
    url = attribute(f"./{file}")
    origin = f' TIME_ORIGIN="{onset_ms}"' if onset_ms else ""
    return f'    <MEDIA_DESCRIPTOR MEDIA_URL="{url}" MIME_TYPE="{mime}" RELATIVE_MEDIA_URL="{url}"{origin}/>'


def _tiers(spans: Sequence[Span], nothing: Sequence[tuple[str, str]]) -> list[_Tier]:
    """Return the tiers in the order of their ids; whoever looked for marks and saw `nothing` has an empty one."""
    by_tier: dict[tuple[str, str], list[Span]] = {pair: [] for pair in nothing}
    for span in spans:
        long_enough = replace(span, end_ms=max(span.end_ms, span.start_ms + 1))
        by_tier.setdefault((span.name, span.who), []).append(long_enough)
    tiers = [
        tier
        for (name, who), found in by_tier.items()
        for number, lane in enumerate(_lanes(found), start=1)
        for tier in _lane_tiers(name, f"{who} ({number})" if number > 1 else who, who, lane)
    ]
    return sorted(tiers, key=lambda tier: tier.id)


def _lanes(spans: Sequence[Span]) -> list[list[Span]]:
    """Part spans into rows without overlap, each span in the first row where it fits."""
    lanes: list[list[Span]] = [[]]
    for span in sorted(spans, key=lambda span: (span.start_ms, span.value)):
        free = next((lane for lane in lanes if not lane or lane[-1].end_ms <= span.start_ms), None)
        if free is None:
            lanes.append(free := [])
        free.append(span)
    return lanes


def _lane_tiers(name: str, named: str, who: str, spans: Sequence[Span]) -> Iterator[_Tier]:
    yield _Tier(f"{name} {named}", who, spans)
    for detail in sorted({key for span in spans for key, _ in span.details}):
        told = [(span, dict(span.details).get(detail)) for span in spans]
        shown = [replace(span, value=value) for span, value in told if value is not None]
        yield _Tier(f"{name}_{detail} {named}", who, shown)


def _time_slots(tiers: Sequence[_Tier]) -> Iterator[str]:
    spans = (span for tier in tiers for span in tier.spans)
    for number, span in enumerate(spans, start=1):
        yield f'    <TIME_SLOT TIME_SLOT_ID="ts{2 * number - 1}" TIME_VALUE="{span.start_ms}"/>'
        yield f'    <TIME_SLOT TIME_SLOT_ID="ts{2 * number}" TIME_VALUE="{span.end_ms}"/>'


def _elements(tiers: Sequence[_Tier]) -> Iterator[str]:
    numbers = count(1)
    for tier in tiers:
        yield (
            f'  <TIER ANNOTATOR="{attribute(tier.annotator)}" LINGUISTIC_TYPE_REF="default-lt"'
            f' TIER_ID="{attribute(tier.id)}">'
        )
        for span, number in zip(tier.spans, numbers, strict=False):
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
