"""Install everything into .venv and build the pages; a second run only looks for what has changed.

``python3 scripts/setup.py [--dev]`` with any Python from 3.11 on. pip and npm are called as the user
has configured them.
"""

import sys

# Said before anything is imported that an older Python does not have.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Affectory needs Python 3.11 or newer; this is %d.%d. "  # noqa: UP031
        "Name another with `make setup PYTHON=python3.12`." % sys.version_info[:2]
    )

import argparse
import fcntl
import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from toolchain import FRONTEND, REPOSITORY, VENV, answer, find_npm, run, venv_python

STAMPS = VENV / "affectory-setup.json"
REQUIREMENTS = REPOSITORY / "requirements"
PAGES = FRONTEND / "dist"


def digest(paths: "Iterable[Path]", *words: str) -> str:
    """One hash over the names and contents of files, and whatever else decides about a step."""
    total = hashlib.sha256(json.dumps(words).encode())
    for path in sorted(paths):
        total.update(f"\n{path.relative_to(REPOSITORY)}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamps() -> "dict[str, str]":
    return json.loads(STAMPS.read_text()) if STAMPS.exists() else {}


def step(name: str, key: str, *, done: bool, action: "Callable[[], None]") -> None:
    """Run `action` unless it ran to its end for this very key and its result is still there."""
    if done and stamps().get(name) == key:
        return
    sys.stdout.write(f"setup: {name} ...\n")
    sys.stdout.flush()
    action()
    STAMPS.write_text(json.dumps({**stamps(), name: key}, indent=2))


def make_venv() -> None:
    if answer([str(venv_python()), "-c", "import pip; print(pip.__version__)"]):
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(
            f"This Python has no {' and no '.join(missing)}, so it cannot make a virtual environment. "
            "On Debian and Ubuntu: apt-get install python3-venv."
        )
    sys.stdout.write("setup: virtual environment ...\n")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def pip_install(*words: str) -> None:
    run(
        [
            str(venv_python()),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            *words,
        ]
    )


def install_locked(name: str) -> None:
    """Install a lock file: these versions, with these hashes, and nothing else."""
    file = REQUIREMENTS / f"{name}.txt"
    key = digest([file], answer([str(venv_python()), "--version"]))
    install = ["--require-hashes", "--no-deps", "--requirement", str(file)]
    step(f"packages of requirements/{name}.txt", key, done=True, action=lambda: pip_install(*install))


def install_self() -> None:
    """Put this checkout on the virtual environment's path."""
    key = digest([REPOSITORY / "pyproject.toml", REPOSITORY / "platform" / "affectory" / "__init__.py"])
    done = (VENV / "bin" / "affectory").exists()
    install = ["--no-deps", "--no-build-isolation", "--editable", str(REPOSITORY)]
    step("the affectory package of this checkout", key, done=done, action=lambda: pip_install(*install))


def build_pages() -> None:
    npm = find_npm()
    if npm is None:
        install_locked("node")
        npm = find_npm()
    if npm is None:
        sys.exit("Neither this machine's Node nor the one from requirements/node.txt works.")
    env, command = npm.environment(), list(npm.command)
    locks = [FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / ".npmrc"]
    modules = (FRONTEND / "node_modules").is_dir()
    install = [*command, "ci", "--no-audit", "--no-fund"]
    key = digest(locks, npm.version)
    step("packages of the pages", key, done=modules, action=lambda: run(install, cwd=FRONTEND, env=env))
    build = [*command, "run", "build"]
    sources = digest(page_sources(), key)
    built = PAGES.is_dir() and any(PAGES.iterdir())
    step("the pages", sources, done=built, action=lambda: run(build, cwd=FRONTEND, env=env))


def page_sources() -> "list[Path]":
    left_out = {FRONTEND / "node_modules", PAGES}
    top = [path for path in FRONTEND.iterdir() if path not in left_out]
    return [
        file for path in top for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    given = parser.parse_args()
    with (REQUIREMENTS / "server.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two set-ups at once would trip over each other
        make_venv()
        install_locked("dev" if given.dev else "server")
        install_self()
        build_pages()


if __name__ == "__main__":
    main()
