import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiToken, User
from accounts.services import create_researcher
from affectory.errors import Conflict
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "ada@lab.example"


@pytest.fixture(autouse=True)
def _no_throttle_of_earlier_tests():
    cache.clear()


def _sign_in(client, password=PASSWORD, **headers):
    body = {"email": EMAIL.upper(), "password": password}
    return client.post("/api/session/", body, content_type="application/json", headers=headers)


def test_signing_in_and_out():
    factories.researcher(EMAIL)
    client = Client()
    assert client.get("/api/session/").json()["email"] is None
    assert _sign_in(client).json()["email"] == EMAIL
    session = client.get("/api/session/").json()
    assert (session["email"], session["organisation"]) == (EMAIL, "lab")
    assert client.delete("/api/session/").status_code == 204
    assert client.get("/api/session/").json()["email"] is None


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"password": ""}, {}])
def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(given):
    factories.researcher(EMAIL)
    answers = [
        Client().post("/api/session/", {"email": email, **given}, content_type="application/json")
        for email in (EMAIL, "nobody@lab.example")
    ]
    assert answers[0].status_code == answers[1].status_code in {400, 401, 403}
    assert answers[0].json() == answers[1].json()
    assert set(answers[0].json()) == {"code", "message", "details"}


def test_guessing_is_slowed_down_whatever_address_the_client_claims():
    factories.researcher(EMAIL)
    codes = [_sign_in(Client(), "guess", **{"x-forwarded-for": f"10.0.0.{n}"}).status_code for n in range(21)]
    assert codes[-1] == 429
    assert 429 not in codes[:20]


def test_a_change_by_cookie_needs_the_csrf_token():
    factories.researcher(EMAIL)
    client = Client(enforce_csrf_checks=True)
    token = _sign_in(client).json()["csrf_token"]
    refused = client.post("/api/tokens/", {"name": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert set(refused.json()) == {"code", "message", "details"}
    headers = {"x-csrftoken": token}
    assert (
        client.post(
            "/api/tokens/", {"name": "x"}, content_type="application/json", headers=headers
        ).status_code
        == 201
    )


def test_a_token_is_shown_once_kept_as_a_hash_and_can_be_revoked():
    client = factories.signed_in()
    made = client.post("/api/tokens/", {"name": "laptop"}, content_type="application/json").json()
    secret = made["secret"]
    stored = ApiToken.objects.get()
    assert secret not in str(vars(stored))
    assert secret not in client.get("/api/tokens/").content.decode()
    bearer = {"authorization": f"Bearer {secret}"}
    assert Client().get("/api/datasets/", headers=bearer).status_code == 200
    assert client.get("/api/tokens/").json()["results"][0]["last_used_at"]
    assert client.delete(f"/api/tokens/{made['id']}/").status_code == 204
    assert Client().get("/api/datasets/", headers=bearer).status_code == 401
    assert client.get("/api/tokens/").json()["results"] == []


def test_a_token_of_somebody_who_has_left_opens_nothing():
    client = factories.signed_in()
    secret = client.post("/api/tokens/", {"name": "x"}, content_type="application/json").json()["secret"]
    User.objects.update(is_active=False)
    bearer = {"authorization": f"Bearer {secret}"}
    assert Client().get("/api/datasets/", headers=bearer).status_code == 401


def test_anothers_token_is_not_found():
    made = factories.signed_in().post("/api/tokens/", {"name": "x"}, content_type="application/json").json()
    other = factories.signed_in("eve@lab.example")
    assert other.delete(f"/api/tokens/{made['id']}/").status_code == 404
    assert other.get("/api/tokens/").json()["results"] == []
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer aff_x", "Participation x:y"])
def test_a_wrong_token_is_refused(header):
    answer = Client().get("/api/datasets/", headers={"authorization": header})
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "details"}


def test_a_researcher_is_not_moved_to_another_organisation_by_a_new_password():
    factories.researcher(EMAIL)
    with pytest.raises(Conflict, match="another organisation"):
        create_researcher(email=EMAIL, password=PASSWORD, organisation="other")


def test_the_command_makes_a_researcher_with_a_good_password(monkeypatch, capsys):
    monkeypatch.setenv("AFFECTORY_PASSWORD", "password")
    with pytest.raises(CommandError, match="too common"):
        call_command("create-researcher", EMAIL)
    monkeypatch.setenv("AFFECTORY_PASSWORD", PASSWORD)
    call_command("create-researcher", EMAIL)
    assert _sign_in(Client()).status_code == 200


def test_without_a_terminal_the_command_says_where_a_password_can_be_given(monkeypatch):
    def nobody(_prompt):
        raise EOFError

    monkeypatch.delenv("AFFECTORY_PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", nobody)
    with pytest.raises(CommandError, match="AFFECTORY_PASSWORD"):
        call_command("create-researcher", EMAIL)
