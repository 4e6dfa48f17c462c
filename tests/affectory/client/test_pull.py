"""`affectory pull` against a real HTTP server."""

import errno
import io
import json
import os
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest

import affectory
from affectory.cli import main
from affectory.release.errors import VersionError
from affectory.release.folder import open_manifest
from affectory.release.manifest import Manifest
from tests.affectory.client.release_server import Behaviour, serving
from tests.affectory.release.samples import write_release

TRAIN = "items/train-00000-of-00001.parquet"


def pull_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    capsys.readouterr()
    code = main(["pull", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_pull_brings_a_folder_that_pandas_reads(server: str, release: Path) -> None:
    assert main(["pull", "demo-film@1.0.0", "-q"]) == 0
    folder = Path("demo-film-1.0.0")
    assert len(pd.read_parquet(folder / "items")) == 10
    assert (folder / "manifest.json").read_bytes() == (release / "manifest.json").read_bytes()
    assert (folder / "SHA256SUMS").read_bytes() == (release / "SHA256SUMS").read_bytes()
    assert not (folder / "media").exists()


def test_files_are_hard_links_into_the_cache_and_read_only(server: str, tmp_path: Path) -> None:
    main(["pull", "demo-film@1.0.0", "-q"])
    pulled = Path("demo-film-1.0.0") / TRAIN
    sha256 = next(file.sha256 for file in open_manifest(Path("demo-film-1.0.0")).files if file.path == TRAIN)
    assert pulled.samefile(tmp_path / "cache" / "objects" / sha256[:2] / sha256)
    assert not pulled.stat().st_mode & stat.S_IWUSR


def test_second_pull_downloads_nothing(
    server: str, behaviour: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    _, first = pull_json(capsys, "demo-film@1.0.0", "-o", "one")
    behaviour.requests.clear()
    code, second = pull_json(capsys, "demo-film@1.0.0", "-o", "two")
    assert code == 0
    assert first["downloaded_bytes"] == first["bytes"]
    assert second["downloaded_bytes"] == 0
    assert behaviour.files_asked() == []


def test_split_table_and_media_choose_a_part(server: str, release: Path) -> None:
    arguments = ["--split", "test", "--table", "items", "--media", "proxy"]
    assert main(["pull", "demo-film", *arguments, "-q"]) == 0
    folder = Path("demo-film-1.0.0")
    assert [path.name for path in sorted((folder / "items").iterdir())] == ["test-00000-of-00001.parquet"]
    assert not (folder / "annotations").exists()
    wanted = set(pd.read_parquet(folder / "items")["media_path"])
    held = {path.relative_to(folder).as_posix() for path in folder.glob("media/*/*")}
    assert held == wanted
    assert 0 < len(wanted) < len(open_manifest(release).media)


def test_range_chooses_the_newest_published_release(
    server: str, behaviour: Behaviour, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version, state in {"1.1.0": "published", "1.2.0": "yanked", "2.0.0": "published"}.items():
        write_release(tmp_path / version, version=version, items=5)
        behaviour.publish(tmp_path / version, state)
    assert pull_json(capsys, "demo-film@^1")[1]["version"] == "1.1.0"
    assert pull_json(capsys, "demo-film")[1]["version"] == "2.0.0"
    assert pull_json(capsys, "demo-film@1.2.0")[1]["version"] == "1.2.0"
    digest = open_manifest(tmp_path / "1.1.0").digest
    assert pull_json(capsys, f"demo-film@{digest}", "-o", "x")[1]["digest"] == digest


def test_broken_transfer_goes_on_where_it_broke(server: str, behaviour: Behaviour, release: Path) -> None:
    size = (release / TRAIN).stat().st_size
    behaviour.break_after[TRAIN] = [1000, 1000, 1000]
    assert main(["pull", "demo-film", "-q"]) == 0
    asked = [what for path, what in behaviour.requests if path.endswith(TRAIN)]
    assert asked == [None, "bytes=1000-", "bytes=2000-", "bytes=3000-"]
    assert (Path("demo-film-1.0.0") / TRAIN).stat().st_size == size


def test_interrupted_pull_resumes_in_the_next_process(
    server: str, behaviour: Behaviour, tmp_path: Path, release: Path
) -> None:
    behaviour.break_after[TRAIN] = [2000] + [0] * 10
    assert main(["pull", "demo-film", "-q"]) == 7
    assert not (tmp_path / "demo-film-1.0.0").exists()
    behaviour.break_after.clear()
    behaviour.requests.clear()
    assert main(["pull", "demo-film", "-q"]) == 0
    assert ("bytes=2000-") in [what for path, what in behaviour.requests if path.endswith(TRAIN)]
    assert (Path("demo-film-1.0.0") / TRAIN).read_bytes() == (release / TRAIN).read_bytes()


def test_server_without_ranges_is_asked_again_from_the_start(
    server: str, behaviour: Behaviour, release: Path
) -> None:
    behaviour.ignore_range = True
    behaviour.break_after[TRAIN] = [1500]
    assert main(["pull", "demo-film", "-q"]) == 0
    assert (Path("demo-film-1.0.0") / TRAIN).read_bytes() == (release / TRAIN).read_bytes()


def test_wrong_bytes_once_are_fetched_again(server: str, behaviour: Behaviour, release: Path) -> None:
    behaviour.wrong_bytes[TRAIN] = 1
    assert main(["pull", "demo-film", "-q"]) == 0
    assert (Path("demo-film-1.0.0") / TRAIN).read_bytes() == (release / TRAIN).read_bytes()


def test_wrong_bytes_are_never_kept(
    server: str, behaviour: Behaviour, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    behaviour.wrong_bytes[TRAIN] = 99
    code, answer = pull_json(capsys, "demo-film")
    assert code == 3
    assert TRAIN in answer["error"]["message"]
    assert not (tmp_path / "demo-film-1.0.0").exists()
    sha256 = next(
        f.sha256 for f in open_manifest(behaviour.folders["demo-film", "1.0.0"]).files if f.path == TRAIN
    )
    assert not (tmp_path / "cache" / "objects" / sha256[:2] / sha256).exists()


def test_wrong_manifest_is_refused(server: str, behaviour: Behaviour) -> None:
    behaviour.wrong_bytes["manifest.json"] = 99
    assert main(["pull", "demo-film", "-q"]) == 3


def test_server_that_fails_for_a_moment_is_asked_again(server: str, behaviour: Behaviour) -> None:
    main(["pull", "demo-film", "-q", "--table", "items", "-o", "first"])
    behaviour.break_after["splits/full-00000-of-00001.parquet"] = [0, 0]
    assert main(["pull", "demo-film", "-q"]) == 0


def test_withdrawn_release_is_refused_with_its_tombstone(
    server: str, behaviour: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["pull", "demo-film@1.0.0", "-q"])
    behaviour.tombstones["1.0.0"] = {
        "reason": "erasure",
        "date": "2026-11-21",
        "successor": "2.0.0",
        "removed_rows": 3,
    }
    code, answer = pull_json(capsys, "demo-film@1.0.0", "-o", "again")
    assert code == 4
    assert "erasure" in answer["error"]["message"]
    assert "2.0.0" in answer["error"]["hint"]
    assert not Path("again").exists()
    assert main(["pull", "demo-film@1.0.0", "-o", "again", "--allow-withdrawn"]) == 0
    assert "withdrawn" in capsys.readouterr().err


def test_token_is_needed_and_comes_from_the_environment(
    server: str, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    behaviour.token = "secret"
    assert main(["pull", "demo-film", "-q"]) == 5
    assert "affectory login" in capsys.readouterr().err
    monkeypatch.setenv("AFFECTORY_TOKEN", "secret")
    assert main(["pull", "demo-film", "-q"]) == 0
    assert "secret" not in Path("demo-film-1.0.0/manifest.json").read_text()


def test_token_does_not_follow_a_redirect_to_a_store(
    server: str, behaviour: Behaviour, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Behaviour()
    store.publish(release)
    store.break_after[TRAIN] = [1000]
    with serving(store) as elsewhere:
        behaviour.token, behaviour.redirect_files_to = "secret", elsewhere
        monkeypatch.setenv("AFFECTORY_TOKEN", "secret")
        assert main(["pull", "demo-film", "-q"]) == 0
    assert behaviour.tokens_seen == {"Bearer secret"}
    assert store.tokens_seen == {None}
    assert "bytes=1000-" in [asked for path, asked in store.requests if path.endswith(TRAIN)]


def test_a_store_that_fails_is_named_and_not_taken_for_the_server(
    server: str, behaviour: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Behaviour()) as elsewhere:
        behaviour.redirect_files_to = elsewhere
        assert main(["pull", "demo-film", "-q"]) == 7
        named = f"{elsewhere.removeprefix('http://')}, where {server} keeps its files, "
        assert f"{named}refused (404)" in capsys.readouterr().err
    assert main(["pull", "demo-film", "-q"]) == 7
    assert f"{named}cannot be reached" in capsys.readouterr().err


def test_what_is_not_there_is_not_found(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pull", "no-such"]) == 6
    assert main(["pull", "demo-film@^7"]) == 6
    assert "there is 1.0.0" in capsys.readouterr().err


@pytest.mark.parametrize("ref", ["Bad Name", "demo-film@one", "../etc@1.0.0", "demo-film@1.0"])
def test_senseless_reference_is_a_usage_error(server: str, ref: str) -> None:
    assert main(["pull", ref, "-q"]) == 2


def test_unknown_split_table_or_media_says_what_there_is(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pull", "demo-film", "--split", "dev"]) == 2
    assert "train, validation" in capsys.readouterr().err
    assert main(["pull", "demo-film", "--table", "nothing"]) != 0
    assert main(["pull", "demo-film", "--media", "full"]) == 2


def test_unreachable_server_is_a_network_error(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["pull", "demo-film", "-q", "--server", "http://127.0.0.1:9"]) == 7


def test_folder_of_something_else_is_left_alone(server: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert main(["pull", "demo-film", "-o", "mine", "-q"]) == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_manifest_that_points_outside_is_refused(behaviour: Behaviour, server: str, tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    write_release(evil, version="6.6.6", items=5)
    text = (evil / "manifest.json").read_text().replace("README.md", "../../owned.md")
    (evil / "manifest.json").write_text(text)
    behaviour.folders["demo-film", "6.6.6"] = evil
    behaviour.states["6.6.6"] = "published"
    assert main(["pull", "demo-film@6.6.6", "-q"]) == 3
    assert not list(tmp_path.rglob("owned.md"))


@pytest.mark.parametrize("version", ["../../out", "1.0"])
def test_manifest_with_a_version_that_is_a_path_is_refused(
    release: Path, tmp_path: Path, version: str
) -> None:
    text = (release / "manifest.json").read_text().replace('"version": "1.0.0"', f'"version": "{version}"')
    with pytest.raises(VersionError):
        Manifest.from_json(text)


def test_full_disk_is_an_error_in_words(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "objects/ab")

    monkeypatch.setattr("affectory.client.cache.Cache.adopt", full)
    assert main(["pull", "demo-film"]) == 1
    assert "No space left" in capsys.readouterr().err


def test_stopping_keeps_what_has_come_and_goes_on_later(
    server: str, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("affectory.client.download.wait", interrupt)
        assert main(["pull", "demo-film", "-q"]) == 130
    assert not (tmp_path / "demo-film-1.0.0").exists()
    assert main(["pull", "demo-film", "-q"]) == 0
    assert main(["verify", "demo-film-1.0.0", "-q"]) == 0


def test_pull_works_from_the_cache_when_the_server_is_gone(
    behaviour: Behaviour, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(behaviour) as other:
        monkeypatch.setenv("AFFECTORY_SERVER", other)
        assert main(["pull", "demo-film@1.0.0", "-q"]) == 0
    shutil.rmtree("demo-film-1.0.0")
    with pytest.warns(UserWarning, match="from the cache"):
        ds = affectory.load("demo-film@^1", split="train")
    assert ds.version == "1.0.0"
    assert len(ds.to_pandas()) == 6
    assert main(["card", "demo-film"]) == 0


def test_login_keeps_the_token_for_the_owner_only(
    server: str, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    behaviour.token = "secret"
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    assert main(["login", server, "--token-stdin", "-q"]) == 0
    config = tmp_path / "config" / "login.json"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    monkeypatch.delenv("AFFECTORY_SERVER")
    assert main(["pull", "demo-film", "-q"]) == 0
