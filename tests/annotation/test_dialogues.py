"""Two raters who talk, over HTTP: who meets whom, what is said once and in order, what nobody else reads."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from rest_framework.exceptions import ValidationError

from annotation.api.shown_items import RatedItemShape
from annotation.models import Assignment, Response
from annotation.protocol import ProtocolSerializer
from annotation.talk import Dialogue, DialogueState, Message, Seat
from ingest.models import IngestEntry, Item, Subject
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories
from tests.annotation.recorded import pseudonym
from tests.annotation.talking import (
    LABELS,
    ROLES,
    SECRET,
    Talker,
    finished,
    grow_old,
    pair,
    talk,
    talking_document,
    talking_study,
)
from tests.factories import Rater, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def _code(answer):
    return answer.status_code, answer.json()["code"]


def _work():
    """What the workers do with what was handed in; returns what became of each dialogue."""
    for kind in ("annotation.hand_over_dialogue", "ingest.file"):
        for job in Job.objects.filter(kind=kind, state=JobState.QUEUED):
            perform(job.pk)
            job.refresh_from_db()
            assert job.state == JobState.SUCCEEDED, job.error
    return list(IngestEntry.objects.order_by("pk"))


def _together(*steps):
    """Every step in a thread with a database connection of its own, begun at the same moment."""
    start = Barrier(len(steps))

    def run(step):
        try:
            start.wait()
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


# --- pairing


def test_the_second_meets_the_first_about_one_item_in_the_other_role():
    study = talking_study(items=2)
    first, second = Talker.of(study), Talker.of(study)
    assert (first.enter()["state"], first.told["role"], first.told["partner"]) == ("waiting", None, None)
    assert (second.enter()["state"], second.told["partner"]) == ("open", "here")
    assert first.enter()["id"] == second.told["id"]
    assert (first.role, second.role) == ("asker", "teller")
    [item] = Assignment.objects.values_list("study_item", flat=True).distinct()
    assert Dialogue.objects.get().study_item_id == item


@pytest.mark.parametrize("n", [2, 3, 4])
def test_raters_who_come_at_the_same_moment_are_paired_without_anybody_twice(n):
    study = talking_study(items=2, per_item=4)
    talkers = [Talker.of(study) for _ in range(n)]
    _together(*[talker.enter for talker in talkers])
    states = sorted(talker.enter()["state"] for talker in talkers)
    assert states == ["open"] * (n - n % 2) + ["waiting"] * (n % 2)
    for dialogue in Dialogue.objects.filter(state=DialogueState.OPEN):
        seats = list(dialogue.seats.select_related("assignment"))
        assert {seat.role for seat in seats} == {"asker", "teller"}
        assert {seat.assignment.study_item_id for seat in seats} == {dialogue.study_item_id}
    assert Seat.objects.count() == n


def test_a_rater_in_two_tabs_waits_once_and_never_meets_herself():
    talker = Talker.of(talking_study())
    _together(talker.enter, talker.enter, talker.enter)
    assert Seat.objects.count() == Dialogue.objects.count() == 1
    assert talker.enter()["state"] == "waiting"


def test_whoever_stops_waiting_as_another_comes_is_met_or_gone():
    study = talking_study(per_item=4)
    waiting, coming = Talker.of(study), Talker.of(study)
    waiting.enter()
    _, stopped = _together(coming.enter, waiting.leave)
    assert stopped.status_code == 204
    # Either she was met, and left, or nobody was there any more.
    partner = coming.look()["partner"]
    assert (coming.told["state"], partner) in {("waiting", None), ("left", "left")}
    assert Seat.objects.filter(left_at=None).count() == 1


def test_programs_talk_to_programs_and_people_to_people():
    study = talking_study(per_item=4)
    person, program = Talker.of(study), Talker.of(study, simulated=True)
    assert (person.enter()["state"], program.enter()["state"]) == ("waiting", "waiting")
    assert Talker.of(study, simulated=True).enter()["state"] == "open"


def test_whoever_is_not_there_any_more_is_not_waited_with():
    study = talking_study(per_item=4)
    absent = Talker.of(study)
    absent.enter()
    grow_old(100, absent)
    assert Talker.of(study).enter()["state"] == "waiting"
    # She is back.
    assert absent.enter()["state"] == "open"


def test_roles_go_round_and_no_item_is_had_twice():
    study = talking_study(items=2)
    first, second = finished(study)
    for talker in (first, second):
        assert talker.hand_in().status_code == 200
        talker.take()
    for talker in (first, second, first):
        talker.enter()
    assert (first.role, second.role) == ("teller", "asker")
    assert Assignment.objects.values("study_item").distinct().count() == 2
    assert first.assignment["item"]["id"] == second.assignment["item"]["id"]


def test_with_roles_by_arrival_the_first_role_is_always_the_first_ones():
    study = talking_study(items=2, assign="arrival")
    first, second = finished(study)
    for talker in (first, second):
        talker.hand_in()
        talker.take()
        talker.enter()
    assert (first.look()["role"], second.role) == ("asker", "teller")


def test_leases_of_raters_without_a_partner_keep_nobody_from_talking():
    study = talking_study(items=1, per_item=2)
    Talker.of(study)  # has the item, and is never seen again
    waiting = Talker.of(study)
    assert waiting.enter()["state"] == "waiting"
    Assignment.objects.update(lease_until="2020-01-01T00:00Z")
    assert Talker.of(study).enter()["state"] == "open"


def test_what_is_talked_about_is_fixed_once_an_item_is_full():
    study = talking_study(items=1, per_item=2)
    for talker in finished(study):
        talker.hand_in()
    late = Rater.consented(study)
    assert late.next() is None


# --- what is said


def test_messages_are_taken_once_in_the_servers_order():
    first, second = pair(talking_study(alternate=False))
    twice = str(uuid.uuid4())
    receipts = [first.say("one", twice), second.say("two"), first.say("one", twice), first.say("three")]
    assert [one.json()["seq"] for one in receipts] == [1, 2, 1, 3]
    for talker, mine in ((first, [True, False, True]), (second, [False, True, False])):
        messages = talker.look()["messages"]
        assert [one["text"] for one in messages] == ["one", "two", "three"]
        assert [one["mine"] for one in messages] == mine
    assert [one["seq"] for one in second.look(after=2)["messages"]] == [3]
    assert _code(first.say("other", twice)) == (409, "message_conflict")
    assert _code(second.say("one", twice)) == (409, "message_conflict")


def test_the_same_message_sent_many_times_at_once_appears_once():
    first, second = pair(talking_study())
    one = str(uuid.uuid4())
    answers = _together(*[lambda: first.say("Hello?", one)] * 4)
    assert {answer.json()["seq"] for answer in answers if answer.status_code == 200} == {1}
    assert [message["text"] for message in second.look()["messages"]] == ["Hello?"]


def test_both_write_at_the_same_moment_and_have_the_same_order():
    first, second = pair(talking_study(alternate=False))
    _together(lambda: first.say("from the first"), lambda: second.say("from the second"))
    one, other = (
        [(message["seq"], message["text"]) for message in talker.look()["messages"]]
        for talker in (first, second)
    )
    assert one == other
    assert [seq for seq, _ in one] == [1, 2]


def test_in_turns_the_first_role_begins_and_nobody_speaks_twice_in_a_row():
    first, second = pair(talking_study())
    assert (first.look()["my_turn"], second.look()["my_turn"]) == (True, False)
    assert _code(second.say("Me first!")) == (409, "not_your_turn")
    assert first.say("What is it?").status_code == 200
    assert _code(first.say("Well?")) == (409, "not_your_turn")
    assert (first.look()["my_turn"], second.look()["my_turn"]) == (False, True)


def test_it_ends_by_itself_after_the_last_turn_and_by_hand_not_before_the_fewest():
    first, second = pair(talking_study(min_turns=3, max_turns=4))
    talk(first, second, 2)
    assert first.look()["may_end"] is False
    assert _code(first.end()) == (409, "too_few_turns")
    talk(first, second, 2)
    assert (first.look()["state"], second.look()["state"]) == ("ended", "ended")
    assert _code(first.say("And one more")) == (409, "dialogue_over")
    assert second.told["answer"] == {"dialogue": second.told["id"], "role": "teller", "turns": 4}
    assert first.end().status_code == 200


def test_one_alone_makes_no_dialogue():
    first, second = pair(talking_study(alternate=False, max_turns=3))
    assert [first.say(text).status_code for text in ("a", "b")] == [200, 200]
    assert _code(first.end()) == (409, "too_few_turns")
    # The last turn is kept for the other.
    assert _code(first.say("c")) == (409, "not_your_turn")
    assert second.say("d").status_code == 200
    assert first.look()["state"] == "ended"


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 11, "nul \0"])
def test_a_message_has_a_text_of_the_length_that_may_be(text):
    first, _ = pair(talking_study(max_chars=10))
    assert first.say(text).status_code == 400
    assert not Message.objects.exists()


def test_labels_of_turns_are_asked_of_the_role_that_has_them_and_told_to_nobody_else():
    roles = [ROLES[0], {**ROLES[1], "labels": True}]
    first, second = pair(talking_study(roles=roles, turn_labels=LABELS))
    assert _code(first.say("Sad?", label="question")) == (400, "wrong_label")
    assert first.say("Sad?").status_code == 200
    assert _code(second.say("Yes.")) == (400, "wrong_label")
    assert second.say("Yes.", label="comfort").status_code == 200
    assert first.look()["messages"][1]["label"] is None
    assert second.look()["messages"][1]["label"] == "comfort"
    first.end()
    assert second.look()["answer"]["labels"] == {"2": "comfort"}
    assert _code(second.hand_in(labels={"2": "question"})) == (400, "invalid_answer")
    assert second.hand_in().status_code == 200
    assert "labels" not in first.look()["answer"]


# --- who may read what


def test_a_dialogue_of_others_is_not_found():
    study = talking_study(per_item=4)
    first, second = pair(study)
    stranger = Talker.of(study)
    stranger.told = first.told
    talk(first, second, 1)
    answers = [
        stranger.rater.get(stranger.own),
        stranger.say("Hello"),
        stranger.end(),
        stranger.leave(),
        stranger.rater.get(f"seats/{first.assignment['id']}/"),
        stranger.rater.post(f"seats/{first.assignment['id']}/"),
    ]
    assert [_code(answer) for answer in answers] == [(404, "not_found")] * 6
    nobody = Talker(Rater(study), told=first.told)
    assert nobody.rater.get(nobody.own).status_code == nobody.say("Hello").status_code == 401
    assert Message.objects.count() == 1


def test_whoever_has_left_reads_no_more():
    first, second = pair(talking_study())
    talk(first, second)
    assert first.leave().status_code == 204
    assert _code(first.rater.get(first.own)) == (404, "not_found")


def test_the_item_is_told_to_nobody_before_they_meet_and_never_to_the_role_that_does_not_see_it():
    study = talking_study(reveal=True)
    first, second = pair(study)
    for talker in (first, second):
        assert talker.assignment["item"]["hidden"] is True
        assert SECRET not in json.dumps(talker.assignment)
    assert second.shown()["text"].startswith(SECRET)
    hidden = first.shown()
    assert (hidden["hidden"], hidden["text"], hidden["media"], hidden["parts"]) == (True, None, {}, [])
    said_where_so = {"hidden", "context_hidden"}
    assert set(hidden) - said_where_so == set(RatedItemShape().fields) - said_where_so
    assert SECRET not in json.dumps(first.rater.next())
    talk(first, second)
    first.end()
    # Now it is revealed.
    assert first.shown()["text"].startswith(SECRET)


def test_without_reveal_the_item_stays_hidden_and_a_picture_has_no_link():
    of = factories.corpus("prompts-pictures")
    shown = factories.item("art.png", of, kind="image")
    shown.asset.renditions.create(name="proxy", recipe="1", sha256="0" * 64, size=1, media_type="image/webp")
    study = talking_study("pictures", items=0)
    first, second = pair(study)
    assert second.shown()["media"]["proxy"]["url"]
    talk(first, second)
    first.end()
    hidden = first.shown()
    assert (hidden["hidden"], hidden["media"]) == (True, {})
    answer = first.hand_in()
    assert answer.status_code == 200
    assert second.shown()["media"]["proxy"]["url"].rsplit("/", 2)[-2] not in answer.content.decode()


def test_whoever_saw_the_item_is_never_blind_to_it_later():
    study = talking_study(per_item=9)
    first, teller = pair(study)
    first.leave()
    teller.leave()
    other = Talker.of(study)
    other.enter()
    assert teller.enter()["role"] == "teller"
    other.look()
    other.leave()
    # Nobody can be blind any more in a talk of these two, so they do not meet.
    again = Talker.of(study)
    again.enter()
    assert again.told["state"] == "waiting"


# --- leaving


def test_presence_is_told_in_words():
    first, second = pair(talking_study(silence_s=60))
    assert first.look()["partner"] == "here"
    second.look(sign="writing")
    assert first.look()["partner"] == "writing"
    second.look(sign="hidden")
    assert first.look()["partner"] == "away"
    second.look()
    grow_old(20, second)
    assert first.look()["partner"] == "away"
    grow_old(60, second)
    assert first.look()["partner"] == "gone"


def test_a_partner_whose_page_is_there_but_who_says_nothing_counts_as_gone():
    first, second = pair(talking_study(silence_s=60))
    talk(first, second, 1)
    grow_old(70, second)
    second.look()
    assert first.look()["partner"] == "gone"
    # It is not the other's turn, so silence means nothing.
    assert second.look()["partner"] in {"here", "gone"}
    second.look(sign="writing")
    assert first.look()["partner"] == "writing"


def test_before_enough_was_said_whoever_is_left_looks_for_another_partner():
    study = talking_study(per_item=4, min_turns=4)
    first, second = pair(study)
    talk(first, second)
    assert first.leave().status_code == 204
    assert (second.look()["partner"], second.told["may_end"]) == ("left", False)
    assert _code(second.say("Are you there?")) == (409, "dialogue_over")
    assert _code(second.end()) == (409, "too_few_turns")
    assert second.leave().status_code == 204
    assert not Message.objects.exists()
    assert second.enter()["state"] == "waiting"
    # They have parted: she does not get the same one again.
    assert first.enter()["state"] == "waiting"
    assert Talker.of(study).enter()["state"] == "open"


def test_when_enough_was_said_whoever_is_left_hands_in():
    study = talking_study(per_item=4)
    first, second = pair(study)
    talk(first, second)
    first.leave()
    assert second.look()["may_end"] is True
    assert second.end().json()["state"] == "ended"
    assert second.hand_in().status_code == 200
    [entry] = _work()
    assert entry.state == "ready"
    subjects = Item.objects.get(corpus=study.produces).groups["subject"]
    assert sorted(subjects) == sorted(pseudonym(talker.rater) for talker in (first, second))


def test_one_who_was_given_up_may_come_back_and_be_met_again():
    study = talking_study(silence_s=60)
    first, second = pair(study)
    grow_old(70, first, second)
    second.look()
    assert second.look()["partner"] == "gone"
    second.leave()
    assert Dialogue.objects.get().state == DialogueState.LOST
    assert first.look()["partner"] == "left"
    first.leave()
    assert (first.enter()["state"], second.enter()["state"]) == ("waiting", "open")


def test_whoever_waits_in_vain_may_go_on_without_and_not_before():
    talker = Talker.of(talking_study(wait_s=60))
    talker.enter()
    path, body = f"assignments/{talker.assignment['id']}/skip/", {"reason": "no_partner"}
    assert _code(talker.rater.post(path, body)) == (400, "no_skipping")
    grow_old(61, talker)
    assert talker.enter()["waited_s"] > 60
    assert _code(talker.rater.post(path, {"reason": "technical"})) == (400, "no_skipping")
    answer = talker.rater.post(path, body)
    assert answer.status_code == 200
    assert answer.json()["participation"]["state"] == "completed"
    assert not Dialogue.objects.exists()


def test_skipping_and_withdrawing_tell_the_other_and_delete_what_was_said():
    first, second = pair(talking_study(skip=True))
    talk(first, second, 1)
    first.rater.post(f"assignments/{first.assignment['id']}/skip/")
    assert second.look()["partner"] == "left"
    one, other = pair(talking_study("other"))
    talk(one, other)
    one.rater.post("participation/withdraw/")
    assert other.look()["partner"] == "left"
    assert not Message.objects.filter(dialogue=other.told["id"]).exists()
    assert one.rater.get(one.own).status_code == 404


# --- handing in


def test_what_was_said_becomes_one_item_with_both_as_its_subjects():
    study = talking_study()
    first, second = finished(study)
    assert [talker.hand_in().status_code for talker in (first, second)] == [200, 200]
    [entry] = _work()
    names = [pseudonym(first.rater), pseudonym(second.rater)]
    assert (entry.state, entry.path) == ("ready", f"dialogues/{first.told['id']}.json")
    item = Item.objects.get(corpus=study.produces)
    assert (item.kind, item.text) == ("dialogue", "Asker: turn 1\nTeller: turn 2")
    assert [(line["speaker"], line["target"]) for line in item.context] == [
        ("Asker", False),
        ("Teller", False),
    ]
    assert (sorted(item.groups["subject"]), item.groups["maker_kind"]) == (sorted(names), "crowd")
    assert sorted(Subject.objects.values_list("code", flat=True)) == sorted(names)
    assert not Message.objects.exists()
    told = Response.objects.filter(question="talk").order_by("value__role").values_list("value", flat=True)
    assert list(told) == [
        {"dialogue": first.told["id"], "role": role, "turns": 2} for role in ("asker", "teller")
    ]


def test_handing_over_twice_offers_one_file(monkeypatch):
    for talker in finished(talking_study()):
        talker.hand_in()
    job = Job.objects.get(kind="annotation.hand_over_dialogue")

    def killed(**_):
        raise ConnectionError("the store is away")

    with monkeypatch.context() as broken:
        broken.setattr("annotation.services.transcripts.offer_made", killed)
        perform(job.pk)
    assert Message.objects.count() == 2
    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(state="queued", not_before=job.created_at)
        perform(job.pk)
    assert IngestEntry.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"dialogue": str(uuid.uuid4())},
        {"dialogue": 7},
        {"role": "teller"},
        {"turns": 3},
        {"turns": True},
        {"more": 1},
    ],
)
def test_an_answer_that_is_not_what_was_is_refused(wrong):
    first, _ = finished(talking_study())
    refused = first.hand_in(**wrong)
    assert _code(refused) == (400, "invalid_answer")
    assert refused.json()["details"].keys() == {"talk"}
    assert first.hand_in().status_code == 200


def test_a_dialogue_that_goes_on_cannot_be_handed_in():
    first, second = pair(talking_study())
    talk(first, second)
    value = {"dialogue": first.told["id"], "role": "asker", "turns": 2}
    answers = {"talk": value, "felt": {"valence": 5, "arousal": 5}}
    assert _code(first.rater.submit(first.assignment, answers)) == (400, "invalid_answer")
    assert first.end().status_code == 200
    assert _code(first.leave()) == (409, "dialogue_over")


def test_practice_is_deleted():
    study = talking_study(items=2, practice=1)
    first, second = finished(study)
    assert first.assignment["practice"] is True
    assert [talker.hand_in().status_code for talker in (first, second)] == [200, 200]
    assert _work() == []
    assert not Message.objects.exists()


# --- taking it back


def test_what_one_takes_back_before_ingest_has_it_becomes_no_item():
    study = talking_study()
    first, second = finished(study)
    first.rater.post("participation/withdraw/")
    assert second.hand_in().status_code == 200
    assert _work() == []
    assert not Item.objects.filter(corpus=study.produces).exists()


def test_of_whom_took_it_back_later_the_item_is_shown_to_nobody():
    study = talking_study()
    first, second = finished(study)
    first.hand_in()
    _work()
    meld = factories.protocol("meld")
    observed = factories.create_study(
        organisation=study.organisation, slug="observed", title="Observed", document=meld,
        collection=factories.collection(study.produces, "observed"), requested_by="test",
    )  # fmt: skip
    observer = Rater.consented(observed)
    assert observer.get("participation/").json()["progress"]["total"] == 1
    second.rater.post("participation/withdraw/")
    assert observer.get("participation/").json()["progress"]["total"] == 0


@pytest.mark.parametrize("when", ["talking", "ended", "handed in", "an item"])
def test_erasing_one_of_both_erases_the_dialogue(when):
    study = talking_study()
    first, second = pair(study)
    talk(first, second)
    if when != "talking":
        first.end()
    if when in {"handed in", "an item"}:
        first.hand_in()
    if when == "an item":
        _work()
        assert Item.objects.filter(corpus=study.produces).count() == 1
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": pseudonym(second.rater)}
    asked = signed_in().post("/api/erasures/", body, content_type="application/json")
    assert asked.status_code == 202, asked.content
    job = Job.objects.get(kind="exports.erase")
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    _work()
    assert not Message.objects.exists()
    assert not Seat.objects.filter(rater__pseudonym=body["rater"]).exists()
    assert not Item.objects.filter(corpus=study.produces).exists()
    assert not IngestEntry.objects.exists()
    if when == "talking":
        assert first.look()["partner"] == "left"
    if when == "ended":
        assert first.hand_in().status_code == 200


# --- the protocol


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"roles": ROLES[:1]}, "roles"),
        ({"roles": [ROLES[0], ROLES[0]]}, "roles"),
        ({"roles": [{**role, "sees_item": False} for role in ROLES]}, "roles"),
        ({"min_turns": 1}, "min_turns"),
        ({"min_turns": 4, "max_turns": 3}, "max_turns"),
        ({"reveal": True, "roles": [{**role, "sees_item": True} for role in ROLES]}, "reveal"),
        ({"turn_labels": LABELS}, "turn_labels"),
        ({"waits": 3}, "waits"),
    ],
)
def test_roles_and_rules_that_cannot_be_are_refused_by_name(options, at):
    with pytest.raises(ValidationError) as refused:
        talking_document(**options)
    assert at in json.dumps(refused.value.detail["questions"])


def test_roles_and_labels_are_told_in_the_language_of_the_rater():
    raw = talking_document(roles=[ROLES[0], {**ROLES[1], "labels": True}], turn_labels=LABELS)
    options = {
        "roles": {"teller": {"name": "Narrador", "text": "Cuenta lo que ves."}},
        "turn_labels": {"comfort": {"name": "Consuelo"}},
    }
    said = {"consent": raw["consent"], "questions": {"talk": {"prompt": "Habla.", "options": options}}}
    study = talking_study(document=raw | {"translations": {"es": said}})
    rater = Rater.consented(study)
    [talk_question, _] = rater.post("assignments/next/?lang=es").json()["questions"]
    told = talk_question["options"]
    assert [role["name"] for role in told["roles"]] == ["Asker", "Narrador"]
    assert [label["name"] for label in told["turn_labels"]] == ["Question", "Consuelo"]


def test_a_protocol_asks_for_one_dialogue_and_consent_to_what_is_made():
    raw = talking_document()
    raw["questions"].append({**raw["questions"][0], "key": "again"})
    checked = ProtocolSerializer(data=raw)
    assert not checked.is_valid()
    raw["questions"].pop()
    raw["consent"].pop("produced")
    checked = ProtocolSerializer(data=raw)
    assert not checked.is_valid()
    assert "produced" in checked.errors["consent"]
