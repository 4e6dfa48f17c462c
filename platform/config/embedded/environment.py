"""What the environment says about this copy of the platform, and what its processes are told."""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedError

REPOSITORY = Path(__file__).resolve().parents[3]
DEFAULT_PORT = 8000
DEFAULT_HOST = "127.0.0.1"


def data_folder(default_name: str) -> Path:
    return Path(os.environ.get("AFFECTORY_DATA") or REPOSITORY / default_name).resolve()


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        bracketed = f"[{reachable}]" if ":" in reachable and not reachable.startswith("[") else reachable
        return f"http://{bracketed}:{self.port}"


def address(*, any_port: bool = False) -> Address:
    """Host and port asked for; `any_port` takes a free one where none is asked for."""
    host = os.environ.get("AFFECTORY_HOST") or DEFAULT_HOST
    given = os.environ.get("AFFECTORY_PORT", "").strip()
    if not given:
        return Address(host, 0 if any_port else DEFAULT_PORT)
    if not given.isdecimal() or int(given) > 65535:
        raise EmbeddedError(f"AFFECTORY_PORT must be a number up to 65535, not {given!r}.")
    return Address(host, int(given))


def whole_number(name: str, default: int) -> int:
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isdecimal() or int(given) == 0:
        raise EmbeddedError(f"{name} must be a whole number above 0, not {given!r}.")
    return int(given)


def secret_key(folder: Path) -> str:
    """The key of this data folder, made on first use and readable by its owner only."""
    given = os.environ.get("AFFECTORY_SECRET_KEY")
    if given:
        return given
    path = folder / "secret_key"
    if not path.exists():
        fresh = folder / f"secret_key.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        fresh.rename(path)
    return path.read_text()


#: Jobs hold much for a short while. With these, what they let go is given back at once, and not kept for later.
LEAN_MEMORY = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 22),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 22),
}


def process_environment(folder: Path) -> dict[str, str]:
    """The environment of every process of the platform that keeps its data in `folder`."""
    source_roots = [str(REPOSITORY), str(REPOSITORY / "platform"), os.environ.get("PYTHONPATH", "")]
    return {
        **LEAN_MEMORY,
        **os.environ,
        "AFFECTORY_DATA": str(folder),
        "AFFECTORY_SECRET_KEY": secret_key(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(root for root in source_roots if root),
        "PYTHONUNBUFFERED": "1",
    }


def manage(*words: str) -> list[str]:
    return [sys.executable, str(REPOSITORY / "manage.py"), *words]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
