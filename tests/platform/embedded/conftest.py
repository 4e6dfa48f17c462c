import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.embedded import postgres, processes

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def started(tmp_path) -> Iterator[Callable[[Path], postgres.RunningServer]]:
    """Start servers that do not outlive the test, nor their socket folders."""
    servers: list[postgres.RunningServer] = []

    def start(folder: Path) -> postgres.RunningServer:
        servers.append(postgres.start(folder))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
    for server in servers:
        shutil.rmtree(server.cluster.socket_folder, ignore_errors=True)


@pytest.fixture
def script(tmp_path):
    """Run Python code in another process of this checkout; killed with its group after the test."""

    @contextmanager
    def run(code: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
        roots = [str(REPOSITORY), str(REPOSITORY / "platform")]
        child = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
            start_new_session=True,
        )
        try:
            with child.stdin, child.stdout:
                yield child
        finally:
            processes.stop(child, [(signal.SIGTERM, 20.0)])

    yield run
    shutil.rmtree(postgres.Cluster(tmp_path).socket_folder, ignore_errors=True)


def is_running(pid: int) -> bool:
    """Whether the process does anything still; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
