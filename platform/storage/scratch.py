"""Files for what is too much to hold, gone with the process that opened them."""

from tempfile import TemporaryFile
from typing import IO

from django.conf import settings


def scratch_file() -> IO[bytes]:
    """An empty file without a name, on the disk of the data folder: /tmp may be memory."""
    folder = settings.DATA_FOLDER / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryFile(dir=folder)
