"""These tests need other people's libraries, which have an environment of their own: `make test-oracles`."""

import importlib.util

ORACLES = ("crowdkit", "irrCAC", "pingouin", "pygamma_agreement")
# The ordinary test run passes them by without a word.
collect_ignore_glob = [] if all(importlib.util.find_spec(name) for name in ORACLES) else ["test_*.py"]
