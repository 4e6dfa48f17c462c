"""Responses are read in bulk, past the models; what comes out is what is stored, to the last digit and character."""

from datetime import UTC, datetime, timedelta

import pytest

from annotation.analysis.reading import responses_of
from annotation.models import Response, Study
from tests import factories
from tests.factories import Rater

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ODD = 'Zoë, "so" to say,\r\n\\N \\. \t\u2028ا" NULL'


@pytest.fixture
def made(db: None) -> Study:
    return factories.study(per_item=3)


@pytest.mark.parametrize("target", ["", "NULL", "0.5", ODD])
@pytest.mark.parametrize("value", [{}, {"text": ODD}, {"n": 0.1 + 0.2, "of": [None, True, 1e-300, ""]}])
def test_what_is_read_is_what_is_stored(made, target, value):
    Rater.consented(made).rate()
    Response.objects.update(target=target, value=value)
    told = {(row.id, row.target) for row in responses_of(made)}
    assert told == {(str(one.pk), target) for one in Response.objects.all()}
    assert [row.value for row in responses_of(made)] == [value] * Response.objects.count()


@pytest.mark.parametrize(
    ("timing", "active_ms"),
    [
        ({}, None),
        ({"active_ms": None}, None),
        ({"active_ms": "7"}, None),
        ({"active_ms": 0.1 + 0.2}, 0.1 + 0.2),
    ],
)
@pytest.mark.parametrize("answered_at", ["2026-02-28T23:59:59.999999+00:00", "1969-12-31T23:59:59+05:30"])
def test_times_are_read_to_the_microsecond(made, timing, active_ms, answered_at):
    Rater.consented(made).rate()
    Response.objects.update(timing=timing, answered_at=answered_at)
    moment_us = (datetime.fromisoformat(answered_at) - EPOCH) // timedelta(microseconds=1)
    assert {(row.active_ms, row.answered_us) for row in responses_of(made)} == {(active_ms, moment_us)}


def test_in_how_many_pieces_it_is_read_makes_no_difference(made, monkeypatch):
    for _ in range(3):
        rater = Rater.consented(made)
        rater.rate()
        rater.rate()
    in_one = list(responses_of(made))
    monkeypatch.setattr("annotation.analysis.stored.ROWS_AT_ONCE", 2)
    assert len(in_one) > 3
    assert list(responses_of(made)) == in_one


def test_nobody_has_answered_yet(made):
    assert list(responses_of(made)) == []
