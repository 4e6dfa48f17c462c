"""Which answers a dataset leaves out for how they were given: named checks, limits, and a digest of both.

The observations are those of `affectory.quality`; nothing is deleted, and every verdict can be computed again.
"""
