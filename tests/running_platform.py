"""The platform's own commands as processes, each on a data folder of a test."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY = "Affectory is at "
REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Ended:
    """How a command ended, and all that it said."""

    code: int
    said: str


@contextmanager
def begun(command: str, folder: Path, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command on a folder, with a PostgreSQL and a port of its own; stopped after the block, if need be."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"AFFECTORY_DATA": str(folder), "AFFECTORY_PORT": "0", **more}
    words = [sys.executable, "-m", "config.embedded", command]
    child = subprocess.Popen(
        words,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_as_by_hand,  # noqa: PLW1509  # no other thread of a test holds a lock
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        child.communicate(timeout=60)


def _as_by_hand() -> None:
    """Let the child hear Ctrl-C, also where these tests were started in the background and are deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_to_end(command: str, folder: Path, **more: str) -> Ended:
    with begun(command, folder, **more) as child:
        said = child.stdout.read()
        return Ended(child.wait(), said)


def url_when_ready(child: "subprocess.Popen[str]") -> str:
    """Read what it says until it serves; an AssertionError with its last lines where it does not."""
    said: list[str] = []
    for line in child.stdout:
        said.append(line)
        if line.startswith(READY):
            address = line.removeprefix(READY).split()[0]
            return address.removesuffix(".")
    raise AssertionError("The platform did not come up:\n" + "".join(said[-40:]))


def processes_of(folder: Path) -> set[int]:
    """Ids of the processes that name the folder in their command or environment (Linux)."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
        except OSError:  # it has ended, or is another user's
            continue
        if bytes(folder) in told:
            found.add(int(place.name))
    return found


def manage(folder: Path, *words: str, **more: str) -> str:
    """Run a `manage.py` command beside the platform that runs on `folder`; what it printed."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"AFFECTORY_DATA": str(folder), **more}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=REPOSITORY, env=env, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    command: str


def descendants(pid: int) -> list[Process]:
    """The processes that came of this one (Linux)."""
    everybody = [one for place in Path("/proc").glob("[0-9]*") if (one := _process(place))]
    found = {pid}
    while more := {one.pid for one in everybody if one.parent in found} - found:
        found |= more
    return [one for one in everybody if one.pid in found - {pid}]


def _process(place: Path) -> Process | None:
    try:
        words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        # The name in brackets may hold anything, so fields are counted from behind it.
        parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended
        return None
    return Process(int(place.name), parent, words)
