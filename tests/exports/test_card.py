"""The datasheet of a release: what is generated, what the researcher says, and nobody who could be found in it."""

import json

import pytest

from affectory.errors import Invalid
from ingest.models import Item, Subject
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, released
from tests.exports.released import table_of
from tests.factories import Rater

ROLES = ("train", "validation", "test")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study():
    found = factories.study(items=6, per_item=5)
    for _ in range(2):
        rater = Rater.consented(found)
        for _ in range(6):
            rater.rate()
    return found


def _file(release, path):
    return read_bytes(release.files.get(path=path).sha256).decode()


def _section(card, title):
    return card.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_prose_of_the_recipe_stands_in_the_datasheet_and_in_croissant(study):
    prose = {
        "authors": ["A. Researcher"],
        "motivation": "To train models of emotion in dialogue.",
        "intended_uses": "Research on emotion recognition.",
        "forbidden_uses": "Judging job applicants.",
        "pay": "12 EUR an hour, above the minimum wage.",
        "sensitive": "Voices.",
    }
    release = released(dataset(card=prose))
    card = _file(release, "README.md")
    assert "To train models" in _section(card, "Motivation")
    assert "**Forbidden.** Judging job applicants." in _section(card, "Uses")
    assert "**Limits.** Not stated." in _section(card, "Uses")
    assert "12 EUR" in _section(card, "Pay")
    assert "A. Researcher" in _file(release, "CITATION.cff")
    croissant = json.loads(_file(release, "croissant.json"))
    assert croissant["rai:dataUseCases"] == "Research on emotion recognition."
    assert croissant["rai:personalSensitiveInformation"] == "Voices."
    assert "2 crowd" in croissant["rai:annotatorDemographics"]
    assert "rai:dataLimitations" not in croissant


def test_agreement_is_told_for_each_split(study):
    release = released(dataset())
    rows = release.summary["agreement_by_split"]
    assert {row["split"] for row in rows} == {"train", "validation", "test"}
    whole = next(row for row in release.summary["agreement"] if not row["condition"])
    parts = [row for row in rows if row["measure"] == whole["measure"] and not row["condition"]]
    assert sum(row["n_units_used"] + row["n_units_dropped"] for row in parts) == 6
    assert all(row["value"] is not None or row["reason"] for row in rows)
    assert all(row["ci"] or row["reason"] for row in [*rows, *release.summary["agreement"]])
    assert "| validation |" in _section(_file(release, "README.md"), "Agreement")


def test_agreement_of_traces_has_an_interval_over_items_in_each_split():
    study = factories.study(items=9, preset="veatic", per_item=5)
    for n in range(2):
        rater = Rater.consented(study)
        for at in range(9):
            assignment = rater.next()
            # Whoever gets which item, no two items agree alike on arousal.
            values = [[0.1 * step, 0.1 * step * (1 - 0.1 * n * at)] for step in range(9)]
            rater.submit(assignment, {"affect": {"trace": rater.trace_values(assignment, "affect", values)}})
    halves = {"kind": "official", "roles": {f"item-{at}": ROLES[min(at // 4, 2)] for at in range(9)}}
    release = released(dataset(splits=[{"name": "halves", **halves}], default_split="halves"))
    rows = release.summary["agreement_by_split"]
    assert {(row["question"], row["dimension"], row["measure"]) for row in rows} == {
        ("affect", "valence", "ccc_pairwise_mean"),
        ("affect", "arousal", "ccc_pairwise_mean"),
    }
    for row in [*release.summary["agreement"], *rows]:
        if row.get("split") == "test":
            assert (row["ci"], row["reason"]) == (None, "one item alone has no interval over items")
        else:
            low, high = row["ci"]
            assert low <= row["value"] <= high
            assert row["details"]["ci_method"] == "percentile bootstrap over items"
    whole = {row["dimension"]: row for row in release.summary["agreement"]}
    assert whole["valence"]["ci"] == pytest.approx([1, 1])
    low, high = whole["arousal"]["ci"]
    assert low < high
    card = _section(_file(release, "README.md"), "Agreement")
    assert f"| {low:.3f} to {high:.3f} | 9 |" in card
    assert "| one item alone has no interval over items | 1 |" in card


def test_exclusions_name_the_policy_by_its_digest(study):
    left = Rater.consented(study)
    left.rate()
    left.post("participation/withdraw/")
    text = _section(_file(released(dataset()), "README.md"), "Exclusions")
    assert "policy `sha256:" in text
    assert "1 withdrawn" in text


def test_people_in_the_items_are_told_in_bands_only(study):
    """Six people: one of another gender and one old one stand out, and must not be found."""
    genders, ages = ["f", "f", "f", "m", "m", "x"], [21, 24, 25, 33, 35, 81]
    for n, item in enumerate(Item.objects.order_by("key")):
        Item.objects.filter(pk=item.pk).update(groups={"subject": f"s{n}"})
        Subject.objects.create(
            corpus=item.corpus,
            code=f"s{n}",
            attributes={"gender": genders[n], "age": ages[n], "city": f"c{n}"},
        )
    text = _section(_file(released(dataset(card={"smallest_band": 3})), "README.md"), "Data statement")
    assert "6 people" in text
    assert "- gender: f (3), other (3)" in text
    assert "- age: 20-29 (3), 30-89 (3)" in text
    assert "- city: other (6)" in text
    assert "81" not in text
    text = _section(_file(released(dataset()), "README.md"), "Data statement")
    assert "- gender: other (6)" in text


@pytest.mark.parametrize("card", [{"smallest_band": 1}, {"intended_use": "typo"}])
def test_a_wrong_card_names_its_key(study, card):
    with pytest.raises(Invalid, match=next(iter(card))):
        dataset(card=card)


def test_every_label_of_a_part_is_compared_with_those_of_all_items(study):
    halves = {"name": "halves", "kind": "kfold", "folds": 2}
    raters = {"name": "raters", "kind": "rater", "ratios": {"train": 0.5, "test": 0.5}}
    release = released(dataset(splits=[{"name": "main", "kind": "ratio"}, halves, raters]))
    items = table_of(release, "items").to_pandas()
    overall = items["emotion_label"].value_counts(normalize=True)
    balance = release.summary["balance"]
    assert balance.keys() == set(items["split"])
    for role, distances in balance.items():
        here = items[items["split"] == role]["emotion_label"].value_counts(normalize=True)
        apart = overall.sub(here, fill_value=0).abs().sum() / 2 if len(here) else None
        assert distances["emotion_label"] == (apart if apart is None else pytest.approx(apart))
    # Of raters there are no items to count.
    [other] = release.summary["other_distributions"]
    assert other["scheme"] == "halves"
    splits = table_of(release, "splits").to_pandas()
    for scheme, found in (("main", release.summary["distributions"]), ("halves", other["distributions"])):
        placed = items.merge(splits[splits["scheme"] == scheme], on="item_id")
        [told] = [one for one in found if one["label"] == "emotion_label"]
        assert set(told["counts"]) == set(placed["role"])
        for role, counts in told["counts"].items():
            here = placed[placed["role"] == role]["emotion_label"].value_counts()
            assert counts == [here.get(value, 0) for value in told["values"]]
