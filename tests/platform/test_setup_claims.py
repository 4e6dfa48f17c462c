"""What the README and the plan promise of lock files, licences, docs and left-out tests."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from config.settings import _database
from tests.optional_parts import CHROMIUM, REDIS, TORCH

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_one_version_and_hashes_and_no_host(lock):
    text = lock.read_text()
    assert "://" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+( ; [^\\\n]+)? \\\n", entry), entry
        assert re.fullmatch(r"(\s+--hash=sha256:[0-9a-f]{64}( \\)?)+", entry.partition("\\")[2]), entry


def test_there_is_a_lock_for_every_group_that_is_installed():
    groups = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["dependency-groups"]
    assert {lock.stem for lock in LOCKS} == set(groups)


def test_the_lock_of_the_pages_has_digests_and_no_host():
    packages = json.loads((REPOSITORY / "frontend" / "package-lock.json").read_text())["packages"]
    installed = {name: told for name, told in packages.items() if name}
    assert installed
    assert not any("resolved" in told for told in packages.values())
    assert all(told["integrity"].startswith("sha512-") for told in installed.values())


def test_both_licences_are_there_and_named():
    texts = {
        "LICENSE": ("GNU GENERAL PUBLIC LICENSE", "Version 3"),
        "platform/affectory/LICENSE": ("Apache License", "Version 2.0"),
    }
    readme = (REPOSITORY / "README.md").read_text()
    for name, words in texts.items():
        head = (REPOSITORY / name).read_text()[:300]
        assert all(word in head for word in words), name
        assert f"`{name}`" in readme
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["platform/affectory/LICENSE"])


def test_every_path_that_the_architecture_names_is_there():
    named = re.findall(r"`([a-z]+(?:/[\w<>*.]+)+/?)`", (REPOSITORY / "docs" / "architecture.md").read_text())
    roots = (REPOSITORY, REPOSITORY / "platform")
    lost = [path for path in named if not any(list(root.glob(re.sub(r"<\w+>", "*", path))) for root in roots)]
    assert len(named) > 30
    assert lost == []


def test_one_version_of_pytorch_is_named_everywhere():
    pinned = {
        version
        for name in (".ci/run", "Makefile", "tests/optional_parts.py")
        for version in re.findall(r"pip install (?:--quiet )?torch(\S*?)['\"]?$", _text(name), re.MULTILINE)
    }
    assert pinned == {TORCH.provided_by.partition("torch")[2]}
    assert all(version.startswith("==") for version in pinned)


def _text(name: str) -> str:
    return (REPOSITORY / name).read_text().replace('")', '"')


TESTS_THAT_NEED_PARTS = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    raise AssertionError

@pytest.mark.broker("redis-server")
def test_with_redis():
    raise AssertionError
"""


@pytest.fixture
def left_out(tmp_path):
    """Run tests on a machine that has no programs; gives exit code and output."""
    file = tmp_path / "test_parts.py"
    file.write_text(TESTS_THAT_NEED_PARTS)

    def run(**more: str) -> tuple[int, str]:
        # A database that is named is not started, and these tests ask for none.
        env = {**os.environ, "PATH": str(tmp_path), "DATABASE_URL": "postgresql://nobody@localhost/none"}
        for name in ("AFFECTORY_CHROMIUM", "AFFECTORY_REQUIRE_ALL", "PYTEST_XDIST_WORKER"):
            env.pop(name, None)
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "0",
            "-c",
            "pyproject.toml",
            "--rootdir",
            str(tmp_path),
            str(file),
        ]
        done = subprocess.run(
            words, cwd=REPOSITORY, env=env | more, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    return run


def test_the_last_lines_name_left_out_tests_and_the_command_that_provides_the_part(left_out):
    code, said = left_out()
    assert code == 0
    for part, test in ((CHROMIUM, "test_in_a_browser"), (REDIS, "test_with_redis")):
        assert f" not run for want of {part.name}: 1 " in said
        assert f"test_parts.py::{test}\nTo run them: {part.provided_by}\n" in said


def test_where_everything_is_required_a_missing_part_is_a_failure(left_out):
    code, said = left_out(AFFECTORY_REQUIRE_ALL="1")
    assert code == 1
    assert "needs Chromium, and AFFECTORY_REQUIRE_ALL=1; `apt-get install -y chromium` provides it" in said


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://lab%40home:p%3Aw%2F%25@db.example:6543/aff?sslmode=require",
            ("aff", "lab@home", "p:w/%", "db.example", 6543, {"sslmode": "require"}),
        ),
        ("postgresql://lab:secret@[::1]/aff", ("aff", "lab", "secret", "::1", "", {})),
        ("postgresql://lab@/aff?host=/run/pg&port=5433", ("aff", "lab", "", "/run/pg", "5433", {})),
    ],
)
def test_a_database_url_says_where_the_database_is_and_who_asks(url, expected):
    database = _database(url)
    assert tuple(database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected
