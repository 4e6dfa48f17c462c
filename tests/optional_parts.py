"""Programs and packages that a machine may lack; the tests that need them say so with a marker."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "reference" / "realdata"
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Debian keeps the scripts of server programs out of an ordinary user's PATH.
_SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


@dataclass(frozen=True)
class Part:
    name: str
    provided_by: str
    required: bool = True  # where AFFECTORY_REQUIRE_ALL=1 asks for everything that can be installed


CHROMIUM = Part("Chromium", "apt-get install -y chromium")
REDIS = Part("redis-server", "apt-get install -y redis-server")
RABBITMQ = Part("rabbitmq-server", "apt-get install -y rabbitmq-server")
CURL = Part("curl", "apt-get install -y curl")
# In no lock file: its ordinary build brings gigabytes for graphics cards.
TORCH = Part("PyTorch", ".venv/bin/python -m pip install torch==2.13.0")
REAL_RATINGS = Part(
    "the real ratings", "a copy of the reference folder at ../shared/reference", required=False
)
PARTS = (CHROMIUM, REDIS, RABBITMQ, CURL, TORCH, REAL_RATINGS)


def program(name: str) -> str | None:
    return shutil.which(name, path=_SEARCH_PATH)


def chromium() -> str | None:
    """The browser's program: AFFECTORY_CHROMIUM, or the first one that is installed."""
    named = os.environ.get("AFFECTORY_CHROMIUM")
    return named or next((found for name in _CHROMIUM_NAMES if (found := program(name))), None)


def missing(marker: str, arguments: tuple[str, ...] = ()) -> list[Part]:
    """What a test with this marker lacks here; ``broker("redis-server")`` names the program it needs."""
    if marker == "browser":
        return [] if chromium() else [CHROMIUM]
    if marker == "curl":
        return [] if program("curl") else [CURL]
    if marker == "torch":
        return [] if importlib.util.find_spec("torch") else [TORCH]
    if marker == "realdata":
        return [] if REAL_DATA.is_dir() else [REAL_RATINGS]
    wanted = [part for part in (REDIS, RABBITMQ) if not arguments or part.name in arguments]
    return [part for part in wanted if program(part.name) is None]
