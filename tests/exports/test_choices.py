"""All instruments of choice and scale, answered by simulated raters and loaded from a release."""

from pathlib import Path

import pytest

import affectory
from accounts.facade import new_token
from annotation.facade import SimulatedRater, Truth
from annotation.protocol import read_protocol
from annotation.services.studies import create_study
from exports.facade import request_release, save_dataset
from jobs.models import Job
from jobs.services import perform
from tests import factories

DOCUMENT = read_protocol(Path(__file__).parents[1] / "annotation" / "protocols" / "choices.toml")
RATERS = 3
VAD = ("valence", "arousal", "dominance")


def scored(*names):
    return {f"{name}{ending}" for name in names for ending in ("", "_sd", "_n")}


STRENGTH = [f"strength_{key}" for key in ("joy", "sadness", "fear")]
RINGS = [
    f"rings_{key}"
    for key in ("joy", "trust", "fear", "surprise", "sadness", "disgust", "anger", "anticipation")
]
SCALES = ["likert_agree", "slid_liking", "affect_valence", "affect_arousal", "mood_valence"]
PLACES = ["grid_valence", "grid_arousal", "emoji_valence", "emoji_arousal"]
COLUMNS = {
    *(f"{name}_{what}" for name in ("petal", "tree", "felt") for what in ("label", "votes")),
    "words_words", "words_word_raters", "words_n", "tree_labels",
    *(f"{one['key']}_reason" for one in DOCUMENT["questions"]),
    *scored(*STRENGTH, *RINGS, *SCALES, *PLACES, *(f"sam_{axis}" for axis in VAD)),
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_choices_and_scales_become_columns_of_a_release(live_server, tmp_path, monkeypatch):
    of = factories.corpus("texts", synthetic=True, licence="CC0-1.0")
    items = [factories.item(f"t{n}", of, kind="text", text="Rain.") for n in range(2)]
    study = create_study(
        organisation=of.organisation, slug="s", title="S", document=DOCUMENT,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip
    truths = {str(item.pk): Truth(emotion="joy", point={"valence": 0.5}) for item in items}
    for seed in range(RATERS):
        SimulatedRater(
            server=live_server.url, invite_code=study.invite_code, seed=seed, truths=truths
        ).take_part()
    recipe = {"collection": "all", "studies": ["s"]}
    dataset = save_dataset(organisation=of.organisation, name="d", title="D", description="", recipe=recipe)
    job = request_release(dataset=dataset, requested_by="test")
    Job.objects.filter(pk=job.pk).update(not_before=job.created_at)
    perform(job.pk)

    _, secret = new_token(user=factories.researcher(), name="test")
    for name, value in (("SERVER", live_server.url), ("TOKEN", secret), ("CACHE", str(tmp_path / "cache"))):
        monkeypatch.setenv(f"AFFECTORY_{name}", value)
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    loaded = affectory.load("d@1.0.0")
    table = loaded.to_pandas().set_index("item_id")
    own = {
        name for name in table.columns if name.split("_")[0] in {one["key"] for one in DOCUMENT["questions"]}
    }
    assert own == COLUMNS
    # All simulated raters gave the one word that they know.
    assert list(table.loc["t0", "words_words"]) == ["joy"]
    assert list(table.loc["t0", "words_word_raters"]) == [RATERS]
    assert table["strength_joy"].between(0, 3).all()
    assert table["rings_trust_n"].eq(RATERS).all()
    annotations = loaded.table("annotations").to_pandas()
    words = annotations[annotations["question"] == "words"]
    assert set(words["dimension"]) == {"word_01"}
    assert words["value_text"].str.startswith("simulated").all()
    # A label left out of a wheel says "not at all": every rater has a number for every label.
    assert (annotations["question"] == "rings").sum() == 2 * RATERS * len(RINGS)
    assert loaded.schemes["synonyms"] == {"words": {"merry": "cheerful"}}
