"""Everything that must be true of a change: format, lint, types, imports, migrations, pages, tests.

All of it runs even when an early part fails; the last lines say what did. ``--no-tests`` leaves out
the test suites.
"""

import argparse
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def python(*words: str) -> list[str]:
    return [sys.executable, *words]


def npm(*words: str) -> list[str]:
    return python("scripts/npm.py", *words)


LINT = {
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "ruff check": [str(BIN / "ruff"), "check", "."],
    "mypy": [str(BIN / "mypy"), "."],
    "import order of the rooms": [str(BIN / "lint-imports")],
    "migrations": python(
        "-m",
        "config.embedded",
        "exec",
        "--",
        sys.executable,
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
    ),
    "types and style of the pages": npm("run", "check"),
}
TESTS = {
    "tests of the pages": npm("test"),
    # Last, so that what it says about tests that were not run stands at the end.
    # Neighbours stay with one worker, which makes what they share once, until the other has nothing left.
    "Python and browser tests": python("-m", "pytest", "-n", "2", "--dist", "worksteal"),
}


def passes(name: str, command: list[str]) -> bool:
    sys.stdout.write(f"\n=== {name}\n")
    sys.stdout.flush()
    return subprocess.run(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-tests", action="store_true")
    checks = LINT if parser.parse_args().no_tests else {**LINT, **TESTS}
    failed = [name for name, command in checks.items() if not passes(name, command)]
    outcome = f"FAILED: {', '.join(failed)}" if failed else f"All {len(checks)} checks passed."
    sys.stdout.write(f"\n{outcome}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
