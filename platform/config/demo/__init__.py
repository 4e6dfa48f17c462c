"""The main job from end to end, on a corpus made by script and with simulated raters."""

from config.demo.main_job import Demo
from config.demo.plan import EMAIL, LAB, DemoError

__all__ = ["EMAIL", "LAB", "Demo", "DemoError"]
