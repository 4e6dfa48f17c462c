"""Programs in place of people: they answer as they were told to, over HTTP, and nobody can take them for people."""

import json

import httpx
import numpy as np
import pytest

from affectory.quality import calibrate
from annotation.facade import SimulatedRater, Truth
from ingest.models import Asset, Item
from jobs.models import Job
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)

DURATION_S = 120.0
RATE_HZ = 25
SEEDS = range(5)
VALENCE = {
    "key": "valence", "name": "Valence", "min": -1, "max": 1,
    "low_label": "unpleasant", "high_label": "pleasant",
}  # fmt: skip
TRACE = {"key": "affect", "type": "trace1d", "options": {"dimensions": [VALENCE]}}
CALM = {"key": "calm", "type": "yes_no", "options": {}}


def curve():
    """What the film expresses: never the same twice, and far enough from the ends for every gain and bias."""
    t = np.arange(int(DURATION_S * RATE_HZ)) / RATE_HZ
    return 0.35 * np.sin(0.37 * t) + 0.2 * np.sin(1.13 * t + 1) + 0.1 * np.sin(2.9 * t + 2)


@pytest.fixture
def study():
    made = factories.trace_study(TRACE, CALM, slug="study", raters={"per_item": 9})
    Asset.objects.update(facts={"kind": "video", "duration_s": DURATION_S})
    return made


def take_part(study, server, seed):
    """Pseudonym of a simulated rater who has rated all, and her temper."""
    truths = {str(item.pk): Truth(rate_hz=RATE_HZ, curve=curve()[:, None]) for item in Item.objects.all()}
    rater = SimulatedRater(server=server.url, invite_code=study.invite_code, seed=seed, truths=truths)
    headers = {"Authorization": f"Participation {rater.token}"}
    mine = httpx.get(f"{server.url}/api/rate/participation/", headers=headers).raise_for_status().json()
    assert mine["simulated"]
    assert rater.take_part()
    return mine["rater"], rater.temper


def analysed(client):
    asked = client.post("/api/studies/study/analyse/")
    assert performed(Job.objects.get(pk=asked.json()["id"])).state == "succeeded"


def test_stored_traces_show_the_lag_gain_bias_and_noise_that_each_was_given(study, live_server):
    tempers = dict(take_part(study, live_server, seed) for seed in SEEDS)
    client = factories.signed_in()
    analysed(client)
    item = Item.objects.get()
    shown = client.get(f"/api/studies/study/items/{item.pk}/traces/").json()
    assert shown["rate_hz"] == RATE_HZ
    assert {row["rater"] for row in shown["raters"]} == set(tempers)
    for row in shown["raters"]:
        temper = tempers[row["rater"]]
        [values] = row["values"]
        found = calibrate(curve(), np.array(values, dtype=float)[: len(curve())], rate_hz=RATE_HZ)
        assert found.lag.lag_s == pytest.approx(temper.lag_s, abs=0.15)
        assert found.gain == pytest.approx(temper.gain, abs=0.1)
        assert found.offset == pytest.approx(temper.bias[0], abs=0.05)
        assert found.noise == pytest.approx(temper.noise, rel=0.2)
    # The tempers are apart, so that one rater's numbers are not another's.
    assert np.ptp([temper.lag_s for temper in tempers.values()]) > 0.5
    assert np.ptp([temper.noise for temper in tempers.values()]) > 0.04


def test_they_are_named_simulated_beside_people_and_people_are_not(study, live_server):
    name, _ = take_part(study, live_server, seed=1)
    person = Rater.consented(study)
    assignment = person.next()
    trace = {"trace": person.trace_item(assignment, (0.5,))}
    answer = person.submit(assignment, {"affect": trace, "calm": {"labels": ["yes"]}})
    assert answer.status_code == 200, answer.content
    other = person.get("participation/").json()["rater"]
    client = factories.signed_in()
    analysed(client)
    expected = {name: True, other: False}

    told = client.get("/api/studies/study/").json()
    assert (
        told["participations"]["simulated"]["completed"] == told["participations"]["crowd"]["completed"] == 1
    )
    assert told["analysis"]["made_from"]["raters"] == {"crowd": 1, "simulated": 1}
    shown = client.get(f"/api/studies/study/items/{Item.objects.get().pk}/traces/").json()
    assert {row["rater"]: row["simulated"] for row in shown["raters"]} == expected
    assert {row["rater"]: row["kind"] for row in shown["raters"]} == {name: "simulated", other: "crowd"}

    release = released(dataset())
    for table in ("raters", "annotations", "traces"):
        rows = table_of(release, table).to_pylist()
        assert {row["rater_id"]: row["simulated"] for row in rows} == expected, table
    assert json.loads(read_bytes(release.files.get(path="manifest.json").sha256))["simulated"] is True
    assert "**Simulated ratings.**" in read_bytes(release.files.get(path="README.md").sha256).decode()
