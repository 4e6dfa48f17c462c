import json

import pytest

from ingest.readers import registry
from ingest.readers.contract import Line, MediaError
from tests.ingest.making import probe

TALK = {
    "dialogues": [
        {
            "id": "d1",
            "title": "At the door",
            "utterances": [
                {"speaker": "Ann", "text": "Who is there?"},
                {"id": "reply", "speaker": "Ben", "text": "It is me. \N{SLIGHTLY SMILING FACE}"},
            ],
        }
    ]
}


def write(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def items(path, name):
    facts = probe(path, name)
    return list(registry.readers()[facts.kind].items(path, facts, name))


def refusal(path):
    with pytest.raises(MediaError) as caught:
        probe(path)
    return caught.value


def test_each_utterance_is_an_item_with_what_was_said_before(tmp_path):
    path = write(tmp_path / "talk.json", TALK)
    facts = probe(path)
    assert (facts.kind, facts.n_dialogues, facts.n_utterances, facts.n_speakers) == ("dialogue", 1, 2, 2)
    first, second = items(path, "talk.json")
    assert (first.key, second.key) == ("talk.json#d1/1", "talk.json#d1/reply")
    assert first.context == (Line(speaker="Ann", text="Who is there?", target=True),)
    assert [line.target for line in second.context] == [False, True]
    assert second.groups == {"dialogue": "d1", "speaker": "Ben"}
    assert second.title == "At the door, utterance 2"


def test_a_whole_dialogue_is_one_item(tmp_path):
    path = write(tmp_path / "talk.json", {"dialogues": [{**TALK["dialogues"][0], "whole": True}]})
    [item] = items(path, "talk.json")
    assert (item.key, item.title, item.groups) == ("talk.json#d1", "At the door", {"dialogue": "d1"})
    assert item.text == "Ann: Who is there?\nBen: It is me. \N{SLIGHTLY SMILING FACE}"
    assert [(line.speaker, line.target) for line in item.context] == [("Ann", False), ("Ben", False)]


def broken(change):
    document = json.loads(json.dumps(TALK))
    change(document["dialogues"])
    return document


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ('{"dialogues": [', "line 1"),
        ({"dialogues": []}, "dialogues"),
        ({"dialogues": ["hello"]}, "dialogues[0]"),
        (broken(lambda d: d[0].pop("id")), "dialogues[0].id"),
        (broken(lambda d: d[0].update(utterances={})), "dialogues[0].utterances"),
        (broken(lambda d: d[0]["utterances"][1].update(text=" ")), "dialogues[0].utterances[1].text"),
        (broken(lambda d: d[0]["utterances"][0].update(speaker=7)), "dialogues[0].utterances[0].speaker"),
        (broken(lambda d: d[0]["utterances"][0].update(text="a\0b")), "dialogues[0].utterances[0].text"),
        (broken(lambda d: d[0]["utterances"][0].update(text="\ud800")), "dialogues[0].utterances[0].text"),
        (broken(lambda d: d[0]["utterances"][0].update(id="reply")), "dialogues[0].utterances"),
        (broken(lambda d: d.append(d[0])), "dialogues"),
        (broken(lambda d: d[0].update(whole="yes")), "dialogues[0].whole"),
        ('{"dialogues": ' + "[" * 200_000, "None"),
    ],
)
def test_a_wrong_dialogue_file_names_the_field(tmp_path, document, field):
    error = refusal(write(tmp_path / "talk.json", document))
    assert error.code == "bad_content"
    assert str(error.field) == field


def test_other_json_is_not_a_dialogue(tmp_path):
    assert refusal(write(tmp_path / "config.json", {"a": 1})).code == "type_mismatch"


def test_a_document_is_one_item(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes("\ufeffDear Zoë,\r\nall is well.\n".encode())
    (item,) = items(path, "letters/letter.txt")
    assert (item.kind, item.key, item.text) == ("text", "letters/letter.txt", "Dear Zoë,\r\nall is well.")


@pytest.mark.parametrize(
    ("content", "field"),
    [("caf\xe9".encode("latin-1"), "line 1"), (b"fine\n" * 2000 + b"not\0fine", "line 2001")],
)
def test_text_that_is_not_utf8_names_the_line(tmp_path, content, field):
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, error.field) == ("bad_content", field)


def test_white_space_is_not_a_document(tmp_path):
    assert refusal(write(tmp_path / "blank.txt", " \n\t\n")).code == "empty_file"


def test_each_line_of_a_word_list_is_a_text_to_rate(tmp_path):
    path = write(tmp_path / "moods.words", "calm\n\n  on edge \nfroh\n")
    found = items(path, "moods.words")
    assert [(item.key, item.kind, item.text) for item in found] == [
        ("moods.words#calm", "text", "calm"),
        ("moods.words#on edge", "text", "on edge"),
        ("moods.words#froh", "text", "froh"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ("calm\nsad\n\ncalm\n", "bad_content", "line 4"),
        ("x" * 201, "bad_content", "line 1"),
        ("\n \n", "empty_file", None),
    ],
)
def test_a_word_list_that_cannot_be_rated_is_refused(tmp_path, content, code, field):
    found = refusal(write(tmp_path / "list.words", content))
    assert (found.code, found.field) == (code, field)
