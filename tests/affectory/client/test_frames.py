"""Frames are found by presentation time, also where the frame rate varies."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from affectory.client.errors import UsageError
from affectory.client.frames import frames_at

GREYS = (0, 60, 120, 180, 240)
SHOWN_MS = (1000, 1040, 1400, 1440, 2000)  # starts at one second, and not at equal steps


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lossless film whose frame number can be read from its brightness."""
    path = tmp_path_factory.mktemp("film") / "steps.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "bgr0"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for grey, at in zip(GREYS, SHOWN_MS, strict=True):
            frame = av.VideoFrame.from_ndarray(np.full((16, 32, 3), grey, np.uint8), format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            container.mux(stream.encode(frame.reformat(format="bgr0")))
        container.mux(stream.encode(None))
    return path


def test_the_frame_on_the_screen_at_each_moment(film: Path) -> None:
    found = frames_at(film, [0.0, 0.039, 0.04, 0.3, 0.41, 0.99, 1.0, 7.0])
    assert found.shape == (8, 16, 32, 3)
    assert found[:, 0, 0, 0].tolist() == [0, 0, 60, 60, 120, 180, 240, 240]


def test_frames_are_scaled(film: Path) -> None:
    assert frames_at(film, [0.0], size=(8, 4)).shape == (1, 4, 8, 3)


def test_moments_must_ascend(film: Path) -> None:
    with pytest.raises(UsageError, match="ascending"):
        frames_at(film, [1.0, 0.5])
