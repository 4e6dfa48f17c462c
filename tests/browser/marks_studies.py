"""Studies on collections that the demo has."""

import os
import subprocess
import sys
from pathlib import Path

from config.embedded import postgres
from config.embedded.environment import process_environment

MAKE = """
import sys
from pathlib import Path
import django
django.setup()
from annotation.protocol import read_protocol
from annotation.services.studies import create_study
from ingest.models import Collection
slug, path, name = sys.argv[1:]
collection = Collection.objects.get(name=name)
document = read_protocol(Path(path))
study = create_study(
    organisation=collection.organisation, slug=slug, title=slug, document=document, collection=collection,
    requested_by="test",
)
print(study.invite_code)
"""


def study_on_collection(folder: Path, slug: str, protocol: Path, collection: str) -> str:
    """Run a protocol file in the platform whose data are in ``folder``; returns the invite code."""
    env = {**os.environ, **process_environment(folder), "DATABASE_URL": postgres.database_url(folder)}
    command = [sys.executable, "-c", MAKE, slug, str(protocol), collection]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]
