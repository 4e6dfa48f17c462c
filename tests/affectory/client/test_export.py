"""`affectory export`: a release in another layout, from a server, from the cache, from a folder."""

import json
from pathlib import Path

import pandas as pd
import pytest

from affectory.cli import main
from tests.affectory.client.release_server import Behaviour


def test_a_release_by_name_becomes_another_layout(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "csv", "demo-film@^1", "--to", "out"]) == 0
    assert len(pd.read_csv("out/items.csv")) == 10
    assert len(pd.read_csv("out/traces_samples.csv")) == 10 * 3 * 50
    assert "demo-film@1.0.0 as csv" in capsys.readouterr().err


def test_json_tells_each_file(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "webdataset", "demo-film", "--to", "out", "--split", "test", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["release"]) == ("webdataset", "demo-film@1.0.0")
    assert [file["path"] for file in told["files"]] == ["affectory-view.json", "test-000000.tar"]
    assert Path("out/test-000000.tar").stat().st_size == told["files"][1]["bytes"] > 2 * 300_000


def test_the_cache_is_enough_without_a_network(
    server: str, behaviour: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "veatic", "demo-film@1.0.0", "--to", "one", "-q"]) == 0
    behaviour.failing = 1_000
    assert main(["export", "veatic", "demo-film@1.0.0", "--to", "two", "-q"]) == 0
    assert "from the cache" in capsys.readouterr().err
    name = "rating_averaged/3_valence.csv"
    assert Path("one", name).read_bytes() == Path("two", name).read_bytes()


def test_a_pulled_folder_needs_no_server(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "none.json"))
    monkeypatch.delenv("AFFECTORY_SERVER", raising=False)
    target = tmp_path / "out"
    assert main(["export", "elan", str(release), "--to", str(target), "--option", "window_s=0.5", "-q"]) == 0
    assert len(list(target.glob("*.eaf"))) == 10
    assert '"window_s": "0.5"' in (target / "affectory-view.json").read_text()


def test_a_part_of_a_release_says_what_is_missing(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pull", "demo-film", "--table", "items", "-o", "part", "-q"]) == 0
    assert main(["export", "muse", "part", "--to", "out"]) == 6
    assert "pull the rest with: affectory pull" in capsys.readouterr().err
    assert not Path("out").exists()
    assert main(["export", "csv", "part", "--to", "out", "--option", "tables=items", "-q"]) == 0


def test_refusals_have_exit_codes_and_name_the_next_step(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "meld", "demo-film", "--to", "out", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert "no group key 'dialogue'" in error["message"]
    assert main(["export", "csv", "demo-film"]) == 2
    assert "--to DIR" in capsys.readouterr().err
    assert main(["export", "csv", "demo-film", "--to", "out", "--option", "tables"]) == 2
    assert "--option NAME=VALUE" in capsys.readouterr().err
    assert main(["export", "cvs", "demo-film", "--to", "out"]) == 2
    assert "there are: abaw" in capsys.readouterr().err
    assert not Path("out").exists()


def test_without_a_release_the_formats_and_options_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export"]) == 0
    assert "mne.read_annotations" in capsys.readouterr().out
    assert main(["export", "--json"]) == 0
    formats = [row["format"] for row in json.loads(capsys.readouterr().out)]
    assert {"csv", "webdataset", "eeg-bids", "label-studio"} <= set(formats)
    assert main(["export", "webdataset"]) == 0
    assert "--option shard_items=...  items per shard [1000]" in capsys.readouterr().out
    assert main(["export", "abaw", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["needs"] == ["gold_traces"]


def test_only_items_that_fit_the_conditions_are_exported(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    conditions = ["--where", "va_valence>=-0.8", "--filter", "film=film-2"]
    assert main(["export", "csv", "demo-film", "--to", "out", "-q", *conditions]) == 0
    items = pd.read_csv("out/items.csv")
    assert set(items["item_id"]) == {"item-0002", "item-0007"}
    assert set(pd.read_csv("out/annotations.csv")["item_id"]) == set(items["item_id"])
    assert set(pd.read_csv("out/traces.csv")["item_id"]) == set(items["item_id"])
    told = json.loads(Path("out/affectory-view.json").read_text())
    assert told["where"] == ["va_valence>=-0.8", "film=film-2"]
    assert main(["pull", "demo-film", "-q", "--media", "proxy", "-o", "part", "--filter", "film=film-2"]) == 0
    pulled = ["export", "webdataset", "part", "--to", "narrower", "-q", "--where", "item_id=item-0007"]
    assert main(pulled) == 0
    assert json.loads(Path("narrower/affectory-view.json").read_text())["where"] == [
        "film=film-2", "item_id=item-0007",
    ]  # fmt: skip
    capsys.readouterr()
    assert main(["export", "csv", "demo-film", "--to", "none", "--where", "film=film-9"]) != 0
    assert "no item of demo-film@1.0.0 fits: film=film-9" in capsys.readouterr().err
    assert main(["export", "csv", "demo-film", "--to", "none", "--where", "colour=red"]) == 2
    assert not Path("none").exists()
