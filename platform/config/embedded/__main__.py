"""``python -m config.embedded run|demo|demo-check|stop|status|exec``: the platform on one machine."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.embedded import claim, postgres, processes
from config.embedded.environment import address, data_folder, manage, process_environment, say
from config.embedded.errors import EmbeddedError
from config.embedded.services import Running, running

RUN_FOLDER = ".affectory"
DEMO_FOLDER = ".affectory-demo"
# Minutes are enough. Each wait of the demo has a limit of its own; this one is for what nobody thought of.
MAIN_JOB_LIMIT_S = 3600.0


def run() -> int:
    folder = data_folder(RUN_FOLDER)
    with running(folder, address()) as platform:
        say(f"Affectory is at {platform.address.url} with its data in {folder}. Ctrl-C stops it.")
        _serve(platform)
    return 0


def demo(*, serve: bool) -> int:
    # A check serves nobody, so any free port will do for it.
    with running(data_folder(DEMO_FOLDER), address(any_port=not serve)) as platform:
        code = _main_job(platform)
        if code:
            say(f"The demo failed; the logs are in {platform.supervisor.log_folder}.")
            return 1
        if serve:
            say(f"Affectory is at {platform.address.url}. Ctrl-C stops it.")
            _serve(platform)
    return 0


def _main_job(platform: Running, limit_s: float = MAIN_JOB_LIMIT_S) -> int:
    command = processes.launch_command(manage("demo"), parent_signal=signal.SIGTERM)
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, env=platform.supervisor.env, start_new_session=True
    )
    deadline = time.monotonic() + limit_s
    try:
        platform.supervisor.watch(until=lambda: child.poll() is not None or time.monotonic() > deadline)
        if child.poll() is None:
            say(f"The demo was not done after {limit_s:g} s.")
    finally:
        code = processes.stop(child, [(signal.SIGTERM, 10.0)])
    return code


def _serve(platform: Running) -> None:
    try:
        platform.supervisor.watch(until=lambda: False)
    except KeyboardInterrupt:
        say("")


def stop() -> int:
    """Stop what runs on the named data folder, or on those of `make run` and `make demo`."""
    for folder in _folders():
        # A database without its supervisor is one whose supervisor was killed where nothing could follow.
        stopped = [claim.ask_to_stop(folder), postgres.stop_running(folder)]
        say(f"{folder}: {'stopped' if any(stopped) else 'nothing is running'}")
    return 0


def status() -> int:
    for folder in _folders():
        holder = claim.holder(folder)
        server = postgres.running_pid(postgres.Cluster(folder))
        platform = f"running at {holder.url} (process {holder.pid})" if holder else "not running"
        database = f"PostgreSQL is process {server}" if server else "PostgreSQL is not running"
        say(f"{folder}: {platform}; {database}")
    return 0


def _folders() -> list[Path]:
    if os.environ.get("AFFECTORY_DATA"):
        return [data_folder(RUN_FOLDER)]
    return [data_folder(RUN_FOLDER), data_folder(DEMO_FOLDER)]


def execute(command: Sequence[str]) -> int:
    """Run a command with a PostgreSQL of the named data folder, or of one that is thrown away afterwards."""
    with _exec_folder() as folder, processes.interruptible():
        env = process_environment(folder)
        server = None
        if not env.get("DATABASE_URL"):
            server = postgres.start(folder)
            env["DATABASE_URL"] = server.url
        try:
            bonded = processes.launch_command(command, parent_signal=signal.SIGTERM)
            return _wait(subprocess.Popen(bonded, env=env))
        finally:
            if server:
                server.stop()


def _wait(child: "subprocess.Popen[bytes]") -> int:
    try:
        return child.wait()
    except KeyboardInterrupt:
        # Ctrl-C reached the child as well; SIGTERM to us alone did not.
        child.terminate()
        return child.wait()


@contextmanager
def _exec_folder() -> Iterator[Path]:
    if os.environ.get("AFFECTORY_DATA"):
        yield processes.private_folder(data_folder(RUN_FOLDER))
        return
    folder = Path(tempfile.mkdtemp(prefix="affectory-exec-")).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="serve, with persistent data")
    commands.add_parser("demo", help="run the whole main job on generated data, then serve")
    commands.add_parser("demo-check", help="the same without serving; the exit code says whether it worked")
    commands.add_parser("stop", help="stop what is running")
    commands.add_parser("status", help="say what is running")
    execution = commands.add_parser("exec", help="run a command with PostgreSQL: exec -- CMD ARG...")
    execution.add_argument("words", nargs="+", metavar="CMD")
    given = parser.parse_args(words)
    actions: dict[str, Callable[[], int]] = {
        "run": run,
        "demo": lambda: demo(serve=True),
        "demo-check": lambda: demo(serve=False),
        "stop": stop,
        "status": status,
        "exec": lambda: execute(given.words),
    }
    try:
        return actions[given.command]()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
