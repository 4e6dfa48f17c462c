"""What raters said of themselves leaves in bands only, and no row of the raters' table is shared by fewer than k."""

from collections import Counter
from pathlib import Path

import pytest

from annotation.models import SelfDescription
from annotation.protocol import read_protocol
from annotation.services.studies import create_study
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)

PROTOCOL = Path(__file__).parents[1] / "annotation" / "protocols" / "about.toml"
# Ages are joined with their neighbours; Mexico and China have two people together.
SAID = [
    ("18-34", "es", 1),
    ("18-34", "es", 1),
    ("18-34", "es", 2),
    ("35-54", "mx", 1),
    ("55+", "cn", 1),
    (None, None, None),
    (None, "es", 5),
    (None, "es", 5),
]


@pytest.fixture
def study():
    of = factories.corpus("texts")
    for n in range(2):
        factories.item(f"text-{n}", of, kind="text", text=f"Text {n}.")
    return create_study(
        organisation=of.organisation, slug="study", title="S", document=read_protocol(PROTOCOL),
        collection=factories.collection(of, "all-study"), requested_by="test",
    )  # fmt: skip


def _take_part(study, said):
    for age, country, experience in said:
        rater = Rater.consented(study)
        answers = {
            "age": age and {"labels": [age]},
            "country": country and {"labels": [country]},
            "experience": experience and {"experience": experience},
        }
        assert rater.post("participation/about-you/", {"answers": answers}).status_code == 200
        rater.rate()


def _told(release):
    rows = table_of(release, "raters").to_pylist()
    return [tuple(row[f"about_{key}"] for key in ("age", "country", "experience")) for row in rows]


def test_rows_are_shared_by_k_people(study):
    _take_part(study, SAID)
    told = _told(released(dataset(card={"smallest_band": 2})))
    assert Counter(told) == {
        ("18-34", "es", None): 3,
        ("35-54 to 55+", "other", "1"): 2,
        ("not stated", None, None): 3,
    }
    told = _told(released(dataset(card={"smallest_band": 4})))
    assert min(Counter(told).values()) >= 4


def test_fewer_people_than_k_are_not_told_at_all(study):
    _take_part(study, SAID[:4])
    release = released(dataset())
    assert set(_told(release)) == {(None, None, None)}
    assert "18-34" not in read_bytes(release.files.get(path="README.md").sha256).decode()


def test_programs_in_place_of_people_hide_nobody(study):
    _take_part(study, SAID[:3])
    for _ in range(3):
        rater = Rater.consented(study, simulated=True)
        answers = {"age": {"labels": ["18-34"]}, "country": None, "experience": None}
        rater.post("participation/about-you/", {"answers": answers})
        rater.rate()
    assert SelfDescription.objects.count() == 6
    assert set(_told(released(dataset(card={"smallest_band": 4})))) == {(None, None, None)}


def test_the_card_says_no_more_than_the_table(study):
    _take_part(study, SAID)
    release = released(dataset(card={"smallest_band": 2}))
    card = read_bytes(release.files.get(path="README.md").sha256).decode()
    table = Counter(age or "not told" for age, _, _ in _told(release))
    listed = ", ".join(
        f"{band} ({n})" for band, n in sorted(table.items(), key=lambda one: (-one[1], one[0]))
    )
    assert f"How old are you? {listed}" in card
    assert "8 of the raters in this release were asked about themselves" in card
    croissant = read_bytes(release.files.get(path="croissant.json").sha256).decode()
    assert "How old are you? 18-34 (3)" in croissant
