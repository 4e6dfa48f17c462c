"""What a taxonomy is: a versioned, ordered label set with coordinates, parents and maps where it has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from affectory.results import FloatArray

POLARITIES = ("positive", "negative", "ambiguous", "neutral")
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_NO_MAPS: Mapping[str, Mapping[str, str | None]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class VadAnchor:
    """Valence, arousal and dominance of one label on -1 to 1, and where the three numbers come from."""

    valence: float
    arousal: float
    dominance: float
    source: str

    @property
    def vad(self) -> tuple[float, float, float]:
        """The three numbers."""
        return self.valence, self.arousal, self.dominance


@dataclass(frozen=True, slots=True)
class Label:
    """One label.

    Attributes
    ----------
    key, name : str
        What it is called in data, and by people in the language of its source.
    anchor : VadAnchor, optional
        Coordinates.
    parent : str, optional
        Key of the label above it.
    polarity : str, optional
        One of positive, negative, ambiguous, neutral, where the source groups its labels so.
    definition : str, optional
        What is meant, in our own English words.
    names : mapping of str to str
        Names in further languages, by language tag. Ours, and not validated as an instrument.
    """

    key: str
    name: str
    anchor: VadAnchor | None = None
    parent: str | None = None
    polarity: str | None = None
    definition: str | None = None
    names: Mapping[str, str] = field(default_factory=lambda: _NO_NAMES, hash=False)

    def __post_init__(self) -> None:
        if self.polarity is not None and self.polarity not in POLARITIES:
            raise ValueError(
                f"label {self.key}: polarity {self.polarity!r} is none of {', '.join(POLARITIES)}"
            )

    def name_in(self, language: str) -> str:
        """Give the name in this language or its base (es for es-MX); that of the source where there is none.

        Parameters
        ----------
        language : str
            A language tag.

        Returns
        -------
        str

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("ekman6").label("fear").name_in("es-MX")
        'miedo'
        """
        base = language.partition("-")[0]
        return self.names.get(language) or self.names.get(base) or self.name


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A label set.

    Attributes
    ----------
    name, version : str
    labels : tuple of Label
        In the order of the corpus or paper.
    source : str
        Where the labels come from.
    maps : mapping of str to mapping
        Many-to-one maps of label keys to the keys of another set; None where a label has no counterpart
        there.

    Examples
    --------
    >>> from affectory.taxonomy import get_taxonomy
    >>> parrott = get_taxonomy("parrott31")
    >>> parrott.children("fear"), parrott.path("horror")
    (('horror', 'nervousness'), ('fear', 'horror'))
    """

    name: str
    version: str
    labels: tuple[Label, ...]
    source: str
    maps: Mapping[str, Mapping[str, str | None]] = field(default_factory=lambda: _NO_MAPS)

    def __post_init__(self) -> None:
        if len(set(self.keys)) != len(self.keys):
            raise ValueError(f"taxonomy {self.name}: a label key stands twice")
        for target, pairs in self.maps.items():
            unknown = set(pairs) - set(self.keys)
            if unknown:
                raise ValueError(
                    f"taxonomy {self.name}: map to {target} names unknown labels {sorted(unknown)}"
                )
        self._check_tree()

    def _check_tree(self) -> None:
        parent_of = {label.key: label.parent for label in self.labels}
        for label in self.labels:
            above, seen = label.parent, {label.key}
            while above is not None:
                if above not in parent_of:
                    raise ValueError(
                        f"taxonomy {self.name}: {label.key} stands under {above!r}, no label of it"
                    )
                if above in seen:
                    raise ValueError(f"taxonomy {self.name}: {label.key} stands under itself")
                seen.add(above)
                above = parent_of[above]

    @property
    def keys(self) -> tuple[str, ...]:
        """Label keys in order."""
        return tuple(label.key for label in self.labels)

    def label(self, key: str) -> Label:
        """Give the label with this key.

        Parameters
        ----------
        key : str
            KeyError names the labels that there are when it is none of them.

        Returns
        -------
        Label

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("ekman6").label("fear").key
        'fear'
        """
        for label in self.labels:
            if label.key == key:
                return label
        raise KeyError(f"{self.name} has no label {key!r}; it has {', '.join(self.keys)}")

    def children(self, key: str | None = None) -> tuple[str, ...]:
        """Give the keys of the labels right under one.

        Parameters
        ----------
        key : str, optional
            None asks for the topmost labels.

        Returns
        -------
        tuple of str
            In the order of the set; empty for a leaf.

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> parrott = get_taxonomy("parrott31")
        >>> parrott.children("fear"), parrott.children("horror"), "fear" in parrott.children()
        (('horror', 'nervousness'), (), True)
        """
        above = None if key is None else self.label(key).key
        return tuple(label.key for label in self.labels if label.parent == above)

    def path(self, key: str) -> tuple[str, ...]:
        """Give the keys from the topmost label down to one.

        Parameters
        ----------
        key : str

        Returns
        -------
        tuple of str
            Ends with `key`.

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("parrott31").path("horror")
        ('fear', 'horror')
        """
        parent = self.label(key).parent
        return (key,) if parent is None else (*self.path(parent), key)

    def raised(self, keys: list[str], depth: int) -> list[str]:
        """Replace labels below `depth` (1: topmost) by the label above them at that depth.

        Parameters
        ----------
        keys : list of str
        depth : int
            1 or more.

        Returns
        -------
        list of str
            One for each key, in their order.

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("parrott31").raised(["horror", "lust", "joy"], 1)
        ['fear', 'love', 'joy']
        """
        if depth < 1:
            raise ValueError(f"depth: at least 1, not {depth}")
        return [self.path(key)[:depth][-1] for key in keys]

    def anchored(self) -> tuple[Label, ...]:
        """Give the labels that have coordinates.

        Returns
        -------
        tuple of Label

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> "fear" in {label.key for label in get_taxonomy("ekman6").anchored()}
        True
        """
        return tuple(label for label in self.labels if label.anchor is not None)

    def coordinates(self) -> FloatArray:
        """Give the coordinates of all labels.

        Returns
        -------
        ndarray, shape (labels, 3)
            Valence, arousal, dominance, each from -1 to 1; a row of NaN where a label has none.

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("ekman6").coordinates().shape
        (6, 3)
        """
        unknown = (np.nan, np.nan, np.nan)
        return np.array([label.anchor.vad if label.anchor else unknown for label in self.labels])

    def map_to(self, target: str, keys: list[str]) -> list[str | None]:
        """Translate label keys by the map named `target`.

        Parameters
        ----------
        target : str
            KeyError names the maps that there are when it is none of them.
        keys : list of str

        Returns
        -------
        list of str or None
            One for each key; None where a label has no counterpart.

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("mikels8").map_to("mikels2", ["awe", "fear"])
        ['positive', 'negative']
        """
        if target not in self.maps:
            raise KeyError(f"{self.name} has no map to {target!r}; it has {', '.join(self.maps) or 'none'}")
        return [self.maps[target][self.label(key).key] for key in keys]

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            Keys are the attributes; what a label has not is None.

        Examples
        --------
        >>> from affectory.taxonomy import get_taxonomy
        >>> get_taxonomy("ekman6").as_dict()["name"]
        'ekman6'
        """
        return {
            "name": self.name,
            "version": self.version,
            "source": self.source,
            "labels": [
                {
                    "key": label.key,
                    "name": label.name,
                    "names": dict(label.names),
                    "definition": label.definition,
                    "polarity": label.polarity,
                    "parent": label.parent,
                    "vad": list(label.anchor.vad) if label.anchor else None,
                    "vad_source": label.anchor.source if label.anchor else None,
                }
                for label in self.labels
            ],
            "maps": {target: dict(pairs) for target, pairs in self.maps.items()},
        }
