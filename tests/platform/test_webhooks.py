"""Telling others what happened: signed, at least once, to public addresses only."""

import hashlib
import hmac
import http.server
import json
import socket
import threading
import uuid
from ipaddress import ip_address

import pytest

from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories
from tests.exports.making import dataset, released
from tests.factories import Rater
from webhooks.addresses import is_public
from webhooks.delivery import KIND

pytestmark = pytest.mark.django_db(transaction=True)
ALL = ["release.published", "release.withdrawn", "study.progress"]


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)


class Receiver:
    """A local server that answers with the given statuses, the last one ever after."""

    def __init__(self, *statuses):
        self.got = []
        waiting = list(statuses)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                self.send_response(waiting.pop(0) if len(waiting) > 1 else waiting[0])
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}/hook?to=me"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = []

    def make(*statuses):
        made.append(Receiver(*statuses))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def inside(settings):
    """Private addresses are allowed, as the local server has one."""
    settings.WEBHOOK_PRIVATE = True


def made(url, client=None, events=ALL):
    client = client or factories.signed_in()
    answer = client.post("/api/webhooks/", {"url": url, "events": events}, content_type="application/json")
    return answer.json() | {"status": answer.status_code}


def attempt(kind=KIND):
    """Do the waiting jobs of a kind now, whatever their pause."""
    for job in Job.objects.filter(kind=kind, state=JobState.QUEUED):
        Job.objects.filter(pk=job.pk).update(not_before=job.created_at)
        perform(job.pk)


def deliveries(hook):
    return factories.signed_in().get(f"/api/webhooks/{hook['id']}/deliveries/").json()["results"]


@pytest.fixture
def study():
    found = factories.study(items=4)
    Rater.consented(found).rate()
    return found


@pytest.mark.usefixtures("inside", "study")
def test_a_release_is_told_again_until_it_is_taken_with_one_id_and_a_signature(receiver):
    to = receiver(500, 302, 204)
    hook = made(to.url)
    release = released(dataset())
    attempt()
    (waiting,) = deliveries(hook)
    assert (waiting["state"], waiting["attempt"]) == ("queued", 1)
    assert waiting["error"] == {"code": "refused", "message": "The receiver answered 500."}
    attempt()
    assert deliveries(hook)[0]["error"]["message"] == "The receiver answered 302."
    attempt()
    (done,) = deliveries(hook)
    assert (done["state"], done["result"], done["event"]) == (
        "succeeded", {"status": 204}, "release.published",
    )  # fmt: skip
    assert {path for path, _, _ in to.got} == {"/hook?to=me"}  # no redirect was followed
    assert len({body for _, _, body in to.got}) == 1
    for _, headers, body in to.got:
        signed = f"{headers['X-Affectory-Timestamp']}.".encode() + body
        expected = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
        assert headers["X-Affectory-Signature"] == f"sha256={expected}"
        assert headers["X-Affectory-Delivery"] == done["id"] == json.loads(body)["id"]
    assert json.loads(to.got[0][2])["data"] == {
        "dataset": "d", "version": "1.0.0", "digest": release.digest,
    }  # fmt: skip


@pytest.mark.usefixtures("inside")
def test_a_withdrawn_release_is_told_with_what_went(receiver):
    to = receiver(200)
    made(to.url, events=["release.withdrawn"])
    study = factories.study(items=4)
    rater = Rater.consented(study)
    rater.rate()
    released(dataset())
    assert not Job.objects.filter(kind=KIND).exists()  # nobody asked for what is published
    body = {
        "id": str(uuid.uuid4()),
        "rater": rater.get("participation/").json()["rater"],
        "reason": "consent taken back",
    }
    client = factories.signed_in()
    assert client.post("/api/erasures/", body, content_type="application/json").status_code == 202
    attempt()
    ((_, _, sent),) = to.got
    told = json.loads(sent)["data"]
    assert (told["dataset"], told["version"], told["reason"]) == ("d", "1.0.0", "consent taken back")
    assert told["removed_rows"] == {"annotations": 1, "raters": 1}


@pytest.mark.usefixtures("study")
def test_addresses_that_are_not_public_are_refused_once_and_for_all(receiver):
    to = receiver(200)
    hook = made(to.url)
    released(dataset())
    attempt()
    (refused,) = deliveries(hook)
    assert (refused["state"], refused["error"]["code"]) == ("failed", "address_refused")
    assert to.got == []


@pytest.mark.usefixtures("inside", "study")
def test_a_name_is_looked_up_once_for_each_attempt(receiver, monkeypatch):
    to = receiver(200)
    port = to.server.server_port
    asked = []

    def look_up(host, *_args, **_more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    hook = made(f"http://moving.example:{port}/")
    released(dataset())
    original = socket.getaddrinfo
    monkeypatch.setattr(
        "webhooks.addresses.socket.getaddrinfo",
        lambda host, *args, **more: (
            look_up(host) if host == "moving.example" else original(host, *args, **more)
        ),
    )
    attempt()
    assert deliveries(hook)[0]["state"] == "succeeded"
    assert asked == ["moving.example"]
    assert to.got[0][1]["Host"] == f"moving.example:{port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_inner_addresses_are_known_in_every_disguise(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.usefixtures("inside")
def test_raters_who_finish_together_are_told_of_once(receiver):
    to = receiver(200)
    made(to.url, events=["study.progress"])
    study = factories.study(items=2)
    for _ in range(2):
        rater = Rater.consented(study)
        rater.rate()
        rater.rate()
    assert Job.objects.filter(kind="annotation.progress").count() == 1
    attempt("annotation.progress")
    attempt()
    ((_, headers, body),) = to.got
    assert headers["X-Affectory-Event"] == "study.progress"
    assert json.loads(body)["data"]["participations"] == {"completed": 2}


@pytest.mark.parametrize(
    "body",
    [
        {"url": "ftp://host.example/", "events": ALL},
        {"url": "https://", "events": ALL},
        {"url": "https://user:word@host.example/", "events": ALL},
        {"url": "http://host.example:99999/", "events": ALL},
        {"url": "http://host.example/a b", "events": ALL},
        {"url": "https://host.example/", "events": []},
        {"url": "https://host.example/", "events": ["release.made"]},
    ],
)
def test_what_cannot_be_told_is_refused(body):
    answer = factories.signed_in().post("/api/webhooks/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.usefixtures("inside", "study")
def test_the_secret_is_shown_once_and_only_the_owners_see_and_delete(receiver):
    to = receiver(200)
    hook = made(to.url)
    client, eve = factories.signed_in(), factories.signed_in("eve@other.example", "other")
    path = f"/api/webhooks/{hook['id']}/"
    assert hook["status"] == 201
    assert len(hook["secret"]) >= 32
    assert "secret" not in client.get(path).json()
    assert [one["id"] for one in client.get("/api/webhooks/").json()["results"]] == [hook["id"]]
    assert eve.get("/api/webhooks/").json()["results"] == []
    for answer in (eve.get(path), eve.delete(path), eve.get(f"{path}deliveries/")):
        assert answer.status_code == 404
    released(dataset())
    assert client.delete(path).status_code == 204
    attempt()
    assert to.got == []
    assert Job.objects.get(kind=KIND).state == JobState.SUCCEEDED


@pytest.mark.usefixtures("inside")
def test_a_ping_is_tried_once_whatever_events_are_wanted_and_again_when_asked_to(receiver):
    to = receiver(500, 204, 204)
    hook = made(to.url, events=["release.withdrawn"])
    client, path = factories.signed_in(), f"/api/webhooks/{hook['id']}/ping/"
    body = {"request_id": str(uuid.uuid4())}
    first, again = (client.post(path, body, content_type="application/json") for _ in range(2))
    assert (first.status_code, first.json()["id"]) == (202, again.json()["id"])
    attempt()
    (failed,) = deliveries(hook)
    assert (failed["event"], failed["state"], failed["attempt"]) == ("ping", "failed", 1)
    assert failed["error"]["message"] == "The receiver answered 500."
    once_more = f"/api/webhooks/{hook['id']}/deliveries/{failed['id']}/again/"
    asked = client.post(once_more)
    assert (asked.status_code, asked.json()["id"], asked.json()["state"]) == (202, failed["id"], "queued")
    attempt()
    assert deliveries(hook)[0]["state"] == "succeeded"
    assert client.post(once_more).json()["state"] == "succeeded"
    assert to.got[0][2] == to.got[1][2]
    assert client.post(once_more.replace(failed["id"], hook["id"])).status_code == 404
    assert factories.signed_in("eve@other.example", "other").post(once_more).status_code == 404
    client.post(path, {"request_id": str(uuid.uuid4())}, content_type="application/json")
    attempt()
    assert deliveries(hook)[0]["state"] == "succeeded"
    _, headers, sent = to.got[-1]
    assert (headers["X-Affectory-Event"], json.loads(sent)["data"]) == ("ping", {})
    signed = f"{headers['X-Affectory-Timestamp']}.".encode() + sent
    expected = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Affectory-Signature"] == f"sha256={expected}"


@pytest.mark.usefixtures("inside", "study")
def test_a_webhook_gets_another_address_and_other_events_and_keeps_its_secret(receiver):
    old, new = receiver(200), receiver(200)
    hook = made(old.url)
    client, path = factories.signed_in(), f"/api/webhooks/{hook['id']}/"
    body = {"url": new.url, "events": ["release.published"]}
    changed = client.put(path, body, content_type="application/json")
    assert (changed.status_code, changed.json()["events"]) == (200, ["release.published"])
    assert "secret" not in changed.json()
    assert changed["ETag"] == client.get(path)["ETag"]
    released(dataset())
    attempt()
    assert old.got == []
    ((_, headers, sent),) = new.got
    signed = f"{headers['X-Affectory-Timestamp']}.".encode() + sent
    expected = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Affectory-Signature"] == f"sha256={expected}"


def test_two_people_who_change_a_webhook_at_once_are_told():
    hook = made("https://host.example/")
    client, path = factories.signed_in(), f"/api/webhooks/{hook['id']}/"
    seen = client.get(path)["ETag"]

    def change(events, tag):
        body = {"url": "https://host.example/", "events": events}
        return client.put(path, body, content_type="application/json", headers={"If-Match": tag})

    assert change(["release.published"], seen).status_code == 200
    late = change(["release.withdrawn"], seen)
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert client.get(path).json()["events"] == ["release.published"]
    wrong = client.put(path, {"url": "ftp://x/", "events": []}, content_type="application/json")
    assert wrong.status_code == 400
    eve = factories.signed_in("eve@other.example", "other")
    body = {"url": "https://eve.example/", "events": ALL}
    assert eve.put(path, body, content_type="application/json").status_code == 404
    ping = {"request_id": str(uuid.uuid4())}
    assert eve.post(f"{path}ping/", ping, content_type="application/json").status_code == 404
    assert client.put("/api/webhooks/no-id/", body, content_type="application/json").status_code == 404
