"""Simulated raters: programs that take part through the public HTTP API, and say that they are simulated.

Each has a bias, a lag and noise of its own, drawn from a seed. They need the truth of what they rate from whoever
made it; of a corpus that was recorded there is none, so they are for demos and tests only.
"""
