"""Fingerprints of moving pictures: only what moves is told, so two films of one room are not the same.

After Oostveen, Kalker and Haitsma, "Feature extraction and a database strategy for video fingerprinting" (VISUAL 2002).
"""

import numpy as np
import numpy.typing as npt

from affectory.alike.sequences import packed_print
from affectory.results import FloatArray

#: Fields of the picture: their differences from left to right are the 32 bits of the paper.
ROWS, COLUMNS = 4, 9
FRAMES_HZ = 8.0
#: Each frame is a mean over this time, so that rates of 12 to 60 pictures a second, and cuts between two frames, give
#: nearly the same; it is compared with the one before it that shares no moment with it.
WINDOW_S = 0.5
#: A change of a field's mean below this, in 255 steps of grey, may come from the encoder.
_CHANGE_STEPS = 1.0


def film_print(times_s: FloatArray, fields: npt.NDArray[np.uint8], end_s: float) -> bytes | None:
    """Take the fingerprint of a film; smaller, darker or in another format, it is nearly the same.

    Parameters
    ----------
    times_s : ndarray of float, shape (pictures,)
        When each picture is shown, rising.
    fields : ndarray of uint8, shape (pictures, ROWS, COLUMNS)
        Mean brightness of each field, 0 to 255.
    end_s : float
        When the last picture ends.

    Returns
    -------
    bytes or None
        Eight bytes for each 1 / `FRAMES_HZ` seconds; None where hardly anything moves for longer than a second.
    """
    edges_s = np.append(times_s, max(end_s, times_s[-1]))
    n_frames = int((edges_s[-1] - edges_s[0] - WINDOW_S) * FRAMES_HZ) + 1
    lag = round(WINDOW_S * FRAMES_HZ)
    if n_frames <= lag:
        return None
    flat = fields.reshape(len(fields), -1).astype(np.float64)
    shown = np.concatenate(
        [np.zeros((1, flat.shape[1])), np.cumsum(flat * np.diff(edges_s)[:, None], axis=0)]
    )
    begin_s = edges_s[0] + np.arange(n_frames) / FRAMES_HZ
    light = np.stack(
        [np.interp(begin_s + WINDOW_S, edges_s, one) - np.interp(begin_s, edges_s, one) for one in shown.T],
        axis=1,
    )
    across = np.diff(light.reshape(n_frames, ROWS, COLUMNS) / WINDOW_S, axis=2).reshape(n_frames, -1)
    steps = across[lag:] - across[:-lag]
    return packed_print(steps, np.abs(steps) > _CHANGE_STEPS, FRAMES_HZ)
