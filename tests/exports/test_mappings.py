"""The recipe's mappings: columns that nobody rated, each with where its values come from."""

import json

import numpy as np
import pytest

from affectory.errors import Invalid
from affectory.mapping import nearest_category, vad_to_categories
from affectory.taxonomy import get_taxonomy
from ingest.models import Item
from jobs.models import JobState
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, performed, released, request_release
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)

#: What raters say of each kind of image: label, valence -3..3, arousal 0..6, dominance 0..6.
SAID = [("amusement", 2, 4, 4), ("fear", -2, 5, 1), ("sadness", -2, 1, 1), ("contentment", 2, 1, 4)]
NEAREST = {"kind": "nearest", "name": "ekman", "question": "vad", "taxonomy": "ekman6"}
SHARES = {"kind": "shares", "name": "ekman_shares", "question": "vad", "taxonomy": "ekman6", "spread": 0.5}
SCALE = {"kind": "scale", "name": "1to9", "question": "vad", "low": 1, "high": 9}
RIDGE = {"kind": "ridge", "name": "ridge", "question": "emotion", "target": "vad"}
#: Four items of each kind to learn from: whichever fold is held out, every kind is in the others.
OFFICIAL = {
    "name": "official",
    "kind": "official",
    "roles": {f"item-{n}": "train" if n < 16 else "test" for n in range(20)},
}


@pytest.fixture
def study():
    """Twenty images by two raters who agree on nineteen of them at most."""
    found = factories.study(items=20, preset="image-emotion", per_item=2, items_per_rater=19)
    number = {str(one.pk): int(one.key.split("-")[1]) for one in Item.objects.all()}
    for _ in range(2):
        rater = Rater.consented(found)
        for _ in range(19):
            assignment = rater.next()
            label, valence, arousal, dominance = SAID[number[assignment["item"]["id"]] % 4]
            values = {"valence": valence, "arousal": arousal, "dominance": dominance}
            answer = rater.submit(assignment, {"emotion": {"labels": [label]}, "vad": values})
            assert answer.status_code == 200, answer.content
    return found


def items(release):
    return table_of(release, "items").to_pandas().set_index("item_id").sort_index()


def made(*mappings, **more):
    usual = {"collection": "all-study", "studies": ["study"]}
    return dataset(**usual, mappings=[*mappings], **more)


def test_numbers_become_labels_and_shares_by_the_coordinates_of_a_taxonomy(study):
    found = items(released(made(NEAREST, SHARES)))
    rated = found.dropna(subset=["vad_valence"])
    unit = np.column_stack(
        [rated["vad_valence"] / 3, (rated["vad_arousal"] - 3) / 3, (rated["vad_dominance"] - 3) / 3]
    )
    assert list(rated["vad_ekman"]) == list(nearest_category(unit, "ekman6").labels)
    assert set(rated["vad_ekman"]) <= set(get_taxonomy("ekman6").keys)
    expected = vad_to_categories(unit, "ekman6", spread=0.5).shares
    np.testing.assert_allclose(np.stack(rated["vad_ekman_shares"]), expected, atol=1e-6)
    unrated = found[found["vad_valence"].isna()]
    assert unrated[["vad_ekman", "vad_ekman_shares"]].isna().all(axis=None)


def test_numbers_stand_on_another_scale(study):
    found = items(released(made(SCALE))).dropna(subset=["vad_valence"])
    np.testing.assert_allclose(found["vad_valence_1to9"], 1 + (found["vad_valence"] + 3) * 8 / 6, atol=1e-6)
    np.testing.assert_allclose(found["vad_arousal_1to9"], 1 + found["vad_arousal"] * 8 / 6, atol=1e-6)


def test_a_fitted_mapping_learns_from_the_training_part_alone_and_says_how_far_it_holds(study):
    release = released(made({**RIDGE, "penalty": 1e-6}, splits=[OFFICIAL], default_split="official"))
    found = items(release).dropna(subset=["vad_valence"])
    # Here the label says everything, so that held-out groups are predicted without a mistake.
    np.testing.assert_allclose(found["emotion_valence_ridge"], found["vad_valence"], atol=1e-3)
    report = release.manifest["facts"]["mappings"][-1]
    assert [one["dimension"] for one in report["found"]["fit"]] == ["valence", "arousal", "dominance"]
    assert all(one["r"] > 0.99 for one in report["found"]["fit"])
    train = int((found["split"] == "train").sum())
    assert report["found"]["parameters"]["n_items"] == train <= 16
    assert report["found"]["source"].startswith("ridge fitted on the train items of d, sha256 ")


def test_too_little_to_learn_from_gives_no_value_and_the_reason():
    found = factories.study(items=8, preset="image-emotion", per_item=2, items_per_rater=1)
    for _ in range(2):
        Rater.consented(found).rate()
    release = released(made({**RIDGE, "kind": "knn"}))
    assert items(release)["emotion_valence_ridge"].isna().all()
    assert "two groups" in release.manifest["facts"]["mappings"][-1]["found"]["reason"]


def test_card_schemes_and_manifest_name_what_nobody_rated(study):
    release = released(made(NEAREST, RIDGE))
    card = read_bytes(release.files.get(path="README.md").sha256).decode()
    assert "Nobody rated these columns" in card
    assert "`emotion_valence_mapped`" in card
    assert "held-out groups of the training part: valence r " in card
    schemes = json.loads(read_bytes(release.files.get(path="schemes.json").sha256))
    assert [(one["name"], one["kind"]) for one in schemes["mappings"]] == [
        ("mapped", "centroid"),
        ("ekman", "nearest"),
        ("ridge", "ridge"),
    ]
    (table,) = [one for one in release.manifest["tables"] if one["name"] == "items"]
    (column,) = [one for one in table["columns"] if one["name"] == "vad_ekman"]
    assert "nobody chose it" in column["description"]
    assert "ekman6@" in column["source"]


def test_the_same_recipe_gives_the_same_bytes(study):
    of = made(NEAREST, SHARES, SCALE, RIDGE)
    assert released(of).manifest["digest"] == released(of).manifest["digest"]


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({**NEAREST, "taxonomy": "nobody7"}, "'nobody7' is no taxonomy"),
        ({**NEAREST, "kind": "magic"}, "is one of nearest, shares, scale, ridge, knn"),
        ({**NEAREST, "name": "Ekman 6"}, "mappings[0].name"),
        ({**SCALE, "high": 1}, "mappings[0].high: must differ from low."),
        ({**RIDGE, "penalty": -1}, "mappings[0].penalty"),
        ({**RIDGE, "neighbours": 3}, "neighbours"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_named_when_the_recipe_is_saved(study, mapping, reason):
    with pytest.raises(Invalid) as refused:
        made(mapping)
    assert reason in refused.value.message


@pytest.mark.parametrize(
    ("mappings", "reason"),
    [
        ([{**NEAREST, "question": "mood"}], "mappings[0].question: no question is called 'mood'; there are: emotion,"),
        ([{**NEAREST, "question": "emotion"}], "mappings[0].question: the labels of 'emotion' are no numbers"),
        ([NEAREST, {**RIDGE, "target": "emotion"}], "mappings[1].target: the labels of 'emotion' are no numbers"),
        ([{**RIDGE, "name": "mapped"}], "mappings[0].name: a column 'emotion_arousal_mapped' is there already"),
    ],
)  # fmt: skip
def test_what_only_the_studies_can_tell_is_named_when_it_is_built(study, mappings, reason):
    job = performed(request_release(dataset=made(*mappings), requested_by="test"))
    assert job.state == JobState.FAILED
    assert reason in job.error["message"]
