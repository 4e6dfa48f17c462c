"""Server and client say so when they do not fit, whatever is asked first."""

import json
import shutil
from pathlib import Path

import pytest

from affectory.cli import main
from affectory.release.errors import ManifestError
from affectory.release.manifest import Manifest
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


def test_a_release_of_a_newer_program_is_read_while_its_schema_is_known(
    server: str, behaviour: Behaviour, release: Path, tmp_path: Path
) -> None:
    newer = shutil.copytree(release, tmp_path / "newer")
    told = json.loads((newer / "manifest.json").read_text())
    for record in (
        told,
        told["writer"],
        told["files"][0],
        told["tables"][0],
        told["tables"][0]["columns"][0],
    ):
        record["said_since"] = "the next version"
    (newer / "manifest.json").write_text(json.dumps(told))
    behaviour.publish(newer)
    assert main(["pull", "demo-film", "-o", "one", "-q"]) == 0
    assert main(["verify", "one", "--deep", "-q"]) == 0

    with pytest.raises(ManifestError, match="pip install --upgrade affectory"):
        Manifest.from_json(json.dumps(told | {"schema": "affectory-release/2"}))
