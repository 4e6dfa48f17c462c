"""The label sets that ship: those of published corpora whose labels have been checked at their source.

Which term of Russell & Mehrabian stands for which label is an editorial choice made here (no published
assignment is known); the numbers of the term are not.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from affectory.taxonomy.model import Label, Taxonomy, VadAnchor
from affectory.taxonomy.pad import CITATION, PAD, SOURCE

NEUTRAL = "convention:neutral_is_the_origin"
SOURCES = MappingProxyType(
    {
        SOURCE: CITATION,
        "convention": "Set by convention, rated by nobody: neutral is the origin (0, 0, 0).",
    }
)

_TERM_OF = {
    "anger": "angry",
    "angry": "angry",
    "contempt": "contempt",
    "disgust": "disgusted",
    "disgusted": "disgusted",
    "fear": "fearful",
    "happy": "happy",
    "happiness": "happy",
    "joy": "joyful",
    "neutral": None,
    "sad": "sad",
    "sadness": "sad",
    "surprise": "surprised",
}


def _anchor(term: str | None) -> VadAnchor:
    if term is None:
        return VadAnchor(0.0, 0.0, 0.0, NEUTRAL)
    return VadAnchor(*PAD[term], source=f"{SOURCE}:{term}")


def _labels(
    keys: Iterable[str], terms: Mapping[str, str | None], names: Mapping[str, str]
) -> tuple[Label, ...]:
    return tuple(
        Label(key, names.get(key, key.replace("_", " ")), _anchor(terms[key]) if key in terms else None)
        for key in keys
    )


def _taxonomy(
    name: str,
    keys: str | Iterable[str],
    source: str,
    *,
    terms: Mapping[str, str | None] | None = None,
    names: Mapping[str, str] | None = None,
    maps: Mapping[str, Mapping[str, str | None]] | None = None,
) -> Taxonomy:
    parts = keys.split() if isinstance(keys, str) else tuple(keys)
    chosen = _TERM_OF if terms is None else terms
    return Taxonomy(
        name, "1", _labels(parts, chosen, names or {}), source, MappingProxyType(dict(maps or {}))
    )


_EKMAN = {
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "happiness": "joyful",
    "sadness": "sad",
}
_CREMA = {"A": "anger", "D": "disgust", "F": "fear", "H": "happy", "N": "neutral", "S": "sad"}
_MIKELS = {
    "amusement": "enjoyment",
    "awe": "awed",
    "contentment": "relaxed",
    "excitement": "excited",
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "sadness": "sad",
}
_MIKELS_POLARITY = {
    key: "positive" if key in {"amusement", "awe", "contentment", "excitement"} else "negative"
    for key in _MIKELS
}
_FERPLUS = "neutral happiness surprise sadness anger disgust fear contempt"
_PLUTCHIK = {
    "joy": "joyful",
    "sadness": "sad",
    "anticipation": "interested",
    "surprise": "surprised",
    "anger": "angry",
    "fear": "fearful",
    "disgust": "disgusted",
    "trust": "respectful",
}
_GOEMOTIONS = (
    "admiration amusement anger annoyance approval caring confusion curiosity desire disappointment "
    "disapproval disgust embarrassment excitement fear gratitude grief joy love nervousness "
    "optimism pride realization relief remorse sadness surprise neutral"
)
_STUDYFORREST = (
    "ADMIRATION ANGERRAGE COMPASSION CONTEMPT DISAPPOINTMENT FEAR FEARCONFIRMED GLOATING GRATIFICATION "
    "GRATITUDE HAPPINESS HAPPYFOR HATE HOPE LOVE PRIDE RELIEF REMORSE RESENTMENT SADNESS SATISFACTION SHAME"
)

_ALL = (
    _taxonomy(
        "ekman6",
        "anger disgust fear happiness sadness surprise",
        "Ekman's six basic emotions",
        terms=_EKMAN | {"surprise": "surprised"},
    ),
    _taxonomy("meld7", "anger disgust sadness joy neutral surprise fear", "MELD"),
    _taxonomy("emotiontalk7", "happy surprise sad disgust anger fear neutral", "EmotionTalk"),
    _taxonomy("sentiment3", "negative neutral positive", "three-way sentiment", terms={}),
    _taxonomy(
        "sentiment5",
        "negative weakly_negative neutral weakly_positive positive",
        "five-way sentiment",
        terms={},
        maps={
            "sentiment3": {
                "negative": "negative",
                "weakly_negative": "negative",
                "neutral": "neutral",
                "weakly_positive": "positive",
                "positive": "positive",
            }
        },
    ),
    _taxonomy(
        "mikels8", _MIKELS, "Mikels et al.; EmoSet, FI", terms=_MIKELS, maps={"mikels2": _MIKELS_POLARITY}
    ),
    _taxonomy(
        "artemis9",
        [*_MIKELS, "something_else"],
        "ArtEmis",
        terms=_MIKELS,
        maps={"mikels8": {key: key for key in _MIKELS} | {"something_else": None}},
    ),
    _taxonomy("plutchik8", _PLUTCHIK, "Plutchik's eight primary emotions", terms=_PLUTCHIK),
    _taxonomy("ferplus8", _FERPLUS, "FERPlus, the eight emotions"),
    _taxonomy(
        "ferplus10",
        f"{_FERPLUS} unknown NF",
        "FERPlus with its two escapes",
        names={"NF": "no face"},
        maps={"ferplus8": {key: key for key in _FERPLUS.split()} | {"unknown": None, "NF": None}},
    ),
    _taxonomy(
        "crema_d",
        _CREMA,
        "CREMA-D",
        names=_CREMA,
        terms={key: _TERM_OF[name] for key, name in _CREMA.items()},
        maps={
            "ekman6": {"A": "anger", "D": "disgust", "F": "fear", "H": "happiness", "N": None, "S": "sadness"}
        },
    ),
    _taxonomy("goemotions28", _GOEMOTIONS, "GoEmotions", terms={}),
    _taxonomy(
        "mafw11",
        "anger disgust fear happiness neutral sadness surprise contempt anxiety helplessness disappointment",
        "MAFW",
    ),
    _taxonomy("brighter6", "joy sadness fear anger surprise disgust", "BRIGHTER, intensities 0 to 3"),
    _taxonomy(
        "cped13",
        "happy grateful relaxed other-positive neutral angry sad feared depressed disgusted astonished "
        "worried other-negative",
        "CPED",
        terms=_TERM_OF
        | {
            "grateful": "grateful",
            "relaxed": "relaxed",
            "feared": "fearful",
            "depressed": "depressed",
            "astonished": "astonished",
        },
    ),
    _taxonomy("leia5", "happiness affection sadness anger fear", "LEIA"),
    _taxonomy("nemo6", "anger fear happiness sadness surprise neutral", "nEMO"),
    _taxonomy("zed4", "neutral happy angry sad", "Zaion Emotion Dataset"),
    _taxonomy("studyforrest22", _STUDYFORREST, "studyforrest portrayed emotions", terms={}),
)

TAXONOMIES: Mapping[str, Taxonomy] = MappingProxyType({taxonomy.name: taxonomy for taxonomy in _ALL})


def get_taxonomy(name: str) -> Taxonomy:
    """Give the shipped label set of this name.

    Parameters
    ----------
    name : str
        A key of `TAXONOMIES`.

    Returns
    -------
    Taxonomy

    Examples
    --------
    >>> get_taxonomy("crema_d").label("N").anchor.source
    'convention:neutral_is_the_origin'
    """
    if name not in TAXONOMIES:
        raise KeyError(f"no taxonomy {name!r}; there are {', '.join(sorted(TAXONOMIES))}")
    return TAXONOMIES[name]
