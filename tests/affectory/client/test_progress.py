"""Progress is shown to a person at a terminal, and to nobody else."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from affectory.release.folder import open_manifest
from tests.affectory.client.release_server import Behaviour


def shown_at_a_terminal(*arguments: str) -> str:
    """Run the command with a terminal for stderr; return what stood there."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [sys.executable, "-m", "affectory.cli", *arguments]
    with os.fdopen(theirs, "wb") as terminal:
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal)
    told = b""
    try:
        while piece := os.read(ours, 4096):
            told += piece
    except OSError:  # how Linux says that the other end of a terminal is closed
        pass
    os.close(ours)
    assert running.wait(60) == 0, told
    return told.decode()


def test_a_pull_shows_how_far_it_is(server: str, release: Path) -> None:
    told = shown_at_a_terminal("pull", "demo-film", "--table", "items")
    assert "demo-film@1.0.0: 100%" in told
    assert "B/s]" in told
    again = shown_at_a_terminal("pull", "demo-film", "--table", "items", "-o", "again")
    assert "%" not in again  # nothing had to come


def test_an_export_counts_what_it_writes(release: Path, tmp_path: Path) -> None:
    assert "csv: " in shown_at_a_terminal("export", "csv", str(release), "--to", str(tmp_path / "out"))


@pytest.mark.parametrize("option", ["-q", "--json"])
def test_whoever_asked_for_silence_sees_no_bar(server: str, option: str) -> None:
    assert shown_at_a_terminal("add", "demo-film", option) == ""


def test_a_bar_goes_back_where_bytes_were_wrong(server: str, behaviour: Behaviour, release: Path) -> None:
    wrong = open_manifest(release).table_files("items", "train")[0].path
    behaviour.wrong_bytes[wrong] = 1
    assert "demo-film@1.0.0: 100%" in shown_at_a_terminal("pull", "demo-film", "--table", "items")
