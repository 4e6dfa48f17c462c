"""Items that are a stretch of a file, and images in a row: their places and times are their own."""

import json

import pytest

from affectory.errors import Invalid
from annotation.analysis.run import compute
from annotation.models import TraceSeries
from annotation.protocol import preset
from annotation.questions.extent import extent_of
from annotation.services.studies import create_study
from ingest.models import Asset, Item
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from storage.facade import put_bytes
from tests import factories
from tests.annotation.test_several_media import document
from tests.annotation.test_timeline import one, study
from tests.annotation.test_trace_kinds import ONE
from tests.factories import DURATION_S, Rater

pytestmark = pytest.mark.django_db


def cut(onset_s: float | None, offset_s: float | None) -> None:
    Item.objects.update(onset_s=onset_s, offset_s=offset_s)


@pytest.mark.parametrize(
    ("onset_s", "offset_s", "told"),
    [
        (None, None, (None, None, DURATION_S)),
        (0.0, DURATION_S, (None, None, DURATION_S)),
        (1.0, 3.5, (1.0, 3.5, 2.5)),
        (0.0, 3.5, (None, 3.5, 3.5)),
        (1.0, None, (1.0, None, 3.0)),
    ],
)
def test_the_page_is_told_which_stretch_of_its_file_an_item_is(onset_s, offset_s, told):
    rater = Rater.consented(study())
    cut(onset_s, offset_s)
    item = rater.next()["item"]
    assert (item["onset_s"], item["offset_s"], item["duration_s"]) == told


def test_segments_of_a_stretch_count_from_its_onset():
    made = study()
    cut(1.0, 3.0)
    rater = Rater.consented(made)
    assignment = rater.next()
    beyond = rater.submit(assignment, {"doubt": {"segments": [one(1, 2.5)]}})
    assert beyond.json()["details"]["doubt"] == {
        "segments[0].end_s": "must not be beyond the end at 2 s; it is 2.5."
    }
    assert rater.submit(assignment, {"doubt": {"segments": [one(0, 2)]}}).status_code == 200


def test_the_series_of_a_trace_goes_from_the_onset_to_the_end_of_the_stretch():
    made = factories.trace_study(ONE, gold={"rate_hz": 5})
    cut(1.0, 3.0)
    rater = Rater.consented(made)
    shown = rater.next()
    trace = rater.trace_values(shown, "trace1d", [[0.5]] * 11)
    assert rater.submit(shown, {"trace1d": {"trace": trace}}).status_code == 200
    factories.keep_series(made)
    series = TraceSeries.objects.get(trace=trace)
    assert (series.t0_s, len(bytes(series.values)) / 8, series.validity["coverage"]) == (0.0, 10, 1.0)


def walk(*asked, **more):
    """A study of three images in a row, each for two seconds."""
    of = factories.corpus()
    for place in range(3):
        factories.item(f"walk/{place}.png", of, kind="image")
    factories.collection(of)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(design="sequence", name="walks", within="folder", still_s=2),
    )  # fmt: skip
    return create_study(
        organisation=of.organisation, slug="study", title="S", collection=made.collection, requested_by="test",
        document=document(*asked, kinds=("sequence",), **more),
    )  # fmt: skip


SEGMENTS = ("segments", {"labels": [{"key": "still", "name": "Still"}], "snap": "frames"})
FACS = ("facs", {"units": ["AU12"], "timing": "apex", "neutral_s": 2.5, "sides": False, "intensity": False})


def test_segments_of_images_in_a_row_begin_where_an_image_does_and_end_there_or_at_the_end():
    rater = Rater.consented(walk(SEGMENTS))
    assignment = rater.next()
    assert extent_of(Item.objects.get(kind="sequence")).pictures_s == (0.0, 2.0, 4.0)

    def handed_in(start_s, end_s):
        segment = {"label": "still", "start_s": start_s, "end_s": end_s}
        return rater.submit(assignment, {"segments": {"segments": [segment]}})

    assert handed_in(1.0, 4.0).json()["details"]["segments"] == {
        "segments[0].start_s": "must lie on the beginning of an image; it is 1."
    }
    assert handed_in(2.0, 6.5).json()["details"]["segments"] == {
        "segments[0].end_s": "must not be beyond the end at 6 s; it is 6.5."
    }
    assert handed_in(2.0, 6.0).status_code == 200


BY_SAMPLE = ("segments", {"labels": [{"key": "still", "name": "Still"}], "snap": "samples"})
RATE_HZ = 256.0


def recording(of, **more):
    facts = {"duration_s": 10.0, "channels": [{"rate_hz": 32.0}, {"rate_hz": RATE_HZ}]}
    asset = Asset.objects.create(
        corpus=of, sha256="0" * 64, size=1, path="recording.edf", kind="eeg", media_type="x/edf", facts=facts
    )
    return factories.item("recording", of, kind="eeg", asset=asset, **more)


def sampled_study(collection):
    return create_study(
        organisation=collection.organisation, slug="samples", title="S", collection=collection,
        requested_by="test", document=document(BY_SAMPLE, kinds=("eeg", "trial")),
    )  # fmt: skip


def handed_in(rater, start_s, end_s):
    segment = {"label": "still", "start_s": start_s, "end_s": end_s}
    return rater.submit(rater.next(), {"segments": {"segments": [segment]}})


def test_segments_of_a_recording_are_held_to_its_samples_the_last_one_included():
    of = factories.corpus()
    recording(of)
    rater = Rater.consented(sampled_study(factories.collection(of)))
    assert rater.next()["item"]["samples"] == {"rate_hz": RATE_HZ, "first_s": 0}
    # Half a millisecond beside a sample is not on it, nor is what rounds to milliseconds.
    for wrong_s in (1.0005, 0.004):
        assert handed_in(rater, wrong_s, 10.0).json()["details"]["segments"] == {
            "segments[0].start_s": f"must lie on a sample of 256 Hz; it is {wrong_s:g}."
        }
    last_s = round(2559 / RATE_HZ, 6)
    assert handed_in(rater, last_s, 10.0005).json()["details"]["segments"] == {
        "segments[0].end_s": "must not be beyond the end at 10 s; it is 10.0005."
    }
    assert handed_in(rater, last_s, 10.0).status_code == 200


def test_samples_count_from_where_the_file_begins_not_the_item():
    of = factories.corpus()
    recording(of, onset_s=2.001, offset_s=6.0)
    rater = Rater.consented(sampled_study(factories.collection(of)))
    assert handed_in(rater, 1.0, 2.0).status_code == 400
    first_s, next_s = (round(sample / RATE_HZ - 2.001, 6) for sample in (513, 514))
    assert handed_in(rater, first_s, next_s).status_code == 200


def trials():
    """One recording beside its film, which began half a second later."""
    of = factories.corpus()
    item = recording(of)
    item.metadata = {"trial": "1", "film_at": 0.5001}
    item.save()
    film = factories.item("film", of)
    film.metadata = {"trial": "1"}
    film.save()
    factories.collection(of)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(
            design="trial", name="trials", other_kind="video", match_on="trial", timed_by="film_at"
        ),
    )  # fmt: skip
    return made.collection


@pytest.mark.parametrize("name", ["dreamer", "deap"])
def test_the_presets_of_recordings_take_trials(name):
    collection = trials()
    made = create_study(
        organisation=collection.organisation, slug="s", title="S", collection=collection,
        requested_by="test", document=preset(name),
    )  # fmt: skip
    shown = Rater.consented(made).next()["item"]
    assert (shown["kind"], [part["item"]["kind"] for part in shown["parts"]]) == ("trial", ["eeg", "video"])


def test_samples_of_a_trial_are_those_of_its_recording_on_the_clock_of_its_film():
    rater = Rater.consented(sampled_study(trials()))
    assert rater.next()["item"]["samples"] == {"rate_hz": RATE_HZ, "first_s": -0.5001}
    assert handed_in(rater, 1.0, 2.0).status_code == 400
    start_s, end_s = (round(sample / RATE_HZ - 0.5001, 6) for sample in (300, 301))
    assert handed_in(rater, start_s, end_s).status_code == 200


UNEVEN_US = (0, 40_000, 1_000_123, 1_500_000, 3_999_000)


def uneven_film(**more):
    """A film whose frames come as a camera had the time to take them."""
    of = factories.corpus()
    film = factories.item("film", of, **more)
    film.asset.facts |= {"vfr": True, "rate_hz": 1.0}
    film.asset.save()
    times = put_bytes(json.dumps({"unit": "us", "pts_us": UNEVEN_US}).encode())
    film.asset.renditions.create(
        name="pts", recipe="1", sha256=times.sha256, size=times.size, media_type="application/json"
    )
    return factories.collection(of)


def study_of_film(collection, *asked):
    return create_study(
        organisation=collection.organisation, slug="film", title="S", collection=collection,
        requested_by="test", document=document(*asked, kinds=("video",)),
    )  # fmt: skip


def test_segments_of_a_film_whose_frames_come_unevenly_are_held_to_each_frames_own_time():
    rater = Rater.consented(study_of_film(uneven_film(), SEGMENTS))
    assert rater.next()["item"]["frames_s"] == [at_us / 1e6 for at_us in UNEVEN_US]
    # The grid of the mean rate is none here, as little as what lies between two frames.
    assert handed_in(rater, 0.04, 2.0).json()["details"]["segments"] == {
        "segments[0].end_s": "must lie on the beginning of a frame; it is 2."
    }
    assert handed_in(rater, 0.04, 1.000123).status_code == 200


def test_frames_of_a_stretch_count_from_where_it_begins():
    rater = Rater.consented(study_of_film(uneven_film(onset_s=0.5, offset_s=3.5), SEGMENTS))
    assert rater.next()["item"]["frames_s"] == [0.500123, 1.0]
    assert handed_in(rater, 0.04, 3.0).status_code == 400
    assert handed_in(rater, 0.500123, 3.0).status_code == 200


def test_frames_are_told_only_where_a_question_is_about_places():
    choice = ("yes_no", {})
    assert Rater.consented(study_of_film(uneven_film(), choice)).next()["item"]["frames_s"] == []


def test_a_medium_without_samples_is_no_item_for_segments_that_snap_to_them():
    with pytest.raises(Invalid, match=r"no recording whose samples are known, and segments snap to samples"):
        walk(BY_SAMPLE)


def test_action_units_are_coded_at_moments_of_images_in_a_row():
    made = walk(FACS)
    rater = Rater.consented(made)
    answer = {"facs": {"units": [{"unit": "AU12", "apex_s": 4.0}]}}
    assert rater.submit(rater.next(), answer).status_code == 200
    assert compute(made).outcomes["facs"].labels


def test_a_neutral_frame_after_the_last_image_is_refused():
    late = ("facs", {**FACS[1], "neutral_s": 6.5})
    with pytest.raises(Invalid, match=r"ends before the neutral frame at 6\.5 s"):
        walk(late)
