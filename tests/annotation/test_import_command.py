"""`import-ratings` as a person uses it, on small files of her own."""

import re

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.models import RaterIdentity
from annotation.analysis.series import unpack
from annotation.models import Label, Response, Study, Trace, TraceSeries
from audit.models import AuditEntry
from ingest.models import Item
from jobs.models import Job
from jobs.services import perform

pytestmark = pytest.mark.django_db
SENTENCES = """sentence,who,V,A,D
s1,ann,4,3,3
s1,bob,5,3,3
s2,ann,2,4,2
s2,bob,2,9,2
s3,ann,,3,3
s1,ann,1,2,2
"""
SCALES = {"format": "tidy_csv", "unit": "sentence", "columns": ["V", "A", "D"], "protocol": "emobank-reader"}


@pytest.fixture
def run(capsys):
    """Run the command; gives what it printed and what it complained about, line by line."""

    def command(path, **options):
        call_command("import-ratings", str(path), corpus="own", study="own", **options)
        told = capsys.readouterr()
        return told.out.splitlines(), told.err.splitlines()

    return command


@pytest.fixture
def written(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def test_wrong_answers_are_named_and_left_out_and_the_rest_goes_in(run, written):
    said, complaints = run(written("own.csv", SENTENCES), rater="who", **SCALES)
    assert said[-1] == "3 new responses in own; 3 left out."
    assert complaints == [
        "left out: own.csv, line 5, column 'A': must lie between 1 and 5; it is 9.0.",
        "left out: own.csv, line 6, column 'V': has not been answered.",
        "left out: own.csv, line 7: this rater has answered about this item before.",
    ]
    assert set(Item.objects.values_list("key", flat=True)) == {"s1", "s2"}
    assert set(RaterIdentity.objects.values_list("external_id", flat=True)) == {"ann", "bob"}
    assert not Response.objects.filter(rater__pseudonym__in=["ann", "bob"]).exists()
    perform(Job.objects.get(scope="study:own").pk)
    label = Label.objects.get(item__key="s1")
    assert (label.value, label.n_raters) == ({"v": 4.5, "a": 3.0, "d": 3.0}, 2)


def test_the_same_file_again_adds_nothing(run, written):
    path = written("own.csv", SENTENCES)
    run(path, rater="who", **SCALES)
    before = [model.objects.count() for model in (Item, Response, Study, RaterIdentity, Job)]
    said, _ = run(path, rater="who", **SCALES)
    assert said[-1] == "0 new responses in own; 3 left out."
    assert [model.objects.count() for model in (Item, Response, Study, RaterIdentity, Job)] == before
    entries = AuditEntry.objects.filter(action="imported", subject="study:own").order_by("pk")
    assert [entry.details["responses"] for entry in entries] == [3, 0]


def test_without_a_rater_column_answers_stand_in_slots(run, written):
    said, complaints = run(
        written("own.csv", "s,v,a,d\ns1,1,2,3\ns1,3,2,1\n"),
        **{**SCALES, "unit": "s", "columns": ["v", "a", "d"]},
    )
    assert (said[-1], complaints) == ("2 new responses in own; 0 left out.", [])
    raters = {answer.rater for answer in Response.objects.select_related("rater")}
    assert {(rater.pseudonym, rater.slot) for rater in raters} == {("own-slot-1", True), ("own-slot-2", True)}


def test_labels_of_a_tidy_table(run, written):
    path = written("faces.csv", "face,who,felt\nf1,ann,anger\nf1,bob,fear\nf2,ann,boredom\nf2,bob,\n")
    said, complaints = run(
        path, protocol="ferplus", format="tidy_csv", unit="face", rater="who", labels=["felt"]
    )
    assert said[-1] == "2 new responses in own; 2 left out."
    assert complaints[0].startswith("left out: faces.csv, line 4, column 'felt': ")
    assert "boredom" in complaints[0]
    assert complaints[1].startswith("left out: faces.csv, line 5, column 'felt': ")
    chosen = Response.objects.order_by("value__labels").values_list("value", flat=True)
    assert list(chosen) == [{"labels": ["anger"]}, {"labels": ["fear"]}]


def test_each_vote_becomes_an_answer(run, written):
    path = written("votes.csv", "face,anger,fear\nf1,2,1\nf2,0,-1\n")
    said, complaints = run(
        path, protocol="ferplus", format="vote_counts", unit="face", columns=["anger", "fear"]
    )
    assert said[-1] == "3 new responses in own; 1 left out."
    assert complaints == ["left out: votes.csv, line 3, column 'fear': '-1' is not a number of votes"]
    votes = [value["labels"][0] for value in Response.objects.values_list("value", flat=True)]
    assert sorted(votes) == ["anger", "anger", "fear"]


def test_a_folder_for_each_rater_with_a_value_per_frame(run, written, tmp_path):
    for rater in ("ann", "bob"):
        written(f"all/{rater}/film.csv", "valence\n0\n0.5\n\n1\n")
    written("all/cut/film.csv", "valence\n0\n7\n")
    written("all/other/film.csv", "arousal\n0\n1\n")
    options = {"protocol": "omg-empathy", "format": "trace_folder", "rate_hz": 25.0}
    said, complaints = run(tmp_path / "all", **options)
    assert said[-1] == "2 new responses in own; 2 left out."
    assert complaints == [
        "left out: cut/film.csv: cut about film: 1 samples of valence lie outside of -1 to 1.",
        (
            "left out: other/film.csv: other about film: the question is about valence, "
            "the columns or folders are arousal."
        ),
    ]
    series = TraceSeries.objects.select_related("trace__rater").order_by("trace__rater__pseudonym")
    assert [one.trace.rater.pseudonym for one in series] == ["own-ann", "own-bob"]
    np.testing.assert_array_equal(unpack(series[0].values, 1)[:, 0], [0, 0.5, np.nan, 1])
    said, _ = run(tmp_path / "all", **options)
    assert said[-1] == "0 new responses in own; 2 left out."
    assert Trace.objects.count() == 2


def test_a_folder_for_each_dimension_with_times_and_a_column_for_each_rater(run, written, tmp_path):
    written("all/valence/film.csv", "time,ann,bob\n0.5,0,0.1\n1.0,1,0.2\n")
    written("all/arousal/film.csv", "time,ann,bob\n0.5,-1,0.3\n1.0,-1,0.4\n")
    said, complaints = run(tmp_path / "all", protocol="veatic", format="trace_folder", folders="dimensions")
    assert (said[-1], complaints) == ("2 new responses in own; 0 left out.", [])
    one = TraceSeries.objects.get(trace__rater__pseudonym="own-bob")
    assert (one.rate_hz, one.t0_s, one.dimensions) == (2.0, 0.5, ["valence", "arousal"])
    np.testing.assert_array_equal(unpack(one.values, 2), [[0.1, 0.3], [0.2, 0.4]])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"format": None}, "Say --like CORPUS, or --format"),
        ({"columns": []}, "needs --unit, and --columns or --labels"),
        ({"columns": ["valence"]}, "own.csv, line 1: there is no column 'valence'; the header is 'sentence'"),
        ({"groups": "(film"}, r"groups: '\(film' is no regular expression: "),
        ({"protocol": "nothing"}, "There is no preset called 'nothing'"),
        ({"protocol": "omg-empathy"}, "own.csv holds single answers, and the question 'affect' is a trace1d"),
        ({"format": "trace_folder", "rate_hz": 0.0}, "--rate-hz must be above 0"),
        ({"format": "trace_folder"}, "own.csv: there are no files <folder>/<item>.csv"),
        (
            {"protocol": "ferplus"},
            "Nothing fits what ferplus asks. own.csv, line 2, column 'V': ",
        ),
    ],
)
def test_what_cannot_be_imported_is_refused_with_the_reason(run, written, options, reason):
    with pytest.raises(CommandError, match=reason):
        run(written("own.csv", SENTENCES), **{**SCALES, **options})
    assert not Item.objects.exists()
    assert not Study.objects.exists()


def test_a_path_that_cannot_be_read_is_named(run, tmp_path):
    with pytest.raises(
        CommandError, match=f"{re.escape(str(tmp_path))}/none.csv cannot be read: No such file"
    ):
        run(tmp_path / "none.csv", **SCALES)
    with pytest.raises(CommandError, match=f"{re.escape(str(tmp_path))} cannot be read: Is a directory"):
        run(tmp_path, **SCALES)
