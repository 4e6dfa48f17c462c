"""Several downloads and several processes that fill one cache at once."""

import subprocess
import sys
from pathlib import Path

from affectory.cli import main
from affectory.release.folder import open_manifest
from tests.affectory.client.release_server import Behaviour, Hold

TRAIN = "items/train-00000-of-00001.parquet"


def test_two_processes_bring_the_same_file_and_neither_waits_or_spoils_it(
    server: str, behaviour: Behaviour, release: Path, tmp_path: Path
) -> None:
    hold = behaviour.holds[TRAIN] = Hold(after_bytes=1000)
    command = [sys.executable, "-m", "affectory.cli", "pull", "demo-film", "-o", "slow", "-q"]
    slow = subprocess.Popen(command)
    assert hold.reached.wait(60)
    partial = tmp_path / "cache" / "partial"
    assert main(["pull", "demo-film", "-o", "quick", "-q"]) == 0
    assert main(["verify", "quick", "-q"]) == 0
    (partial / ("0" * 64)).write_bytes(b"interrupted")
    assert main(["cache", "prune", "-q"]) == 0
    sha256 = open_manifest(release).table_files("items", "train")[0].sha256
    assert [path.name for path in partial.iterdir()] == [sha256]  # the slow one still holds its own
    hold.go_on.set()
    assert slow.wait(60) == 0
    assert list(partial.iterdir()) == []
    assert main(["verify", "slow", "-q"]) == 0
    asked = [what for path, what in behaviour.requests if path.endswith(TRAIN)]
    assert asked == [None, None]  # each from the beginning: half a file of another is never gone on with


def test_what_a_killed_process_had_is_gone_on_with(server: str, behaviour: Behaviour, tmp_path: Path) -> None:
    hold = behaviour.holds[TRAIN] = Hold(after_bytes=1000)
    command = [sys.executable, "-m", "affectory.cli", "pull", "demo-film", "-o", "slow", "-q"]
    killed = subprocess.Popen(command)
    assert hold.reached.wait(60)
    killed.kill()
    killed.wait(60)
    hold.go_on.set()
    assert not (tmp_path / "slow").exists()
    assert main(["pull", "demo-film", "-o", "slow", "-q"]) == 0
    assert main(["verify", "slow", "-q"]) == 0


def test_files_come_side_by_side(server: str, behaviour: Behaviour) -> None:
    holds = [Hold(after_bytes=1000), Hold(after_bytes=1000)]
    behaviour.holds |= dict(zip((TRAIN, TRAIN.replace("train", "test")), holds, strict=True))
    running = subprocess.Popen([sys.executable, "-m", "affectory.cli", "pull", "demo-film", "-j", "2", "-q"])
    assert all(hold.reached.wait(60) for hold in holds)  # none has ended yet
    for hold in holds:
        hold.go_on.set()
    assert running.wait(60) == 0
    assert main(["verify", "demo-film-1.0.0", "-q"]) == 0
