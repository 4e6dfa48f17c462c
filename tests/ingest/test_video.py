import io
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from ingest.readers import registry
from tests.ingest.making import ffmpeg, make_tone, make_vfr_video, make_video, probe, rendered, rendered_json


@pytest.mark.parametrize(
    ("rate", "rate_hz"), [("24", 24.0), ("25", 25.0), ("30000/1001", 30000 / 1001), ("30", 30.0)]
)
def test_frame_index_and_time_go_round(tmp_path, rate, rate_hz):
    path = make_video(tmp_path / "clip.mp4", rate=rate, seconds=3, sound=False)
    facts = probe(path)
    pts_us = rendered_json(path, facts, "pts")["pts_us"]
    exact = [round(index / Fraction(rate) * 1_000_000) for index in range(facts.n_frames)]
    assert pts_us == exact
    assert facts.rate_hz == pytest.approx(rate_hz, rel=1e-12)
    assert not facts.vfr
    middles = np.array(pts_us) + 1e6 / rate_hz / 2
    assert (np.searchsorted(pts_us, middles, side="right") - 1).tolist() == list(range(facts.n_frames))


def test_times_of_a_vfr_video_are_exact_in_map_and_proxy(tmp_path):
    times_ms = [0, 33, 100, 133, 300, 333, 400, 500, 533, 700, 1000, 1033]
    path = make_vfr_video(tmp_path / "phone.mp4", times_ms)
    facts = probe(path)
    assert facts.vfr
    assert rendered_json(path, facts, "pts")["pts_us"] == [1000 * time_ms for time_ms in times_ms]
    proxy = rendered(path, facts, "proxy")
    assert rendered_json(proxy, probe(proxy, "proxy.mp4"), "pts")["pts_us"] == [1000 * t for t in times_ms]


@pytest.mark.parametrize("cutting", [("-ss", "0.7"), ("-itsoffset", "0.4")])
def test_the_proxy_keeps_frame_times_of_shifted_and_trimmed_tracks(tmp_path, cutting):
    whole = make_video(tmp_path / "whole.mp4", seconds=3)
    path = tmp_path / "shifted.mp4"
    ffmpeg(
        "-i", str(whole), *cutting, "-i", str(whole), "-map", "1:v", "-map", "0:a", "-c", "copy", str(path)
    )
    facts = probe(path)
    proxy = rendered(path, facts, "proxy")
    expected = rendered_json(path, facts, "pts")["pts_us"]
    assert rendered_json(proxy, probe(proxy, "proxy.mp4"), "pts")["pts_us"] == expected
    assert facts.first_frame_us == expected[0]


def test_odd_dimensions_become_even_in_the_proxy(tmp_path):
    path = tmp_path / "odd.mp4"
    source = "testsrc2=size=324x244:rate=25:duration=1,format=yuv444p,crop=321:241:exact=1"
    ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", str(path))
    facts = probe(path)
    assert (facts.width, facts.height) == (321, 241)
    proxy = probe(rendered(path, facts, "proxy"), "proxy.mp4")
    assert proxy.width % 2 == proxy.height % 2 == 0
    assert proxy.n_frames == facts.n_frames


def test_the_proxy_is_at_most_480_high_and_plays_everywhere(tmp_path):
    path = make_video(tmp_path / "large.mp4", size="1280x720", seconds=1)
    proxy_path = rendered(path, probe(path), "proxy")
    proxy = probe(proxy_path, "proxy.mp4")
    assert (proxy.width, proxy.height) == (852, 480)
    assert (proxy.video_codec, proxy.audio_codec) == ("h264", "aac")
    content = proxy_path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_nothing_of_the_source_tags_is_in_the_proxy(tmp_path):
    path = tmp_path / "tagged.mp4"
    plain = make_video(tmp_path / "plain.mp4", seconds=1)
    tags = ("-metadata", "title=Jane Doe at home", "-metadata", "location=+52.5-013.4/")
    ffmpeg("-i", str(plain), "-c", "copy", *tags, str(path))
    content = rendered(path, probe(path), "proxy").read_bytes()
    assert b"Jane" not in content
    assert b"+52.5" not in content
    assert b"Lavf" not in content


def test_a_rotated_phone_video_is_measured_and_shown_upright(tmp_path):
    path = tmp_path / "upright.mp4"
    ffmpeg("-display_rotation", "90", "-i", str(make_video(tmp_path / "flat.mp4")), "-c", "copy", str(path))
    facts = probe(path)
    assert (facts.width, facts.height) == (120, 160)
    proxy_path = rendered(path, facts, "proxy")
    proxy = probe(proxy_path, "proxy.mp4")
    assert (proxy.width, proxy.height, proxy.rotation_deg) == (120, 160, 0)
    with Image.open(rendered(path, facts, "poster")) as poster, av.open(str(proxy_path)) as media:
        frame = next(media.decode(video=0)).to_image()
        assert poster.size == frame.size
        # The poster's frame is a few frames later; upside down it would be far away.
        apart = [_distance(turned, frame) for turned in (poster, poster.rotate(180))]
        assert apart[0] < apart[1] / 2


def _distance(first: Image.Image, second: Image.Image) -> float:
    return float(
        np.abs(np.asarray(first.convert("L"), float) - np.asarray(second.convert("L"), float)).mean()
    )


def test_an_audio_only_mp4_is_audio(tmp_path):
    path = make_tone(tmp_path / "voice.mp4", "-c:a", "aac")
    facts = probe(path)
    assert (facts.kind, facts.media_type) == ("audio", "audio/mp4")


def test_a_cover_picture_does_not_make_a_video(tmp_path):
    cover = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(cover, format="JPEG")
    (tmp_path / "cover.jpg").write_bytes(cover.getvalue())
    path = tmp_path / "song.mp4"
    mapping = ("-map", "0", "-map", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic", "-c:a", "aac")
    ffmpeg("-i", str(make_tone(tmp_path / "t.wav")), "-i", str(tmp_path / "cover.jpg"), *mapping, str(path))
    assert probe(path).kind == "audio"


def test_a_stream_without_a_duration_in_its_header_is_measured(tmp_path):
    """What MediaRecorder writes: no duration, no index."""
    path = tmp_path / "recorded.webm"
    options = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-f", "webm", "-live", "1")
    ffmpeg("-i", str(make_video(tmp_path / "clip.mp4")), *options, str(path))
    facts = probe(path)
    assert facts.n_frames == 50
    assert facts.duration_s == pytest.approx(2, abs=0.05)


def test_facts_survive_storage_as_json(tmp_path):
    facts = probe(make_video(tmp_path / "clip.mp4"))
    assert registry.facts_from_json(facts.to_json()) == facts


def test_a_silent_video_has_no_peaks(tmp_path):
    silent = probe(make_video(tmp_path / "silent.mp4", sound=False))
    heard = probe(make_video(tmp_path / "heard.mp4"))
    assert [one.name for one in registry.recipes_for(silent)] == ["poster", "pts", "proxy"]
    assert [one.name for one in registry.recipes_for(heard)] == ["poster", "pts", "proxy", "peaks"]


def test_items_are_the_whole_clip(tmp_path):
    path = make_video(tmp_path / "clip.mp4", sound=False)
    facts = probe(path)
    (item,) = registry.readers()["video"].items(path, facts, "films/clip.mp4")
    assert (item.key, item.title, item.onset_s, item.offset_s) == ("films/clip.mp4", "clip", 0.0, 2.0)
