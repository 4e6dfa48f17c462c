"""Copies are found whatever was done to the file, and what is not a copy is not found."""

from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from affectory.alike import (
    film_print,
    phrases_of,
    picture_print,
    same_pictures,
    same_stretches,
    same_words,
    sound_print,
)
from affectory.alike.bits import near_pairs
from affectory.alike.films import COLUMNS, ROWS
from affectory.alike.films import FRAMES_HZ as FILM_HZ
from affectory.alike.sounds import FRAMES_HZ as SOUND_HZ
from affectory.alike.sounds import RATE_HZ

TEXT = (
    "the cat sat on the mat and then it went to sleep in the warm sun of the late afternoon "
    "while nobody in the house was looking for it"
)


def pairs_of(found):
    return {(one.left, one.right) for one in found}


# --- bits ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n_bits", "at_most"), [(64, 10), (64, 3), (32, 5)])
def test_every_two_hashes_that_are_near_are_found_once(n_bits, at_most):
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, 300, dtype=np.uint64) >> np.uint64(64 - n_bits)
    for place in range(100, 200):
        turned = rng.choice(n_bits, size=place % 13, replace=False)
        hashes[place] = hashes[place - 100] ^ np.bitwise_or.reduce(
            np.uint64(1) << turned.astype(np.uint64), initial=0
        )
    found = [
        (int(a), int(b))
        for some in near_pairs(hashes, n_bits=n_bits, at_most=at_most)
        for a, b in zip(*some, strict=True)
    ]
    apart = np.bitwise_count(hashes[:, None] ^ hashes[None, :])
    wanted = {(a, b) for a, b in np.argwhere(apart <= at_most).tolist() if a < b}
    assert len(found) == len(set(found))
    assert set(found) == wanted
    assert len(wanted) > 20


# --- pictures ------------------------------------------------------------------------------------------------


def scene(seed):
    """Discs and bars on a ramp, as a drawing has them."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:240, 0:320]
    shade = 60 + 100 * (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) / 320
    for _ in range(7):
        disc = (x - rng.integers(320)) ** 2 + (y - rng.integers(240)) ** 2 < rng.integers(20, 70) ** 2
        shade[disc] = rng.integers(0, 255)
    return Image.fromarray(np.clip(shade, 0, 255).astype(np.uint8))


def stored(picture, quality):
    held = BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return Image.open(held)


COPIES = {
    "stored again": lambda picture: stored(picture, 40),
    "half the size": lambda picture: picture.resize((160, 120)),
    "a third of the size": lambda picture: stored(picture.resize((107, 80)), 60),
    "darker": lambda picture: picture.point(lambda value: value * 0.7),
    "in other proportions": lambda picture: picture.resize((300, 250)),
}


@pytest.mark.parametrize("changed", COPIES.values(), ids=COPIES)
def test_a_changed_picture_is_found_and_no_other(changed):
    pictures = [scene(seed) for seed in range(12)]
    prints = [picture_print(np.asarray(one)) for one in [*pictures, *map(changed, pictures)]]
    assert pairs_of(same_pictures(prints)) == {(seed, seed + 12) for seed in range(12)}


def test_a_drawing_is_not_the_same_after_a_part_of_it_has_changed():
    smile, frown = (np.full((200, 200), 200.0) for _ in range(2))
    for face in (smile, frown):
        face[60:80, 50:70] = face[60:80, 130:150] = 20
    smile[140:150, 60:140] = smile[130:140, 50:60] = smile[130:140, 140:150] = 20
    frown[130:140, 60:140] = frown[140:150, 50:60] = frown[140:150, 140:150] = 20
    prints = [picture_print(smile), picture_print(frown), picture_print(smile[::2, ::2])]
    assert pairs_of(same_pictures(prints)) == {(0, 2)}


def test_copies_are_found_though_others_have_the_very_same_hash():
    """Bars of other brightness rise in the same places."""
    bars = [np.tile(np.repeat([10, level, 10, level], 40), (120, 1)) for level in (90, 120, 150)]
    other = [bar.copy() for bar in bars]
    for place, picture in enumerate(other):
        picture[20 * place : 20 * place + 20] += 60
    prints = [picture_print(one) for one in (*other, *other)]
    assert pairs_of(same_pictures(prints)) == {(0, 3), (1, 4), (2, 5)}


@pytest.mark.parametrize(
    "blank",
    [np.full((50, 70), 255), np.zeros((1, 1)), 128 + np.random.default_rng(0).normal(0, 3, (200, 200))],
)
def test_blank_pictures_have_nothing_to_compare(blank):
    assert picture_print(blank) is None


# --- sound ---------------------------------------------------------------------------------------------------


@cache
def voice(seed, seconds=9):
    """Harmonics of a wandering pitch under formants that change eight times a second, with pauses."""
    rng = np.random.default_rng(seed)
    steps = RATE_HZ // 8
    pitch = np.convolve(np.repeat(rng.uniform(90, 220, seconds * 8), steps), np.ones(steps) / steps, "same")
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    formant, loud = (
        np.convolve(np.repeat(values, steps), np.ones(400) / 400, "same")
        for values in (rng.uniform(400, 1800, seconds * 8), rng.choice([0.05, 0.6, 1.0], seconds * 8))
    )
    tones = [np.exp(-(((k * pitch - formant) / 300) ** 2)) * np.sin(k * phase) for k in range(2, 18)]
    return (0.2 * loud * np.sum(tones, axis=0)).astype(np.float32)


def heard(samples):
    return sound_print(np.array_split(samples, 7))


def noisy(samples):
    return samples + np.random.default_rng(9).normal(0, 0.002, samples.size).astype(np.float32)


CUT = slice(int(3.017 * RATE_HZ), int(7.5 * RATE_HZ))
SOUNDS = {
    "quieter by 6 dB": lambda samples: samples / 2,
    "with noise": noisy,
    "stored in 8 bits": lambda samples: np.round(samples * 127) / 127,
    "a part of it, quieter": lambda samples: noisy(samples[CUT] * 0.4),
    "after silence": lambda samples: np.concatenate([np.zeros(5000, np.float32), samples]),
}


@pytest.mark.parametrize("changed", SOUNDS.values(), ids=SOUNDS)
def test_changed_sound_is_found_and_no_other(changed):
    voices = [voice(seed) for seed in range(3)]
    prints = [heard(one) for one in [*voices, *(changed(one).astype(np.float32) for one in voices)]]
    assert pairs_of(same_stretches(prints, SOUND_HZ)) == {(seed, seed + 3) for seed in range(3)}


def test_a_part_is_found_where_it_stands():
    whole = voice(0)
    (found,) = same_stretches([heard(whole), heard(whole[CUT])], SOUND_HZ)
    assert (found.left_s, found.right_s) == (pytest.approx(3.017, abs=0.1), pytest.approx(0, abs=0.1))
    assert found.length_s == pytest.approx(7.5 - 3.017, abs=0.6)
    assert 0 <= found.different < 0.05


def test_a_short_beginning_in_common_joins_nothing():
    jingle = voice(50, seconds=2)
    films = [np.concatenate([jingle, voice(seed)]) for seed in (1, 2)]
    assert not list(same_stretches([heard(one) for one in films], SOUND_HZ))


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE_HZ * 5),
        1e-5 * np.random.default_rng(0).normal(size=RATE_HZ * 5),
        np.sin(np.arange(RATE_HZ * 5) * 2 * np.pi * 440 / RATE_HZ),
        voice(3)[: RATE_HZ // 2],
        np.zeros(0),
    ],
    ids=["silence", "hiss below hearing", "a steady tone", "half a second", "nothing"],
)
def test_sound_that_tells_nothing_has_nothing_to_compare(samples):
    assert heard(samples.astype(np.float32)) is None


# --- films ---------------------------------------------------------------------------------------------------


def film(seed, rate_hz=25, begin_s=0.0, end_s=14.0):
    """A disc that wanders before a still room; the room is the same in all films."""
    rng = np.random.default_rng(seed)
    knots = rng.uniform(-0.5, 0.5, (2, 40)).cumsum(axis=1)
    times_s = np.arange(begin_s, end_s, 1 / rate_hz)
    x, y = (np.interp(times_s, np.arange(40) * 0.4, walk) for walk in knots)
    columns, rows = np.arange(COLUMNS), np.arange(ROWS)[:, None]
    near = [
        np.exp(-(((columns - 4 - 2 * dx) / 1.5) ** 2) - ((rows - 1.5 - dy) / 1.2) ** 2)
        for dx, dy in zip(x, y, strict=True)
    ]
    room = np.random.default_rng(99).uniform(60, 120, (ROWS, COLUMNS))
    return times_s - begin_s, room + 100 * np.array(near), end_s - begin_s


def seen(times_s, fields, end_s):
    return film_print(times_s, np.clip(fields, 0, 255).astype(np.uint8), end_s)


def darker(seed):
    times_s, fields, end_s = film(seed)
    return times_s, fields * 0.7, end_s


def encoded(seed):
    times_s, fields, end_s = film(seed)
    return times_s, fields + np.random.default_rng(seed).normal(0, 1, fields.shape), end_s


FILMS = {
    "darker": darker,
    "at 12 pictures a second": lambda seed: film(seed, rate_hz=12),
    "with an encoder's noise": encoded,
    "a part of it": lambda seed: film(seed, begin_s=4.06, end_s=10.0, rate_hz=30),
}


@pytest.mark.parametrize("changed", FILMS.values(), ids=FILMS)
def test_a_changed_film_is_found_and_no_other_of_the_same_room(changed):
    prints = [seen(*film(seed)) for seed in range(5)] + [seen(*changed(seed)) for seed in range(5)]
    assert pairs_of(same_stretches(prints, FILM_HZ)) == {(seed, seed + 5) for seed in range(5)}


def test_a_film_in_which_nothing_moves_has_nothing_to_compare():
    times_s, fields, end_s = film(0)
    assert seen(times_s, np.repeat(fields[:1], len(fields), axis=0), end_s) is None
    assert seen(times_s[:1], fields[:1], 0.04) is None


# --- words ---------------------------------------------------------------------------------------------------


def test_texts_with_a_word_more_or_less_are_found_and_others_are_not():
    texts = [TEXT, TEXT.replace("late ", "").upper() + "!", TEXT[: len(TEXT) // 2], TEXT[::-1]]
    (found,) = same_words([phrases_of(text) for text in texts])
    assert (found.left, found.right) == (0, 1)
    assert found.share == pytest.approx(22 / 27, abs=0.05)


def test_all_pairs_that_share_enough_are_found_among_common_phrases():
    rng = np.random.default_rng(0)
    base = [" ".join(rng.choice(["a", "b", "c", "d", "e"], 30)) for _ in range(40)]
    texts = [*base, *(text + " f" for text in base[:20])]
    own = [phrases_of(text) for text in texts]
    wanted = set()
    for right in range(len(own)):
        for left in range(right):
            both = np.intersect1d(own[left], own[right]).size
            if both >= 0.7 * np.union1d(own[left], own[right]).size:
                wanted.add((left, right))
    assert pairs_of(same_words(own)) == wanted
    assert len(wanted) >= 20


def test_scripts_without_spaces_are_compared_by_their_characters():
    said = "今天天气很好我们去公园散步看到很多花和小鸟大家都很开心"
    (found,) = same_words([phrases_of(said), phrases_of(said + "呢")])
    assert found.share > 0.9
    assert phrases_of("今天天气很好") is None
