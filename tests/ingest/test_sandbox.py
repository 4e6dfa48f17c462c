import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from ingest import sandbox
from ingest.readers.contract import Facts, MediaError
from ingest.readers.registry import readers
from tests.ingest.making import make_video, probe


def refusal(path, limits):
    with pytest.raises(MediaError) as caught:
        sandbox.probe(path, path.name, limits)
    return caught.value


@pytest.fixture
def endless(tmp_path):
    """A file that never answers."""
    path = tmp_path / "endless.mp4"
    os.mkfifo(path)
    return path


def children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def test_a_hang_is_killed_and_called_a_timeout(endless):
    before = children()
    error = refusal(endless, sandbox.Limits(wall_s=1.0, cpu_s=60))
    assert error.code == "timeout"
    assert "1 s" in error.message
    assert children() == before


def test_endless_computing_is_killed_and_called_a_timeout(tmp_path):
    path = make_video(tmp_path / "long.mp4", size="640x480", seconds=60, sound=False)
    facts = probe(path)
    with pytest.raises(MediaError) as caught:
        sandbox.render(path, facts, "proxy", tmp_path / "out", limits=sandbox.Limits(wall_s=120, cpu_s=1))
    assert caught.value.code == "timeout"
    assert not (tmp_path / "out").exists()


def test_a_memory_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("RGB", (8900, 8900)).save(path)
    error = refusal(path, sandbox.Limits(wall_s=60, cpu_s=60, memory_bytes=400 * 2**20))
    assert error.code == "too_large"
    assert "400 MiB" in error.message


def test_a_rendition_that_outgrows_the_disk_limit_is_refused(tmp_path):
    path = make_video(tmp_path / "clip.mp4", seconds=4)
    limits = sandbox.Limits(wall_s=60, cpu_s=60, file_bytes=1000)
    with pytest.raises(MediaError) as caught:
        sandbox.render(path, probe(path), "proxy", tmp_path / "out", limits=limits)
    assert caught.value.code == "too_large"
    assert not (tmp_path / "out").exists()


def test_the_child_sees_no_secret_and_no_network(endless, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:hush@server/db")
    caught: list[MediaError] = []

    def ask() -> None:
        try:
            sandbox.probe(endless, endless.name, sandbox.Limits(wall_s=60, cpu_s=60))
        except MediaError as error:
            caught.append(error)

    known = set(children())
    asking = threading.Thread(target=ask)
    asking.start()
    with endless.open("wb"):  # opens when the child has opened it for reading, and closes it empty
        (child,) = set(children()) - known
        environment = Path(f"/proc/{child}/environ").read_bytes()
        interfaces = Path(f"/proc/{child}/net/dev").read_text().splitlines()[2:]
        limits = Path(f"/proc/{child}/limits").read_text()
    asking.join()
    assert caught[0].code == "empty_file"
    assert b"hush" not in environment
    assert {entry.partition(b"=")[0] for entry in environment.split(b"\0") if entry} == {
        *(b"PATH", b"LANG", b"PYTHONPATH", b"TMPDIR", b"HOME", b"OPENBLAS_NUM_THREADS")
    }
    assert "Max address space         4294967296" in limits
    if os.geteuid() == 0:
        assert [line.partition(":")[0].strip() for line in interfaces] == ["lo"]


def test_a_caller_that_gives_up_leaves_nothing_running(tmp_path):
    class LeaseLostError(Exception):
        pass

    def lose(_share: float) -> None:
        raise LeaseLostError

    path = make_video(tmp_path / "clip.mp4", seconds=8)
    before = children()
    with pytest.raises(LeaseLostError):
        sandbox.render(path, probe(path), "peaks", tmp_path / "out", lose)
    assert children() == before
    assert not (tmp_path / "out").exists()


def test_progress_rises_to_its_end(tmp_path):
    path = make_video(tmp_path / "clip.mp4", seconds=8)
    told: list[float] = []
    sandbox.render(path, probe(path), "peaks", tmp_path / "out", told.append)
    assert told == sorted(told)
    assert told[-1] > 0.9


def test_readers_need_no_django():
    code = "import sys, ingest.sandbox; sys.exit(any(name.startswith('django') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_kind_of_the_house_has_a_reader():
    assert set(readers()) == {"audio", "dialogue", "eeg", "image", "text", "video", "words"}


@pytest.mark.parametrize("kind", sorted(readers()))
def test_every_reader_keeps_the_contract(kind):
    reader = readers()[kind]
    assert issubclass(reader.facts_type, Facts)
    assert reader.kind == kind
    assert all(extension.startswith(".") and extension.islower() for extension in reader.extensions)
    names = [recipe.name for recipe in reader.renditions]
    assert len(set(names)) == len(names)
