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


@pytest.mark.torch
def test_torch_items(release: Path) -> None:
    import torch

    pairs = affectory.load(release).to_torch(target=("va_valence", "emotion_votes"))
    row, target = pairs[3]
    assert row["item_id"] == "item-0005"  # train 0 1 2 5 6 7, then validation and test
    assert target.dtype == torch.float32
    assert target.shape == (4,)
    loader = torch.utils.data.DataLoader(pairs, batch_size=4, collate_fn=lambda batch: [t for _, t in batch])
    assert sum(len(batch) for batch in loader) == len(pairs) == 10
    some = affectory.load(release).to_torch(target=("va_valence_sd",))
    assert (len(some), some.dropped) == (9, 1)


@pytest.mark.torch
def test_torch_traces_are_padded(release: Path) -> None:
    import torch

    from affectory.client.torch_data import pad_traces

    traces = affectory.load(release).traces()
    loader = torch.utils.data.DataLoader(
        traces.to_torch(("valence", "arousal"), step=2), batch_size=7, collate_fn=pad_traces
    )
    first = next(iter(loader))
    assert first["values"].shape == (7, 25, 2)
    assert first["mask"].shape == (7, 25)
    assert first["times_s"][0, :3].tolist() == pytest.approx([0, 0.08, 0.16])
    assert first["rater_id"][:3] == ["r0", "r1", "r2"]
    assert not first["mask"][:, 0].any()
    assert not torch.isnan(first["values"]).any()


def test_torch_target_that_is_not_there_says_what_is(release: Path) -> None:
    with pytest.raises(UsageError, match="va_valence"):
        affectory.load(release).to_torch(target=("valens",))
