"""Keep a set of processes running: start, watch, restart with back-off, stop all, leave none behind."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import processes
from config.embedded.environment import say
from config.embedded.postgres import RunningServer

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
SETTLED_S = 60.0
WATCH_S = 0.25


@dataclass(frozen=True)
class Service:
    """One long-running process; `stop_steps` are the signals that end it, each with its patience."""

    name: str
    command: Sequence[str]
    stop_steps: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)
    # What it gets when the supervisor is killed: the quickest end that leaves no process of its own.
    parent_signal: signal.Signals = signal.SIGTERM
    pass_fds: Sequence[int] = ()


@dataclass
class _Watched:
    service: Service
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S


@dataclass
class Supervisor:
    env: Mapping[str, str]
    log_folder: Path
    report: Callable[[str], None] = say
    _watched: dict[str, _Watched] = field(default_factory=dict)
    _server: RunningServer | None = None
    _restart_server: Callable[[], RunningServer] | None = None

    def keep_server(self, start: Callable[[], RunningServer]) -> RunningServer:
        """Start the database first and stop it last; `start` is called again should it die."""
        self._restart_server = start
        self._server = start()
        return self._server

    def start(self, service: Service) -> None:
        watched = _Watched(service, self.log_folder / f"{service.name}.log")
        self._watched[service.name] = watched
        self._launch(watched)

    def is_alive(self, name: str) -> bool:
        process = self._watched[name].process
        return process is not None and process.poll() is None

    def last_lines(self, name: str) -> str:
        return processes.last_lines(self._watched[name].log)

    def check(self) -> None:
        """Look once at everything: restart what has died, keep the logs short."""
        if self._server and self._restart_server and not self._server.is_alive():
            self.report("[postgres] died; starting it again")
            self._server = self._restart_server()
        for watched in self._watched.values():
            self._check(watched)
            processes.limit_log(watched.log)

    def watch(self, until: Callable[[], bool]) -> None:
        while not until():
            self.check()
            time.sleep(WATCH_S)

    def stop(self) -> None:
        """Stop the services together and then the database; a second Ctrl-C does not interrupt it."""
        before = [
            (number, signal.signal(number, signal.SIG_IGN)) for number in (signal.SIGINT, signal.SIGTERM)
        ]
        try:
            processes.stop_together(
                [
                    processes.Stoppable(watched.process, watched.service.stop_steps)
                    for watched in self._watched.values()
                    if watched.process
                ]
            )
            self._watched.clear()
            if self._server:
                self._server.stop()
                self._server = None
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    def _check(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.process is None:
            if now >= watched.start_at:
                self._launch(watched)
            return
        code = watched.process.poll()
        if code is None:
            return
        processes.kill_group(watched.process.pid)
        watched.process = None
        if now - watched.started_at >= SETTLED_S:
            watched.pause_s = FIRST_PAUSE_S
        watched.start_at = now + watched.pause_s
        name = watched.service.name
        self.report(f"[{name}] ended with {code}; starting it again in {watched.pause_s:g} s")
        self.report("\n".join(f"[{name}] {line}" for line in self.last_lines(name).splitlines()))
        watched.pause_s = min(watched.pause_s * 2, LONGEST_PAUSE_S)

    def _launch(self, watched: _Watched) -> None:
        service = watched.service
        processes.limit_log(watched.log)
        watched.process = processes.start(
            service.command,
            watched.log,
            parent_signal=service.parent_signal,
            env=self.env,
            pass_fds=service.pass_fds,
        )
        watched.started_at = time.monotonic()
