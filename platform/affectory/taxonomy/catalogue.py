"""The label sets that ship: those of published corpora whose labels have been checked at their source."""

from collections.abc import Mapping
from types import MappingProxyType

from affectory.taxonomy.descriptions import DESCRIPTIONS
from affectory.taxonomy.emotions import EMOTIONS
from affectory.taxonomy.model import Taxonomy
from affectory.taxonomy.pad import CITATION, SOURCE

SOURCES = MappingProxyType(
    {
        SOURCE: CITATION,
        "convention": "Set by convention, rated by nobody: neutral is the origin (0, 0, 0).",
    }
)

TAXONOMIES: Mapping[str, Taxonomy] = MappingProxyType(
    {taxonomy.name: taxonomy for taxonomy in (*EMOTIONS, *DESCRIPTIONS)}
)


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
