import itertools
import json

import edfio
import numpy as np
import pytest
from PIL import Image

from ingest.readers import registry
from ingest.readers.contract import MediaError
from tests.ingest.making import cut, make_edf, probe, rendered, rendered_json

NOISE = np.random.default_rng(0).normal(0, 30, (3, 128 * 40)).clip(-199, 199)


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    notes = [edfio.EdfAnnotation(0, 10, "eyes open"), edfio.EdfAnnotation(10, None, "eyes closed")]
    return make_edf(tmp_path_factory.mktemp("eeg") / "rest.edf", NOISE, annotations=notes)


def changed(source, path, at, text):
    content = bytearray(source.read_bytes())
    content[at : at + len(text)] = text.encode()
    path.write_bytes(content)
    return path


def refusal(path):
    with pytest.raises(MediaError) as caught:
        probe(path)
    return caught.value


def test_channels_annotations_and_length(recording):
    facts = probe(recording)
    assert (facts.kind, facts.variant, facts.duration_s, facts.n_records) == ("eeg", "EDF+C", 40, 40)
    assert [one.label for one in facts.channels] == ["C0", "C1", "C2"]
    assert {(one.unit, one.rate_hz, one.physical_min, one.physical_max) for one in facts.channels} == {
        ("uV", 128, -200, 200)
    }
    assert [(note.onset_s, note.duration_s, note.text) for note in facts.annotations] == [
        (0, 10, "eyes open"),
        (10, None, "eyes closed"),
    ]
    assert registry.facts_from_json(facts.to_json()) == facts


def test_every_level_of_the_pyramid_equals_the_extremes_of_its_windows(recording):
    pyramid = rendered_json(recording, probe(recording), "pyramid")
    assert pyramid["duration_s"] == 40
    signals = edfio.read_edf(recording).signals
    for level in pyramid["levels"]:
        for channel, signal in enumerate(signals):
            for bucket in range(0, len(level["min"][channel]), 7):
                begin = bucket * level["bucket_s"]
                window = signal.get_data_slice(begin, min(40, begin + level["bucket_s"]))
                assert level["min"][channel][bucket] == pytest.approx(window.min(), abs=1e-3)
                assert level["max"][channel][bucket] == pytest.approx(window.max(), abs=1e-3)


def test_levels_grow_by_four_until_they_fit_a_screen(tmp_path):
    path = make_edf(tmp_path / "long.edf", np.zeros((2, 128 * 600)) + np.sin(np.arange(128 * 600)))
    levels = rendered_json(path, probe(path), "pyramid")["levels"]
    lengths = [level["bucket_s"] for level in levels]
    assert [later / earlier for earlier, later in itertools.pairwise(lengths)] == [4] * (len(lengths) - 1)
    assert len(levels[-1]["min"][0]) <= 2048
    assert len(lengths) > 1


def read_tiles(path):
    content = path.read_bytes()
    begin = 4 + int.from_bytes(content[:4], "little")
    header = json.loads(content[4:begin])
    values = np.frombuffer(content[begin:], np.dtype(header["encoding"]).newbyteorder("<"))
    sizes = [one["samples_per_tile"] for one in header["channels"]]
    raw, coarse = np.split(values, [header["n_tiles"] * sum(sizes)])
    channels = np.split(raw.reshape(header["n_tiles"], -1), np.cumsum(sizes)[:-1], axis=1)
    return header, [one.ravel() for one in channels], coarse.reshape(header["n_tiles"], -1)


def test_tiles_hold_every_sample_as_it_was_recorded(tmp_path):
    random = np.random.default_rng(1)
    fast = edfio.EdfSignal(random.normal(0, 30, 200 * 34), 200, label="Cz", physical_range=(-300, 300))
    slow = edfio.EdfSignal(np.arange(34.0), 1, label="Temp", physical_range=(0, 40))
    path = tmp_path / "mixed.edf"
    edfio.Edf([fast, slow], data_record_duration=2).write(path)
    header, channels, coarse = read_tiles(rendered(path, probe(path), "tiles"))
    assert (header["tile_s"], header["n_tiles"], header["encoding"]) == (10, 4, "int16")
    for facts, values, signal in zip(header["channels"], channels, edfio.read_edf(path).signals, strict=True):
        assert facts["n_samples"] == len(signal.digital)
        assert values[: len(signal.digital)].tolist() == signal.digital.tolist()
        assert set(values[len(signal.digital) :].tolist()) == {int(signal.digital[-1])}
        np.testing.assert_allclose(signal.digital * facts["scale"] + facts["offset"], signal.data, atol=1e-9)
    lows, highs = coarse[1, :125], coarse[1, 125:250]
    tile = channels[0][2000:4000].reshape(-1, header["coarse"])
    assert lows.tolist() == tile.min(axis=1).tolist()
    assert highs.tolist() == tile.max(axis=1).tolist()


def test_tiles_of_bdf_keep_24_bits(tmp_path):
    path = tmp_path / "rest.bdf"
    edfio.Bdf([edfio.BdfSignal(NOISE[0] * 1000, 128, label="A1")]).write(path)
    header, channels, _ = read_tiles(rendered(path, probe(path), "tiles"))
    digital = edfio.read_bdf(path).signals[0].digital
    assert header["encoding"] == "int32"
    assert channels[0].tolist() == digital.tolist()


def test_slow_channels_have_null_where_no_sample_falls(tmp_path):
    path = tmp_path / "mixed.edf"
    fast = edfio.EdfSignal(np.sin(np.arange(256 * 20)), 256, label="EEG")
    slow = edfio.EdfSignal(np.arange(20.0), 1, label="Temp", physical_range=(0, 40))
    edfio.Edf([fast, slow]).write(path)
    facts = probe(path)
    assert [one.rate_hz for one in facts.channels] == [256, 1]
    assert rendered(path, facts, "thumb").exists()
    finest = rendered_json(path, facts, "pyramid")["levels"][0]
    per_second = round(1 / finest["bucket_s"])
    assert finest["min"][1][0] == pytest.approx(0, abs=1e-3)
    assert finest["min"][1][1] is None
    assert finest["max"][1][per_second] == pytest.approx(1, abs=1e-3)


def test_bdf_is_read_with_24_bits(tmp_path):
    path = tmp_path / "rest.bdf"
    values = NOISE[0] * 1000
    edfio.Bdf([edfio.BdfSignal(values, 128, label="A1", physical_dimension="uV")]).write(path)
    facts = probe(path)
    assert (facts.variant[:3], facts.media_type, facts.duration_s) == ("BDF", "application/x-bdf", 40)
    finest = rendered_json(path, facts, "pyramid")["levels"][0]
    assert max(finest["max"][0]) == pytest.approx(values.max(), abs=0.1)


def test_a_wrong_record_count_names_expected_and_found(recording, tmp_path):
    error = refusal(changed(recording, tmp_path / "more.edf", 236, "400     "))
    assert (error.code, error.field) == ("bad_header", "n_records")
    assert "says 400 data records; the file holds 40" in error.message


def test_an_unfinished_recording_is_refused(recording, tmp_path):
    error = refusal(changed(recording, tmp_path / "open.edf", 236, "-1      "))
    assert (error.code, error.field) == ("bad_header", "n_records")


def test_half_a_recording_is_truncated(recording, tmp_path):
    error = refusal(cut(recording, tmp_path / "half.edf", 0.503))
    assert error.code == "truncated"
    assert "says 40 data records; the file holds 19" in error.message


def test_trailing_bytes_are_refused(recording, tmp_path):
    path = tmp_path / "junk.edf"
    path.write_bytes(recording.read_bytes() + b"junk")
    assert refusal(path).code == "bad_header"


@pytest.mark.parametrize(
    ("at", "text", "field"),
    [
        (252, "9999", "n_signals"),
        (252, "0   ", "n_signals"),
        (184, "512     ", "header_bytes"),
        (244, "0       ", "record_s"),
        (236, "4x      ", "number of data records"),
    ],
)
def test_each_wrong_number_of_the_header_is_named(recording, tmp_path, at, text, field):
    error = refusal(changed(recording, tmp_path / "bad.edf", at, text))
    assert (error.code, error.field) == ("bad_header", field)


def test_a_channel_without_a_scale_is_refused(tmp_path):
    path = make_edf(tmp_path / "flat.edf", NOISE[:1])
    physical_min = 256 + 16 + 80 + 8
    error = refusal(changed(path, tmp_path / "bad.edf", physical_min, "200     "))
    assert (error.code, error.field) == ("bad_header", "physical_min")
    assert "signal 1 (C0)" in error.message


def test_a_header_alone_is_truncated(recording, tmp_path):
    path = tmp_path / "head.edf"
    path.write_bytes(recording.read_bytes()[:300])
    assert refusal(path).code == "truncated"


def test_the_drawing_has_its_size(recording):
    with Image.open(rendered(recording, probe(recording), "thumb")) as drawing:
        assert drawing.size == (480, 270)
        assert len(set(drawing.convert("L").tobytes())) > 10


def test_a_micro_sign_in_latin_1_is_forgiven(tmp_path):
    path = make_edf(tmp_path / "plain.edf", NOISE[:1])
    unit = 256 + 16 + 80
    content = bytearray(path.read_bytes())
    content[unit : unit + 2] = "\N{MICRO SIGN}V".encode("latin-1")
    path.write_bytes(content)
    facts = probe(path)
    assert facts.channels[0].unit == "\N{MICRO SIGN}V"
    assert rendered_json(path, facts, "pyramid")["channels"][0]["unit"] == "\N{MICRO SIGN}V"
