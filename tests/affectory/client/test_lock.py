"""add, sync, update, verify and load through dataset.lock."""

import json
import shutil
import socket
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import affectory
from affectory.cli import main
from affectory.client.errors import WithdrawnError
from affectory.release.errors import LockError
from affectory.release.lock import lock_text, read_lock
from tests.affectory.client.release_server import Behaviour, serving
from tests.affectory.release.samples import write_release

LOCK = Path("dataset.lock")


@pytest.fixture
def stoppable(behaviour: Behaviour, server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """A second server that a test can stop with `.close()`."""
    with ExitStack() as stack:
        monkeypatch.setenv("AFFECTORY_SERVER", stack.enter_context(serving(behaviour)))
        yield stack


def test_add_pins_version_digests_and_selection_and_no_token(
    server: str, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour.token = "very-secret"
    monkeypatch.setenv("AFFECTORY_TOKEN", "very-secret")
    assert main(["add", "demo-film", "--split", "train", "--table", "items", "-q"]) == 0
    locked = read_lock(LOCK).only()
    assert (locked.version, locked.wanted, locked.split, locked.tables) == (
        "1.0.0",
        "^1",
        "train",
        ("items",),
    )
    assert locked.digest.startswith("sha256:")
    assert set(locked.table_digests) >= {"items", "annotations", "traces"}
    assert "very-secret" not in LOCK.read_text()
    assert lock_text(read_lock(LOCK)) == LOCK.read_text()


def test_locked_release_loads_without_any_server(stoppable: ExitStack) -> None:
    assert main(["add", "demo-film@^1", "-q"]) == 0
    stoppable.close()
    assert main(["sync", "--frozen", "-q"]) == 0
    assert main(["verify", "-q"]) == 0
    with pytest.warns(UserWarning, match="whether demo-film@1.0.0 still stands is not known"):
        ds = affectory.load(lock=LOCK, split="test")
    assert len(ds.to_pandas()) == 2
    with pytest.warns(UserWarning, match="cannot be reached"):
        assert affectory.load("demo-film", lock=LOCK).digest == ds.digest


def test_sync_says_how_the_pinned_release_stands(
    server: str, behaviour: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", "demo-film@1.0.0", "-q"])
    behaviour.states["1.0.0"] = "yanked"
    assert main(["sync", "--frozen", "-q"]) == 0
    assert "demo-film@1.0.0 is yanked" in capsys.readouterr().err
    behaviour.tombstones["1.0.0"] = {"reason": "erasure", "removed_rows": {"annotations": 3}}
    assert main(["sync", "--frozen", "-q"]) == 4
    assert "3 annotations" in capsys.readouterr().err
    assert main(["sync", "--frozen", "-q", "--allow-withdrawn"]) == 0
    assert "erasure" in capsys.readouterr().err


def test_a_server_that_never_answers_does_not_keep_a_lock_from_loading(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["add", "demo-film@1.0.0", "-q"])
    monkeypatch.setattr("affectory.client.standing._PATIENCE_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        LOCK.write_text(LOCK.read_text().replace(server, silent_url))
        with pytest.warns(UserWarning, match="cannot be reached: timed out"):
            assert len(affectory.load(lock=LOCK).to_pandas()) == 10


def test_load_learns_that_the_pinned_release_was_withdrawn(server: str, behaviour: Behaviour) -> None:
    main(["add", "demo-film@1.0.0", "-q"])
    behaviour.tombstones["1.0.0"] = {"reason": "erasure", "successor": "1.0.1"}
    with pytest.raises(WithdrawnError, match=r"use its successor 1\.0\.1"):
        affectory.load(lock=LOCK)
    with pytest.warns(UserWarning, match="withdrawn; reason: erasure"):
        ds = affectory.load(lock=LOCK, allow_withdrawn=True)
    assert len(ds.to_pandas()) == 10


def test_a_warning_is_given_once_however_many_splits_are_loaded(server: str, behaviour: Behaviour) -> None:
    main(["add", "demo-film@1.0.0", "-q"])
    behaviour.states["1.0.0"] = "deprecated"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        for split in ("train", "validation", "test"):
            affectory.load(lock=LOCK, split=split)
    assert ["deprecated" in str(warning.message) for warning in told] == [True]


@pytest.mark.parametrize("what", [["demo-film-1.0.0"], []], ids=["folder", "lock"])
def test_verify_learns_that_a_release_was_withdrawn(
    server: str, behaviour: Behaviour, what: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", "demo-film@1.0.0", "-q"])
    main(["pull", "demo-film@1.0.0", "-q"])
    behaviour.states["1.0.0"] = "yanked"
    assert main(["verify", *what, "-q"]) == 0
    assert "warning: demo-film@1.0.0 is yanked" in capsys.readouterr().err
    behaviour.tombstones["1.0.0"] = {"reason": "erasure"}
    assert main(["verify", *what, "-q"]) == 4
    assert "purge-withdrawn" in capsys.readouterr().err
    assert main(["verify", *what, "-q", "--allow-withdrawn"]) == 0
    assert "reason: erasure" in capsys.readouterr().err


def test_verify_asks_only_the_server_that_a_folder_came_from(
    release: Path, server: str, behaviour: Behaviour, tmp_path: Path
) -> None:
    shutil.copytree(release, tmp_path / "copied")
    behaviour.tombstones["1.0.0"] = {"reason": "another lab's demo-film"}
    assert main(["verify", "copied", "-q"]) == 0
    assert behaviour.requests == []
    assert main(["verify", "copied", "-q", "--server", server]) == 4


def test_sync_fetches_into_an_empty_cache(
    server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", "demo-film", "--media", "proxy", "--split", "test", "-q"])
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "other"))
    capsys.readouterr()
    assert main(["sync", "--frozen", "--json"]) == 0
    (synced,) = json.loads(capsys.readouterr().out)
    assert synced["downloaded_bytes"] > 0
    assert affectory.load(lock=LOCK).media_path("item-0004").is_file()


def test_server_cannot_change_a_locked_release(
    server: str, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    main(["add", "demo-film@1.0.0", "-q"])
    write_release(tmp_path / "swapped", items=7)
    behaviour.publish(tmp_path / "swapped")
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "other"))
    assert main(["sync", "-q"]) == 3
    assert main(["sync", "--frozen", "-q"]) == 3


def test_frozen_sync_refuses_a_lock_that_would_change(
    server: str, behaviour: Behaviour, tmp_path: Path
) -> None:
    main(["add", "demo-film@^1", "-q"])
    write_release(tmp_path / "2", version="2.0.0", items=12)
    behaviour.publish(tmp_path / "2")
    LOCK.write_text(LOCK.read_text().replace('wanted = "^1"', 'wanted = "^2"'))
    before = LOCK.read_text()
    assert main(["sync", "--frozen", "-q"]) == 3
    assert LOCK.read_text() == before
    assert main(["sync", "-q"]) == 0
    assert read_lock(LOCK).only().version == "2.0.0"


def test_update_stays_in_the_range_and_says_what_changes(
    server: str, behaviour: Behaviour, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", "demo-film@^1", "-q"])
    for version, items in {"1.1.0": 12, "2.0.0": 5}.items():
        write_release(tmp_path / version, version=version, items=items)
        behaviour.publish(tmp_path / version)
    capsys.readouterr()
    assert main(["update", "--json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)
    assert (change["from"], change["to"], change["bump"]) == ("1.0.0", "1.1.0", "MAJOR")  # its media are gone
    assert "items: 2 rows added" in change["reasons"]
    assert read_lock(LOCK).only().version == "1.1.0"


def test_update_away_from_a_withdrawn_release(server: str, behaviour: Behaviour, tmp_path: Path) -> None:
    main(["add", "demo-film", "--table", "items", "-q"])
    LOCK.write_text(LOCK.read_text().replace('wanted = "^1"', 'wanted = "^2"'))
    write_release(tmp_path / "2", version="2.0.0", items=9)
    behaviour.publish(tmp_path / "2")
    behaviour.tombstones["1.0.0"] = {"reason": "erasure"}
    assert main(["update", "-q"]) == 0
    assert read_lock(LOCK).only().version == "2.0.0"


def test_verify_names_a_spoilt_object_and_folder(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", "demo-film", "-q"])
    main(["pull", "demo-film", "-q", "--table", "items", "--split", "train"])
    assert main(["verify", "demo-film-1.0.0", "--deep", "-q"]) == 0
    victim = Path("demo-film-1.0.0/items/train-00000-of-00001.parquet")
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-1] + b"X")
    capsys.readouterr()
    assert main(["verify", "demo-film-1.0.0"]) == 3
    assert "items/train" in capsys.readouterr().out
    assert main(["verify"]) == 3  # the folder is a link into the cache


def test_verify_of_a_lock_looks_at_media_and_rows(
    server: str, release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", "demo-film", "-q", "--media", "proxy", "--split", "train", "--table", "items"])
    capsys.readouterr()
    assert main(["verify", "--deep", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["demo-film@1.0.0"]
    assert found["rows"] == len(affectory.load(lock="dataset.lock"))
    medium = affectory.load(lock="dataset.lock").media_files()["item-0000"]
    victim = tmp_path / "cache" / "objects" / medium.sha256[:2] / medium.sha256
    victim.chmod(0o644)
    victim.write_bytes(b"X" * medium.bytes)
    assert main(["verify", "-q"]) == 3
    assert medium.path in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format = 1\n[datasets.x]\nversion = '1.0.0'\n", "x"),
        ("format = 2\n", "format"),
        ("not toml", "TOML"),
        ("format = 1\n[datasets.x]\nserver='s'\nwanted='^1'\nversion='1.0.0'\ndigest='d'\nnew_key=1\n", "x"),
    ],
)
def test_lock_that_cannot_be_read_says_why(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "dataset.lock").write_text(text)
    with pytest.raises(LockError, match=message):
        read_lock(tmp_path / "dataset.lock")


def test_no_lock_says_how_to_make_one(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync"]) == 3
    assert "affectory add" in capsys.readouterr().err
