"""Affective-computing ratings: agreement, gold standards, mappings, splits, releases and their client."""

__version__ = "0.1.0"
