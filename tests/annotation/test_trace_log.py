"""From an event log to a fixed-rate series: what holds, what is a gap, and which pass counts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from annotation.trace_log import Series, TraceLogError, derive, parse_chunk
from annotation.trace_validity import validity


def log(*events, page="p", **head):
    """A chunk of (kind, media time in s, value, note) events, numbered from 0."""
    rows = [
        [seq, kind, seq, round(at * 1e6), value, *(note or [None])]
        for seq, (kind, at, value, *note) in enumerate(events)
    ]
    return parse_chunk({"page": page, "origin_ms": 0.0, "events": rows, "clock": None, **head})


def heartbeats(start, stop, value, step=0.2):
    return [("heartbeat", start + i * step, value) for i in range(round((stop - start) / step))]


@dataclass(frozen=True)
class Found:
    values: np.ndarray
    validity: dict[str, Any]


def series(*chunks, duration_s=4.0, ends=((-1, 1),)):
    derived: Series = derive(chunks, dimensions=1, rate_hz=10, duration_s=duration_s)
    return Found(derived.values, validity(chunks, derived, ends))


def test_the_last_value_holds_while_heartbeats_come():
    found = series(log(*heartbeats(0, 2, [0.5]), ("sample", 2.0, [1.0]), *heartbeats(2.2, 4, [1.0])))
    assert found.values[:, 0].tolist() == [0.5] * 20 + [1.0] * 20
    assert (found.validity["coverage"], found.validity["first_move_s"]) == (1.0, 2.0)


def test_silence_is_a_gap_and_no_value_is_held_across_it():
    found = series(log(*heartbeats(0, 1, [0.5]), *heartbeats(3, 4, [0.1])))
    assert np.isnan(found.values[9:30, 0]).all()
    assert found.values[30:, 0].tolist() == [0.1] * 10
    assert found.validity["gaps"] == [[0.8, 3.0]]


def test_what_was_played_into_a_sleep_is_a_gap_however_short():
    rows = [
        [0, "heartbeat", 0, 0, [0.5], None],
        [1, "heartbeat", 200_000, 200_000, [0.5], None],
        [2, "stall", 600_000, 600_000, [0.5], {"why": "asleep", "silent_ms": 60_000}],
        [3, "pause", 600_000, 600_000, [0.5], {"why": "asleep"}],
        [4, "play", 9_600_000, 600_000, [0.5], None],
        [5, "heartbeat", 9_800_000, 800_000, [0.5], None],
        [6, "stall", 9_900_000, 900_000, [0.5], None],
    ]
    chunk = parse_chunk({"page": "p", "origin_ms": 0.0, "events": rows, "clock": None})
    found = series(chunk, duration_s=1.0)
    assert np.isnan(found.values[:, 0]).tolist() == [False] * 2 + [True] * 4 + [False] * 4
    assert found.validity["gaps"] == [[0.2, 0.6]]


def test_a_session_that_ends_early_leaves_the_rest_without_value():
    found = series(log(*heartbeats(0, 2, [0.5])))
    assert np.isnan(found.values[19:, 0]).all()


def test_of_what_was_played_twice_the_later_pass_counts():
    first = log(*heartbeats(0, 3, [0.5]))
    again = log(*heartbeats(1, 4, [-0.5]), page="after the reload")
    found = series(first, again)
    assert found.values[:, 0].tolist() == [0.5] * 10 + [-0.5] * 30
    assert found.validity["pages"] == 2


def test_a_jitter_of_the_clock_loses_no_sample():
    found = series(
        log(
            ("sample", 0.0, [0.1]),
            ("sample", 0.5, [0.2]),
            ("sample", 0.46, [0.3]),
            *heartbeats(0.6, 4, [0.3]),
        )
    )
    assert found.validity["samples"] == 3
    assert found.values[5, 0] == 0.3


def test_movements_before_the_medium_plays_are_no_first_move():
    found = series(
        log(
            ("sample", 0.0, [0.1]),
            *heartbeats(0.2, 2, [0.1]),
            ("sample", 2.0, [0.4]),
            *heartbeats(2.2, 4, [0.4]),
        )
    )
    assert found.validity["first_move_s"] == 2.0


def test_events_that_never_arrived_are_counted():
    rows = [[seq, "heartbeat", seq, seq * 200_000, [0.0], None] for seq in (0, 1, 4, 5)]
    chunk = parse_chunk({"page": "p", "origin_ms": 0.0, "events": rows, "clock": None})
    assert series(chunk, duration_s=1.0).validity["lost_events"] == 2


def test_an_empty_log_gives_no_values():
    found = series(log(("play", 0.0, None)))
    assert np.isnan(found.values).all()
    assert found.validity["coverage"] == 0.0


def test_time_at_the_ends_is_a_share_of_the_rated_time():
    found = series(log(*heartbeats(0, 1, [0.2]), *heartbeats(1, 2, [1.0]), *heartbeats(2, 3, [-1.0])))
    # The last heartbeat comes at 2.8 s: 28 samples are rated, 18 of them at an end.
    assert found.validity["at_bounds"] == pytest.approx(18 / 28)
    assert series(log(*heartbeats(0, 4, [0.9]))).validity["at_bounds"] == 0.0


@pytest.mark.parametrize(
    ("events", "ends"), [([("play", 0.0, None)], ((-1, 1),)), (heartbeats(0, 4, [1.0]), ())]
)
def test_without_a_rating_or_without_ends_nothing_stands_at_them(events, ends):
    assert series(log(*events), ends=ends).validity["at_bounds"] is None


def screen(shown, missed, refresh_hz):
    return {"frames_shown": shown, "frames_missed": missed, "refresh_hz": refresh_hz}


def test_frames_count_over_pages_and_the_last_known_refresh_rate_is_told():
    rest = heartbeats(0, 1, [0.0])
    found = series(
        log(*rest, screen=screen(10, 0, None)),
        log(*rest, screen=screen(40, 2, 60)),
        log(*rest, page="after the reload", screen=screen(5, 1, None)),
    ).validity
    assert (found["frames_shown"], found["frames_dropped"], found["refresh_hz"]) == (45, 3, 60)
    silent = series(log(*rest)).validity
    assert (silent["frames_shown"], silent["frames_dropped"], silent["refresh_hz"]) == (None, None, None)


def test_inputs_are_told_in_the_order_of_their_first_use_and_a_lost_lock_is_counted():
    inputs = [("device", at, [0.0], {"input": name}) for at, name in ((0, "mouse"), (1, "pen"), (2, "mouse"))]
    found = series(log(*inputs, ("lock_lost", 3, [0.0], {"why": "rate", "rate": 2})))
    assert (found.validity["inputs"], found.validity["locks_lost"]) == (["mouse", "pen"], 1)


@pytest.mark.parametrize("wrong", [[], {}, screen(-1, 0, 60), screen(1, 0.5, 60), screen(1, 0, 0)])
def test_a_screen_that_cannot_be_is_refused(wrong):
    with pytest.raises(TraceLogError, match="screen"):
        log(screen=wrong)
