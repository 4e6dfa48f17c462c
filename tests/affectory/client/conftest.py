from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.affectory.client.release_server import Behaviour, serving
from tests.affectory.release.samples import write_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that nobody changes: demo-film 1.0.0 with proxy media."""
    folder = tmp_path_factory.mktemp("releases") / "demo-film-1.0.0"
    write_release(folder, media=True)
    return folder


@pytest.fixture
def behaviour(release: Path) -> Behaviour:
    told = Behaviour()
    told.publish(release)
    return told


@pytest.fixture
def server(behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server to talk to; this process has its own empty cache and configuration."""
    with serving(behaviour) as url:
        monkeypatch.setenv("AFFECTORY_SERVER", url)
        monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "config" / "login.json"))
        monkeypatch.delenv("AFFECTORY_TOKEN", raising=False)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("affectory.client.download._FIRST_PAUSE_S", 0.0)
        yield url
