"""Numbers that stand in print, or that a pencil gives, from answers through the public API to page and release."""

import pytest

from ingest.models import Item
from jobs.models import Job
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)

#: Six targets by four judges: Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, table 2.
JUDGED = {
    "item-0": (9, 2, 5, 8),
    "item-1": (6, 1, 3, 2),
    "item-2": (8, 4, 6, 8),
    "item-3": (7, 1, 2, 6),
    "item-4": (10, 5, 6, 9),
    "item-5": (6, 2, 4, 7),
}
#: Their table 4.
PUBLISHED = {"ICC1": 0.17, "ICC2": 0.29, "ICC3": 0.71, "ICC1k": 0.44, "ICC2k": 0.62, "ICC3k": 0.91}
ONE_TO_TEN = {
    "key": "level", "name": "Level", "min": 1, "max": 10, "step": 1, "low_label": "low", "high_label": "high",
}  # fmt: skip

VOTED = {
    "item-0": ("joy", "joy", "anger"),
    "item-1": ("fear", "fear", "fear"),
    "item-2": ("neutral", "sadness", "disgust"),
}
#: Means of the coordinates in Russell & Mehrabian (1977), Journal of Research in Personality 11, 273-294, table 1:
#: joyful .76 .48 .35, angry -.51 .59 .25, fearful -.64 .60 -.43, sad -.63 -.27 -.33, disgusted -.60 .35 .11.
MEANS = {
    "item-0": {"valence": 1.01 / 3, "arousal": 1.55 / 3, "dominance": 0.95 / 3},
    "item-1": {"valence": -0.64, "arousal": 0.60, "dominance": -0.43},
    "item-2": {"valence": -0.41, "arousal": 0.08 / 3, "dominance": -0.22 / 3},
}


def answered(study, question, said, answer_of):
    """Each column of `said` is what one rater says of the items."""
    keys = {str(item.pk): item.key for item in Item.objects.all()}
    for column in range(len(said["item-0"])):
        rater = Rater.consented(study)
        for _ in said:
            assignment = rater.next()
            value = answer_of(said[keys[assignment["item"]["id"]]][column])
            assert rater.submit(assignment, {question: value}).status_code == 200


def analysed(client, study):
    """The newest analysis, as it is asked for on the page."""
    asked = client.post(f"/api/studies/{study.slug}/analyse/")
    assert performed(Job.objects.get(pk=asked.json()["id"])).state == "succeeded"


def test_four_judges_have_the_published_icc():
    question = {"key": "judged", "type": "scale", "options": {"dimensions": [ONE_TO_TEN]}}
    study = factories.trace_study(question, items=6, raters={"per_item": 4})
    answered(study, "judged", JUDGED, lambda level: {"level": level})
    client = factories.signed_in()
    analysed(client, study)
    rows = client.get(f"/api/studies/{study.slug}/agreement/?item=none").json()["results"]
    found = {row["measure"]: row for row in rows if row["measure"].startswith("ICC")}
    assert {form: round(row["value"], 2) for form, row in found.items()} == PUBLISHED
    assert {(row["n_units_used"], row["n_raters"], row["dimension"]) for row in found.values()} == {
        (6, 4, "level")
    }
    # F (5, 18) of the one-way model is 11.24 / 6.26, and its interval follows by the quantiles 3.382 and 6.362 of F.
    assert (found["ICC1"]["ci_low"], found["ICC1"]["ci_high"]) == pytest.approx((-0.133, 0.723), abs=5e-4)


def test_votes_become_the_mean_of_the_published_coordinates_on_the_page_and_in_the_release():
    study = factories.study(items=3, per_item=3)
    answered(study, "emotion", VOTED, lambda label: {"labels": [label]})
    client = factories.signed_in()
    analysed(client, study)
    shown = {}
    for item in client.get("/api/studies/study/items/").json()["results"]:
        [label] = [one for one in item["labels"] if one["method"] == "mapped_vad"]
        shown[item["key"]] = label["value"]
        assert label["n_raters"] == 3
    assert shown == {key: pytest.approx(means) for key, means in MEANS.items()}

    rows = table_of(released(dataset()), "items").to_pylist()
    published = {
        row["item_id"]: {axis: row[f"emotion_{axis}_mapped"] for axis in MEANS["item-0"]} for row in rows
    }
    assert published == {key: pytest.approx(means, abs=1e-6) for key, means in MEANS.items()}
    votes = {row["item_id"]: row["emotion_label"] for row in rows}
    assert votes == {"item-0": "joy", "item-1": "fear", "item-2": None}
