"""`affectory.load`: from a server and from a folder."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import affectory
from affectory.client.errors import MismatchError, NotFoundError, UsageError
from tests.affectory.client.release_server import Behaviour


@pytest.fixture(params=["server", "folder"])
def ref(request: pytest.FixtureRequest, server: str, release: Path) -> str | Path:
    return "demo-film@1.0.0" if request.param == "server" else release


def test_items_of_a_split(ref: str | Path) -> None:
    ds = affectory.load(ref, split="train")
    assert isinstance(ds.to_pandas(), pd.DataFrame)
    assert set(ds.to_pandas()["split"]) == {"train"}
    assert len(ds) == ds.arrow.num_rows == 6
    assert (ds.name, ds.version) == ("demo-film", "1.0.0")


def test_columns_and_tables(ref: str | Path) -> None:
    votes = affectory.load(ref, columns=["item_id", "emotion_votes"]).to_pandas()
    assert list(votes.columns) == ["item_id", "emotion_votes"]
    assert np.stack(votes["emotion_votes"]).shape == (10, 3)
    assert len(affectory.load(ref, table="raters").to_pandas()) == 3


def test_table_not_kept_by_split_has_the_rows_of_its_items(ref: str | Path) -> None:
    ds = affectory.load(ref, split="test", table="annotations", columns=["value_num"])
    assert len(ds) == 2 * 3
    assert ds.arrow.column_names == ["value_num"]


def test_annotations_leave_out_what_the_policy_left_out(ref: str | Path) -> None:
    ds = affectory.load(ref)
    assert len(ds.annotations()) == 29
    assert len(ds.annotations(excluded=True)) == 30
    assert set(ds.annotations(simulated=False)["rater_id"]) == {"r0"}
    assert ds.annotations(question="nothing").empty


def test_gold_traces_are_numpy_views(ref: str | Path) -> None:
    traces = affectory.load(ref).traces(gold=True)
    trace = traces["item-0003"]
    assert trace.valence.dtype == np.float32
    assert trace.valence[1:4].tolist() == pytest.approx([0.003, 0.004, 0.005])
    assert trace.mask.tolist() == [False] + [True] * 49
    assert np.isnan(trace.arousal[0])
    assert trace.times_s[-1] == pytest.approx(49 / 25)
    assert trace.values(("valence", "arousal")).shape == (50, 2)
    assert trace.method == "mean"
    assert trace.rater_id is None
    assert trace.valence.base is traces["item-0004"].valence.base


def test_traces_of_raters(ref: str | Path) -> None:
    traces = affectory.load(ref, split="validation").traces()
    assert traces.items == ["item-0003", "item-0008"]
    assert [trace.rater_id for trace in traces.of("item-0003")] == ["r0", "r1", "r2"]
    with pytest.raises(LookupError, match="3 traces"):
        traces["item-0003"]
    assert len(traces[1:3]) == 2
    again = pickle.loads(pickle.dumps(traces[0]))
    assert again.valence[1] == traces[0].valence[1]
    with pytest.raises(AttributeError, match="valence, arousal"):
        _ = traces[0].dominance


def test_media_path_is_a_file_on_this_machine(ref: str | Path) -> None:
    ds = affectory.load(ref, split="test")
    assert ds.media_path("item-0004").read_bytes().startswith(b"clip 4")
    with pytest.raises(NotFoundError):
        ds.media_path("item-0000")


def test_schemes(ref: str | Path) -> None:
    assert affectory.load(ref).schemes["taxonomies"]["basic"]["labels"][0] == "joy"


def test_load_fetches_only_what_is_touched(server: str, behaviour: Behaviour) -> None:
    ds = affectory.load("demo-film", split="test")
    assert behaviour.files_asked() == ["manifest.json"]
    ds.to_pandas()
    assert behaviour.files_asked() == ["manifest.json", "items/test-00000-of-00001.parquet"]


def test_wrong_choices_say_what_there_is(ref: str | Path) -> None:
    with pytest.raises(UsageError, match="train, validation"):
        affectory.load(ref, split="dev")
    with pytest.raises(UsageError, match="va_valence"):
        affectory.load(ref, columns=["va_valens"]).to_pandas()
    with pytest.raises(UsageError, match="gold=True"):
        affectory.load(ref).traces(method="mean")


def test_part_of_a_release_says_what_is_missing(server: str, tmp_path: Path) -> None:
    from affectory.cli import main

    main(["pull", "demo-film", "--table", "items", "-o", "part", "-q"])
    ds = affectory.load(tmp_path / "part")
    assert len(ds.to_pandas()) == 10
    with pytest.raises(NotFoundError, match="annotations"):
        ds.annotations()


def test_dataset_goes_to_worker_processes(ref: str | Path) -> None:
    ds = pickle.loads(pickle.dumps(affectory.load(ref, split="test")))
    assert len(ds.to_pandas()) == 2


def test_conditions_choose_items(ref: str | Path) -> None:
    ds = affectory.load(ref, where=["emotion_label=joy", "va_valence > -0.95"])
    assert ds.to_pandas()["item_id"].tolist() == ["item-0006", "item-0003", "item-0009"]
    assert len(ds) == 3
    assert set(ds.annotations(excluded=True)["item_id"]) == {"item-0003", "item-0006", "item-0009"}
    assert len(affectory.load(ref, split="train", where=["emotion_label=joy"])) == 2
    assert len(affectory.load(ref, where=["va_valence_sd>=0"])) == 9  # one item has no such value


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("valence", "no comparison"),
        ("valens=1", "va_valence"),
        ("va_valence=high", "holds float"),
        ("emotion_votes=1", "holds list"),
    ],
)
def test_a_wrong_condition_says_why(ref: str | Path, condition: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        affectory.load(ref, where=[condition])
    assert told in f"{raised.value} {raised.value.hint}"


def test_a_server_with_another_interface_is_refused(server: str, behaviour: Behaviour) -> None:
    behaviour.api = 2
    with pytest.raises(MismatchError, match="API 2"):
        affectory.load("demo-film@1.0.0")
