"""Finds the rating formats of this package."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import ingest.ratings
from ingest.ratings.contract import RatingFormat


@cache
def formats() -> Mapping[str, RatingFormat]:
    modules = (
        importlib.import_module(f"{ingest.ratings.__name__}.{module.name}")
        for module in pkgutil.iter_modules(ingest.ratings.__path__)
    )
    found: list[RatingFormat] = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {one.name: one for one in found}


def recognised(path: Path) -> list[RatingFormat]:
    """Give the formats that a file or folder may be in; a spec decides."""
    return [one for one in formats().values() if one.recognise(path)]
