"""Signals on a time base: resampling by a stated rule, smoothing, relative readings."""

from affectory.signals.resampling import Resampled, resample
from affectory.signals.smoothing import gradient, relative, smooth, window_means

__all__ = ["Resampled", "gradient", "relative", "resample", "smooth", "window_means"]
