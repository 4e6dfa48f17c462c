import wave

import numpy as np
import pytest

from tests.ingest.making import ffmpeg, make_tone, make_video, probe, rendered, rendered_json


def write_wav(path, samples, rate_hz=44100):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(samples.shape[0])
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples.T.astype("<i2").tobytes())
    return path


def test_peaks_equal_numpy(tmp_path):
    samples = np.random.default_rng(0).integers(-32768, 32767, (2, 44100 + 137)).astype(np.int16)
    path = write_wav(tmp_path / "noise.wav", samples)
    peaks = rendered_json(path, probe(path), "peaks")
    assert (peaks["rate_hz"], peaks["channels"]) == (100.0, 2)
    for channel in range(2):
        buckets = np.split(samples[channel] / 32768, range(441, samples.shape[1], 441))
        np.testing.assert_allclose(peaks["min"][channel], [one.min() for one in buckets], atol=6e-5)
        np.testing.assert_allclose(peaks["max"][channel], [one.max() for one in buckets], atol=6e-5)


def test_peaks_of_many_channels_are_those_of_their_mean(tmp_path):
    samples = np.tile(np.array([[1000], [2000], [3000], [6000]], np.int16), (1, 44100))
    path = write_wav(tmp_path / "four.wav", samples)
    peaks = rendered_json(path, probe(path), "peaks")
    assert peaks["channels"] == 1
    assert peaks["max"][0][50] == pytest.approx(3000 / 32768, abs=6e-5)


def test_sound_that_begins_late_is_drawn_late(tmp_path):
    film = make_video(tmp_path / "film.mp4", seconds=3)
    path = tmp_path / "late.mkv"
    shifted = (
        "-itsoffset",
        "1",
        "-i",
        str(film),
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c:v",
        "copy",
        "-c:a",
        "flac",
    )
    ffmpeg("-i", str(film), *shifted, str(path))
    peaks = rendered_json(path, probe(path), "peaks")
    loud = np.flatnonzero(np.array(peaks["max"][0]) > 0.05)
    assert loud[0] / peaks["rate_hz"] == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    ("name", "options", "media_type"),
    [
        ("a.wav", (), "audio/wav"),
        ("a.flac", (), "audio/flac"),
        ("a.mp3", (), "audio/mpeg"),
        ("a.ogg", ("-c:a", "libopus"), "audio/ogg"),
        ("a.m4a", ("-c:a", "aac"), "audio/mp4"),
        ("a.aac", ("-c:a", "aac"), "audio/aac"),
        ("a.aiff", (), "audio/aiff"),
    ],
)
def test_each_format_is_measured_and_gets_a_proxy(tmp_path, name, options, media_type):
    path = make_tone(tmp_path / name, *options)
    facts = probe(path)
    assert (facts.kind, facts.media_type, facts.audio_channels) == ("audio", media_type, 1)
    assert facts.duration_s == pytest.approx(2, abs=0.06)
    proxy = probe(rendered(path, facts, "proxy"), "proxy.m4a")
    assert proxy.audio_codec == "aac"
    assert proxy.duration_s == pytest.approx(2, abs=0.06)


def test_a_vbr_mp3_without_index_is_not_called_cut(tmp_path):
    path = make_tone(tmp_path / "vbr.mp3", "-q:a", "7", "-write_xing", "0", seconds=5)
    assert probe(path).duration_s == pytest.approx(5, abs=0.1)


def test_a_streamed_wav_without_a_size_is_taken(tmp_path):
    path = make_tone(tmp_path / "streamed.wav")
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert probe(path).duration_s == pytest.approx(2)


def test_a_video_whose_microphone_was_muted_for_a_while_is_taken(tmp_path):
    film = make_video(tmp_path / "film.mp4", seconds=4)
    path = tmp_path / "muted.mkv"
    second = ("-itsoffset", "2.5", "-t", "1", "-i", str(film))
    chosen = "[0:a]atrim=0:1[a];[1:a]anull[b];[a][b]concat=v=0:a=1,asetpts='if(lt(T,1),PTS,PTS+1.5/TB)'[out]"
    ffmpeg(
        "-i",
        str(film),
        *second,
        "-filter_complex",
        chosen,
        "-map",
        "0:v",
        "-map",
        "[out]",
        "-c:a",
        "flac",
        str(path),
    )
    assert probe(path).n_frames == 100
