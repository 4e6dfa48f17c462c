"""What every command has in common, and those that look at things: ls, show, card, log, diff, split-report, cache."""

import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from affectory.cli import main
from affectory.cli.commands import COMMANDS
from affectory.release.folder import open_manifest
from tests.affectory.client.release_server import Behaviour
from tests.affectory.release.samples import write_release


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def two_releases(server: str, behaviour: Behaviour, tmp_path: Path) -> Path:
    folder = tmp_path / "demo-film-2.0.0"
    write_release(folder, version="2.0.0", items=8, media=True)
    behaviour.publish(folder)
    return folder


# In this order: `add` makes the lock that others need.
EVERY = {
    "login": ["SERVER", "--no-token"],
    "whoami": [],
    "ls": [],
    "show": ["demo-film"],
    "card": ["demo-film"],
    "log": ["demo-film"],
    "diff": ["demo-film", "demo-film"],
    "pull": ["demo-film"],
    "add": ["demo-film"],
    "sync": ["--frozen"],
    "update": [],
    "verify": [],
    "export": [],
    "cache": ["ls"],
    "split-report": ["demo-film"],
}


def test_every_command_prints_json_alone_and_is_quiet(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(EVERY) == [command.NAME for command in COMMANDS]
    for name, told in EVERY.items():
        arguments = [name, *(server if one == "SERVER" else one for one in told)]
        assert main([*arguments, "--json"]) == 0, name
        printed = capsys.readouterr()
        assert (json.loads(printed.out) is not None, printed.err) == (True, ""), name
        assert main([*arguments, "-q"]) == 0, name
        assert capsys.readouterr().err == "", name


@pytest.mark.parametrize(
    ("typed", "code", "name", "told"),
    [
        (["pul"], 2, "usage", "'split-report'"),
        (["pull"], 2, "usage", "usage: affectory pull"),
        (["pull", "demo-film", "--table", "item"], 2, "usage", "it has: items, annotations"),
        (["cache", "rm", "demo-film"], 2, "usage", "affectory cache ls"),
        (["show", "no-such"], 6, "not_found", "affectory ls"),
        (["verify", "no-such"], 6, "not_found", "affectory pull"),
        (["pull", "demo-film", "--server", "http://127.0.0.1:9"], 7, "network", "affectory whoami"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_a_refusal_has_its_code_and_says_what_to_type(
    typed: list[str], code: int, name: str, told: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*typed, "--json"]) == code
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == name
    assert told in f"{error['message']} {error['hint']}"
    assert main(typed) == code
    assert error["hint"] in capsys.readouterr().err


def test_ls_lists_datasets_and_all_pages_of_releases(
    two_releases: Path, behaviour: Behaviour, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_release(tmp_path / "3", version="3.0.0", items=5)
    behaviour.publish(tmp_path / "3", "yanked")
    assert [row["name"] for row in run_json(capsys, "ls")] == ["demo-film"]
    releases = run_json(capsys, "ls", "demo-film")
    assert [(row["version"], row["state"]) for row in releases][-1] == ("3.0.0", "yanked")
    assert len(releases) == 3
    assert main(["ls", "demo-film"]) == 0
    assert "yanked" in capsys.readouterr().out


def test_show_tells_rows_per_split(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = run_json(capsys, "show", "demo-film")
    assert shown["tables"][0] == {"table": "items", "rows": 10, "train": 6, "validation": 2, "test": 2}
    assert shown["simulated"] is True
    assert main(["show", "demo-film"]) == 0
    assert "imulated" in capsys.readouterr().out


def test_card_and_log_print_the_documents(
    server: str, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ref in ("demo-film", str(release)):
        assert main(["card", ref]) == 0
        assert "# Demo film" in capsys.readouterr().out
    assert main(["log", "demo-film"]) == 0
    assert "First release." in capsys.readouterr().out


def test_what_the_card_says_to_type_pins_and_loads(server: str, release: Path) -> None:
    usage = (release / "README.md").read_text().split("## Use it")[1].split("\n## ")[0]
    shell, python = (block.split("\n", 1)[1] for block in usage.split("```")[1:4:2])
    for line in shell.splitlines()[1:]:  # without pip
        words = shlex.split(line.replace(" URL ", f" {server} --no-token "), comments=True)
        assert main([*words[1:], "-q"]) == 0, line
    named: dict[str, Any] = {}
    exec(python, named)
    assert len(named["train"]) == 6


def test_documents_as_json(server: str, release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = run_json(capsys, "card", "demo-film")
    assert card == {
        "name": "demo-film",
        "version": "1.0.0",
        "card": (release / "README.md").read_text(),
    }
    log = run_json(capsys, "log", "demo-film")
    assert [(row["version"], row["state"]) for row in log["releases"]] == [("1.0.0", "published")]
    assert log["changelog"] == (release / "CHANGELOG.md").read_text()


def test_login_as_json_tells_no_token(
    server: str,
    behaviour: Behaviour,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    behaviour.token = "secret"
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    told = run_json(capsys, "login", server, "--token-stdin")
    assert told == {"server": server, "version": "9.9.9", "config": str(tmp_path / "config" / "login.json")}


def test_add_and_verify_as_json(server: str, release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added = run_json(capsys, "add", "demo-film", "--table", "raters")
    assert (added["name"], added["version"], added["lock"]) == ("demo-film", "1.0.0", "dataset.lock")
    assert added["digest"] == open_manifest(release).digest
    assert added["downloaded_bytes"] > 0
    assert run_json(capsys, "add", "demo-film", "--table", "raters")["downloaded_bytes"] == 0
    verified = run_json(capsys, "verify")
    assert verified == {
        "demo-film@1.0.0": {**verified["demo-film@1.0.0"], "files": added["files"], "problems": []}
    }


def test_verify_as_json_names_what_is_spoilt(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["pull", "demo-film", "-q", "--table", "raters"])
    spoilt = Path("demo-film-1.0.0/CITATION.cff")
    spoilt.chmod(0o644)
    spoilt.write_text("spoilt")
    capsys.readouterr()
    assert main(["verify", "demo-film-1.0.0", "--json"]) == 3
    (problem,) = json.loads(capsys.readouterr().out)["demo-film-1.0.0"]["problems"]
    assert problem == {"path": "CITATION.cff", "what": "has 6 bytes and the manifest says 212"}


def test_diff_of_a_folder_and_a_release(two_releases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    difference = run_json(capsys, "diff", "demo-film@1.0.0", str(two_releases))
    assert difference["bump"] == "MAJOR"
    assert "items: 2 rows removed" in difference["reasons"]
    assert main(["diff", "demo-film@1.0.0", "demo-film@1.0.0"]) == 0
    assert "the same values" in capsys.readouterr().out


def test_whoami_without_and_with_a_token(
    server: str, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    behaviour.token = "t"
    assert run_json(capsys, "whoami")["session"] is None
    monkeypatch.setenv("AFFECTORY_TOKEN", "t")
    assert run_json(capsys, "whoami")["session"]["email"] == "ada@example.org"


def test_split_report(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = run_json(capsys, "split-report", "demo-film")
    assert report["leaking_groups"] == []
    assert main(["split-report", "demo-film"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[5].split() == ["label", "train", "validation", "test"]
    assert [line.split()[0] for line in told[6:9]] == [
        "va_valence",
        "emotion_label",
        "emotion_valence_mapped",
    ]


def test_cache_lists_removes_and_prunes(
    two_releases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ("1.0.0", "2.0.0"):
        main(["pull", f"demo-film@{version}", "-q"])
    assert [row["version"] for row in run_json(capsys, "cache", "ls")] == ["1.0.0", "2.0.0"]
    (freed,) = run_json(capsys, "cache", "rm", "demo-film@1.0.0")
    assert freed["freed_bytes"] > 0
    assert main(["verify", "demo-film-2.0.0", "-q"]) == 0
    assert [row["version"] for row in run_json(capsys, "cache", "ls")] == ["2.0.0"]
    (tmp_path / "cache" / "objects" / "00").mkdir(exist_ok=True)
    (tmp_path / "cache" / "objects" / "00" / ("0" * 64)).write_bytes(b"orphan")
    assert run_json(capsys, "cache", "prune")[0]["freed_bytes"] == 6
    assert main(["cache", "rm", "demo-film@9.0.0"]) == 6


def test_purge_withdrawn_deletes_only_what_is_withdrawn(
    two_releases: Path, behaviour: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ("1.0.0", "2.0.0"):
        main(["pull", f"demo-film@{version}", "-q"])
    behaviour.tombstones["1.0.0"] = {"reason": "erasure", "successor": "2.0.0"}
    assert [row["version"] for row in run_json(capsys, "cache", "purge-withdrawn")] == ["1.0.0"]
    assert [row["version"] for row in run_json(capsys, "cache", "ls")] == ["2.0.0"]
    behaviour.requests.clear()
    assert main(["pull", "demo-film@2.0.0", "-o", "again", "-q"]) == 0
    assert behaviour.files_asked() == []


def test_no_server_says_how_to_name_one(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AFFECTORY_SERVER")
    assert main(["ls"]) == 2
    assert "affectory login" in capsys.readouterr().err
