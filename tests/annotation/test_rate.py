import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from annotation.models import Assignment, Participation, Response, Study
from jobs.models import Job
from tests import factories
from tests.factories import Rater, some_value

pytestmark = pytest.mark.django_db


def test_an_invitation_says_what_the_study_asks_and_nothing_about_others():
    study = factories.study()
    Rater.consented(study).rate()
    shown = Rater(study).get(f"invites/{study.invite_code}/").json()
    assert shown["state"] == "open"
    assert set(shown["study"]) == {
        "title",
        "description",
        "estimated_minutes",
        "consent",
        "instructions",
        "language",
        "languages",
        "warning",
        "synthetic_media",
        "earlier",
        "about_you",
    }


def test_from_arrival_to_completion_code():
    study = factories.study(items=3, practice_items=1)
    rater = Rater(study)
    arrived = rater.arrive()
    assert arrived.status_code == 201
    assert arrived.json()["participation"]["state"] == "invited"
    assert rater.post("assignments/next/").json()["code"] == "consent_missing"
    assert rater.consent().json()["state"] == "consented"
    first = rater.rate()
    assert first["practice"]
    rater.rate()
    me = rater.get("participation/").json()
    assert me["progress"] == {"practice_done": 1, "practice_total": 1, "done": 1, "total": 2}
    assert me["completion_code"] is None
    rater.rate()
    assert rater.next() is None
    me = rater.get("participation/").json()
    assert me["state"] == "completed"
    assert me["completion_code"]


def test_the_same_arrival_finds_the_same_participation():
    rater = Rater(factories.study())
    first, again = rater.arrive(), rater.arrive()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["token"] == again.json()["token"]
    assert Participation.objects.count() == 1


def test_whoever_arrives_again_after_her_session_has_ended_goes_on_with_her_item():
    study = factories.study(items=2)
    rater = Rater.consented(study)
    given = rater.next()
    Participation.objects.update(token_sha256="what another key of the server made")
    assert rater.post("assignments/next/").status_code == 401
    assert rater.arrive().status_code == 200
    assert rater.next()["id"] == given["id"]
    assert Participation.objects.count() == 1


def test_consent_is_to_the_text_that_was_read():
    rater = Rater(factories.study())
    rater.arrive()
    refused = rater.post("participation/consent/", {"digest": "0" * 64})
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_text_changed")


def test_a_closed_study_takes_nobody_new_and_keeps_what_is_open():
    study = factories.study()
    inside = Rater.consented(study)
    assignment = inside.next()
    Study.objects.update(state="closed")
    late = Rater(study).arrive()
    assert (late.status_code, late.json()["code"]) == (410, "study_closed")
    assert inside.submit(assignment).status_code == 200
    assert inside.post("assignments/next/").json()["code"] == "study_closed"


def test_an_imported_study_has_no_way_in():
    study = factories.study()
    Study.objects.update(imported=True)
    assert Rater(study).arrive().status_code == 404


def test_an_open_assignment_is_given_back_until_it_is_submitted():
    rater = Rater.consented(factories.study())
    first, again = rater.next(), rater.next()
    assert first["id"] == again["id"]
    rater.submit(first)
    assert rater.next()["id"] != first["id"]


@pytest.mark.parametrize(
    "path",
    [
        "assignments/{assignment}/",
        "assignments/{assignment}/submit/",
        "traces/{trace}/",
        "traces/{trace}/chunks/",
    ],
)
def test_what_belongs_to_another_rater_is_not_found(path):
    study = factories.study(preset="veatic")
    owner, other = Rater.consented(study), Rater.consented(study)
    assignment = owner.next()
    trace = owner.open_trace(assignment).json()
    path = path.format(assignment=assignment["id"], trace=trace["id"])
    chunk = factories.Chunk.numbered(0)
    body = {
        "submission_id": str(uuid.uuid4()), "responses": [], "seq": 0, "writer": 1,
        "sha256": chunk.sha256, "body": chunk.body,
    }  # fmt: skip
    posted = path.endswith(("submit/", "chunks/"))
    answer = other.post(path, body) if posted else other.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    nobody = Rater(study)
    assert (nobody.post(path, body) if posted else nobody.get(path)).status_code == 401


def test_a_trace_cannot_be_opened_on_another_raters_item():
    study = factories.study(preset="veatic")
    assignment = Rater.consented(study).next()
    assert Rater.consented(study).open_trace(assignment).status_code == 404


def test_repeating_a_submission_is_harmless_and_another_one_is_refused():
    rater = Rater.consented(factories.study())
    assignment, submission = rater.next(), str(uuid.uuid4())
    first = rater.submit(assignment, submission_id=submission)
    again = rater.submit(assignment, submission_id=submission)
    assert first.json() == again.json()
    other = rater.submit(assignment)
    assert (other.status_code, other.json()["code"]) == (409, "already_submitted")
    assert Response.objects.count() == 1


def test_answers_with_the_id_of_another_answer_are_refused():
    rater = Rater.consented(factories.study())
    rater.rate()
    taken = str(Response.objects.get().id)
    assignment = rater.next()
    answer = {"id": taken, "question": "emotion", "value": {"labels": ["joy"]}}
    body = {"submission_id": str(uuid.uuid4()), "responses": [answer]}
    refused = rater.post(f"assignments/{assignment['id']}/submit/", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "response_exists")
    assert rater.submit(assignment).status_code == 200


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"labels": ["nonsense"]}, "'nonsense' is not a label of this question."),
        ({"labels": [["joy"]]}, "must be a list with at least one label, and nothing else."),
        ({"labels": ["joy", "fear"]}, "only one label may be chosen."),
        ({"labels": []}, "must be a list with at least one label, and nothing else."),
        ({"labels": ["joy"], "gold": 1}, "must be a list with at least one label, and nothing else."),
    ],
)
def test_a_wrong_category_is_named(value, reason):
    rater = Rater.consented(factories.study())
    refused = rater.submit(rater.next(), {"emotion": value})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_answer")
    assert refused.json()["details"] == {"emotion": {"labels": reason}}


def test_all_wrong_answers_are_named_at_once():
    rater = Rater.consented(factories.study(preset="image-emotion"))
    refused = rater.submit(rater.next(), {"vad": {"valence": 99, "arousal": "x"}, "other": {}})
    assert refused.status_code == 400
    assert refused.json()["details"] == {
        "emotion": "Please answer this question.",
        "other": "This question is not asked here.",
        "vad": {
            "valence": "must lie between -3 and 3; it is 99.",
            "arousal": "must be a number.",
            "dominance": "has not been answered.",
        },
    }


@pytest.mark.parametrize("timing", [{"active_ms": "long"}, {"active_ms": -1}, {"shown_at": "once"}])
def test_timing_that_no_release_could_hold_is_refused(timing):
    rater = Rater.consented(factories.study())
    assignment = rater.next()
    answer = {"id": str(uuid.uuid4()), "question": "emotion", "value": {"labels": ["joy"]}, "timing": timing}
    body = {"submission_id": str(uuid.uuid4()), "responses": [answer]}
    refused = rater.post(f"assignments/{assignment['id']}/submit/", body)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert "timing" in json.dumps(refused.json()["details"])


def test_timing_is_kept():
    rater = Rater.consented(factories.study())
    assignment = rater.next()
    timing = {
        "shown_at": "2026-01-02T03:04:05.678Z",
        "answered_at": None,
        "first_input_ms": None,
        "active_ms": 812.5,
    }
    answer = {"id": str(uuid.uuid4()), "question": "emotion", "value": {"labels": ["joy"]}, "timing": timing}
    body = {"submission_id": str(uuid.uuid4()), "responses": [answer]}
    assert rater.post(f"assignments/{assignment['id']}/submit/", body).status_code == 200
    assert Response.objects.get().timing == timing


def test_no_payload_holds_another_raters_answer_or_a_gold_answer(django_capture_on_commit_callbacks):
    """Law 6: all that a rater can fetch before she has answered, with and without the answers of others."""
    study = factories.study(items=1, preset="image-emotion", per_item=9)
    rater = Rater.consented(study)
    told = [_everything(rater)]
    with django_capture_on_commit_callbacks(execute=False):
        for label in ("awe", "awe", "fear"):
            other = Rater.consented(study)
            other.rate({"emotion": {"labels": [label]}, "vad": {"valence": 2, "arousal": 5, "dominance": 4}})
    factories.analyse(study)
    told.append(_everything(rater))
    assert told[0] == told[1]
    secret = {
        "votes",
        "label",
        "gold",
        "n_raters",
        "agreement",
        "mean",
        "sd",
        "responses",
        "taken",
        "metadata",
    }
    assert not secret & set(_keys(told[1]))


def _everything(rater):
    assignment = rater.next()
    assignment.pop("lease_until")
    for medium in assignment["item"]["media"].values():
        medium.pop("url")
    return [
        rater.get(f"invites/{rater.study.invite_code}/").json(),
        rater.get("participation/").json(),
        assignment,
    ]


def _keys(found):
    if isinstance(found, dict):
        for key, value in found.items():
            yield key
            yield from _keys(value)
    elif isinstance(found, list):
        for value in found:
            yield from _keys(value)


def test_whoever_withdraws_leaves_the_next_analysis_and_may_do_nothing_more():
    study = factories.study(items=1, preset="image-emotion", per_item=9)
    leaving, staying = Rater.consented(study), Rater.consented(study)
    leaving.rate()
    staying.rate()
    factories.analyse(study)
    assert study.analyses.get().made_from["responses"] == 4
    assert leaving.post("participation/withdraw/").json()["state"] == "withdrawn"
    assert leaving.post("participation/withdraw/").status_code == 200
    # Withdrawing asks for the analysis by itself.
    assert Job.objects.filter(kind="annotation.analyse", state="queued").count() == 1
    factories.analyse(study)
    made_from = study.analyses.get().made_from
    assert made_from["responses"] == 2
    assert made_from["excluded"] == {"withdrawn": 2}
    assert made_from["raters"] == {"crowd": 1}
    assert leaving.post("assignments/next/").json()["code"] == "withdrawn"
    assert Response.objects.count() == 4


def test_a_withdrawn_rater_sees_no_item_and_adds_nothing():
    study = factories.study(preset="veatic")
    rater = Rater.consented(study)
    assignment = rater.next()
    trace = rater.open_trace(assignment).json()
    rater.post("participation/withdraw/")
    refused = [
        rater.get(f"assignments/{assignment['id']}/"),
        rater.submit(assignment, {"affect": {"trace": trace["id"]}}),
        rater.send(trace, factories.Chunk.numbered(0)),
        rater.finish(trace, [factories.Chunk.numbered(0)]),
        rater.open_trace(assignment),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(410, "withdrawn")] * 5


def test_a_place_is_free_again_after_its_lease_or_its_rater_is_gone():
    study = factories.study(items=1, per_item=1)
    first, second = Rater.consented(study), Rater.consented(study)
    first.next()
    third = Rater.consented(study)
    Assignment.objects.update(lease_until=timezone.now())
    assert second.next() is not None
    assert third.next() is None
    fourth = Rater.consented(study)
    second.post("participation/withdraw/")
    assert fourth.next() is not None


def test_a_rater_whose_lease_ran_out_still_hands_in():
    rater = Rater.consented(factories.study(items=1, per_item=1))
    assignment = rater.next()
    Assignment.objects.update(lease_until=timezone.now())
    assert rater.submit(assignment).status_code == 200


def test_simulated_raters_never_use_up_peoples_places():
    study = factories.study(items=1, per_item=1)
    assert Rater.consented(study, simulated=True).rate()
    assert Rater.consented(study, simulated=True).next() is None
    assert Rater.consented(study).rate()
    assert Rater.consented(study).next() is None


def test_items_with_the_fewest_ratings_come_first():
    study = factories.study(items=2, per_item=5, items_per_rater=1)
    first = Rater.consented(study).rate()["item"]["id"]
    assert Rater.consented(study).rate()["item"]["id"] != first


def test_submitting_asks_for_one_analysis_of_this_organisations_study():
    """Two labs may have a study of the same name."""
    ours, theirs = (factories.study("same", organisation=name) for name in ("ours", "theirs"))
    for study in (ours, ours, theirs):
        Rater.consented(study).rate()
    waiting = Job.objects.filter(kind="annotation.analyse")
    assert sorted(job.payload["study"] for job in waiting) == sorted([ours.pk, theirs.pk])


def test_an_analysis_that_read_less_does_not_replace_one_that_read_more():
    from annotation.analysis import run

    study = factories.study(items=1)
    Rater.consented(study).rate()
    slow = _claimed(study)
    computed = run.compute(study)
    Rater.consented(study).rate()
    quick = _claimed(study)
    run.analyse(study, quick)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "compute", lambda *_: computed)
        run.analyse(study, slow)
    assert study.analyses.get().made_from["responses"] == 2


def _claimed(study):
    from annotation.services.analyses import request_analysis
    from jobs.services import Running, claim

    Job.objects.filter(state="queued").delete()
    job = request_analysis(study=study, requested_by="test", delay_s=0)
    return Running(claim(job.pk))


# --- at the same time ----------------------------------------------------------------------------------------


def _together(*calls):
    """Run calls at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(calls))

    def one(call):
        try:
            barrier.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.django_db(transaction=True)
def test_two_arrivals_at_once_are_one_participation():
    study = factories.study()
    arrival = str(uuid.uuid4())
    answers = _together(*[lambda: Rater(study, arrival_id=arrival).arrive() for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert Participation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_raters_do_not_both_get_the_last_place():
    study = factories.study(items=1, per_item=1)
    raters = [Rater.consented(study) for _ in range(4)]
    found = _together(*[rater.next for rater in raters])
    assert sum(assignment is not None for assignment in found) == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_ask_at_once_get_the_same_item():
    rater = Rater.consented(factories.study(items=5))
    found = _together(*[rater.next for _ in range(4)])
    assert len({assignment["id"] for assignment in found}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_submit_counts_once():
    rater = Rater.consented(factories.study())
    assignment, submission = rater.next(), str(uuid.uuid4())
    value = {question["key"]: some_value(question) for question in assignment["questions"]}
    answers = _together(
        *[lambda: rater.submit(assignment, value, submission_id=submission) for _ in range(4)]
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asking_for_the_next_item_while_submitting_never_deadlocks():
    """The study's row is locked by one and referred to by the other, the participation's the other way round."""
    rater = Rater.consented(factories.study(items=8))
    for _ in range(8):
        assignment = rater.next()
        submitted, _ = _together(lambda open_now=assignment: rater.submit(open_now), rater.next)
        assert submitted.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_tabs_that_open_one_trace_at_once_share_it():
    rater = Rater.consented(factories.study(preset="veatic"))
    assignment, trace_id = rater.next(), str(uuid.uuid4())
    answers = _together(*[lambda: rater.open_trace(assignment, trace_id) for _ in range(4)])
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.json()["writer"] for answer in answers) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_of_tabs_that_begin_anew_at_once_one_holds_the_pen():
    rater = Rater.consented(factories.study(preset="veatic"))
    assignment = rater.next()
    traces = [
        answer.json() for answer in _together(*[lambda: rater.open_trace(assignment) for _ in range(4)])
    ]
    sent = [rater.send(trace, factories.Chunk.numbered(0)).status_code for trace in traces]
    assert sorted(sent) == [200, 409, 409, 409]
