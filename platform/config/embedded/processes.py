"""Starting children that cannot become orphans, and knowing whose process a process id is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

from config.embedded.errors import EmbeddedError

POLL_S = 0.05
LOG_LIMIT_BYTES = 10 * 1024 * 1024
_LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Account:
    """The unprivileged user that a child becomes; `reach` keeps folders open that are closed to it."""

    uid: int
    gid: int
    reach: bool


def launch_command(
    program: Sequence[str], *, account: Account | None = None, parent_signal: signal.Signals | None = None
) -> list[str]:
    """`program` with the change of user and the bond to this process put before it."""
    options: list[str] = []
    if account:
        options += ["--user", f"{account.uid}:{account.gid}", *(["--reach"] if account.reach else [])]
    if parent_signal:
        options += ["--parent", str(os.getpid()), "--parent-signal", parent_signal.name]
    return [sys.executable, "-I", str(_LAUNCHER), *options, "--", *program]


def start(
    program: Sequence[str],
    log: Path,
    *,
    parent_signal: signal.Signals,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Start a child in a process group of its own, with its output appended to `log`.

    On Linux it gets `parent_signal` when the calling *thread* ends, so call from one that stays.
    """
    with open_log(log) as output:
        return subprocess.Popen(
            launch_command(program, account=account, parent_signal=parent_signal),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            pass_fds=pass_fds,
            start_new_session=True,
        )


def open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("ab")


def limit_log(path: Path, limit_bytes: int = LOG_LIMIT_BYTES) -> None:
    """Keep one older part of a log that has grown too long; its writers append and need not know."""
    if not path.exists() or path.stat().st_size <= limit_bytes:
        return
    older = path.with_name(path.name + ".1")
    older.write_bytes(path.read_bytes())
    os.truncate(path, 0)


def last_lines(log: Path, *, offset: int = 0, count: int = 12) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(offset, log.stat().st_size - 16 * 1024))
        text = file.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-count:])


def wait_until(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Whether `condition` came true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


@dataclass(frozen=True)
class Stoppable:
    """A child and the signals that end it, each with the seconds until the next one; then it is killed."""

    process: "subprocess.Popen[bytes]"
    steps: Sequence[tuple[signal.Signals, float]]

    def signals_due(self, elapsed_s: float) -> list[signal.Signals]:
        ends = list(accumulate(patience_s for _, patience_s in self.steps))
        starts = [0.0, *ends]
        numbers = [*(number for number, _ in self.steps), signal.SIGKILL]
        return [number for number, start_s in zip(numbers, starts, strict=True) if start_s <= elapsed_s]


def stop(process: "subprocess.Popen[bytes]", steps: Sequence[tuple[signal.Signals, float]]) -> int:
    stop_together([Stoppable(process, steps)])
    return process.wait()


def stop_together(children: Sequence[Stoppable]) -> None:
    """End all of them at the same time, and whatever is left of their process groups."""
    begun = time.monotonic()
    sent = [0] * len(children)
    while any(child.process.poll() is None for child in children):
        for place, child in enumerate(children):
            due = child.signals_due(time.monotonic() - begun)
            for number in due[sent[place] :]:
                child.process.send_signal(number)
            sent[place] = len(due)
        time.sleep(POLL_S)
    for child in children:
        kill_group(child.process.pid)


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:  # macOS says so of a group in which only a zombie is left
        return


def works_in(pid: int, folder: Path) -> bool:
    """Whether the live process `pid` has `folder` as its working folder (a server lives in its data)."""
    process = Path(f"/proc/{pid}/cwd")
    if Path("/proc/self/cwd").exists():
        try:
            return process.readlink() == folder
        except OSError:
            return False
    listing = subprocess.run(
        ["lsof", "-a", "-p", str(pid), "-d", "cwd", "-Fn"], capture_output=True, text=True, check=False
    )
    return f"n{folder}" in listing.stdout.splitlines()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a stop or a closed terminal end the block as Ctrl-C does, so that what it started is stopped."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:  # nohup asked for that
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def private_folder(path: Path, mode: int = 0o700) -> Path:
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        reason = f"Cannot make the folder {path}: {error.strerror}."
        raise EmbeddedError(f"{reason} Set AFFECTORY_DATA to another.") from error
    return path
