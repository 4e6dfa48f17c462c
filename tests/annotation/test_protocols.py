import copy
import json
import math
import tomllib

import pytest

from affectory.errors import Conflict, Invalid, NotFound
from annotation.protocol import PRESETS, preset, read_protocol, store_protocol
from tests import factories

NAMES = sorted(path.stem for path in PRESETS.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_reads_and_is_named_like_its_file(name):
    document = preset(name)
    assert document["name"] == name
    assert document["source"]
    # What is stored has every default filled in, so reading it again changes nothing.
    assert json.loads(json.dumps(document)) == document


def test_a_preset_that_does_not_exist_names_those_that_do():
    with pytest.raises(NotFound, match="veatic"):
        preset("veatik")


def _broken(change):
    raw = tomllib.loads((PRESETS / "image-emotion.toml").read_text())
    raw = copy.deepcopy(raw)
    change(raw)
    return raw


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return json.dumps(value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda p: p.pop("title"), "title: This field is required."),
        (lambda p: p.update(colour="red"), "colour: is not known here"),
        (lambda p: p.update(version="1.0"), "version: "),
        (lambda p: p.update(version="v1.0.0"), "version: "),
        (lambda p: p.update(perspective="nobody"), "perspective: "),
        (lambda p: p.update(item_kinds=[]), "item_kinds: "),
        (lambda p: p["consent"].update(text=""), "consent.text: "),
        (lambda p: p["raters"].update(per_item=0), "raters.per_item: "),
        (lambda p: p["raters"].update(per_itme=3), "raters.per_itme: is not known here"),
        (lambda p: p["gold"].update(min_raters=0), "gold.min_raters: "),
        (lambda p: p["gold"].update(rate_hz=float("nan")), "gold.rate_hz: "),
        (lambda p: p.update(title=3), "title: must be a text."),
        (lambda p: p.update(item_kinds="image"), "item_kinds: "),
        (lambda p: p["raters"].update(per_item="10"), "raters.per_item: must be a whole number."),
        (lambda p: p["raters"].update(per_item=True), "raters.per_item: must be a whole number."),
        (lambda p: p.update(presentation={"lead_in_s": "1"}), "presentation.lead_in_s: must be a number."),
        (lambda p: p.update(presentation={"pause": "no"}), "presentation.pause: must be true or false."),
        (lambda p: p["consent"].update(text=["a"]), "consent.text: must be a text."),
        (lambda p: p.update(raters=[{"per_item": 3}]), "raters: "),
        (
            lambda p: p["questions"][0].update(type="guess"),
            "questions[0].type: There is no question type 'guess'",
        ),
        (lambda p: p["questions"][1].update(key="emotion"), "questions[1].key: 'emotion' is there twice."),
        (lambda p: p["questions"][0].update(key="Big Key"), "questions[0].key: "),
        (
            lambda p: p["questions"][0]["options"].update(taxonomy="none"),
            "questions[0].options.taxonomy: is not known",
        ),
        (
            lambda p: p["questions"][0]["options"]["labels"].append({"key": "joy", "name": "Joy"}),
            "options.labels[8].key: 'joy' is not a label of mikels8",
        ),
        (
            lambda p: p["questions"][0]["options"]["labels"].append({"key": "awe", "name": "Awe"}),
            "options.labels[8].key: 'awe' is there twice.",
        ),
        (
            lambda p: p["questions"][0]["options"]["escape"].append({"key": "awe", "name": "Awe"}),
            "'awe' is there twice.",
        ),
        (
            lambda p: p["questions"][1]["options"]["dimensions"][0].update(min=3),
            "questions[1].options.dimensions[0].max: must be above min.",
        ),
        (
            lambda p: p["questions"][1]["options"]["dimensions"][0].update(key="arousal"),
            "questions[1].options.dimensions[1].key: 'arousal' is there twice.",
        ),
        (lambda p: p["questions"][1]["options"]["dimensions"][0].update(step=0), "dimensions[0].step: "),
        (
            lambda p: p.update(
                quality={"exclude": [{"name": "x", "question": "none", "all_dimensions_equal": 1}]}
            ),
            "quality.exclude[0].question: no question is called 'none'",
        ),
    ],
)  # fmt: skip
def test_a_broken_protocol_names_file_key_and_reason(change, reason, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(f"{key} = {_toml(value)}" for key, value in _broken(change).items()))
    with pytest.raises(Invalid) as refused:
        read_protocol(path)
    assert refused.value.message.startswith("mine.toml: ")
    assert reason in refused.value.message
    assert refused.value.code == "invalid_protocol"


@pytest.mark.parametrize(
    ("there", "wrong", "at"),
    [
        ('version = "1.1.0"', 'version = "1"', "version: "),
        ("per_item = 10", "per_itme = 10", "raters.per_itme: is not known here"),
        ('type = "scale"', 'type = "scales"', "questions[1].type: There is no question type 'scales'"),
        ('key = "awe", name', 'key = "awe", nmae', "questions[0].options.labels[1].nmae: is not known here"),
        ("min = -3, max = 3", "min = 3, max = 3", "questions[1].options.dimensions[0].max: must be above min."),
        ('style = "buttons"', 'style = "buttens"', "questions[1].options.style: "),
        ('key = "vad"', 'key = "emotion"', "questions[1].key: 'emotion' is there twice."),
        ('key = "fear", name', 'key = "feer", name', "questions[0].options.labels[6].key: 'feer' is not a label"),
        ('key = "fear", name', 'key = "awe", name', "questions[0].options.labels[6].key: 'awe' is there twice."),
        ('title = "Emoción', 'titel = "Emoción', "translations.es.titel: is not known here"),
        ("es.questions.vad", "es.questions.vat", "translations.es.questions.vat: is no question here"),
        ("arousal = {", "arousel = {", "translations.es.questions.vad.options.dimensions.arousel: is not known"),
        # What the parser itself does not take.
        ("per_item = 10", "per_item =", "raters.per_item: This is not TOML"),
        ("per_item = 10", "per_item 10", "raters.per_item: This is not TOML"),
        ('perspective = "observer"', "perspective = observer", "perspective: This is not TOML"),
        ('perspective = "observer"', 'perspective = "observer', "perspective: This is not TOML"),
        ('key = "awe", name', 'key = "awe" name', "questions[0].options.labels[1].key: This is not TOML"),
        ("practice_items = 1", "per_item = 11", "raters.per_item: This is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(there, wrong, at, tmp_path):
    path = tmp_path / "mine.toml"
    right = (PRESETS / "image-emotion.toml").read_text()
    text = right.replace(there, wrong, 1)
    path.write_text(text)
    rows = zip(right.splitlines(), text.splitlines(), strict=True)
    line = next(n for n, (was, row) in enumerate(rows, 1) if was != row)
    with pytest.raises(Invalid) as refused:
        read_protocol(path)
    assert f"line {line}, {at}" in refused.value.message
    assert {"line", "key", "reason"} == set(refused.value.details["errors"][0])


def test_what_is_missing_is_told_with_the_line_of_what_lacks_it(tmp_path):
    text = (PRESETS / "image-emotion.toml").read_text()
    (tmp_path / "mine.toml").write_text(text.replace('prompt = "How does the scene feel?"\n', ""))
    line = text.splitlines().index('key = "vad"')  # the line before it opens the question
    with pytest.raises(Invalid, match=rf"line {line}, questions\[1\]\.prompt: This field is required"):
        read_protocol(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_text(text.replace("title = ", "name_of_it = "))
    with pytest.raises(Invalid, match=r"toml: line \d+, name_of_it: .*"):
        read_protocol(tmp_path / "mine.toml")


def test_what_is_there_twice_is_told_with_both_lines(tmp_path):
    text = (PRESETS / "image-emotion.toml").read_text() + "[raters]\nper_item = 3\n"
    (tmp_path / "mine.toml").write_text(text)
    first, second = (n for n, row in enumerate(text.splitlines(), 1) if row == "[raters]")
    with pytest.raises(Invalid, match=rf"toml: line {second}, raters: .*stands on line {first} already"):
        read_protocol(tmp_path / "mine.toml")


def test_what_is_no_toml_or_no_file_is_said(tmp_path):
    (tmp_path / "mine.toml").write_text('name = "x"\ntitle = ')
    with pytest.raises(Invalid, match=r"mine\.toml: line 2, title: This is not TOML"):
        read_protocol(tmp_path / "mine.toml")
    (tmp_path / "bytes.toml").write_bytes(b'name = "x"\ntitle = "\xff"')
    with pytest.raises(Invalid, match=r"bytes\.toml: line 2: is not written in UTF-8"):
        read_protocol(tmp_path / "bytes.toml")
    with pytest.raises(NotFound, match=r"none\.toml"):
        read_protocol(tmp_path / "none.toml")


def test_a_file_of_a_windows_editor_is_read(tmp_path):
    text = (PRESETS / "ferplus.toml").read_text()
    (tmp_path / "mine.toml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    read = read_protocol(tmp_path / "mine.toml")
    assert read["questions"] == preset("ferplus")["questions"]


@pytest.mark.parametrize(
    ("start", "reason"), [([0.0], "one value for each"), ([0.0, 9.0], "arousal must lie between -1 and 1")]
)
def test_a_trace_starts_on_its_pad(start, reason):
    from annotation.questions import question_type

    options = {**preset("veatic")["questions"][0]["options"], "start": start}
    checked = question_type("trace2d").Options(data=options)
    assert not checked.is_valid()
    assert reason in str(checked.errors)


@pytest.mark.django_db
def test_a_stored_version_never_changes():
    document = preset("meld")
    assert store_protocol(document).pk == store_protocol(document).pk
    with pytest.raises(Conflict, match="raise its version"):
        store_protocol({**document, "title": "Another"})


@pytest.mark.django_db
def test_options_that_came_after_a_protocol_was_stored_do_not_make_it_another():
    document = preset("image-emotion")
    before = store_protocol(without_defaults(document))
    assert store_protocol(document).pk == before.pk


def without_defaults(document):
    """As an earlier reader stored it, which knew neither of these options."""
    options = ("words_per_minute", "still_s")
    kept = {key: value for key, value in document["presentation"].items() if key not in options}
    assert kept != document["presentation"]
    return {**document, "presentation": kept}


@pytest.mark.django_db
def test_a_study_takes_only_items_its_protocol_is_for():
    of = factories.corpus()
    factories.item("picture", of, kind="image")
    with pytest.raises(Invalid, match="picture is no item for this protocol, which takes dialogue"):
        _study(of)


@pytest.mark.django_db
def test_a_study_needs_items_beside_those_for_practice():
    of = factories.corpus()
    factories.item("only", of, kind="dialogue")
    with pytest.raises(Invalid, match="has 1 items, of which 1 are for practice"):
        _study(of)


def _study(of):
    from annotation.services.studies import create_study

    return create_study(
        organisation=of.organisation, slug="s", title="S", document=preset("meld"),
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip
