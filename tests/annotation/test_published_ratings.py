"""The platform itself gives the published figures from the published ratings."""

import csv
import json
from pathlib import Path

import pytest

from accounts.models import Organisation
from annotation.imports import import_ratings
from annotation.models import AgreementResult, Label, Study
from ingest.ratings.published import PUBLISHED
from jobs.models import Job, JobState
from jobs.services import perform
from tests.optional_parts import REAL_DATA

# Real transactions: the lease of a job is renewed from a connection of its own.
pytestmark = [pytest.mark.realdata, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lab() -> Organisation:
    return Organisation.objects.create(name="lab", title="Lab")


def imported(lab: Organisation, path: str, like: str, protocol: str) -> Study:
    """Import and analyse, the way a command and a worker do it."""
    done = import_ratings(
        path=REAL_DATA / path,
        like=PUBLISHED[like],
        protocol=protocol,
        corpus=like,
        study=protocol,
        organisation=lab,
        requested_by="test",
    )
    job = Job.objects.get(scope=f"study:{protocol}")
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    return done.study


def checks() -> dict[str, dict]:
    rows = json.loads((REAL_DATA.parent / "protocols.json").read_text())["checks"]
    return {row["id"]: row["expect"] for row in rows}


@pytest.mark.parametrize("perspective", ["reader", "writer"])
def test_emobank_gold_is_identical_for_every_item(lab, perspective):
    study = imported(
        lab, f"emobank/individual_{perspective}_ratings.csv", "emobank", f"emobank-{perspective}"
    )
    with Path(REAL_DATA / f"emobank/{perspective}.csv").open() as file:
        published = {
            row["id"]: (
                [float(row[axis]) for axis in "VAD"],
                [float(row[f"std{axis}"]) for axis in "VAD"],
                int(row["N"]),
            )
            for row in csv.DictReader(file)
        }
    labels = Label.objects.filter(analysis__study=study, value__isnull=False).select_related("item")
    made = {
        label.item.key: (
            [label.value[axis] for axis in "vad"],
            [label.dispersion[axis] for axis in "vad"],
            label.n_raters,
        )
        for label in labels
    }
    assert len(published) == checks()["emobank_gold"][f"{perspective}_items"]
    assert made == published
    expected = checks()["emobank_reliability"]["after_filter_alpha_interval"][perspective]
    alphas = agreement(study, "krippendorff_alpha_interval")
    assert {axis: round(alphas[axis.lower(), ""], 4) for axis in "VAD"} == expected


def test_crema_d_agreement_by_modality(lab):
    study = imported(lab, "crema-d/tabulatedVotes.csv", "crema-d", "crema-d")
    expected = checks()["crema_d"]["alpha_nominal"]
    names = {"": "all", "audio-only": "voice", "video-only": "face", "audio-visual": "av"}
    found = agreement(study, "krippendorff_alpha_nominal")
    assert {names[condition]: round(value, 4) for (_, condition), value in found.items()} == expected


def test_omg_empathy_self_against_observer(lab):
    study = imported(lab, "omg-empathy", "omg-empathy", "omg-empathy")
    rows = AgreementResult.objects.filter(analysis__study=study, item__isnull=False).select_related("item")
    found = {row.item.key: pairs(row.details) for row in rows}
    for story, expected in checks()["omg_subject1"].items():
        pair = found[f"Subject_1_Story_{story}"]
        assert round(pair["listener", "observer-of-listener"], 4) == expected["self_vs_listener"]
        assert (
            round(pair["observer-of-listener", "observer-of-speaker"], 4) == expected["listener_vs_speaker"]
        )


def agreement(study: Study, measure: str) -> dict[tuple[str, str], float]:
    """(dimension, condition) -> value over all items."""
    rows = AgreementResult.objects.filter(analysis__study=study, item=None, measure=measure)
    return {(row.dimension, row.condition): row.value for row in rows}


def pairs(details: dict) -> dict[tuple[str, str], float]:
    names = [name.removeprefix("omg-empathy-") for name in details["raters"]]
    return {(a, b): details["matrix"][i][j] for i, a in enumerate(names) for j, b in enumerate(names)}
