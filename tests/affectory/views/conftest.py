from pathlib import Path

import pytest

from affectory.client.loading import load
from affectory.views.source import Source
from tests.affectory.views.snapshots import RELEASES


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample releases, which nobody changes."""
    root = tmp_path_factory.mktemp("views")
    for name, write in RELEASES.items():
        write(root / name)
    return root


@pytest.fixture(scope="session")
def film(releases: Path) -> Source:
    return Source(load(releases / "film"))
