"""The processes that make up the platform on one machine."""

import http.client
import json
import os
import signal
import socket
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded import claim, postgres, processes
from config.embedded.environment import Address, manage, process_environment, say, whole_number
from config.embedded.errors import EmbeddedError
from config.embedded.supervisor import Service, Supervisor

_READY_TIMEOUT_S = 120.0
_ANSWER_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Running:
    supervisor: Supervisor
    address: Address


@contextmanager
def running(folder: Path, asked: Address) -> Iterator[Running]:
    """The whole platform on `folder`, ready to be used; stopped when the block ends, however it ends."""
    processes.private_folder(folder, 0o711 if os.geteuid() == 0 else 0o700)
    with claim.claimed(folder) as announce, listening(asked) as listener, processes.interruptible():
        address = Address(asked.host, listener.getsockname()[1])
        announce(address.url)
        supervisor = Supervisor(_environment(folder, address), folder / "logs")
        try:
            _start(supervisor, folder, listener)
            _wait_ready(supervisor, address)
            yield Running(supervisor, address)
        finally:
            say("Stopping ...")
            supervisor.stop()
            say("Stopped.")


def _environment(folder: Path, address: Address) -> dict[str, str]:
    env = process_environment(folder)
    env |= {"AFFECTORY_HOST": address.host, "AFFECTORY_PORT": str(address.port), "AFFECTORY_URL": address.url}
    return {**env, "AFFECTORY_INSTANCE": uuid.uuid4().hex}


def listening(address: Address) -> socket.socket:
    """The web server's socket, opened by us, so that whoever answers on this port is ours."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host.strip("[]"), address.port), family=family, backlog=256)
    except OSError as error:
        hint = "Set AFFECTORY_PORT to another port, or stop the program that has it."
        raise EmbeddedError(
            f"Port {address.port} on {address.host} cannot be used: {os.strerror(error.errno or 0)}. {hint}"
        ) from error


def _start(supervisor: Supervisor, folder: Path, listener: socket.socket) -> None:
    if not os.environ.get("DATABASE_URL"):
        say("Starting PostgreSQL ...")
        supervisor.keep_server(lambda: postgres.start(folder))
    say("Bringing the database up to date ...")
    _migrate(supervisor)
    say("Starting the web server, the worker and the clock ...")
    for service in services(folder, listener.fileno()):
        supervisor.start(service)


def _migrate(supervisor: Supervisor) -> None:
    log = supervisor.log_folder / "migrate.log"
    processes.limit_log(log)
    command = manage("migrate", "--noinput", "--verbosity=1")
    child = processes.start(command, log, parent_signal=signal.SIGTERM, env=supervisor.env)
    try:
        code = child.wait()
    finally:
        processes.stop(child, [(signal.SIGTERM, 10.0)])
    if code:
        raise EmbeddedError(f"The database could not be brought up to date:\n{processes.last_lines(log)}")


def services(folder: Path, listener: int) -> list[Service]:
    """The web server on the socket `listener`, one worker and the clock."""
    celery = [sys.executable, "-m", "celery", "--app=config"]
    # No events between workers: with one per machine they would say nothing, at the queue's expense.
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker_processes = whole_number("AFFECTORY_WORKER_PROCESSES", min(4, os.cpu_count() or 1))
    worker = [*celery, "worker", "--loglevel=INFO", f"--concurrency={worker_processes}", *quiet]
    clock = [*celery, "beat", "--loglevel=WARNING", f"--schedule={folder / 'clock'}"]
    return [
        Service("web", _web_command(listener), ((signal.SIGTERM, 15.0),), pass_fds=(listener,)),
        # Running tasks get a moment; one that takes longer is simply done again later.
        Service("worker", worker, ((signal.SIGTERM, 8.0), (signal.SIGQUIT, 5.0)), signal.SIGQUIT),
        Service("clock", clock),
    ]


def _web_command(listener: int) -> list[str]:
    web_processes = whole_number("AFFECTORY_WEB_PROCESSES", 2)
    threads = whole_number("AFFECTORY_WEB_THREADS", 8)
    options = [f"--bind=fd://{listener}", "--worker-class=gthread", f"--workers={web_processes}"]
    # A rater's page sends every two seconds, after which a connection would be closed just as the next chunk comes.
    options += [f"--threads={threads}", "--timeout=120", "--graceful-timeout=10", "--keep-alive=10"]
    options += ["--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *options, "config.wsgi"]


def _wait_ready(supervisor: Supervisor, address: Address) -> None:
    """Wait for the answer of this very start, from a child that is alive."""
    instance = supervisor.env["AFFECTORY_INSTANCE"]

    def ready() -> bool:
        if not supervisor.is_alive("web"):
            raise EmbeddedError(f"The web server ended while starting:\n{supervisor.last_lines('web')}")
        return _instance(address) == instance

    if not processes.wait_until(ready, _READY_TIMEOUT_S):
        said = supervisor.last_lines("web")
        raise EmbeddedError(f"The web server does not answer at {address.url}/api/server/:\n{said}")


def _instance(address: Address) -> str | None:
    place = urlsplit(address.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=_ANSWER_TIMEOUT_S)
    try:
        connection.request("GET", "/api/server/", headers={"Host": _allowed_host(place.netloc)})
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return str(answer.get("instance")) if isinstance(answer, dict) else None


def _allowed_host(own: str) -> str:
    """A name that Django will not refuse: the first one the settings allow."""
    allowed = os.environ.get("AFFECTORY_ALLOWED_HOSTS", "").replace(",", " ").split()
    return allowed[0].lstrip(".") if allowed and allowed[0] != "*" else own
