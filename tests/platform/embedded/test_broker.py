"""The broker settings, and a real worker that is killed in the middle of a task."""

import os
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from celery import Celery
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config.broker import QUEUE, broker_settings, pgmq_conninfo, pgmq_sql, queue_sql
from config.embedded import processes
from tests.platform.embedded.conftest import REPOSITORY

APP = "tests.platform.embedded.redelivery_app"
WORKER = ["worker", "--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"]
PGMQ = "postgresql://affectory@/affectory?host=/run/somewhere"


def test_the_queue_is_in_the_platforms_own_database_unless_a_broker_is_named():
    settings = broker_settings(PGMQ, {})
    assert settings["broker_url"] == "pgmq://"
    assert settings["accept_content"] == ["json"]
    assert settings["task_acks_late"]
    assert settings["task_reject_on_worker_lost"]
    assert settings["worker_prefetch_multiplier"] == 1
    for url in ("redis://cache:6379/0", "amqp://user:secret@rabbit:5672/lab"):
        assert broker_settings(PGMQ, {"CELERY_BROKER_URL": url})["broker_url"] == url


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"CELERY_BROKER_URL": "sqs://"}, "CELERY_BROKER_URL: 'sqs'"),
        ({"CELERY_BROKER_URL": "postgresql://db.example/queue"}, "or leave it out"),
        ({"AFFECTORY_VISIBILITY_TIMEOUT_S": "an hour"}, "AFFECTORY_VISIBILITY_TIMEOUT_S"),
        ({"AFFECTORY_VISIBILITY_TIMEOUT_S": "0"}, "AFFECTORY_VISIBILITY_TIMEOUT_S"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(env, named):
    with pytest.raises(ValueError, match=named):
        broker_settings(PGMQ, env)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://affectory@/affectory?host=/tmp/affectory-0-0123456789abcdef",
        "postgresql://u:p%20'w%5C@db.example:5433/a%20name?sslmode=verify-full&sslrootcert=/a%20b/root.pem",
        "postgresql://u:secret@db.example/name",
    ],
)
def test_every_part_of_the_url_reaches_the_server_through_the_queue_client(url):
    from pgmq.base import PGMQConfig

    wanted = conninfo_to_dict(url)
    used = conninfo_to_dict(PGMQConfig(conn_string=pgmq_conninfo(url)).dsn)
    assert {"port": "5432", "password": "", **wanted} == used


@pytest.fixture
def queue_database():
    """A database of this test's own with the queue's schema, as a URL."""
    name = f"broker_{uuid.uuid4().hex}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        own = urlsplit(url)._replace(path=f"/{name}").geturl()
        with psycopg.connect(own) as inside:
            inside.execute(pgmq_sql())
            inside.execute(queue_sql())
        yield own
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.parametrize(
    "broker",
    [
        "queue_database",
        pytest.param("redis_url", marks=pytest.mark.broker("redis-server")),
        pytest.param("rabbitmq_url", marks=pytest.mark.broker("rabbitmq-server")),
    ],
)
def test_a_task_whose_worker_was_killed_is_done_by_the_next_worker(broker, request, tmp_path):
    url = request.getfixturevalue(broker)
    env = worker_environment(url)
    notes = tmp_path / "notes"
    with worker(env, tmp_path / "first.log") as first:
        send = f"from {APP} import wait_for_release; wait_for_release.delay({str(tmp_path)!r})"
        subprocess.run([sys.executable, "-c", send], env=env, check=True, cwd=REPOSITORY)
        assert processes.wait_until(notes.exists, 60), processes.last_lines(tmp_path / "first.log")
        processes.kill_group(first.pid)
        first.wait()
    assert notes.read_text() == "begun\n"
    (tmp_path / "released").touch()
    with worker(env, tmp_path / "second.log"):
        done = processes.wait_until(lambda: "ended" in notes.read_text(), 120)
        assert done, processes.last_lines(tmp_path / "second.log")
    assert notes.read_text().split() == ["begun", "begun", "ended"]


# kombu hides the warning in a way that threads undo for each other.
@pytest.mark.filterwarnings("ignore:list_queues")
def test_many_who_begin_to_send_at_once_all_send(queue_database):
    app = Celery("senders")
    app.config_from_object(broker_settings(queue_database, {}))

    def send(number):
        with app.connection_for_write() as connection:
            app.send_task("nothing", (number,), connection=connection, retry=False)

    with ThreadPoolExecutor(4) as senders:
        list(senders.map(send, range(60)))
    with psycopg.connect(queue_database) as inside:
        assert inside.execute("SELECT queue_length FROM pgmq.metrics(%s)", [QUEUE]).fetchone() == (60,)


def worker_environment(url: str) -> dict[str, str]:
    roots = [str(REPOSITORY), str(REPOSITORY / "platform")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(roots),
        ("DATABASE_URL" if url.startswith("postgresql") else "CELERY_BROKER_URL"): url,
        "AFFECTORY_VISIBILITY_TIMEOUT_S": "4",
    }


@contextmanager
def worker(env: dict[str, str], log: Path):
    command = [sys.executable, "-m", "celery", f"--app={APP}", *WORKER]
    process = processes.start(command, log, parent_signal=signal.SIGQUIT, env=env)
    try:
        yield process
    finally:
        processes.stop(process, [(signal.SIGQUIT, 10)])
