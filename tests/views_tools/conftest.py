"""Views opened by the tools that they are for. `make test-tools` runs these in an environment that has them."""

import importlib.util
import os
from pathlib import Path

import pytest

# The suite of the platform has none of the tools, and leaves these tests to their own environment.
collect_ignore_glob = [] if importlib.util.find_spec("audformat") else ["test_*.py"]
# Nothing here may need a network; read by datasets when it is imported.
os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample releases and `<release>-<format>` for each view of them."""
    from tests.affectory.views.snapshots import render_all

    root = tmp_path_factory.mktemp("rendered")
    render_all(root)
    return root
