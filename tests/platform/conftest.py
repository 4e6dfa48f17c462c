"""Server programs that tests of the platform run against, each on a free port and with a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from config.embedded import postgres, processes
from tests.optional_parts import program


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def postgres_url(tmp_path):
    """A PostgreSQL that listens on TCP and asks for a password, as one on a machine of its own does."""
    port, password, folder = free_port(), "p%ss:w/rd", tmp_path / "postgres-server"
    made = postgres.start(folder)
    with postgres._connect(made.cluster) as connection:
        connection.execute(sql.SQL("ALTER ROLE affectory PASSWORD {}").format(sql.Literal(password)))
    made.stop()
    access = made.cluster.pgdata / "pg_hba.conf"
    access.write_text(access.read_text().replace("reject", "scram-sha-256"))
    account = postgres._account(made.cluster)
    postgres._make_socket_folder(made.cluster, account)
    command = [
        *postgres._server_command(made.cluster),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"port={port}",
    ]
    log = tmp_path / "postgres-server.log"
    server = processes.start(command, log, parent_signal=signal.SIGINT, account=account)
    try:
        url = f"postgresql://affectory:{quote(password, safe='')}@127.0.0.1:{port}/affectory"
        ready = processes.wait_until(lambda: server.poll() is None and connects(url), 60)
        assert ready, processes.last_lines(log)
        yield url
    finally:
        processes.stop(server, [(signal.SIGINT, 30)])
        shutil.rmtree(made.cluster.socket_folder, ignore_errors=True)


def connects(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


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
