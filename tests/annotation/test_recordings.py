"""Recording oneself over HTTP: nothing acknowledged is lost, nothing foreign is taken, what is made becomes an item."""

import uuid

import pytest

from accounts.models import Consent
from annotation.models import Response
from annotation.produced import Production, ProductionChunk, ProductionState
from annotation.protocol import ProtocolSerializer
from annotation.services.productions import CHUNK_BYTES
from annotation.services.studies import create_study
from ingest.models import Asset, IngestEntry, Item, Subject
from ingest.services import files
from jobs.models import Job
from jobs.services import perform
from tests import factories
from tests.annotation.recorded import FELT, Take, pseudonym, record, recording_study, sha256, work
from tests.factories import Rater, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

LONG = bytes(range(256)) * 512 * 3 + b"the end"  # four chunks


@pytest.fixture
def rater():
    return Rater.consented(recording_study())


def _code(answer):
    return answer.status_code, answer.json()["code"]


def test_chunks_in_any_order_and_twice_are_stored_once(rater):
    take = Take(LONG)
    assignment = rater.next()
    assert take.announce(rater, assignment).json()["chunks"] == 4
    told = [take.send(rater, seq).json() for seq in (0, 2, 2, 3, 1, 0)]
    assert [(one["high_water"], one["missing"]) for one in told] == [
        (0, []), (0, [1]), (0, [1]), (0, [1]), (3, []), (3, []),
    ]  # fmt: skip
    assert ProductionChunk.objects.count() == 4
    assert take.finish(rater).json()["state"] == take.finish(rater).json()["state"] == "finished"
    # A page that was reloaded asks what is there, announces again, and repeats what it is not sure of.
    assert rater.get(f"recordings/{take.id}/").json()["high_water"] == 3
    assert take.announce(rater, assignment).json()["state"] == "finished"
    assert take.send(rater, 1).status_code == 200
    assert b"".join(bytes(chunk.body) for chunk in ProductionChunk.objects.order_by("seq")) == LONG


def test_a_recording_with_a_hole_is_not_taken(rater):
    take, assignment = Take(LONG), rater.next()
    take.announce(rater, assignment)
    for seq in (0, 3):
        take.send(rater, seq)
    refused = take.finish(rater)
    assert _code(refused) == (409, "chunks_missing")
    assert refused.json()["details"] == {"missing": [1, 2]}
    answer = rater.submit(assignment, take.answers)
    assert answer.json()["details"] == {"story": {"recording": "is not finished, or is not of this item."}}
    for seq in (1, 2):
        take.send(rater, seq)
    assert take.finish(rater).status_code == 200
    assert rater.submit(assignment, take.answers).status_code == 200


def test_bytes_that_are_not_those_announced_are_refused(rater):
    take, assignment = Take(LONG), rater.next()
    take.announce(rater, assignment)
    assert _code(take.send(rater, 0, digest=sha256(b"other"))) == (400, "chunk_damaged")
    assert _code(take.send(rater, 0, b"x" * (CHUNK_BYTES + 1))) == (400, "chunk_too_large")
    for seq, body in ((0, b"short"), (3, take.chunks[0]), (4, b"more"), (0, b"")):
        assert _code(take.send(rater, seq, body)) == (400, "chunk_unannounced")
    assert take.send(rater, 0, digest="no hash").status_code == 400
    assert take.send(rater, 0).status_code == 200
    other = bytes(CHUNK_BYTES)
    assert _code(take.send(rater, 0, other)) == (409, "chunk_conflict")
    for seq, body in ((1, other), (2, None), (3, None)):
        take.send(rater, seq, body)
    assert _code(take.finish(rater)) == (409, "digest_mismatch")


def test_what_the_question_does_not_allow_is_not_even_uploaded(rater):
    take, assignment = Take(LONG), rater.next()
    for wrong in (
        {"media_type": "video/webm"},
        {"size": 201 * 2**20},
        {"duration_s": 182.0},
        {"media_type": "text/html"},
        {"size": 0},
        {"digest": "abc"},
        {"question": "felt"},
        {"question": "other"},
    ):
        assert take.announce(rater, assignment, **wrong).status_code == 400, wrong
    assert not Production.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"recording": "mine"},
        {"recording": 7},
        {"recording": str(uuid.uuid4())},
        {"takes": 0},
        {"takes": 5},
        {"takes": True},
        {"mood": "fine"},
    ],
)
def test_an_answer_that_is_out_of_range_or_of_nothing_uploaded_is_refused(rater, wrong):
    assignment = rater.next()
    story = Take(LONG).upload(rater, assignment).answers["story"]
    refused = rater.submit(assignment, {"story": {**story, **wrong}, "felt": FELT})
    assert _code(refused) == (400, "invalid_answer")
    assert refused.json()["details"].keys() == {"story"}
    assert rater.submit(assignment, {"story": {**story, "takes": 4}, "felt": FELT}).status_code == 200


def test_a_recording_for_an_item_that_is_not_leased_to_this_rater_is_refused(rater):
    other = Rater.consented(rater.study)
    mine, hers = rater.next(), other.next()
    assert _code(Take(LONG).announce(rater, hers)) == (404, "not_found")
    take = Take(LONG).upload(other, hers)
    assert _code(rater.get(f"recordings/{take.id}/")) == (404, "not_found")
    assert _code(take.send(rater, 0)) == (404, "not_found")
    assert _code(take.finish(rater)) == (404, "not_found")
    assert _code(take.announce(rater, mine)) == (409, "recording_elsewhere")
    assert _code(rater.submit(mine, take.answers)) == (400, "invalid_answer")
    nobody = Rater(rater.study)
    assert nobody.get(f"recordings/{take.id}/").status_code == 401


def test_a_recording_of_an_earlier_item_answers_no_later_one(rater):
    first = record(rater)
    second = rater.next()
    assert _code(rater.submit(second, first.answers)) == (400, "invalid_answer")
    assert _code(Take(LONG).announce(rater, {"id": str(_assignment(first))})) == (409, "already_submitted")


def _assignment(take):
    return Production.objects.get(pk=take.id).assignment_id


def test_a_new_take_replaces_the_one_before(rater):
    assignment = rater.next()
    old = Take(LONG).upload(rater, assignment)
    new = Take(LONG[:-1]).upload(rater, assignment)
    assert _code(rater.get(f"recordings/{old.id}/")) == (404, "not_found")
    assert _code(rater.submit(assignment, old.answers)) == (400, "invalid_answer")
    assert rater.submit(assignment, new.answers).status_code == 200


def test_what_was_recorded_becomes_an_item_with_its_maker_and_the_consent(rater):
    take = record(rater)
    [entry] = work()
    maker = pseudonym(rater)
    assert (entry.state, entry.path) == ("ready", f"{maker}/{take.id}.webm")
    item = Item.objects.get(corpus=rater.study.produces)
    assert (item.kind, item.key) == ("audio", entry.path)
    assert item.groups == {"subject": maker, "maker_kind": "crowd"}
    assert item.asset.sha256 == sha256(take.body)
    assert Subject.objects.get(corpus=item.corpus).code == maker
    production = Production.objects.get()
    assert (production.state, production.entry) == (ProductionState.HANDED_OVER, entry)
    assert production.consent == Consent.objects.get(rater__pseudonym=maker)
    assert "my voice are recorded" in production.consent.text
    assert "my voice are recorded" in item.corpus.consent_terms
    assert not ProductionChunk.objects.exists()
    # A chunk whose acknowledgement was lost may still be repeated.
    assert take.send(rater, 0).json()["state"] == "handed_over"


def test_handing_over_twice_offers_one_file(rater, monkeypatch):
    record(rater)
    job = Job.objects.get(kind="annotation.hand_over")

    def killed(**_):
        raise ConnectionError("the store is away")

    with monkeypatch.context() as broken:
        broken.setattr("annotation.services.producing.offer_made", killed)
        perform(job.pk)
    assert ProductionChunk.objects.exists()
    Job.objects.filter(pk=job.pk).update(not_before=job.created_at)
    perform(job.pk)
    Job.objects.filter(pk=job.pk).update(state="queued")
    perform(job.pk)
    assert IngestEntry.objects.count() == 1


@pytest.mark.parametrize("body", [b"<html><script>alert(1)</script></html>", b"\x1aE\xdf\xa3 and no more"])
def test_a_hostile_file_is_quarantined_with_the_reason(rater, body):
    record(rater, body)
    [entry] = work()
    assert (entry.state, bool(entry.code), bool(entry.reason)) == ("quarantined", True, True)
    assert not Item.objects.filter(corpus=rater.study.produces).exists()
    # The answer stays, and says what was handed in.
    assert Response.objects.filter(question="story").count() == 1


def test_practice_skipped_and_withdrawn_recordings_are_not_kept():
    study = recording_study(practice=1, prompts=3)
    rater = Rater.consented(study)
    record(rater)
    assert not Production.objects.exists()
    skipped = rater.next()
    Take(LONG).upload(rater, skipped)
    assert rater.post(f"assignments/{skipped['id']}/skip/").status_code == 200
    assert not Production.objects.exists()
    Take(LONG).upload(rater, rater.next())
    assert rater.post("participation/withdraw/").status_code == 200
    assert not Production.objects.exists()
    assert not Job.objects.filter(kind="annotation.hand_over").exists()


def test_a_protocol_that_makes_items_needs_consent_for_that():
    raw = factories.protocol("self-recording")
    assert ProtocolSerializer(data=raw).is_valid()
    raw["consent"] = {"text": "Taking part is voluntary."}
    checked = ProtocolSerializer(data=raw)
    assert not checked.is_valid()
    assert "produced" in checked.errors["consent"]


def test_the_invitation_tells_what_is_agreed_to_apart(rater):
    consent = rater.get(f"invites/{rater.study.invite_code}/").json()["study"]["consent"]
    assert "recorded" in consent["produced"]
    assert consent["digest"] == sha256(f"{consent['text']}\n\n{consent['produced']}".encode())


def test_a_study_whose_corpus_is_there_already_is_not_made():
    factories.corpus("tell-made")
    with pytest.raises(Exception, match="corpus tell-made already"):
        recording_study()


def test_a_written_text_becomes_an_item_where_the_protocol_says_so():
    study = recording_study()
    asked = {"type": "text", "options": {"min_length": 3, "max_length": 200, "item": True}}
    document = study.protocol.document
    document["questions"] = [{**document["questions"][0], **asked}]
    writing = create_study(
        organisation=study.organisation, slug="write", title="Write",
        document=factories.protocol_from(document), collection=study.collection, requested_by="test",
    )  # fmt: skip
    rater = Rater.consented(writing)
    rater.rate({"story": {"text": "It rained, and I liked it."}})
    [entry] = work()
    item = Item.objects.get(corpus=writing.produces)
    assert (item.kind, item.text, item.condition) == ("text", "It rained, and I liked it.", "text")
    assert item.groups["subject"] == pseudonym(rater)
    assert entry.path.endswith(".txt")


@pytest.mark.parametrize(
    "options",
    [{"fields": [{"key": "a", "name": "A"}], "item": True}, {"item": True}, {"min_length": 1, "item": "x"}],
)
def test_only_one_text_of_some_length_can_become_an_item(options):
    raw = factories.protocol("self-recording")
    raw["questions"][0] |= {"type": "text", "options": options}
    assert not ProtocolSerializer(data=raw).is_valid()


def test_items_are_read_once_even_if_the_rater_is_erased_meanwhile(rater, monkeypatch):
    """The file is being read while its maker is erased: nothing of it comes back."""
    record(rater)
    perform(Job.objects.get(kind="annotation.hand_over").pk)
    read = files.sandbox.read

    def read_meanwhile(path, name):
        found = read(path, name)
        asked = signed_in().post(
            "/api/erasures/",
            {"id": str(uuid.uuid4()), "reason": "asked for", "rater": pseudonym(rater)},
            content_type="application/json",
        )
        assert asked.status_code == 202, asked.content
        perform(Job.objects.get(kind="exports.erase").pk)
        return found

    monkeypatch.setattr(files.sandbox, "read", read_meanwhile)
    perform(Job.objects.get(kind="ingest.file").pk)
    assert not Item.objects.filter(corpus=rater.study.produces).exists()
    assert not Asset.objects.filter(corpus=rater.study.produces).exists()
    assert not IngestEntry.objects.exists()


def test_a_file_whose_maker_was_erased_before_it_was_read_is_left_alone(rater):
    record(rater)
    perform(Job.objects.get(kind="annotation.hand_over").pk)
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": pseudonym(rater)}
    signed_in().post("/api/erasures/", body, content_type="application/json")
    perform(Job.objects.get(kind="exports.erase").pk)
    job = Job.objects.get(kind="ingest.file")
    perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("succeeded", {"state": "erased"})
