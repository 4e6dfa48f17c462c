"""What tests of several rooms share."""

import fcntl
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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
def checked_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> CheckedDemo:
    """Made by the first worker that needs it, as it takes minutes; every worker has a copy of its own."""
    folder = tmp_path_factory.getbasetemp()
    made = (folder if worker_id == "master" else folder.parent) / "checked-demo"
    with _alone(made.with_suffix(".lock")):
        ended = made.with_suffix(".json")
        if not ended.exists():
            failed = run_to_end("demo-check", made, AFFECTORY_SIGNING_KEY=str(made / "no-such-key"))
            again = run_to_end("demo-check", made)
            ended.write_text(json.dumps([asdict(failed), asdict(again)]))
    copy = folder / "demo"
    # With owners: PostgreSQL may run as another account.
    subprocess.run(["cp", "-a", made, copy], check=True)
    failed, again = (Ended(**one) for one in json.loads(ended.read_text()))
    return CheckedDemo(copy, failed, again)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process of this machine holds the file."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
