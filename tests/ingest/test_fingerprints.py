"""Fingerprints of real files, taken in the sandbox, agree with those of their copies."""

import numpy as np
import pytest
from PIL import Image

from affectory.alike import same_pictures, same_stretches
from affectory.alike.films import FRAMES_HZ as FILM_HZ
from affectory.alike.sounds import FRAMES_HZ as SOUND_HZ
from ingest import sandbox
from ingest.models import Asset, Fingerprint, Item
from ingest.services.erasure import erase_items
from ingest.services.fingerprints import request_fingerprints
from ingest.services.folders import offer_folder
from jobs.models import Job
from jobs.services import perform
from tests import factories
from tests.ingest.making import ffmpeg, make_tone


def fingerprints(path):
    return {one.kind: one for one in sandbox.read(path, path.name)[1]}


def make_film(path, *, seed=1, seconds=7):
    """Cells that live and die, over noise that swells and fades."""
    cells = f"life=size=96x72:rate=8:ratio=0.3:mold=10:seed={seed}:death_color=#C83232:life_color=#00ff00"
    noise = f"anoisesrc=d={seconds}:c=pink:r=16000:seed={seed}"
    ffmpeg(
        *("-f", "lavfi", "-i", f"{cells},scale=320:240:flags=neighbor,fps=25"),
        *("-f", "lavfi", "-i", f"{noise},tremolo=f=3:d=0.9,vibrato=f=1:d=0.8"),
        *(
            "-t",
            str(seconds),
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
        ),
        str(path),
    )
    return path


def test_a_smaller_darker_quieter_cut_in_another_container_is_the_same_film_and_sound(tmp_path):
    film, other = make_film(tmp_path / "film.mp4"), make_film(tmp_path / "other.mp4", seed=2)
    cut = tmp_path / "cut.mkv"
    ffmpeg(
        *("-ss", "1.55", "-t", "5", "-i", str(film), "-vf", "scale=160:120,eq=brightness=-0.05", "-r", "15"),
        *("-af", "volume=-6dB", "-c:v", "mpeg4", "-q:v", "6", "-c:a", "flac", str(cut)),
    )
    taken = [fingerprints(path) for path in (film, other, cut)]
    for kind, rate_hz in (("film", FILM_HZ), ("sound", SOUND_HZ)):
        (found,) = same_stretches([one[kind].bits for one in taken], rate_hz)
        assert (found.left, found.right) == (0, 2)
        assert found.left_s - found.right_s == pytest.approx(1.55, abs=0.2)


def test_a_picture_is_the_same_turned_by_its_header_in_another_format_and_size(tmp_path):
    drawn = np.kron(np.random.default_rng(0).integers(0, 255, (6, 8, 3)), np.ones((40, 40, 1))).astype(
        np.uint8
    )
    picture, exif = Image.fromarray(drawn), Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.png")
    picture.rotate(90, expand=True).save(tmp_path / "b.jpg", exif=exif, quality=70)
    picture.resize((160, 120)).save(tmp_path / "c.webp", quality=60)
    picture.rotate(90, expand=True).save(tmp_path / "turned.png")
    names = ("a.png", "b.jpg", "c.webp", "turned.png")
    bits = [fingerprints(tmp_path / name)["picture"].bits for name in names]
    found = list(same_pictures(bits))
    assert {place for one in found for place in (one.left, one.right)} == {0, 1, 2}


def test_a_file_without_anything_to_compare_says_why(tmp_path):
    told = fingerprints(make_tone(tmp_path / "tone.wav"))["sound"]
    assert (told.bits, told.reason) == (None, "the sound is silent, steady or shorter than a second")


@pytest.mark.django_db
def test_an_asset_has_its_fingerprint_from_its_reading_or_later_and_loses_it_when_it_is_erased(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)
    (tmp_path / "corpus.toml").write_text('[groups]\n"*" = { subject = "s01" }\n')
    Image.effect_mandelbrot((90, 60), (-2, -1, 1, 1), 50).save(tmp_path / "a.png")
    list(offer_folder(folder=tmp_path, corpus_name="c", organisation=factories.lab(), requested_by="test"))
    perform(Job.objects.get().pk)
    first = bytes(Fingerprint.objects.get(kind="picture").bits)

    def asked() -> int:
        return request_fingerprints(
            Item.objects.all(), organisation_id=factories.lab().pk, requested_by="test"
        )

    assert asked() == 0
    Fingerprint.objects.all().delete()
    assert asked() == asked() == 1
    perform(Job.objects.get(kind="ingest.fingerprints").pk)
    assert bytes(Fingerprint.objects.get(kind="picture").bits) == first
    erase_items(Asset.objects.get().corpus, "subject", "s01")
    assert not Fingerprint.objects.exists()
