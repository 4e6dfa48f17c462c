"""One set of processes per data folder: who has it, and how to ask them to stop."""

import fcntl
import json
import os
import signal
from collections.abc import Callable, Iterator
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
def claimed(folder: Path) -> Iterator[Callable[[str], None]]:
    """Hold the folder for this process; what is given back tells others the address, once it is known.

    The lock goes with the process however it ends, so a process id that is read under somebody
    else's lock is a live one and theirs; the file alone would prove nothing.
    """
    with _file(folder).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EmbeddedError(
                f"{_described(_read(folder))} runs on {folder}; `make stop` stops it."
            ) from error

        def announce(url: str) -> None:
            file.truncate(0)
            file.write(json.dumps(asdict(Claim(os.getpid(), url))))
            file.flush()

        announce("")
        yield announce
        file.truncate(0)


def _described(claim: Claim | None) -> str:
    return f"Process {claim.pid} ({claim.url or 'starting'})" if claim else "Another process"


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
