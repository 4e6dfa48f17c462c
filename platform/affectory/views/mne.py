r"""MNE annotations: `<item>-annot.txt` for `mne.read_annotations`, one line per value.

A description is `question/value/rater`, so that MNE's tags select by any part: `epochs["emotion/joy"]`. What else was
said of a mark stands between: `face/AU12/intensity=C/r1`. The reader takes ASCII only; other letters are written as
Python escapes (`\xf6`, `\u65e5`).
"""

import re
from collections.abc import Iterator

from affectory.views.contract import Entry, Options, View, ViewRefusedError
from affectory.views.source import Source
from affectory.views.spans import WINDOW, Span, spans_of
from affectory.views.texts import csv_entry, number

# The reader splits lines at commas and takes # for a comment; / separates tags.
_RESERVED = re.compile(r"[,#/\s]+")
_MS = 1000


def render(source: Source, options: Options) -> Iterator[Entry]:
    spans = spans_of(source, options.positive("window_s") or 1.0)
    if not any(spans.values()):
        raise ViewRefusedError(
            f"mne needs answers or traces on media with a duration, and {source.ref} has none"
        )
    for item_id, found in spans.items():
        onset_ms = round(source.onsets_s[item_id] * _MS)
        lines = [_line(span, onset_ms) for span in sorted(found, key=lambda span: (span.start_ms, span.tier))]
        text = "\n".join(["# MNE-Annotations", "# onset, duration, description", *lines]) + "\n"
        yield Entry(f"{source.names[item_id]}-annot.txt", text.encode())
    yield csv_entry("names.csv", ("name", "item_id"), ((source.names[key], key) for key in spans))


def _line(span: Span, onset_ms: int) -> str:
    details = (f"{name}={value}" for name, value in span.details)
    tags = "/".join(_RESERVED.sub("_", part) for part in (span.name, span.value, *details, span.who))
    tags = tags.encode("ascii", "backslashreplace").decode()
    return f"{number((onset_ms + span.start_ms) / _MS)},{number((span.end_ms - span.start_ms) / _MS)},{tags}"


VIEW = View(
    name="mne",
    summary="<item>-annot.txt with onset, duration and question/value/rater",
    loses="samples of traces (means of windows instead), dispersion, the split",
    opened_by="mne.read_annotations",
    render=render,
    options=(WINDOW,),
)
