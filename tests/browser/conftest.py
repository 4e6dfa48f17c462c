"""One running demo for all browser tests of a worker: real database, worker, web server and Chromium."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from config.embedded import postgres
from tests.conftest import CheckedDemo
from tests.optional_parts import chromium
from tests.running_platform import begun, url_when_ready

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM_SWITCHES = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass(frozen=True)
class RunningDemo:
    url: str
    password: str
    token: str
    folder: Path

    def get(self, path: str) -> dict:
        answer = httpx.get(f"{self.url}/api/{path}", headers={"Authorization": f"Bearer {self.token}"})
        return answer.raise_for_status().json()

    def invite(self, study: str) -> str:
        return f"{self.url}{self.get(f'studies/{study}/')['invite_path']}"


@pytest.fixture(scope="session")
def demo(checked_demo: CheckedDemo) -> Iterator[RunningDemo]:
    folder = checked_demo.folder
    with begun("demo", folder) as process:
        url = url_when_ready(process)
        access = json.loads((folder / "demo-access.json").read_text())
        yield RunningDemo(url, access["password"], access["token"], folder)


@pytest.fixture(scope="session")
def hands(demo: RunningDemo) -> dict[str, str]:
    """Name -> invite link of the studies of `hands_studies`."""
    env = os.environ | {
        "AFFECTORY_DATA": str(demo.folder),
        "DATABASE_URL": postgres.database_url(demo.folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.browser.hands_studies"]
    made = subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return {name: f"{demo.url}{path}" for name, path in json.loads(made.stdout.splitlines()[-1]).items()}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all browsers: it cannot be started twice in a process."""
    with sync_playwright() as one:
        yield one


@contextmanager
def launched(playwright: Playwright, *more: str) -> Iterator[Browser]:
    chrome = playwright.chromium.launch(executable_path=chromium(), args=[*CHROMIUM_SWITCHES, *more])
    yield chrome
    chrome.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright) as chrome:
        yield chrome


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    made.set_default_timeout(30_000)
    yield made
    made.close()
