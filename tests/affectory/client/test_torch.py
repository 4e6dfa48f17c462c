"""`ds.to_torch`: rows or traces for a DataLoader, found by what they are to teach."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import affectory
from affectory.client.errors import UsageError
from tests.affectory.client.torch_release import SHOWN, STEP_OF_GREY, write_film, write_release


@pytest.fixture(scope="module")
def trainable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trainable")
    write_release(folder / "train-me-1.0.0", write_film(folder / "film.mkv"))
    return folder / "train-me-1.0.0"


def one_batch(found: Any) -> Any:
    from torch.utils.data import DataLoader

    return next(iter(DataLoader(found, batch_size=len(found), collate_fn=found.collate)))


@pytest.mark.torch
def test_columns_are_targets_and_rows_without_a_value_are_left_out(release: Path) -> None:
    import torch

    pairs = affectory.load(release).to_torch(target=("va_valence", "emotion_votes"))
    row, target = pairs[3]
    assert row["item_id"] == "item-0005"  # train 0 1 2 5 6 7, then validation and test
    assert target.dtype == torch.float32
    assert target.shape == (4,)
    rows, targets = one_batch(pairs)
    assert len(rows) == len(pairs) == 10
    assert targets.shape == (10, 4)
    some = affectory.load(release).to_torch(target=("va_valence_sd",))
    assert (len(some), some.dropped) == (9, 1)


@pytest.mark.torch
def test_dimensions_are_the_columns_of_the_one_question_that_has_them(trainable: Path) -> None:
    pairs = affectory.load(trainable, columns=["item_id"]).to_torch(target=("valence", "arousal"))
    assert pairs.targets == ("mood_valence", "mood_arousal")
    assert (len(pairs), pairs.dropped) == (2, 1)
    rows, targets = one_batch(pairs)
    assert [row["item_id"] for row in rows] == ["film", "other"]
    assert targets.tolist() == [[0.5, -0.25]] * 2
    after = affectory.load(trainable).to_torch(target=("valence",), question="after")
    assert after.targets == ("after_valence",)
    assert affectory.load(trainable).to_torch(("arousal", "emotion_votes")).targets == (
        "mood_arousal",
        "emotion_votes",
    )


@pytest.mark.torch
def test_dimensions_that_no_item_has_are_gold_traces_padded_and_masked(trainable: Path) -> None:
    found = affectory.load(trainable, split="train").to_torch(target=("valence", "dominance"))
    batch = one_batch(found)
    assert batch["item_id"] == ["film", "short"]
    assert batch["values"].shape == (2, 20, 2)
    assert batch["mask"].sum(dim=1).tolist() == [20, 12]
    assert batch["values"][1, :, 0].tolist() == [0.25] * 12 + [0.0] * 8  # of both ways of fusing the mean
    weighted = affectory.load(trainable, split="train").to_torch(("valence", "dominance"), method="ewe")
    assert weighted[0]["values"][0].tolist() == [0.75, 0.75]


@pytest.mark.torch
@pytest.mark.parametrize("asked", [{"table": "traces"}, {}], ids=["table", "rater"])
def test_each_raters_traces_teach_a_personal_model(trainable: Path, asked: dict[str, str]) -> None:
    ds = affectory.load(trainable, **asked)
    found = ds.to_torch(target=("dominance",), rater="bob")
    assert {found[at]["rater_id"] for at in range(len(found))} == {"bob"}
    assert (len(found), found.dropped) == (2, 1)  # one is without a valid moment
    batch = one_batch(found)
    assert not batch["mask"][:, 0].any()
    assert batch["values"][0, :3, 0].tolist() == pytest.approx([0, 0.01, 0.02])


@pytest.mark.torch
def test_single_answers_are_rows_with_the_columns_of_gold(trainable: Path) -> None:
    of_bob = affectory.load(trainable).to_torch(("valence", "arousal"), rater="bob")
    assert of_bob.targets == ("mood_valence", "mood_arousal")
    assert [(row["item_id"], row["rater_id"], row["take"], target.tolist()) for row, target in of_bob] == [
        ("film", "bob", 0, [1.0, 0.75]),
        ("film", "bob", 1, [-1.0, -0.5]),
    ]
    assert of_bob.dropped == 2  # bob said nothing of `short` that counts, and only too fast of `other`
    of_all = affectory.load(trainable, table="annotations", split="train")
    rows, targets = one_batch(of_all.to_torch(("emotion_votes", "valence")))
    assert [(row["item_id"], row["rater_id"]) for row in rows] == [
        ("film", "ada"),
        ("film", "bob"),
        ("short", "ada"),
    ]
    assert targets.tolist() == [[1, 0, 0.5], [1, 1, 1.0], [1, 0, 0.5]]
    assert of_all.labels("emotion") == ("joy", "fear")


def test_answers_as_a_frame_are_missing_where_nothing_counts(trainable: Path) -> None:
    rows = affectory.load(trainable).answers(rater="bob").set_index(["item_id", "take"])
    assert rows.loc[("film", 1), "mood_valence"] == -1.0
    assert rows.loc[("film", 1), "emotion_votes"] is None
    assert np.isnan(rows.loc[("other", 0), "mood_valence"])
    assert rows.loc[("other", 0), "emotion_votes"].tolist() == [1, 1]
    with pytest.raises(UsageError, match="no question 'mood' with labels"):
        affectory.load(trainable).labels("mood")
    with pytest.raises(UsageError, match="gold_traces are of no single rater"):
        affectory.load(trainable, table="gold_traces").to_torch(("valence",), rater="bob")


def test_one_raters_answers_and_traces(release: Path) -> None:
    ds = affectory.load(release)
    assert set(ds.annotations(rater="r1")["rater_id"]) == {"r1"}
    assert len(ds.annotations(rater="r1")) == 10
    assert [trace.rater_id for trace in ds.traces(rater="r2")] == ["r2"] * 10
    with pytest.raises(UsageError, match="no single rater"):
        ds.traces(gold=True, rater="r2")


def test_traces_of_questions_with_other_dimensions_stand_side_by_side(trainable: Path) -> None:
    traces = affectory.load(trainable, split="test").traces(gold=True)
    assert [
        (trace.question, sorted(set(trace.series) - {f"{n}_sd" for n in trace.series})) for trace in traces
    ] == [
        ("held", ["grip"]),
        ("held", ["grip"]),
        ("va", ["dominance", "valence"]),
        ("va", ["dominance", "valence"]),
    ]
    assert all(trace.mask.all() for trace in traces)


@pytest.mark.torch
def test_frames_come_by_presentation_time_and_are_padded(trainable: Path) -> None:
    ds = affectory.load(trainable, split="train", table="gold_traces")
    batch = one_batch(ds.to_torch(("valence",), step=2, frame_size=(8, 4)))
    assert batch["frames"].shape == (2, 10, 4, 8, 3)
    greys = batch["frames"][..., 0, 0, 0].numpy()
    assert greys[0].tolist() == [STEP_OF_GREY * number for number in SHOWN]
    assert greys[1].tolist() == [*(STEP_OF_GREY * number for number in SHOWN[:6]), 0, 0, 0, 0]
    assert np.array_equal(batch["mask"].numpy(), np.arange(10) < np.array([[10], [6]]))


@pytest.mark.torch
def test_frames_of_a_stretch_are_those_of_its_place_in_the_film(tmp_path: Path) -> None:
    write_release(tmp_path / "cut", write_film(tmp_path / "film.mkv"), onset_s=0.4)
    ds = affectory.load(tmp_path / "cut", split="train")
    assert ds.traces(gold=True)[0].times_s[:2].tolist() == [0.0, 0.1]
    short = ds.to_torch(("dominance",), step=2, frame_size=(8, 4))[1]
    assert short["times_s"][0] == 0
    assert short["frames"][:, 0, 0, 0].tolist() == [STEP_OF_GREY * number for number in SHOWN[2:8]]


@pytest.mark.torch
def test_traces_as_they_were_chosen(release: Path) -> None:
    import torch

    traces = affectory.load(release).traces()
    batch = one_batch(traces.to_torch(("valence", "arousal"), step=2))
    assert batch["values"].shape == (30, 25, 2)
    assert batch["times_s"][0, :3].tolist() == pytest.approx([0, 0.08, 0.16])
    assert batch["rater_id"][:3] == ["r0", "r1", "r2"]
    assert not batch["mask"][:, 0].any()
    assert not torch.isnan(batch["values"]).any()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"target": ("valence",)}, "several questions have valence: mood, after"),
        ({"target": ("valence",)}, "mood_valence, after_valence"),
        ({"target": ("valens",)}, "mood_arousal"),
        ({"target": ("valens",)}, "traces have: dominance, grip, valence"),
        ({"target": ("arousal",), "question": "after"}, "no target arousal of 'after'"),
        ({"target": ()}, "no target is named"),
        ({"target": ("emotion_label",)}, "holds text, no numbers"),
        ({"target": ("grip",)}, "fused in several ways: least, most"),
        (
            {"target": ("grief",), "rater": "ada"},
            "annotations have: mood_arousal, mood_valence, emotion_votes; traces have: dominance, grip, valence",
        ),
        ({"target": ("arousal",), "frame_size": (8, 4)}, "gold_traces have: dominance, grip, valence"),
    ],
)
def test_targets_that_are_unclear_say_what_there_is(
    trainable: Path, asked: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError) as raised:
        affectory.load(trainable).to_torch(**asked)
    assert told in str(raised.value)
