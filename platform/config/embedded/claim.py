"""One set of processes per data folder: who has it, and how to ask them to stop."""

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from config.embedded import processes
from config.embedded.errors import EmbeddedError

_STOP_TIMEOUT_S = 90.0


@dataclass(frozen=True)
class Claim:
    pid: int
    url: str


@contextmanager
def claimed(folder: Path, url: str) -> Iterator[None]:
    """Hold the folder for this process.

    The lock goes with the process however it ends, so a process id that is read under somebody
    else's lock is a live one and theirs; the file alone would prove nothing.
    """
    with _file(folder).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = _read(folder)
            raise EmbeddedError(
                f"{folder} is in use already"
                + (f" by process {other.pid}, at {other.url}" if other else "")
                + ". `make stop` stops it."
            ) from error
        file.truncate(0)
        file.write(json.dumps(asdict(Claim(os.getpid(), url))))
        file.flush()
        yield
        file.truncate(0)


def holder(folder: Path) -> Claim | None:
    """Who runs the platform on this folder, or None."""
    if not _file(folder).exists():
        return None
    with _file(folder).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(folder)
    return None


def ask_to_stop(folder: Path) -> bool:
    """Stop whoever runs the platform on this folder, and wait for it; whether there was anybody."""
    claim = holder(folder)
    if claim is None:
        return False
    os.kill(claim.pid, signal.SIGTERM)
    if not processes.wait_until(lambda: holder(folder) is None, _STOP_TIMEOUT_S):
        raise EmbeddedError(f"Process {claim.pid} does not stop; see {folder / 'logs'}.")
    return True


def _read(folder: Path) -> Claim | None:
    text = _file(folder).read_text()
    return Claim(**json.loads(text)) if text else None


def _file(folder: Path) -> Path:
    return folder / "running.json"
