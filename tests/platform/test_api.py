"""What holds for the API as a whole."""

import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from config.openapi import SharedSchemaGenerator
from config.urls import api
from tests import factories

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db

# What anybody may ask without a sign-in or a token.
OPEN = {"server", "session", "schema", "docs", "rate/invites/{}", "rate/invites/{}/arrive"}


def _shape(answer):
    assert set(answer.json()) == {"code", "message", "details"}, answer.content
    assert isinstance(answer.json()["details"], dict)
    return answer.status_code, answer.json()["code"]


def _post(path, body, client=None, content_type="application/json"):
    return (client or Client()).post(path, body, content_type=content_type)


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/rate/nothing/", "/api/studies/a/b/c/", "/api/%00/"])
def test_an_unknown_address_of_the_api_is_answered_in_its_shape(path):
    assert _shape(Client().get(path)) == (404, "not_found")


def test_errors_have_one_shape(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert _shape(client.get("/api/studies/")) == (401, "not_authenticated")
    assert _shape(client.put("/api/session/")) == (405, "method_not_allowed")
    assert _shape(_post("/api/session/", "{")) == (400, "parse_error")
    assert _shape(_post("/api/session/", "[]")) == (400, "invalid")
    assert _shape(_post("/api/session/", "a=b", content_type="application/x-www-form-urlencoded")) == (
        415,
        "unsupported_media_type",
    )
    assert _shape(_post("/api/session/", {"email": 3})) == (400, "invalid")
    assert _shape(client.get("/api/server/", headers={"host": "evil.example"})) == (400, "bad_request")
    assert _shape(client.get("/api/server/", headers={"accept": "image/png"})) == (406, "not_acceptable")


def test_many_may_ask_for_the_schema_at_once(monkeypatch):
    monkeypatch.setattr(SharedSchemaGenerator, "made", {})
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as askers:
            answers = list(askers.map(lambda _: Client().get("/api/schema/?format=json"), range(8)))
    finally:
        sys.setswitchinterval(usual)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_a_fault_of_ours_is_said_in_the_same_shape(monkeypatch):
    def fail(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("annotation.services.participation.study_by_invite", fail)
    answer = Client(raise_request_exception=False).get("/api/rate/invites/x/")
    assert _shape(answer) == (500, "internal_error")
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    "body",
    [
        '{"email": "a@b.c", "password": "\\u0000"}',
        '{"email": "a@b.c", "password": "\\ud800"}',
        '{"email": "a@b.c", "password": NaN}',
        '{"email": "a@b.c", "password": 1e999}',
        '{"email": "a@b.c", "password": 99999999999999999999}',
        '{"email": "a@b.c", "password": ' + "[" * 60 + "]" * 60 + "}",
        "[" * 100_000,
        "\xff",
        b"\xff",
    ],
)
def test_what_the_database_cannot_hold_is_refused_at_the_door(body):
    assert _shape(_post("/api/session/", body)) == (400, "parse_error")


def test_a_request_has_an_upper_size():
    body = b'{"email": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    assert _shape(_post("/api/session/", body)) == (413, "too_large")


@pytest.mark.parametrize("path", ["/api/jobs/?scope=%00", "/api/rate/invites/%00/", "/api/jobs/?cursor=%00"])
def test_a_nul_in_an_address_is_no_fault(path):
    assert factories.signed_in().get(path).status_code in {400, 404}


def _paths(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def _asked():
    """One address for every route of the API, with ids that nobody has."""
    import re

    for route in sorted(set(_paths(api))):
        path = re.sub(
            r"\(\?P<item_id>[^/]*?\{12\}\)", str(uuid.uuid4()), route.replace("^", "").replace("$", "")
        )
        path = re.sub(r"\(\?P<\w+>[^)]*\)", "nothing", path)
        path = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), path)
        path = re.sub(r"<int:\w+>", "7", path)
        path = re.sub(r"<\w+:\w+>", "nothing", path).replace("\\Z", "")
        if "(" not in path and "\\." not in path:
            yield path


def test_nobody_gets_anything_but_the_way_in():
    """Every route of the API, whatever is added later: 401 for whoever has no token."""
    found = {}
    for path in _asked():
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(Client(), method)(f"/api/{path}", content_type="application/json")
            name = path.strip("/").replace("nothing", "{}")
            if answer.status_code not in {401, 405} and name not in OPEN:
                found[f"{method} {path}"] = answer.status_code
    assert found == {}


def test_a_stranger_finds_nothing_of_another_organisation():
    """Every route with a name or an id in it answers 404 to whom it is not for."""
    from annotation.models import Study
    from exports.services.datasets import save_dataset

    Study.objects.all()
    factories.study("secret")
    recipe = {"collection": "all-secret", "studies": ["secret"]}
    save_dataset(organisation=factories.lab(), name="secret", title="", description="", recipe=recipe)
    factories.corpus("secret")
    client = factories.signed_in("eve@other.example", "other")
    seen = {}
    for path in _asked():
        if path.startswith(("studies/", "corpora/", "datasets/", "jobs/", "tokens/")) and "nothing" in path:
            for method in ("get", "post"):
                address = f"/api/{path.replace('nothing', 'secret', 1)}"
                answer = getattr(client, method)(address, content_type="application/json")
                seen[f"{method} {path}"] = answer.status_code
                assert b"secret" not in answer.content
    assert set(seen.values()) <= {404, 405, 400}
    assert {path: code for path, code in seen.items() if code == 400} == {
        path: 400 for path in seen if path.startswith("post datasets") and seen[path] == 400
    }
    for listing in ("studies", "corpora", "datasets", "jobs"):
        assert client.get(f"/api/{listing}/").json()["results"] == []


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "AFFECTORY_SECRET_KEY"),
        ({"AFFECTORY_SECRET_KEY": "short"}, "AFFECTORY_SECRET_KEY"),
        ({"AFFECTORY_SECRET_KEY": "k" * 50, "AFFECTORY_DEBUG": "1"}, "AFFECTORY_DEBUG"),
        ({"AFFECTORY_SECRET_KEY": "k" * 50, "AFFECTORY_ENV": "prod"}, "AFFECTORY_ENV"),
        ({"AFFECTORY_SECRET_KEY": "k" * 50}, None),
    ],
)
def test_production_refuses_an_unsafe_start(env, said, tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AFFECTORY_")}
    roots = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")])
    started = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env={**clean, "PYTHONPATH": roots, "AFFECTORY_DATA": str(tmp_path), "AFFECTORY_ENV": "production", **env},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (started.returncode == 0) == (said is None)
    assert said is None or said in started.stderr


def test_pages_name_their_policy_and_no_path_of_the_machine():
    answer = Client().get("/nothing-here")
    assert answer.status_code == 404
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "'unsafe-eval'" not in answer["Content-Security-Policy"]
    assert b"Traceback" not in answer.content


def test_only_the_preview_may_stand_in_a_frame_and_only_in_one_of_ours(client):
    ancestors = {}
    for path in ("/", "/s/code", "/preview"):
        answer = client.get(path)
        directives = dict(one.split(" ", 1) for one in answer["Content-Security-Policy"].split("; "))
        ancestors[path] = (directives["frame-ancestors"], answer["X-Frame-Options"])
        answer.close()
    refused = ("'none'", "DENY")
    assert ancestors == {"/": refused, "/s/code": refused, "/preview": ("'self'", "SAMEORIGIN")}
