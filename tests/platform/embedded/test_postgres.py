"""Real servers of the wheel's PostgreSQL."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config.embedded import postgres, processes
from config.embedded.errors import EmbeddedError
from config.embedded.processes import Account
from tests.platform.embedded.conftest import is_running

START = """
import sys
from pathlib import Path
from config.embedded import postgres
server = postgres.start(Path(sys.argv[1]))
print(server.process.pid if server.process else 0, postgres.running_pid(server.cluster), flush=True)
sys.stdin.readline()
server.stop()
"""
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what belongs to somebody else")


def rows(server: postgres.RunningServer) -> int:
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def keep_rows(server: postgres.RunningServer) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 20000)")


def kill(server: postgres.RunningServer) -> None:
    server.process.kill()
    server.process.wait()


def test_the_url_leads_to_the_platforms_own_database_as_no_superuser(started, tmp_path):
    server = started(tmp_path)
    facts = "current_database(), current_user"
    settings = ["is_superuser", "fsync", "listen_addresses", "max_connections"]
    shown = ", ".join([facts, *(f"current_setting('{name}')" for name in settings)])
    assert server.url == postgres.database_url(tmp_path)
    with psycopg.connect(server.url) as connection:
        found = connection.execute(f"SELECT {shown}").fetchone()
    assert found == ("affectory", "affectory", "off", "on", "", "60")


def test_the_socket_path_is_short_however_long_the_data_folder_is(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 8)
    path = postgres.Cluster(deep).socket_folder / ".s.PGSQL.5432"
    assert len(os.fsencode(path)) <= 103  # 107 on Linux, 103 elsewhere
    assert not path.parent.exists()


def test_committed_rows_survive_kill_9_of_the_server(started, tmp_path):
    server = started(tmp_path)
    keep_rows(server)
    kill(server)
    assert rows(started(tmp_path)) == 20000


def test_a_pid_file_of_a_dead_process_is_seen_through(started, tmp_path):
    server = started(tmp_path)
    keep_rows(server)
    kill(server)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    rewrite_pid(server, gone.pid)
    assert rows(started(tmp_path)) == 20000


def test_a_pid_file_that_names_another_live_process_is_seen_through(started, tmp_path):
    server = started(tmp_path)
    keep_rows(server)
    kill(server)
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        rewrite_pid(server, other.pid)
        assert postgres.running_pid(server.cluster) is None
        assert rows(started(tmp_path)) == 20000
        assert other.poll() is None
    finally:
        other.communicate()


def rewrite_pid(server: postgres.RunningServer, pid: int) -> None:
    rest = server.cluster.pid_file.read_text().partition("\n")[2]
    server.cluster.pid_file.write_text(f"{pid}\n{rest}")


def test_a_server_that_runs_already_is_used_and_left_running(started, tmp_path):
    first = started(tmp_path)
    second = started(tmp_path)
    assert second.process is None
    second.stop()
    assert first.is_alive()


def test_of_two_starters_at_once_one_starts_and_both_have_the_same_server(script, tmp_path):
    with script(START, str(tmp_path)) as one, script(START, str(tmp_path)) as other:
        owned_by_one, served_to_one = one.stdout.readline().split()
        owned_by_other, served_to_other = other.stdout.readline().split()
        assert served_to_one == served_to_other
        assert sorted([owned_by_one == "0", owned_by_other == "0"]) == [False, True]


def test_two_data_folders_run_side_by_side(started, tmp_path):
    here, there = started(tmp_path / "here"), started(tmp_path / "there")
    keep_rows(here)
    with psycopg.connect(there.url) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_a_stopped_server_ends_cleanly_and_starts_without_recovery(started, tmp_path):
    server = started(tmp_path)
    server.stop()
    assert server.process.returncode == 0
    assert not server.cluster.pid_file.exists()
    assert not server.cluster.socket_folder.exists()
    server.stop()  # harmless


def test_stop_running_stops_a_server_that_another_process_started(script, tmp_path):
    with script(START, str(tmp_path)) as starter:
        pid = int(starter.stdout.readline().split()[0])
        assert postgres.stop_running(tmp_path)
        assert processes.wait_until(lambda: not is_running(pid), 10)
    assert not postgres.stop_running(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's bond of child and parent is Linux's")
def test_the_server_ends_when_its_launcher_is_killed(script, tmp_path):
    with script(START, str(tmp_path)) as starter:
        pid = int(starter.stdout.readline().split()[0])
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        assert processes.wait_until(lambda: not is_running(pid), 30)


def test_a_start_that_was_killed_while_making_the_folder_is_made_up_for(started, tmp_path):
    half_made = tmp_path / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    assert started(tmp_path).is_alive()
    assert not half_made.exists()


def socket_folder_of(tmp_path, request):
    folder = postgres.Cluster(tmp_path).socket_folder
    request.addfinalizer(lambda: folder.unlink() if folder.is_symlink() else shutil.rmtree(folder))
    return folder


def test_a_socket_folder_that_is_open_to_others_is_refused(tmp_path, request):
    folder = socket_folder_of(tmp_path, request)
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(EmbeddedError, match="not a private folder"):
        postgres.start(tmp_path)


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path, request):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    socket_folder_of(tmp_path, request).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EmbeddedError, match="not a private folder"):
        postgres.start(tmp_path)


@root_only
def test_a_socket_folder_that_belongs_to_a_stranger_is_refused(tmp_path, request):
    folder = socket_folder_of(tmp_path, request)
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, 12345)
    with pytest.raises(EmbeddedError, match="somebody else made it"):
        postgres.start(tmp_path)


def test_a_strangers_database_behind_the_socket_is_refused(started, tmp_path):
    ours, stranger = started(tmp_path / "ours"), started(tmp_path / "stranger")
    socket = ours.cluster.socket_folder / ".s.PGSQL.5432"
    socket.unlink()
    socket.symlink_to(stranger.cluster.socket_folder / socket.name)
    with pytest.raises(EmbeddedError, match="is not the one of"):
        started(tmp_path / "ours")


def test_data_of_another_major_version_is_refused(started, tmp_path):
    server = started(tmp_path)
    server.stop()
    (server.cluster.pgdata / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 17"):
        postgres.start(tmp_path)


def identity(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@root_only
def test_roots_server_is_not_root_and_keeps_no_power_where_all_folders_are_open(started):
    # Not pytest's own folder, which is closed to others.
    folder = Path(tempfile.mkdtemp(prefix="affectory-open-"))
    folder.chmod(0o755)
    try:
        server = started(folder)
        found = identity(server.process.pid)
        assert "0" not in found["Uid"].split()
        binaries_open = all(part.stat().st_mode & stat.S_IXOTH for part in postgres._binaries().parents)
        if binaries_open:
            assert int(found["CapEff"], 16) == 0
        server.stop()
    finally:
        shutil.rmtree(folder)


@root_only
def test_root_can_keep_its_data_where_others_may_not_go_and_no_folder_is_opened_for_it(started, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = started(closed / "data")
    keep_rows(server)
    found = identity(server.process.pid)
    assert "0" not in found["Uid"].split()
    assert int(found["CapEff"], 16) == 1 << 1  # CAP_DAC_OVERRIDE and nothing else
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    kill(server)
    assert rows(started(closed / "data")) == 20000


@root_only
@pytest.mark.parametrize("reach", [True, False])
def test_only_a_child_that_needs_it_reaches_into_a_closed_folder(tmp_path, reach):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("inside")
    # `test -x` and the servers' own checks ask access(2), reading asks open(2); both have to say the same.
    asked = f"test -r {closed}/file && cat {closed}/file; id -u; grep CapEff /proc/self/status"
    command = processes.launch_command(["/bin/sh", "-c", asked], account=Account(65534, 65534, reach=reach))
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout.split()
    capability = "0000000000000002" if reach else "0000000000000000"
    assert said == [*(["inside65534"] if reach else ["65534"]), "CapEff:", capability]


@root_only
def test_data_that_belongs_to_another_user_is_refused(started, tmp_path):
    server = started(tmp_path)
    server.stop()
    os.chown(server.cluster.pgdata, 12345, 12345)
    with pytest.raises(EmbeddedError, match="belongs to user 12345"):
        postgres.start(tmp_path)
