"""A rendered view as one text that a person can review; binary members stand there with size and digest."""

import gzip
import hashlib
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from affectory.client.loading import load
from affectory.views import views
from affectory.views.rendering import PROVENANCE_NAME, render
from affectory.views.source import Source
from tests.affectory.views import marked_samples, samples

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
GOLDEN = Path(__file__).parent / "golden"
RELEASES = {
    "film": samples.film_release,
    "dialogue": samples.dialogue_release,
    "eeg": samples.eeg_release,
    "pictures": samples.picture_release,
    "marks": marked_samples.marks_release,
    "eeg-marks": marked_samples.eeg_marks_release,
    "eeg-trial": marked_samples.eeg_trial_release,
    "crowd": lambda folder: samples.crowd_release(folder, 51),
}
# Which release shows a format best.
SHOWN = {
    "abaw": ("film",),
    "audformat": ("film", "crowd", "marks"),
    "coco": ("pictures",),
    "csv": ("film",),
    "eeg-bids": ("eeg", "eeg-marks", "eeg-trial"),
    "elan": ("film", "marks"),
    "jsonl": ("film",),
    "label-studio": ("film", "dialogue", "marks"),
    "meld": ("dialogue",),
    "mne": ("film", "marks"),
    "muse": ("film",),
    "nova": ("film", "marks"),
    "veatic": ("film",),
    "webdataset": ("film",),
}


def snapshot(folder: Path) -> str:
    """The text files, without the digest of the release: a new column of its tables is no other layout."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != PROVENANCE_NAME)
    text = "".join(f"=== {path.relative_to(folder).as_posix()}\n{_shown(path)}" for path in paths)
    return _DIGEST.sub("sha256:...", text)


def _shown(path: Path) -> str:
    if path.suffix == ".gz":
        # The compressed bytes depend on the zlib of the machine.
        return gzip.decompress(path.read_bytes()).decode()
    if path.suffix == ".tar":
        return "".join(_members(path))
    content = path.read_bytes()
    return f"({len(content)} bytes)\n" if path.suffix in {".edf", ".png"} else content.decode()


def _members(path: Path) -> Iterator[str]:
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            assert stream is not None
            content = stream.read()
            told = content.decode() if member.name.endswith(".json") else f"crc32 {zlib.crc32(content):08x}"
            yield f"{member.name} {member.size} bytes, mtime {member.mtime}: {told}\n"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def render_all(root: Path) -> dict[str, str]:
    """Write every release and every format that is shown for it under `root`; return all digests."""
    for release, write in RELEASES.items():
        write(root / release)
    for format_, releases in SHOWN.items():
        for release in releases:
            render(views()[format_], Source(load(root / release)), root / f"{release}-{format_}")
    return {path: digest for path, digest in digests(root).items() if path.split("/")[0] not in RELEASES}


def write_golden(root: Path) -> None:
    """Make the golden files again: python -m tests.affectory.views.snapshots EMPTY_FOLDER."""
    render_all(root)
    for format_, releases in SHOWN.items():
        for release in releases:
            (GOLDEN / f"{release}-{format_}.txt").write_text(snapshot(root / f"{release}-{format_}"))


if __name__ == "__main__":
    import sys

    write_golden(Path(sys.argv[1]))
