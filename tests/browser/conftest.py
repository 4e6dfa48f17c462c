"""One running demo for all browser tests of a worker: real database, worker, web server and Chromium."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from benchmarks.tracing.server import Bench, running
from tests.browser.inside import invites_inside
from tests.browser.one_clip import CLIPS_S
from tests.conftest import CheckedDemo
from tests.optional_parts import chromium
from tests.running_platform import begun, url_when_ready

CHROMIUM_SWITCHES = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)

# What is waited for comes soon, but on a machine with much else to do not within the usual 5 s.
expect.set_options(timeout=30_000)


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
    return invites_inside(demo.url, demo.folder, "hands_studies")


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with running(**CLIPS_S) as served:
        yield served


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
