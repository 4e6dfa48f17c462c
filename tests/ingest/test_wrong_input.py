"""Every wrong file gets its own clear message, before anything is decoded that should not be."""

from pathlib import Path

import pytest
from PIL import Image

from ingest.readers.contract import MediaError
from tests.ingest.making import cut, ffmpeg, make_tone, make_video, probe


def refusal(path: Path, name: str | None = None) -> MediaError:
    with pytest.raises(MediaError) as caught:
        probe(path, name)
    return caught.value


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_video(tmp_path_factory.mktemp("film") / "film.mp4", seconds=4)


def test_an_empty_file_is_called_empty(tmp_path):
    path = tmp_path / "clip.mp4"
    path.touch()
    error = refusal(path)
    assert error.code == "empty_file"
    assert "0 bytes" in error.message


def test_a_text_named_mp4_is_called_a_text(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_text("Dear diary, today I learned about containers.\n")
    error = refusal(path)
    assert (error.code, error.field) == ("type_mismatch", "name")
    assert error.message == "The file is named .mp4 but looks like a text file."


def test_a_picture_named_mp4_is_called_a_picture(tmp_path):
    path = tmp_path / "clip.mp4"
    Image.new("RGB", (8, 8)).save(path, format="PNG")
    error = refusal(path)
    assert error.code == "type_mismatch"
    assert "PNG image" in error.message


def test_a_video_named_wav_is_refused(film):
    assert refusal(film, "sound.wav").code == "type_mismatch"


@pytest.mark.parametrize(
    ("head", "seen"),
    [
        (b"%PDF-1.7\n\xff", "a PDF document"),
        (b"PK\x03\x04rest\0", "a ZIP archive or office document"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"\0\1\2\3garbage\xfe", "binary data of no known kind"),
    ],
)
def test_other_files_are_named_for_what_they_look_like(tmp_path, head, seen):
    path = tmp_path / "thing.dat"
    path.write_bytes(head)
    error = refusal(path)
    assert error.code == "unrecognised"
    assert seen in error.message


def test_a_half_faststart_mp4_is_truncated_although_its_header_is_whole(film, tmp_path):
    error = refusal(cut(film, tmp_path / "cut.mp4", 0.5))
    assert (error.code, error.field) == ("truncated", "n_frames")
    assert "promises 100 frames" in error.message


def test_an_mp4_that_lost_its_last_tenth_is_truncated(film, tmp_path):
    assert refusal(cut(film, tmp_path / "cut.mp4", 0.9)).code == "truncated"


def test_an_mp4_cut_before_its_index_is_truncated(film, tmp_path):
    unindexed = tmp_path / "late.mp4"
    ffmpeg("-i", str(film), "-c", "copy", str(unindexed))  # without faststart the index comes last
    error = refusal(cut(unindexed, tmp_path / "cut.mp4", 0.7))
    assert error.code == "truncated"
    assert "moov" in error.message


def test_a_half_webm_is_truncated(film, tmp_path):
    webm = tmp_path / "film.webm"
    ffmpeg("-i", str(film), "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", str(webm))
    assert refusal(cut(webm, tmp_path / "cut.webm", 0.5)).code == "truncated"


@pytest.mark.parametrize("extension", ["wav", "flac", "mp3", "ogg", "m4a"])
def test_half_a_sound_file_is_truncated(tmp_path, extension):
    options = ("-c:a", "libopus") if extension == "ogg" else ()
    whole = make_tone(tmp_path / f"tone.{extension}", *options, seconds=4)
    assert refusal(cut(whole, tmp_path / f"cut.{extension}", 0.5)).code == "truncated"


def test_a_video_with_zeroed_data_is_refused(film, tmp_path):
    content = bytearray(film.read_bytes())
    begin = len(content) // 3
    content[begin : begin + len(content) // 4] = bytes(len(content) // 4)
    path = tmp_path / "zeroed.mp4"
    path.write_bytes(content)
    assert refusal(path).code in {"truncated", "decode_error"}


def test_a_hole_in_the_middle_of_a_webm_is_found(film, tmp_path):
    """Matroska skips what it cannot read, and the end is where the header says."""
    webm = tmp_path / "film.webm"
    ffmpeg(
        "-i",
        str(film),
        "-c:v",
        "libvpx",
        "-deadline",
        "realtime",
        "-c:a",
        "libopus",
        "-cluster_time_limit",
        "500",
        str(webm),
    )
    content = bytearray(webm.read_bytes())
    begin = len(content) // 3
    content[begin : begin + len(content) // 3] = bytes(len(content) // 3)
    webm.write_bytes(content)
    error = refusal(webm)
    assert error.code == "decode_error"
    assert "Nothing could be decoded between" in error.message


def test_half_an_animated_gif_is_truncated(tmp_path):
    whole = tmp_path / "moving.gif"
    frames = [Image.effect_noise((80, 60), 60) for _ in range(6)]
    frames[0].save(whole, save_all=True, append_images=frames[1:])
    assert probe(whole).animated
    assert refusal(cut(whole, tmp_path / "cut.gif", 0.6)).code == "truncated"


def test_messages_do_not_show_our_folders(tmp_path):
    path = tmp_path / "tone.ogg"
    path.write_bytes(b"OggS" + bytes(200) + b"OggS\0\4" + bytes(30))
    assert "/" not in refusal(path).message.replace("video/ogg", "")


def test_a_rare_codec_is_refused(film, tmp_path):
    path = tmp_path / "screen.mov"
    ffmpeg("-i", str(film), "-an", "-c:v", "flashsv", str(path))
    error = refusal(path)
    assert (error.code, error.field) == ("unsupported_codec", "video_codec")
    assert "flashsv" in error.message


def test_a_huge_png_is_refused_by_its_header_with_both_numbers(tmp_path):
    path = tmp_path / "wall.png"
    Image.new("1", (13000, 13000)).save(path)
    error = refusal(path)
    assert error.code == "too_large"
    assert "13000 x 13000 = 169,000,000" in error.message
    assert "80,000,000" in error.message


def test_half_a_jpeg_is_truncated(tmp_path):
    whole = tmp_path / "noise.jpg"
    Image.effect_noise((400, 300), 60).save(whole)
    assert refusal(cut(whole, tmp_path / "cut.jpg", 0.5)).code == "truncated"


def test_a_name_with_emoji_and_newline_does_no_harm(film, tmp_path):
    path = tmp_path / "happy \N{GRINNING FACE}\n-i evil|clip.mp4"
    path.write_bytes(film.read_bytes())
    assert probe(path).kind == "video"


@pytest.mark.parametrize(
    ("script", "seen"),
    [
        ("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:4,\nfile://{film}\n#EXT-X-ENDLIST\n", "an HLS playlist"),
        ("ffconcat version 1.0\nfile {film}\n", "an ffconcat script"),
    ],
)
def test_a_playlist_named_mp4_never_opens_the_file_it_points_to(film, tmp_path, script, seen):
    path = tmp_path / "clip.mp4"
    path.write_text(script.format(film=film))
    error = refusal(path)
    assert error.code == "type_mismatch"
    assert seen in error.message


def test_a_playlist_hidden_behind_a_media_signature_is_not_followed(film, tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom#EXTM3U\n#EXTINF:4,\nfile://" + bytes(film) + b"\n")
    assert refusal(path).code in {"truncated", "decode_error"}
