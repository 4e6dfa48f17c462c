"""Programs that are run inside a running platform, with its settings and on its database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from config.embedded import postgres
from config.embedded.environment import process_environment

REPOSITORY = Path(__file__).resolve().parents[2]


def said_inside(folder: Path, *words: str) -> str:
    """The last line that a Python program says in the platform whose data are in ``folder``."""
    env = {**os.environ, **process_environment(folder), "DATABASE_URL": postgres.database_url(folder)}
    command = [sys.executable, *words]
    done = subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def invites_inside(url: str, folder: Path, module: str) -> dict[str, str]:
    """Kind -> invite link, of the studies that a module of this package makes when it is run as a program."""
    paths = json.loads(said_inside(folder, "-m", f"tests.browser.{module}"))
    return {kind: f"{url}{path}" for kind, path in paths.items()}


def answers_of(folder: Path, rater: str) -> dict[str, dict[str, Any]]:
    """Question -> what this rater answered, as it is stored."""
    with psycopg.connect(postgres.database_url(folder)) as connection:
        rows = connection.execute(
            "SELECT r.question, r.value FROM annotation_response r JOIN accounts_rater p ON p.id = r.rater_id"
            " WHERE p.pseudonym = %s",
            [rater],
        )
        return dict(rows.fetchall())
