"""Real child processes under the supervisor."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from config.embedded import claim, processes, services
from config.embedded.environment import Address, address, secret_key
from config.embedded.errors import EmbeddedError
from config.embedded.supervisor import Service, Supervisor
from tests.platform.embedded.conftest import is_running

# Writes its own process id and that of a grandchild, and lives until it is told to end.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(1000)
"""
SUPERVISE = """
import os, sys, time
from pathlib import Path
from config.embedded.supervisor import Service, Supervisor
supervisor = Supervisor(os.environ, Path(sys.argv[1]))
supervisor.start(Service("one", [sys.executable, "-c", "import time; time.sleep(1000)"]))
print(supervisor._watched["one"].process.pid, flush=True)
supervisor.watch(until=lambda: False)
"""
CLAIM = """
import sys
from pathlib import Path
from config.embedded import claim, processes
try:
    with processes.interruptible(), claim.claimed(Path(sys.argv[1])) as announce:
        announce("http://127.0.0.1:1234")
        print("claimed", flush=True)
        sys.stdin.readline()
except KeyboardInterrupt:
    print("asked to stop", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path):
    said: list[str] = []
    supervisor = Supervisor(dict(os.environ), tmp_path / "logs", said.append)
    supervisor.said = said
    yield supervisor
    supervisor.stop()


def family(path: Path, generation: int) -> tuple[int, int]:
    """The process ids that the n-th start of FAMILY has written."""

    def written() -> bool:
        return path.exists() and len(path.read_text().splitlines()) > generation

    assert processes.wait_until(written, 30)
    parent, child = path.read_text().splitlines()[generation].split()
    return int(parent), int(child)


def test_a_killed_service_is_started_again_and_its_own_children_are_not_left(supervisor, tmp_path):
    note = tmp_path / "pids"
    supervisor.start(Service("family", [sys.executable, "-c", FAMILY, str(note)]))
    parent, child = family(note, 0)
    os.kill(parent, signal.SIGKILL)
    supervisor.watch(until=lambda: len(note.read_text().splitlines()) > 1)
    assert family(note, 1)[0] != parent
    assert processes.wait_until(lambda: not is_running(child), 30)
    assert any("[family] ended with -9; starting it again in 1 s" in line for line in supervisor.said)


def test_a_service_that_fails_at_once_is_started_less_and_less_often_and_its_log_is_shown(supervisor):
    supervisor.start(Service("broken", [sys.executable, "-c", "raise SystemExit('no such luck')"]))
    supervisor.watch(until=lambda: sum("ended with" in line for line in supervisor.said) == 2)
    pauses = [line.rpartition(" in ")[2] for line in supervisor.said if "ended with" in line]
    assert pauses == ["1 s", "2 s"]
    assert any("[broken] no such luck" in line for line in supervisor.said)


def test_stop_ends_services_that_ignore_the_polite_signal_and_all_their_children(supervisor, tmp_path):
    note = tmp_path / "pids"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FAMILY
    supervisor.start(Service("deaf", [sys.executable, "-c", deaf, str(note)], ((signal.SIGTERM, 0.1),)))
    pids = family(note, 0)
    supervisor.stop()
    assert processes.wait_until(lambda: not any(is_running(pid) for pid in pids), 30)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's bond of child and parent is Linux's")
def test_services_end_when_the_supervisor_is_killed(script, tmp_path):
    with script(SUPERVISE, str(tmp_path)) as child:
        pid = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert processes.wait_until(lambda: not is_running(pid), 30)


def test_a_log_that_grows_too_long_keeps_one_older_part_and_its_writer(tmp_path):
    log = tmp_path / "some.log"
    with processes.open_log(log) as writer:
        writer.write(b"old" * 10)
        writer.flush()
        processes.limit_log(log, limit_bytes=20)
        writer.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "some.log.1").read_bytes() == b"old" * 10


def test_an_occupied_port_is_named_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        with pytest.raises(EmbeddedError, match=rf"Port {port} on 127\.0\.0\.1 .* Set AFFECTORY_PORT"):
            services.listening(Address("127.0.0.1", port))


def test_a_port_that_is_no_number_is_named(monkeypatch):
    monkeypatch.setenv("AFFECTORY_PORT", "http")
    with pytest.raises(EmbeddedError, match="AFFECTORY_PORT must be a number up to 65535, not 'http'"):
        address()


def test_the_address_given_to_people_is_one_that_a_browser_can_open():
    assert Address("0.0.0.0", 8000).url == "http://127.0.0.1:8000"
    assert Address("::1", 8000).url == "http://[::1]:8000"
    assert Address("lab.example", 80).url == "http://lab.example:80"


def test_a_folder_is_run_by_one_process_which_others_can_find_and_stop(script, tmp_path):
    with script(CLAIM, str(tmp_path)) as holder:
        assert holder.stdout.readline() == "claimed\n"
        assert claim.holder(tmp_path) == claim.Claim(holder.pid, "http://127.0.0.1:1234")
        taken = pytest.raises(EmbeddedError, match=rf"Process {holder.pid} .*1234.* `make stop` stops it")
        with taken, claim.claimed(tmp_path):
            pass
        assert claim.ask_to_stop(tmp_path)
        assert holder.stdout.readline() == "asked to stop\n"
    assert not claim.ask_to_stop(tmp_path)


def test_a_folder_whose_process_was_killed_is_free_again(script, tmp_path):
    with script(CLAIM, str(tmp_path)) as holder:
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert claim.holder(tmp_path) is None
    with claim.claimed(tmp_path):
        assert claim.holder(tmp_path).pid == os.getpid()


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("AFFECTORY_SECRET_KEY", raising=False)
    made = secret_key(tmp_path)
    assert len(made) >= 50
    assert secret_key(tmp_path) == made
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("AFFECTORY_SECRET_KEY", "given by the environment")
    assert secret_key(tmp_path) == "given by the environment"
