"""The trace protocol over HTTP, against a model of what was acknowledged."""

import hashlib
import json
import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotation.models import TraceChunk
from tests import factories
from tests.factories import Chunk, Rater

pytestmark = pytest.mark.django_db


@pytest.fixture
def rater():
    return Rater.consented(factories.study(preset="veatic"))


@pytest.fixture
def trace(rater):
    return rater.open_trace(rater.next()).json()


def _chunks(n, start=0):
    return [Chunk.numbered(seq) for seq in range(start, start + n)]


def test_chunks_in_any_order_and_twice_are_stored_once(rater, trace):
    chunks = _chunks(4)
    acknowledged = [rater.send(trace, chunks[n]).json() for n in (0, 2, 2, 3, 1, 0)]
    assert [(one["high_water"], one["missing"]) for one in acknowledged] == [
        (0, []),
        (0, [1]),
        (0, [1]),
        (0, [1]),
        (3, []),
        (3, []),
    ]
    assert TraceChunk.objects.count() == 4
    finished = rater.finish(trace, chunks).json()
    assert (finished["state"], finished["chunks"], finished["high_water"]) == ("finished", 4, 3)


def test_a_trace_with_a_hole_cannot_be_finished(rater, trace):
    chunks = _chunks(3)
    rater.send(trace, chunks[0])
    rater.send(trace, chunks[2])
    refused = rater.finish(trace, chunks)
    assert (refused.status_code, refused.json()["code"]) == (409, "chunks_missing")
    assert refused.json()["details"] == {"missing": [1]}


def test_a_trace_that_differs_from_what_was_sent_cannot_be_finished(rater, trace):
    chunks = _chunks(2)
    for chunk in chunks:
        rater.send(trace, chunk)
    assert rater.finish(trace, [chunks[1], chunks[0]]).json()["code"] == "digest_mismatch"
    assert rater.finish(trace, chunks[:1]).json()["code"] == "chunks_unannounced"


def test_other_bytes_under_the_same_number_are_refused_and_both_kept(rater, trace):
    first, other = Chunk.numbered(0, 0.1), Chunk.numbered(0, 0.2)
    rater.send(trace, first)
    for _ in range(2):
        refused = rater.send(trace, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "chunk_conflict")
    kept = TraceChunk.objects.order_by("orphan").values_list("sha256", "orphan")
    assert list(kept) == [(first.sha256, False), (other.sha256, True)]


def test_opening_again_hands_the_pen_over_and_fences_the_older_page_off(rater, trace):
    rater.send(trace, Chunk.numbered(0))
    taken = rater.open_trace({"id": _assignment_of(trace)}, trace["id"]).json()
    assert (taken["writer"], taken["high_water"], taken["resume_at_us"]) == (2, 0, 0)
    for late in (Chunk.numbered(1), Chunk.numbered(0, 0.5)):
        refused = rater.send(trace, late)
        assert (refused.status_code, refused.json()["code"]) == (409, "stale_writer")
    assert rater.send(trace, Chunk.numbered(0)).status_code == 200
    assert rater.finish(trace, _chunks(1)).json()["code"] == "stale_writer"
    mine = Chunk.numbered(1, 0.7)
    assert rater.send(taken, mine).json()["high_water"] == 1
    assert rater.finish(taken, [Chunk.numbered(0), mine]).status_code == 200
    assert TraceChunk.objects.filter(orphan=True).count() == 2


def _assignment_of(trace):
    from annotation.models import Trace

    return str(Trace.objects.get(pk=trace["id"]).assignment_id)


def test_finishing_twice_is_harmless_and_a_finished_trace_takes_no_more(rater, trace):
    chunks = _chunks(2)
    for chunk in chunks:
        rater.send(trace, chunk)
    first, again = rater.finish(trace, chunks), rater.finish(trace, chunks)
    assert first.json() == again.json()
    assert rater.finish(trace, chunks[:1]).json()["code"] == "trace_finished"
    assert rater.send(trace, Chunk.numbered(2)).json()["code"] == "trace_finished"
    assert rater.send(trace, chunks[1]).status_code == 200
    assert rater.get(f"traces/{trace['id']}/").json()["chunks"] == 2


def test_a_finished_trace_is_not_taken_over(rater, trace):
    chunk = Chunk.numbered(0)
    rater.send(trace, chunk)
    rater.finish(trace, [chunk])
    again = rater.open_trace({"id": _assignment_of(trace)}, trace["id"]).json()
    assert (again["writer"], again["state"]) == (1, "finished")


def test_only_a_finished_trace_of_this_item_is_an_answer(rater):
    assignment = rater.next()
    trace = rater.open_trace(assignment).json()
    for wrong in (trace["id"], str(uuid.uuid4())):
        refused = rater.submit(assignment, {"affect": {"trace": wrong}})
        assert refused.json()["details"] == {"affect": {"trace": "is not finished, or is not of this item."}}
    first = rater.trace_item(assignment)
    assert rater.submit(assignment, {"affect": {"trace": first}}).status_code == 200
    second = rater.next()
    assert rater.submit(second, {"affect": {"trace": first}}).status_code == 400
    elsewhere = rater.open_trace(second, first)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "trace_elsewhere")


def test_a_trace_is_opened_for_a_continuous_question_of_an_open_item_only(rater):
    assignment = rater.next()
    body = {"id": str(uuid.uuid4()), "assignment": assignment["id"], "question": "other"}
    assert rater.post("traces/", body).json()["code"] == "invalid"
    trace = rater.trace_item(assignment)
    rater.submit(assignment, {"affect": {"trace": trace}})
    # The trace itself can be looked at again, but no new one is begun.
    assert rater.open_trace(assignment, trace).json()["state"] == "finished"
    assert rater.open_trace(assignment).json()["code"] == "already_submitted"


def test_a_page_that_lost_its_copy_begins_again_and_the_older_page_is_fenced_off(rater):
    assignment = rater.next()
    lost, fresh = rater.open_trace(assignment).json(), rater.open_trace(assignment).json()
    assert fresh["id"] != lost["id"]
    assert rater.send(lost, Chunk.numbered(0)).json()["code"] == "stale_writer"
    assert rater.send(fresh, Chunk.numbered(0)).status_code == 200


def _body(**changes):
    body = {"page": "p", "origin_ms": 0.0, "events": [[0, "sample", 1, 1, [0.0, 0.0], None]], "clock": None}
    return json.dumps({**body, **changes})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("no json", "cannot be read"),
        ("[" * 16_000, "cannot be read"),
        ("[]", "a chunk has a page"),
        (_body(events=[[0, "wink", 1, 1, None, None]]), "'wink' is not known"),
        (_body(events=[[0, ["x"], 1, 1, None, None]]), "is not known"),
        (_body(events=[[0, "sample", 1.5, 1, None, None]]), "whole numbers"),
        (_body(events=[[0, "sample", 1, 10**400, None, None]]), "whole numbers"),
        (_body(events=[[0, "sample", 1, 1, [0.0], None]]), "1 values for 2 dimensions"),
        (_body(events=[[0, "sample", 1, 1, [0.0, 7], None]]), "7 is not between -1 and 1"),
        (_body(events=[[0, "sample", 1, 1, [0.0, float("nan")], None]]), "value is a list of numbers"),
        (_body(events=[[0, "sample", 1, 1, ["x", 0], None]]), "value is a list of numbers"),
        (_body(clock={"residual_us": "big"}), "residual_us"),
        (_body(clock={"residual_us": float("inf")}), "residual_us"),
        (_body(clock=[]), "residual_us"),
    ],
)
def test_a_chunk_that_an_analysis_could_not_read_is_refused_with_the_reason(rater, trace, body, reason):
    refused = rater.send(trace, Chunk(0, body))
    assert (refused.status_code, refused.json()["code"]) == (400, "chunk_invalid")
    assert reason in refused.json()["message"]
    assert not TraceChunk.objects.exists()


def test_a_damaged_or_too_large_chunk_is_refused(rater, trace):
    chunk = Chunk.numbered(0)
    body = {"seq": 0, "writer": 1, "sha256": "0" * 64, "body": chunk.body}
    assert rater.post(f"traces/{trace['id']}/chunks/", body).json()["code"] == "chunk_damaged"
    large = Chunk(0, json.dumps({"page": "é" * 9000, "events": []}, ensure_ascii=False))
    assert rater.send(trace, large).json()["code"] == "chunk_too_large"


@pytest.mark.parametrize(
    "changes",
    [{"seq": -1}, {"seq": 10**9}, {"writer": 10**12}, {"sha256": "x"}, {"body": ""}, {"body": None}],
)
def test_numbers_out_of_bounds_are_refused(rater, trace, changes):
    chunk = Chunk.numbered(0)
    body = {"seq": 0, "writer": 1, "sha256": chunk.sha256, "body": chunk.body, **changes}
    refused = rater.post(f"traces/{trace['id']}/chunks/", body)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_a_finish_cannot_ask_for_an_endless_count(rater, trace):
    body = {"writer": 1, "chunks": 10**12, "digest": "0" * 64}
    assert rater.post(f"traces/{trace['id']}/finish/", body).json()["code"] == "invalid"


def test_a_trace_without_one_value_does_not_stop_the_analysis():
    from annotation.analysis.run import compute

    study = factories.study(preset="veatic", items=1)
    raters = [Rater.consented(study) for _ in range(2)]
    assignments = [rater.next() for rater in raters]
    trace = raters[0].open_trace(assignments[0]).json()
    empty = Chunk.of(0, [("play", 0, None), ("end", 4_000_000, None)])
    raters[0].send(trace, empty)
    raters[0].finish(trace, [empty])
    raters[0].submit(assignments[0], {"affect": {"trace": trace["id"]}})
    raters[1].submit(assignments[1], {"affect": {"trace": raters[1].trace_item(assignments[1])}})
    computed = compute(study)
    per_item = [row for row in computed.outcomes["affect"].agreement if row.item]
    assert [(row.result.value, bool(row.result.reason)) for row in per_item] == [(None, True)] * 2


class _TraceMachine(RuleBasedStateMachine):
    """Any mix of sending, repeating, forging, taking over, finishing; the model holds what was acknowledged."""

    SEQS = st.integers(0, 5)

    @initialize()
    def begin(self):
        study = factories.study(f"s-{uuid.uuid4().hex}", preset="veatic", items=1)
        self.rater, self.stranger = Rater.consented(study), Rater.consented(study)
        self.assignment = self.rater.next()
        self.trace = self.rater.open_trace(self.assignment).json()
        self.writer, self.stored, self.orphans, self.finished = 1, {}, set(), False

    @rule(seq=SEQS, value=st.sampled_from([0.0, 0.5]), behind=st.integers(0, 1))
    def send(self, seq, value, behind):
        chunk, writer = Chunk.numbered(seq, value), max(1, self.writer - behind)
        answer = self.rater.send(self.trace, chunk, writer)
        known = self.stored.get(seq)
        if known == chunk.sha256:
            expected = None
        elif writer != self.writer:
            expected = "stale_writer"
        elif known:
            expected = "chunk_conflict"
        else:
            expected = "trace_finished" if self.finished else None
        if expected:
            assert (answer.status_code, answer.json()["code"]) == (409, expected)
            self.orphans.add((seq, chunk.sha256))
        else:
            assert answer.status_code == 200
            self.stored[seq] = chunk.sha256
            assert (answer.json()["high_water"], answer.json()["missing"]) == self._expected()

    @rule(seq=SEQS, how=st.sampled_from(["damaged", "unreadable", "foreign", "nobody", "future"]))
    def forge(self, seq, how):
        """What no page of this rater sent changes nothing, not even where it repeats a stored number."""
        chunk, sender, writer = Chunk.numbered(seq, 0.25), self.rater, self.writer
        sha256, expected = chunk.sha256, 404
        if how == "damaged":
            sha256, expected = "0" * 64, 400
        elif how == "unreadable":
            chunk = Chunk(seq, chunk.body.replace("sample", "wink"))
            sha256, expected = chunk.sha256, 400
        elif how == "foreign":
            sender = self.stranger
        elif how == "nobody":
            sender, expected = Rater(self.rater.study), 401
        else:
            writer, expected = self.writer + 1, 409
            self.orphans.add((seq, sha256))
        body = {"seq": seq, "writer": writer, "sha256": sha256, "body": chunk.body}
        assert sender.post(f"traces/{self.trace['id']}/chunks/", body).status_code == expected

    @rule()
    def take_over(self):
        answer = self.rater.open_trace(self.assignment, self.trace["id"]).json()
        self.writer += not self.finished
        assert answer["writer"] == self.writer
        assert answer["id"] == self.trace["id"]

    @rule(n=st.integers(1, 6), behind=st.integers(0, 1))
    def finish(self, n, behind):
        writer = max(1, self.writer - behind)
        digest = hashlib.sha256("".join(self.stored.get(seq, "") for seq in range(n)).encode()).hexdigest()
        body = {"writer": writer, "chunks": n, "digest": digest}
        answer = self.rater.post(f"traces/{self.trace['id']}/finish/", body)
        whole = set(self.stored) == set(range(n))
        if self.finished:
            assert answer.status_code == (200 if whole else 409)
        elif writer != self.writer:
            assert answer.json()["code"] == "stale_writer"
        elif whole:
            assert answer.json()["state"] == "finished"
            self.finished = True
        else:
            assert answer.json()["code"] in {"chunks_missing", "chunks_unannounced"}

    @precondition(lambda self: hasattr(self, "trace"))
    @invariant()
    def acknowledged_is_stored_once(self):
        told = self.rater.get(f"traces/{self.trace['id']}/").json()
        assert (told["high_water"], told["missing"]) == self._expected()
        assert told["chunks"] == len(self.stored)
        assert told["state"] == ("finished" if self.finished else "open")
        rows = TraceChunk.objects.filter(trace=self.trace["id"])
        assert dict(rows.filter(orphan=False).values_list("seq", "sha256")) == self.stored
        assert set(rows.filter(orphan=True).values_list("seq", "sha256")) == self.orphans

    def _expected(self):
        top = max(self.stored, default=-1)
        missing = [seq for seq in range(top) if seq not in self.stored]
        return (missing[0] - 1 if missing else top), missing


class TestTraceProtocol(_TraceMachine.TestCase, TestCase):
    settings = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
