import numpy as np
import pytest

from ingest.ratings.contract import RatingFileError
from ingest.ratings.trace_folder import FORMAT, TraceFolderSpec


def write(root, name, content):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def parsed(root, **spec):
    problems = []
    return list(FORMAT.parse(root, TraceFolderSpec(**spec), problems.append)), [str(one) for one in problems]


def test_one_folder_per_rater_one_row_per_frame(tmp_path):
    write(tmp_path, "ann/film.csv", "valence,arousal\n0.5,-1\n0.25,-5\n")
    write(tmp_path, "self/film.csv", "valence,arousal\n0,0\n0,0\n")
    rows, problems = parsed(
        tmp_path,
        rate_hz=25.0,
        sentinel_values=frozenset({-5.0}),
        raters={"self": "actor"},
        perspectives={"self": "self"},
    )
    assert not problems
    assert [(row.item, row.rater, row.perspective, row.dimension, row.rate_hz, row.t0_s) for row in rows] == [
        ("film", "ann", None, "valence", 25, 0),
        ("film", "ann", None, "arousal", 25, 0),
        ("film", "actor", "self", "valence", 25, 0),
        ("film", "actor", "self", "arousal", 25, 0),
    ]
    np.testing.assert_array_equal(rows[1].values, [-1, np.nan])


def test_a_bad_sample_is_missing_and_keeps_the_place_of_the_others(tmp_path):
    write(tmp_path, "ann/film.csv", "valence\n0.1\noops\n\n0.4\n0,5\n0.6\n\n\n")
    rows, problems = parsed(tmp_path, rate_hz=10.0)
    np.testing.assert_array_equal(rows[0].values, [0.1, np.nan, np.nan, 0.4, np.nan, 0.6])
    assert problems == [
        "ann/film.csv, line 3, column 'valence': 'oops' is not a number",
        "ann/film.csv, line 6: 2 cells where the header has 1",
    ]


def test_traces_cannot_be_changed_by_accident(tmp_path):
    write(tmp_path, "ann/film.csv", "valence\n0\n")
    rows, _ = parsed(tmp_path, rate_hz=10.0)
    with pytest.raises(ValueError, match="read-only"):
        rows[0].values[0] = 1


def test_a_time_column_gives_rate_and_start(tmp_path):
    write(tmp_path, "arousal/11.csv", "timestamp,1,2\n500,0.1,0.2\n1000,0.3,\n1500,0.5,0.6\n")
    rows, problems = parsed(tmp_path, columns="raters", time_unit_s=0.001)
    assert not problems
    assert [(row.item, row.rater, row.dimension, row.rate_hz, row.t0_s) for row in rows] == [
        ("11", "1", "arousal", 2.0, 0.5),
        ("11", "2", "arousal", 2.0, 0.5),
    ]
    np.testing.assert_array_equal(rows[1].values, [0.2, np.nan, 0.6])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("timestamp,1\n0,1\n1,1\n5,1\n6,1\n", "line 3: the times are not evenly spaced (from 1 s on)"),
        ("timestamp,1\n0,1\nlater,1\n", "line 3: 'later' is not a number, but every sample needs its time"),
        ("timestamp,1\n", "line 1: there is a header but no sample"),
    ],
)
def test_a_file_without_an_even_clock_is_reported_and_the_others_go_on(tmp_path, content, reason):
    write(tmp_path, "arousal/1.csv", content)
    write(tmp_path, "arousal/2.csv", "timestamp,1\n0,1\n1,1\n")
    rows, problems = parsed(tmp_path, columns="raters")
    assert [row.item for row in rows] == ["2"]
    assert problems == [f"arousal/1.csv, {reason}"]


def test_frames_without_a_rate_are_reported(tmp_path):
    write(tmp_path, "ann/film.csv", "valence\n0\n")
    rows, problems = parsed(tmp_path)
    assert not rows
    assert problems == ["ann/film.csv: there is no time column, so the rate has to be given"]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(RatingFileError, match="there are no files"):
        parsed(tmp_path)
