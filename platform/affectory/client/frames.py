"""Video frames at given moments, found by their presentation times."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from affectory.client.errors import UsageError
from affectory.client.extras import extra


def frames_at(
    path: Path, times_s: npt.ArrayLike, *, size: tuple[int, int] | None = None
) -> npt.NDArray[np.uint8]:
    """Return the frame that is on the screen at each moment.

    Frames are found by presentation time and not by number, so that videos of varying frame rate stay true:
    a frame is shown from its own time until that of the next. Before the first frame the first is given,
    after the last the last.

    Parameters
    ----------
    path : Path
        A video file.
    times_s : array_like, shape (moments,)
        Media times in seconds, ascending; 0 is the first frame's time.
    size : (int, int), optional
        Width and height in pixels; without it as in the file.

    Returns
    -------
    ndarray, shape (moments, height, width, 3), uint8
        RGB.
    """
    times = np.asarray(times_s, dtype=float)
    if times.ndim != 1 or not times.size or bool((np.diff(times) < 0).any()):
        raise UsageError("times_s must be one row of ascending moments")
    with extra("av").open(str(path)) as container:
        if not container.streams.video:
            raise UsageError(f"{path} has no video")
        # Whole microseconds: a sample at a frame's own time must not miss it by a rounding.
        moments_us = np.rint(times * 1e6).astype(np.int64)
        shown = list(_shown(container.decode(video=0), moments_us, size or (None, None)))
    if not shown:
        raise UsageError(f"{path} has no frame that can be decoded")
    return np.concatenate([np.repeat(picture[None], times_shown, axis=0) for picture, times_shown in shown])


def _shown(
    frames: Iterable[Any], moments_us: npt.NDArray[np.int64], size: tuple[int | None, int | None]
) -> Iterator[tuple[npt.NDArray[np.uint8], int]]:
    """Give each picture that is asked for, and at how many moments."""
    before, start_s, done = None, 0.0, 0
    for frame in frames:
        if before is None:
            start_s = frame.time
        else:
            reached = int(np.searchsorted(moments_us, round((frame.time - start_s) * 1e6)))
            if reached > done:
                yield _picture(before, size), reached - done
                done = reached
            if done == len(moments_us):
                return
        before = frame
    if before is not None:
        yield _picture(before, size), len(moments_us) - done


def _picture(frame: Any, size: tuple[int | None, int | None]) -> npt.NDArray[np.uint8]:
    picture: npt.NDArray[np.uint8] = frame.to_ndarray(format="rgb24", width=size[0], height=size[1])
    return picture
