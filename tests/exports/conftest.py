import pytest

from accounts.facade import new_token
from tests import factories


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """Jobs are performed by the tests themselves; their rows are the truth, the nudge is not needed."""
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)


@pytest.fixture
def client_signed_in(live_server, tmp_path, monkeypatch):
    """Whoever calls `affectory` has a token of the live server, an empty cache and a folder of her own."""
    _, secret = new_token(user=factories.researcher(), name="test")
    for name, value in {
        "SERVER": live_server.url,
        "TOKEN": secret,
        "CACHE": str(tmp_path / "cache"),
        "CONFIG": str(tmp_path / "login.json"),
    }.items():
        monkeypatch.setenv(f"AFFECTORY_{name}", value)
    monkeypatch.chdir(tmp_path)
