import numpy as np
import pytest
from PIL import Image

from ingest.readers.contract import MediaError
from tests.ingest.making import probe, rendered

CORNERS = {"red": (255, 0, 0), "blue": (0, 0, 255)}


def red_top_blue_bottom(size=(300, 200)):
    picture = Image.new("RGB", size, CORNERS["blue"])
    picture.paste(CORNERS["red"], (0, 0, size[0], size[1] // 2))
    return picture


def near(pixel, name):
    return np.abs(np.array(pixel[:3], int) - CORNERS[name]).max() < 60


def with_orientation(picture, path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Jane's phone"
    picture.save(path, exif=exif, quality=95)
    return path


def test_a_turned_jpeg_is_measured_and_shown_upright(tmp_path):
    stored = red_top_blue_bottom().rotate(90, expand=True)  # orientation 6 says: turn it back clockwise
    path = with_orientation(stored, tmp_path / "turned.jpg", 6)
    facts = probe(path)
    assert (facts.width, facts.height, facts.exif_orientation) == (300, 200, 6)
    for name in ("proxy", "thumb"):
        with Image.open(rendered(path, facts, name)) as shown:
            assert shown.size == (300, 200)
            assert near(shown.getpixel((150, 10)), "red")
            assert near(shown.getpixel((150, 190)), "blue")


def test_no_tag_of_the_camera_is_in_the_proxy(tmp_path):
    path = with_orientation(red_top_blue_bottom(), tmp_path / "tagged.jpg", 1)
    out = rendered(path, probe(path), "proxy")
    assert b"Jane" not in out.read_bytes()
    with Image.open(out) as shown:
        assert not shown.getexif()


def test_proxy_and_thumb_have_their_largest_side(tmp_path):
    path = tmp_path / "wide.png"
    red_top_blue_bottom((4096, 1024)).save(path)
    facts = probe(path)
    with (
        Image.open(rendered(path, facts, "proxy")) as proxy,
        Image.open(rendered(path, facts, "thumb")) as thumb,
    ):
        assert proxy.size == (2048, 512)
        assert thumb.size == (320, 80)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_becomes_a_browser_picture(tmp_path, mode):
    path = tmp_path / ("picture.tif" if mode in {"CMYK", "I;16"} else "picture.png")
    Image.new(mode, (40, 30)).save(path)
    facts = probe(path)
    with Image.open(rendered(path, facts, "proxy")) as shown:
        assert (shown.format, shown.size) == ("WEBP", (40, 30))


def test_sixteen_bit_grey_keeps_its_range(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.full((20, 20), 32768, np.uint16)).save(path)
    with Image.open(rendered(path, probe(path), "proxy")) as shown:
        assert abs(shown.convert("L").getpixel((10, 10)) - 128) <= 2


def test_a_gif_says_whether_it_moves(tmp_path):
    still, moving = tmp_path / "still.gif", tmp_path / "moving.gif"
    frames = [Image.new("L", (20, 20), shade) for shade in (0, 120, 240)]
    frames[0].save(still)
    frames[0].save(moving, save_all=True, append_images=frames[1:])
    assert not probe(still).animated
    assert probe(moving).animated


def test_a_picture_with_broken_data_is_refused(tmp_path):
    path = tmp_path / "broken.png"
    Image.effect_noise((64, 64), 50).save(path)
    content = bytearray(path.read_bytes())
    content[80:120] = bytes(40)
    path.write_bytes(content)
    with pytest.raises(MediaError) as caught:
        probe(path)
    assert caught.value.code == "decode_error"
