"""How the shipped label sets are put together.

Which term of Russell & Mehrabian stands for which label is an editorial choice made here (no published
assignment is known); the numbers of the term are not.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from affectory.taxonomy.model import Label, Taxonomy, VadAnchor
from affectory.taxonomy.pad import PAD, SOURCE
from affectory.taxonomy.words import DEFINITIONS, NAMES

NEUTRAL = "convention:neutral_is_the_origin"
NO_TERMS: Mapping[str, str | None] = MappingProxyType({})
NO_NAMES: Mapping[str, str] = MappingProxyType({})

TERM_OF: Mapping[str, str | None] = MappingProxyType(
    {
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
)


def taxonomy(
    name: str,
    keys: str | Iterable[str],
    source: str,
    *,
    terms: Mapping[str, str | None] = TERM_OF,
    names: Mapping[str, str] | None = None,
    parents: Mapping[str, str] | None = None,
    polarity: Mapping[str, str | None] | None = None,
    maps: Mapping[str, Mapping[str, str | None]] | None = None,
) -> Taxonomy:
    """Put one label set together: keys in order, words parted by blanks where given as one text."""

    def label(key: str) -> Label:
        name_ = (names or {}).get(key, key.replace("_", " "))
        word = name_.casefold()
        return Label(
            key,
            name_,
            anchor=_anchor(terms[key]) if key in terms else None,
            parent=(parents or {}).get(key),
            polarity=(polarity or {}).get(key),
            definition=DEFINITIONS.get(word),
            names=NAMES.get(word, NO_NAMES),
        )

    labels = tuple(label(key) for key in (keys.split() if isinstance(keys, str) else keys))
    return Taxonomy(name, "1", labels, source, MappingProxyType(dict(maps or {})))


def same_names(
    keys: Iterable[str], target: str, otherwise: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Map each label to the one of the same name in `target`, or to what it is called there, or to none."""
    there = set(target.split())
    return {key: key if key in there else otherwise.get(key) for key in keys}


def many_to_one(keys: str, groups: Mapping[str, str]) -> dict[str, str | None]:
    """Map each label to the group that it stands in, or to none."""
    group_of = {key: group for group, members in groups.items() for key in members.split()}
    return {key: group_of.get(key) for key in keys.split()}


def _anchor(term: str | None) -> VadAnchor:
    if term is None:
        return VadAnchor(0.0, 0.0, 0.0, NEUTRAL)
    return VadAnchor(*PAD[term], source=f"{SOURCE}:{term}")
