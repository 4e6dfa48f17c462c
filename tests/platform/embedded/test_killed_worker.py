"""A worker of the running platform is killed, and nobody helps: no sweep is called, no lease is changed."""

import os
import signal
import sys
from pathlib import Path

import psycopg
import pytest

from config.embedded import postgres, processes
from tests.ingest.making import make_video
from tests.platform.embedded.conftest import is_running
from tests.running_platform import Process, begun, descendants, manage, url_when_ready

TIMEOUT_S = 180


def _rows(folder: Path, query: str) -> list[tuple]:
    with psycopg.connect(postgres.database_url(folder)) as database:
        return database.execute(query).fetchall()


def _found(platform: int, *words: str) -> list[Process]:
    """Processes of the platform whose command line has all these words."""
    return [one for one in descendants(platform) if all(word in one.command for word in words)]


def _halted_renderer(platform: int) -> int:
    """Wait until ffmpeg is at work, and halt it: it will not be done before its worker is killed."""
    assert processes.wait_until(lambda: bool(_found(platform, "ffmpeg", "-progress")), TIMEOUT_S)
    pid = _found(platform, "ffmpeg", "-progress")[0].pid
    os.kill(pid, signal.SIGSTOP)
    return pid


def _worker(platform: int) -> int:
    """The process that the supervisor has started; its children do the tasks."""
    [pid] = [one.pid for one in _found(platform, "celery", " worker ") if one.parent == platform]
    return pid


@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell whose child a process is")
def test_a_film_whose_worker_is_killed_while_it_is_rendered_becomes_one_item(tmp_path):
    films, folder = tmp_path / "films", tmp_path / "data"
    films.mkdir()
    make_video(films / "film.mp4", size="640x360", seconds=20)
    with begun("run", folder, AFFECTORY_JOB_LEASE_S="4", AFFECTORY_WORKER_PROCESSES="1") as platform:
        url_when_ready(platform)
        manage(folder, "ingest", str(films), "--corpus", "films", "--no-wait")
        renderer = _halted_renderer(platform.pid)
        [(state, attempt, message)] = _rows(folder, "SELECT state, attempt, message FROM jobs_job")
        assert (state, attempt) == ("running", 1)
        assert message.startswith("making ")
        assert _rows(folder, "SELECT state FROM ingest_ingestentry") == [("pending",)]
        assert _rows(folder, "SELECT key FROM ingest_item") == []
        os.kill(_worker(platform.pid), signal.SIGKILL)

        def done() -> bool:
            return _rows(folder, "SELECT state, attempt, error FROM jobs_job") == [("succeeded", 2, None)]

        assert processes.wait_until(done, TIMEOUT_S), processes.last_lines(folder / "logs" / "worker.log")
        assert not is_running(renderer)
        assert _rows(folder, "SELECT state FROM ingest_ingestentry") == [("ready",)]
        assert _rows(folder, "SELECT key FROM ingest_item") == [("film.mp4",)]
        assert len(_rows(folder, "SELECT 1 FROM ingest_asset")) == 1
        made = _rows(folder, "SELECT name FROM ingest_rendition")
        assert len(made) == len(set(made)) > 0
        platform.send_signal(signal.SIGINT)
        assert "[worker] ended with -9; starting it again in 1 s" in platform.stdout.read()
