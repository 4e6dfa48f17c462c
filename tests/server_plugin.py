"""Give the test run its own PostgreSQL and data folder, and say which tests were not run.

Loaded by ``-p`` in pyproject.toml, before Django reads its settings. With DATABASE_URL set, that
server is used and none is started. Under xdist only the controller starts and stops; each worker
makes its own test database on the one server.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from config.embedded import postgres
from tests.optional_parts import PARTS, Part, missing

_MARKERS = ("browser", "broker", "curl", "torch", "realdata")
_WORKER = os.environ.get("PYTEST_XDIST_WORKER")


def _prepare_environment() -> Path | None:
    """Point the platform at a folder of this run; the folder is given back where we own it."""
    if _WORKER:
        os.environ["AFFECTORY_DATA"] = str(Path(os.environ["AFFECTORY_DATA"]) / _WORKER)
        return None
    folder = Path(tempfile.mkdtemp(prefix="affectory-test-"))
    os.environ["AFFECTORY_DATA"] = str(folder)
    return folder


_folder = _prepare_environment()
_embedded = _folder is not None and not os.environ.get("DATABASE_URL")
if _folder is not None and _embedded:
    os.environ["DATABASE_URL"] = postgres.database_url(_folder)


def pytest_configure(config: pytest.Config) -> None:
    if _folder is not None:
        config.add_cleanup(lambda: shutil.rmtree(_folder, ignore_errors=True))
        config.add_cleanup(lambda: shutil.rmtree(postgres.Cluster(_folder).socket_folder, ignore_errors=True))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if _folder is None or not _embedded or session.config.option.collectonly:
        return
    server = postgres.start(_folder)
    # Clean-ups run last in, first out, also on Ctrl-C; a killed run takes the server with it.
    session.config.add_cleanup(server.stop)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in _MARKERS:
        mark = item.get_closest_marker(marker)
        for part in missing(marker, mark.args) if mark else []:
            if part.required and os.environ.get("AFFECTORY_REQUIRE_ALL") == "1":
                reason = f"{_reason(part)}, and AFFECTORY_REQUIRE_ALL=1; `{part.provided_by}` provides it"
                pytest.fail(reason, pytrace=False)
            pytest.skip(_reason(part))


def _reason(part: Part) -> str:
    return f"needs {part.name}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name each test that an absent part kept from running, and the one command that provides the part."""
    skipped = terminalreporter.stats.get("skipped", [])
    for part in PARTS:
        tests = [report.nodeid for report in skipped if str(report.longrepr[2]).endswith(_reason(part))]
        if tests:
            terminalreporter.section(f"not run for want of {part.name}: {len(tests)}", sep="-")
            terminalreporter.write_line("\n".join(tests))
            terminalreporter.write_line(f"To run them: {part.provided_by}")
