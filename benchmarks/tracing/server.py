"""The platform as `make run` starts it, on data of its own that is thrown away."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from config.embedded import postgres

REPOSITORY = Path(__file__).resolve().parents[2]
READY = "Affectory is at "


class BenchError(Exception):
    """The server or its studies could not be made; the message says why."""


@dataclass(frozen=True)
class Bench:
    """A running server with one study per clip; `invites` are the paths that raters open."""

    url: str
    folder: Path
    invites: dict[str, str]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(postgres.database_url(self.folder)) as connection:
            return connection.execute(query, values).fetchall()

    def bodies(self, study: str) -> list[dict[str, Any]]:
        """All that counts of the traces of a study: the chunks as they were sent, in their order."""
        rows = self.rows(
            "SELECT c.body FROM annotation_tracechunk c JOIN annotation_trace t ON t.id = c.trace_id"
            " JOIN annotation_study s ON s.id = t.study_id WHERE s.slug = %s AND NOT c.orphan"
            " ORDER BY c.trace_id, c.seq",
            study,
        )
        return [json.loads(body) for (body,) in rows]


@contextmanager
def running(images_s: int = 0, **clips_s: int) -> Iterator[Bench]:
    """Serve studies over clips of these lengths (s), and `images` over a sequence of images, on any free port."""
    if not (REPOSITORY / "frontend" / "dist" / "rate.html").is_file():
        raise BenchError("The pages are not built: run `make setup` first.")
    with tempfile.TemporaryDirectory(prefix="affectory-bench-") as scratch:
        folder = Path(scratch) / "data"
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {"AFFECTORY_DATA": str(folder), "AFFECTORY_PORT": "0"}
        command = [sys.executable, "-m", "config.embedded", "run"]
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            url = _address(process)
            yield Bench(url, folder, _studies(env, Path(scratch) / "clips", images_s, clips_s))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def _address(process: "subprocess.Popen[str]") -> str:
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(READY):
            return line.removeprefix(READY).split(" ")[0].strip()
    raise BenchError("The server did not come up:\n" + "".join(said[-20:]))


def _studies(env: dict[str, str], clips: Path, images_s: int, clips_s: dict[str, int]) -> dict[str, str]:
    code = f"from benchmarks.tracing.study import make; make({str(clips)!r}, {images_s}, **{clips_s!r})"
    command = [
        sys.executable,
        "-m",
        "config.embedded",
        "exec",
        "--",
        sys.executable,
        "manage.py",
        "shell",
        "-c",
    ]
    made = subprocess.run(
        [*command, code], cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise BenchError(f"The studies could not be made:\n{made.stderr[-2000:]}")
    words = [line.split() for line in made.stdout.splitlines() if line.startswith("invite ")]
    return {name: f"/s/{code}" for _, name, code in words}
