"""What tests of several rooms share."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running_platform import Ended, run_to_end


@dataclass(frozen=True)
class CheckedDemo:
    """A data folder on which `demo-check` has failed late, and then ended; nothing runs on it."""

    folder: Path
    failed: Ended
    again: Ended


@pytest.fixture(scope="session")
def checked_demo(tmp_path_factory: pytest.TempPathFactory) -> CheckedDemo:
    """One for all tests of a worker that need the demo's data; each worker that has such tests makes its own."""
    folder = tmp_path_factory.mktemp("demo")
    failed = run_to_end("demo-check", folder, AFFECTORY_SIGNING_KEY=str(folder / "no-such-key"))
    return CheckedDemo(folder, failed, run_to_end("demo-check", folder))
