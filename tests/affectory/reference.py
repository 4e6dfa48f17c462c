"""Reference vectors and real ratings, where they are present; tests skip where they are not."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference"
REALDATA = FOLDER / "realdata"


def vectors(name: str) -> list[Any]:
    """Give the cases of one reference file as pytest parameters, or one skipped case."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="no reference folder"))]
    return [pytest.param(case, id=case["name"]) for case in json.loads(path.read_text())]


def document(name: str) -> Any:
    """Give one reference file whole, or skip."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        pytest.skip("no reference folder")
    return json.loads(path.read_text())


def case(file: str, name: str) -> Any:
    """Give one named case of a reference file, or skip."""
    return next(found for found in document(file) if found["name"] == name)


def check(name: str) -> Any:
    """Give the published figures of one real data set, or skip."""
    return next(found for found in document("protocols")["checks"] if found["id"] == name)["expect"]


def realdata(*parts: str) -> Path:
    """Give the path of a real data file, or skip."""
    path = REALDATA.joinpath(*parts)
    if not path.exists():
        pytest.skip("no real data")
    return path
