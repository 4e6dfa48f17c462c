"""Tidy tables and vote counts: rows, slots, sentinels and named problems."""

import pytest

from ingest.ratings.contract import RatingFileError
from ingest.ratings.registry import formats, recognised
from ingest.ratings.tidy_csv import TidySpec
from ingest.ratings.vote_counts import ConditionRule, VoteCountSpec


def parsed(format_name, path, spec):
    problems = []
    return list(formats()[format_name].parse(path, spec, problems.append)), [str(one) for one in problems]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_rows_with_rater_and_condition(tmp_path):
    path = write(
        tmp_path / "r.csv", 'clip,who,how,v,mood\nc1,ann,sound,2.5,"calm, glad"\nc1,ben,sound,-1,tense\n'
    )
    spec = TidySpec(unit="clip", rater="who", condition="how", numbers=("v",), labels=("mood",))
    rows, problems = parsed("tidy_csv", path, spec)
    assert not problems
    assert [(row.unit, row.rater, row.slot, row.condition, dict(row.values), row.line) for row in rows] == [
        ("c1", "ann", 1, "sound", {"v": 2.5, "mood": "calm, glad"}, 2),
        ("c1", "ben", 2, "sound", {"v": -1.0, "mood": "tense"}, 3),
    ]


def test_answers_without_raters_get_slots_per_unit(tmp_path):
    path = write(tmp_path / "r.csv", "id,v\na,1\nb,2\na,3\n")
    rows, _ = parsed("tidy_csv", path, TidySpec(unit="id", numbers=("v",)))
    assert [(row.unit, row.rater, row.slot) for row in rows] == [
        ("a", None, 1),
        ("b", None, 1),
        ("a", None, 2),
    ]


def test_a_sentinel_is_missing_and_never_a_number(tmp_path):
    path = write(tmp_path / "r.csv", "id,v,a\nx,-5,1\ny,,2\n")
    spec = TidySpec(unit="id", numbers=("v", "a"), sentinels=frozenset({"", "-5"}), bounds=(-1, 2))
    rows, problems = parsed("tidy_csv", path, spec)
    assert [dict(row.values) for row in rows] == [{"v": None, "a": 1.0}, {"v": None, "a": 2.0}]
    assert not problems


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path):
    content = b"id,v\na,1\nb,high\n,2\nc,9\nd,1,1\ne\xff,1\nf,inf\ng,5\n"
    rows, problems = parsed(
        "tidy_csv", write(tmp_path / "r.csv", content), TidySpec(unit="id", numbers=("v",), bounds=(1, 5))
    )
    assert [row.unit for row in rows] == ["a", "g"]
    assert problems == [
        "r.csv, line 3, column 'v': 'high' is not a number",
        "r.csv, line 4, column 'id': is empty",
        "r.csv, line 5, column 'v': 9 is outside of 1 to 5",
        "r.csv, line 6: 3 cells where the header has 2",
        "r.csv, line 7, column 'id': 'e\\udcff' holds bytes that are not UTF-8, or control characters",
        "r.csv, line 8, column 'v': 'inf' is not a number",
    ]


def test_byte_order_mark_and_windows_line_ends_are_fine(tmp_path):
    path = write(tmp_path / "r.csv", b"\xef\xbb\xbfid;v\r\na;1\r\n\r\nb;2\r\n")
    rows, problems = parsed("tidy_csv", path, TidySpec(unit="id", numbers=("v",), delimiter=";"))
    assert [row.unit for row in rows] == ["a", "b"]
    assert not problems


def test_an_unclosed_quote_is_reported(tmp_path):
    rows, problems = parsed(
        "tidy_csv", write(tmp_path / "r.csv", 'id,v\na,1\n"b,2\nc,3\n'), TidySpec(unit="id", numbers=("v",))
    )
    assert [row.unit for row in rows] == ["a"]
    assert len(problems) == 1
    assert "r.csv, line" in problems[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "r.csv, line 1: the file is empty"),
        ("name,v\na,1\n", "r.csv, line 1: there is no column 'id'; the header is 'name', 'v'"),
        ("id,v,v\na,1,1\n", "r.csv, line 1: the column 'v' occurs more than once"),
    ],
)
def test_a_file_without_the_needed_columns_is_refused(tmp_path, content, reason):
    with pytest.raises(RatingFileError) as caught:
        parsed("tidy_csv", write(tmp_path / "r.csv", content), TidySpec(unit="id", numbers=("v",)))
    assert str(caught.value) == reason


VOTES = VoteCountSpec(
    unit="file",
    labels={"A": "anger", "H": "happiness"},
    condition=ConditionRule(column="", prefixes={"1": "voice", "2": "face"}),
)


def test_each_vote_is_an_answer_in_its_condition(tmp_path):
    path = write(tmp_path / "v.csv", '"","file","A","H"\n"101","x",2,1\n"201","x",0,1\n')
    rows, problems = parsed("vote_counts", path, VOTES)
    assert not problems
    assert [(row.unit, row.condition, row.slot, row.values["emotion"]) for row in rows] == [
        ("x", "voice", 1, "anger"),
        ("x", "voice", 2, "anger"),
        ("x", "voice", 3, "happiness"),
        ("x", "face", 1, "happiness"),
    ]


def test_wrong_counts_and_conditions_are_named(tmp_path):
    path = write(
        tmp_path / "v.csv", ",file,A,H\n101,x,1.5,0\n901,y,1,0\n102,z,-1,0\n103,ok,1.0,0\n104,n,,0\n"
    )
    rows, problems = parsed("vote_counts", path, VOTES)
    assert [row.unit for row in rows] == ["ok"]
    assert problems == [
        "v.csv, line 2, column 'A': '1.5' is not a number of votes",
        "v.csv, line 3, column '': '901' begins with none of 1, 2",
        "v.csv, line 4, column 'A': '-1' is not a number of votes",
        "v.csv, line 6, column 'A': '' is not a number",
    ]


def test_formats_are_found_and_recognised_by_themselves(tmp_path):
    assert set(formats()) == {"tidy_csv", "vote_counts", "trace_folder"}
    table = write(tmp_path / "r.csv", "id,v\na,1\n")
    assert [one.name for one in recognised(table)] == ["tidy_csv"]
    folder = tmp_path / "traces" / "ann"
    folder.mkdir(parents=True)
    write(folder / "clip.csv", "valence\n0\n")
    assert [one.name for one in recognised(tmp_path / "traces")] == ["trace_folder"]
