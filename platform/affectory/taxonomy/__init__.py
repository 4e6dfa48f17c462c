"""Versioned label sets with optional coordinates in valence, arousal and dominance."""

from affectory.taxonomy.catalogue import SOURCES, TAXONOMIES, get_taxonomy
from affectory.taxonomy.model import Label, Taxonomy, VadAnchor

__all__ = ["SOURCES", "TAXONOMIES", "Label", "Taxonomy", "VadAnchor", "get_taxonomy"]
