"""Other libraries are served when they are there, and asked for by name when not."""

from pathlib import Path

import pytest

import affectory
from affectory.client.errors import UsageError
from affectory.client.extras import extra


def test_missing_library_is_named_with_the_command_that_brings_it() -> None:
    with pytest.raises(UsageError, match="pip install no_such_library"):
        extra("no_such_library")


def test_polars(release: Path) -> None:
    import polars as pl

    frame = affectory.load(release, split="train").to_polars()
    assert isinstance(frame, pl.DataFrame)
    assert frame.height == 6


def test_hugging_face(release: Path) -> None:
    import datasets

    assert affectory.load(release, split="train").to_hf()[0]["split"] == "train"
    assert isinstance(affectory.load(release, table="traces").to_hf(), datasets.Dataset)
