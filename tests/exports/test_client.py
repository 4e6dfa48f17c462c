"""The command line and the package against the real API: pages of lists, and what became of a pinned release."""

import json

import pytest

import affectory
from affectory.cli import main
from exports.api.views import ByName, NewestFirst
from exports.facade import save_dataset
from exports.services.states import change_state
from tests import factories
from tests.exports.making import dataset, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rated(client_signed_in):
    Rater.consented(factories.study(items=4)).rate()


def _json(capsys, *command):
    capsys.readouterr()
    assert main([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_lists_are_read_to_their_last_page(capsys, monkeypatch):
    for pages in (ByName, NewestFirst):
        monkeypatch.setattr(pages, "page_size", 2)
    versions = [released(dataset()).version for _ in range(5)]
    for name in ("c", "a", "e", "b"):
        recipe = {"collection": "all-study", "studies": ["study"]}
        save_dataset(organisation=factories.lab(), name=name, title="", description="", recipe=recipe)
    assert [row["name"] for row in _json(capsys, "ls")] == ["a", "b", "c", "d", "e"]
    assert sorted(row["version"] for row in _json(capsys, "ls", "d")) == versions
    told = _json(capsys, "log", "d")
    assert [row["version"] for row in told["releases"]] == versions[::-1]
    assert f"## {versions[-1]}" in told["changelog"]


def test_load_and_verify_tell_the_reason_of_a_yanked_release(capsys):
    release = released(dataset())
    assert main(["add", "d@1.0.0", "-q"]) == 0
    affectory.load(lock="dataset.lock")
    change_state(release=release, state="yanked", reason="wrong films", actor="ada")
    with pytest.warns(UserWarning, match="is yanked: wrong films"):
        affectory.load(lock="dataset.lock")
    assert main(["verify", "-q"]) == 0
    assert "wrong films" in capsys.readouterr().err
