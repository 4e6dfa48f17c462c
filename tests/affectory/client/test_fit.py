"""Server and client say so when they do not fit, whatever is asked first."""

from pathlib import Path

import pytest

from affectory.cli import main
from tests.affectory.client.release_server import Behaviour


@pytest.mark.parametrize(
    "command",
    [
        ["pull", "demo-film"],
        ["ls"],
        ["ls", "demo-film"],
        ["log", "demo-film"],
        ["show", "demo-film"],
        ["add", "demo-film"],
        ["whoami"],
        ["cache", "purge-withdrawn"],
        ["verify", "--successor", "demo-film@1.0.0"],
    ],
    ids=" ".join,
)
def test_other_api_is_named_with_both_versions(
    server: str, behaviour: Behaviour, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["pull", "demo-film", "-o", "held", "-q"])
    behaviour.api = 2
    assert main(command) == 3
    said = capsys.readouterr().err
    assert "9.9.9" in said
    assert "API 2" in said


def test_a_lock_that_needs_downloads_is_not_synced_from_another_api(
    server: str, behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["add", "demo-film", "-q"])
    behaviour.api = 2
    assert main(["sync", "--frozen", "-q"]) == 0  # all is in the cache
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "other"))
    assert main(["sync", "--frozen", "-q"]) == 3
    assert not list((tmp_path / "other").rglob("objects/*/*"))


def test_versions_are_compared_once_for_each_connection(server: str, behaviour: Behaviour) -> None:
    assert main(["pull", "demo-film", "-q"]) == 0
    assert [path for path, _ in behaviour.requests].count("/api/server/") == 1
    assert behaviour.requests[0][0] == "/api/server/"
