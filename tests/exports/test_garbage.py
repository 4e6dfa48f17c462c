import gc

import pytest

from exports.services.garbage import collected_seldom


def test_the_collector_is_left_as_it_was_found_also_by_what_fails():
    usual = gc.get_threshold()
    with collected_seldom():
        assert gc.get_threshold() != usual
    with pytest.raises(KeyError), collected_seldom():
        raise KeyError
    first, second = collected_seldom(), collected_seldom()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)
