"""Server programs that tests of the platform run against, each on a free port and with a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from config.embedded import processes
from tests.optional_parts import program


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def redis_url(tmp_path):
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    server = processes.start(command, tmp_path / "redis.log", parent_signal=signal.SIGTERM)
    try:
        ready = processes.wait_until(lambda: server.poll() is None and answers(port), 30)
        assert ready, processes.last_lines(tmp_path / "redis.log")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        processes.stop(server, [(signal.SIGTERM, 10)])


@pytest.fixture
def rabbitmq_url(tmp_path):
    port, log = free_port(), tmp_path / "rabbitmq.log"
    env = {
        **os.environ,
        "HOME": str(tmp_path),
        "RABBITMQ_NODENAME": f"affectory{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(tmp_path / "mnesia"),
        "RABBITMQ_LOG_BASE": str(tmp_path / "logs"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(tmp_path / "plugins"),
        "ERL_EPMD_PORT": str(free_port()),
    }
    # Debian's wrapper changes to a user of its own; the program behind it runs as whoever calls it.
    behind_wrapper = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    command = [str(behind_wrapper if behind_wrapper.exists() else program("rabbitmq-server"))]
    server = processes.start(command, log, parent_signal=signal.SIGTERM, env=env)
    try:
        ready = processes.wait_until(lambda: server.poll() is None and answers(port), 120)
        assert ready, processes.last_lines(log)
        yield f"amqp://guest:guest@127.0.0.1:{port}//"
    finally:
        processes.stop(server, [(signal.SIGTERM, 60)])
        subprocess.run([shutil.which("epmd") or "true", "-kill"], env=env, capture_output=True, check=False)
