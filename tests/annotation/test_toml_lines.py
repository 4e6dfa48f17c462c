import pytest

from annotation.protocol import PRESETS
from annotation.toml_lines import key_lines, line_of

TEXT = '''# a comment with = and [brackets]
title = "one # two = [three]"
point = 1.5
when = 2026-11-21T05:00:00.5
long = """first
second ""quoted"" \\""" third
"""
"quoted key" = 'a\\'
a.b.c = { d = [1, 2], "e f" = { g = true } }   # behind

[gold]
min_raters = 0
[[questions]]
key = "first"
[questions.options]
labels = [
  { key = "joy", name = "Joy" },   # a comment in a list

  { key = "fear",
    name = "Fear" },
]
[[questions]]
key = "second"
[[questions.options.dimensions]]
min = -1
[[questions.options.dimensions]]
min = 1e-3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("point",), 3),
        (("when",), 4),
        (("long",), 5),
        (("quoted key",), 8),
        (("a", "b"), 9),
        (("a", "b", "c", "d", 1), 9),
        (("a", "b", "c", "e f", "g"), 9),
        (("gold",), 11),
        (("gold", "min_raters"), 12),
        (("questions", 0), 13),
        (("questions", 0, "options"), 15),
        (("questions", 0, "options", "labels"), 16),
        (("questions", 0, "options", "labels", 0, "name"), 17),
        (("questions", 0, "options", "labels", 1), 19),
        (("questions", 0, "options", "labels", 1, "name"), 20),
        (("questions", 1, "key"), 23),
        (("questions", 1, "options", "dimensions", 0, "min"), 25),
        (("questions", 1, "options", "dimensions", 1, "min"), 27),
        # What is missing: the table that lacks it.
        (("questions", 1, "prompt"), 22),
        (("questions", 0, "options", "labels", 1, "definition"), 19),
        (("description",), None),
    ],
)
def test_a_key_is_found_on_its_line(path, line):
    assert line_of(key_lines(TEXT), path) == line


def test_windows_line_ends_count_once():
    assert key_lines("a = 1\r\n[b]\r\nc = 2\r\n") == {("a",): 1, ("b",): 2, ("b", "c"): 3}


@pytest.mark.parametrize("text", ['a = "open', "a", "[a", "a = [1", "a = {b = 1", "= 1"])
def test_nothing_is_told_of_a_text_that_it_cannot_follow(text):
    assert key_lines(text) == {}


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_key_of_a_preset_stands_on_the_line_told(path):
    text = path.read_text()
    written = text.splitlines()
    lines = key_lines(text)
    assert lines
    for keys, line in lines.items():
        names = [key for key in keys if isinstance(key, str)]
        if isinstance(keys[-1], str):
            assert names[-1] in written[line - 1]
