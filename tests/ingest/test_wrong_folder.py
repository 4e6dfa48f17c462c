"""A folder in which much is wrong, taken in as a person would: each file is told apart, the good ones are in."""

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from ingest.models import Item
from jobs.models import Job
from jobs.services import perform
from tests.ingest.making import cut, make_edf, make_video

pytestmark = pytest.mark.django_db
ODD_NAME = "glad \N{GRINNING FACE}\nnew line.png"
TOLD = {
    "clips/empty.mp4": "quarantined, empty_file: The file is empty (0 bytes).",
    "clips/letter.mp4": "quarantined, type_mismatch: The file is named .mp4 but looks like a text file.",
    "clips/cut.mp4": "quarantined, truncated: The header promises 50 frames, ",
    "wall.png": "quarantined, too_large: The image is 13000 x 13000 = 169,000,000 pixels; ",
    "rest.edf": "quarantined, bad_header: The header says 99 data records; the file holds 4 (512 bytes each).",
    "clips/whole.mp4": "ready",
    "hello.txt": "ready",
    "good.edf": "ready",
    ODD_NAME: "ready",
}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "corpus"
    (made / "clips").mkdir(parents=True)
    (made / "clips" / "empty.mp4").touch()
    (made / "clips" / "letter.mp4").write_text("Dear diary, today I learned about containers.\n")
    cut(make_video(made / "clips" / "whole.mp4"), made / "clips" / "cut.mp4", 0.5)
    Image.new("1", (13000, 13000)).save(made / "wall.png")
    Image.new("RGB", (40, 30), "gold").save(made / ODD_NAME)
    (made / "hello.txt").write_text("Hello there.")
    noise = np.random.default_rng(1).normal(0, 30, (2, 4 * 128))
    header = bytearray(make_edf(made / "good.edf", noise).read_bytes())
    header[236:244] = b"99      "
    (made / "rest.edf").write_bytes(header)
    return made


def test_each_wrong_file_gets_its_own_message_and_the_others_are_in(folder, monkeypatch, capsys):
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)
    call_command("ingest", str(folder), corpus="mixed", no_wait=True)
    for job in Job.objects.filter(kind="ingest.file"):
        perform(job.pk)
    capsys.readouterr()
    call_command("ingest", str(folder), corpus="mixed")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "9 files offered to the corpus mixed."
    assert lines[-1] == "Done: 4 ready, 5 quarantined."
    assert len(lines) == 2 + len(TOLD)  # a line break in a name breaks no line
    for path, told in TOLD.items():
        line = next(line for line in lines if f" {path!r}: " in line)
        assert line.partition(f"{path!r}: ")[2].startswith(told), line
    good = {path for path, told in TOLD.items() if told == "ready"}
    assert set(Item.objects.values_list("key", flat=True)) == good
