"""Signals on a time base: resampling by a stated rule."""

from affectory.signals.resampling import Resampled, resample

__all__ = ["Resampled", "resample"]
