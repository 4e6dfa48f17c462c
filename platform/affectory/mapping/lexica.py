"""Read affective word norms that the user brings along, each to valence, arousal and dominance on -1 to 1.

None of these files ships: NRC VAD and Warriner's norms may not be redistributed. Give the lines of your own
copy.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from affectory.mapping.scales import UNIT, Scale, convert_scale
from affectory.taxonomy import VadAnchor

LexiconKind = Literal["nrc_vad_1", "nrc_vad_2", "warriner_2013", "glasgow_2019"]


@dataclass(frozen=True, slots=True)
class _Format:
    delimiter: str
    word: str
    axes: tuple[str, str, str]
    scale: Scale
    header_rows: int
    citation: str


_FORMATS: Mapping[LexiconKind, _Format] = MappingProxyType(
    {
        "nrc_vad_1": _Format(
            "\t",
            "word",
            ("valence", "arousal", "dominance"),
            Scale(0, 1),
            1,
            "Mohammad (2018), Obtaining reliable human ratings of valence, arousal and dominance, ACL.",
        ),
        "nrc_vad_2": _Format(
            "\t",
            "term",
            ("valence", "arousal", "dominance"),
            Scale(-1, 1),
            1,
            "Mohammad (2025), NRC VAD Lexicon v2.",
        ),
        "warriner_2013": _Format(
            ",",
            "word",
            ("v.mean.sum", "a.mean.sum", "d.mean.sum"),
            Scale(1, 9),
            1,
            "Warriner, Kuperman & Brysbaert (2013), Behavior Research Methods 45, 1191-1207.",
        ),
        "glasgow_2019": _Format(
            ",",
            "words",
            ("val", "arou", "dom"),
            Scale(1, 9),
            2,
            "Scott, Keitel, Becirspahic, Yao & Sereno (2019), Behavior Research Methods 51, 1258-1270.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word norms.

    Attributes
    ----------
    kind : str
    anchors : mapping of word to VadAnchor
        On -1 to 1; each names its source as "<kind>:<word>".
    citation : str
    """

    kind: LexiconKind
    anchors: Mapping[str, VadAnchor]
    citation: str


def read_lexicon(lines: Iterable[str], *, kind: LexiconKind) -> Lexicon:
    """Read the lines of a lexicon file.

    Parameters
    ----------
    lines : iterable of str
        With the header line(s) of the published file.
    kind : {"nrc_vad_1", "nrc_vad_2", "warriner_2013", "glasgow_2019"}
        Says which columns and which scale.

    Returns
    -------
    Lexicon
        A value outside the scale, or no number, is an error that names the line.

    Examples
    --------
    >>> found = read_lexicon(["Word,V.Mean.Sum,A.Mean.Sum,D.Mean.Sum", "calm,7,1,5"], kind="warriner_2013")
    >>> found.anchors["calm"].vad, found.anchors["calm"].source
    ((0.5, -1.0, 0.0), 'warriner_2013:calm')
    """
    if kind not in _FORMATS:
        raise ValueError(f"kind: {kind!r} is none of {', '.join(_FORMATS)}")
    layout = _FORMATS[kind]
    # Words of tab-separated files may hold quotation marks that mean nothing.
    rows = csv.reader(lines, delimiter=layout.delimiter, quotechar=None if layout.delimiter == "\t" else '"')
    header = [cell.strip().strip("\ufeff").lower() for cell in next(rows, [])]
    wanted = (layout.word, *layout.axes)
    lacking = [name for name in wanted if name not in header]
    if lacking:
        raise ValueError(f"line 1: no column {', '.join(lacking)} for {kind}; there are {', '.join(header)}")
    place = [header.index(name) for name in wanted]
    anchors: dict[str, VadAnchor] = {}
    for number, row in enumerate(rows, start=2):
        if number <= layout.header_rows or not any(cell.strip() for cell in row):
            continue
        word, anchor = _anchor(row, place, number, kind, layout.scale)
        if word in anchors:
            raise ValueError(f"line {number}: {word!r} stands twice")
        anchors[word] = anchor
    return Lexicon(kind, MappingProxyType(anchors), layout.citation)


def _anchor(
    row: list[str], place: list[int], number: int, kind: LexiconKind, scale: Scale
) -> tuple[str, VadAnchor]:
    if len(row) <= max(place):
        raise ValueError(f"line {number}: {len(row)} column(s), {max(place) + 1} needed")
    word = row[place[0]].strip()
    try:
        values = [float(row[column]) for column in place[1:]]
    except ValueError:
        raise ValueError(f"line {number}: {word!r} has a value that is no number") from None
    converted = convert_scale(values, scale, UNIT)
    if not word or converted.out_of_range.any() or not all(map(math.isfinite, values)):
        raise ValueError(f"line {number}: {word!r}: {values} does not lie on {scale.low:g} to {scale.high:g}")
    valence, arousal, dominance = converted.values.tolist()
    return word, VadAnchor(valence, arousal, dominance, source=f"{kind}:{word}")
