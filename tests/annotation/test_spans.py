"""Spans and relations: places in code points, what is refused, and what becomes of the marks."""

from pathlib import Path

import pytest

from affectory.errors import Invalid
from annotation.facade import ExportedStudy
from annotation.protocol import read_protocol
from annotation.questions import question_type
from annotation.services.studies import create_study
from tests import factories
from tests.factories import Rater

DOCUMENT = read_protocol(Path(__file__).parent / "protocols" / "causes.toml")
# A character beyond the basic plane: two units for a browser, one code point here.
TEXT = "🙂 She smiled as the rain stopped."
pytestmark = pytest.mark.django_db


def study(slug="causes", **fields):
    of = factories.corpus(slug)
    factories.item("text-0", of, **(fields or {"kind": "text", "text": TEXT}))
    return create_study(
        organisation=of.organisation, slug=slug, title=slug, document=DOCUMENT,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def span(words, label="emotion", part=0, text=TEXT, **more):
    start = text.index(words)
    return {"label": label, "part": part, "start": start, "end": start + len(words), "text": words, **more}


SMILED, RAIN = span("smiled"), span("the rain stopped", "cause")
LINK = {"relation": "caused_by", "source": 0, "target": 1}


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"spans": "none"}, {"spans": 'Expected a list of items but got type "str".'}),
        ({"spans": [{**SMILED, "label": "joy"}]}, {"spans[0].label": "'joy' is not a label of this question."}),
        ({"spans": [{**SMILED, "start": 2.5}]}, {"spans[0].start": "must be a whole number."}),
        ({"spans": [{**SMILED, "start": True}]}, {"spans[0].start": "must be a number."}),
        ({"spans": [{**SMILED, "end": 6}]}, {"spans[0].end": "must be behind start (6); it is 6."}),
        ({"spans": [{**SMILED, "end": 99}]}, {"spans[0].end": "must not be beyond the end at 33; it is 99."}),
        ({"spans": [{**SMILED, "part": 1}]}, {"spans[0].part": "must be below 1; it is 1."}),
        (
            # Counted in UTF-16 units, as a browser does.
            {"spans": [{**SMILED, "start": 7, "end": 13}]},
            {"spans[0].text": "is not what stands there; places are counted in code points."},
        ),
        (
            {"spans": [SMILED, span("smiled as")]},
            {"spans[1]": "overlaps spans[0], which is not allowed here."},
        ),
        (
            {"spans": [span(letter) for letter in ("S", "h", "e", "m", "i", "l", "d")]},
            {"spans": "at most 6 may be marked; there are 7."},
        ),
        (
            {"spans": [SMILED, RAIN], "relations": [{**LINK, "relation": "near"}]},
            {"relations[0].relation": "'near' is not a relation of this question."},
        ),
        (
            {"spans": [SMILED, RAIN], "relations": [{**LINK, "target": 2}]},
            {"relations[0].target": "must be the place of a span, from 0 on; there are 2 spans."},
        ),
        (
            {"spans": [SMILED, RAIN], "relations": [{**LINK, "source": 1, "target": 0}]},
            {
                "relations[0].source": "must be a span of emotion.",
                "relations[0].target": "must be a span of cause.",
            },
        ),
        (
            {"spans": [SMILED, RAIN], "relations": [LINK, LINK]},
            {"relations[1]": "says the same as relations[0]."},
        ),
    ],
)  # fmt: skip
def test_a_wrong_span_is_refused_by_the_name_of_its_field(value, wrong):
    rater = Rater.consented(study())
    answer = rater.submit(rater.next(), {"words": value})
    assert answer.status_code == 400, answer.content
    assert answer.json()["details"]["words"] == wrong


def test_spans_of_a_dialogue_stand_in_their_utterance():
    said = [
        {"speaker": "A", "text": "I won!", "target": False},
        {"speaker": "B", "text": "Oh, joy.", "target": True},
    ]
    rater = Rater.consented(study(kind="dialogue", context=said))
    spans = [span("joy", part=1, text="Oh, joy."), span("I won", "cause", text="I won!")]
    made = rater.submit(rater.next(), {"words": {"spans": spans, "relations": [LINK]}})
    assert made.status_code == 200, made.content


CAUSED = {"key": "caused_by", "name": "is caused by", "from_turns": True, "to_labels": ["cause"]}
TALK = [
    {"speaker": "A", "text": "I won!", "target": False},
    {"speaker": "B", "text": "Oh, joy.", "target": True},
]
WON = span("I won", "cause", text="I won!")


def _turned(**changes):
    """A study whose relations begin at a whole utterance."""
    asked = DOCUMENT["questions"][0]
    options = {**asked["options"], "relations": [{**CAUSED, **changes}]}
    of = factories.corpus("turns")
    factories.item("talk", of, kind="dialogue", context=TALK)
    return create_study(
        organisation=of.organisation, slug="turns", title="Turns", collection=factories.collection(of),
        document={**DOCUMENT, "questions": [{**asked, "options": options}]}, requested_by="test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ({"source_part": 2, "target": 0}, {"relations[0].source_part": "must be below 2; it is 2."}),
        ({"source": 0, "target": 0}, {
            "relations[0].source": "must be an utterance, not a span.",
            "relations[0].target": "is the span that the relation begins at.",
        }),
        ({"source_part": 1, "target_part": 0}, {"relations[0].target": "must be a span, not an utterance."}),
        ({"target": 0}, {"relations[0].source": "must be a span, or an utterance as source_part."}),
        ({"source_part": 1}, {"relations[0].target": "has not been answered."}),
        ({"source_part": "1", "target": 0}, {"relations[0].source_part": "must be a whole number."}),
    ],
)  # fmt: skip
def test_a_wrong_end_of_a_relation_is_refused(link, wrong):
    rater = Rater.consented(_turned())
    answer = rater.submit(
        rater.next(), {"words": {"spans": [WON], "relations": [{"relation": "caused_by", **link}]}}
    )
    assert answer.status_code == 400, answer.content
    assert answer.json()["details"]["words"] == wrong


def test_the_emotion_of_an_utterance_is_tied_to_its_cause():
    made = _turned()
    link = {"relation": "caused_by", "source_part": 1, "target": 0}
    for value in (
        {"spans": [WON], "relations": [link]},
        {"spans": [span("won", "cause", text="I won!")], "relations": [link]},
        {"spans": [WON], "relations": [{**link, "source_part": 0}]},
    ):
        Rater.consented(made).rate({"words": value})
    exported = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)
    outcome = exported.compute().outcomes["words"]
    (row,) = [row for row in outcome.agreement if row.dimension == "relations" and row.item is None]
    assert row.result.value == pytest.approx(1 / 3)
    first = next(row for row in exported.responses() if row.value["relations"] == [link])
    cells = {cell.dimension: cell.number for cell in exported.cells(first)}
    assert (cells["relation.000.source_part"], cells["relation.000.target"]) == (1, 0)
    assert "relation.000.source" not in cells


@pytest.mark.parametrize("without", [{"from_turns": False}, {"to_labels": []}])
def test_a_relation_has_something_at_both_ends(without):
    options = {**DOCUMENT["questions"][0]["options"], "relations": [{**CAUSED, **without}]}
    assert not question_type("spans").Options(data=options).is_valid()


def test_an_item_without_text_is_no_item_for_spans():
    with pytest.raises(Invalid, match="text-0 is no item for the question words: it has no text"):
        study(kind="text", text="")


def test_relations_must_be_between_labels_of_the_question():
    options = {**DOCUMENT["questions"][0]["options"], "labels": [{"key": "emotion", "name": "E"}]}
    checked = question_type("spans").Options(data=options)
    assert not checked.is_valid()
    assert checked.errors == {"relations": ["caused_by: 'cause' is not a label of this question."]}


def test_characters_of_most_raters_are_the_label():
    made = study()
    values = (
        {"spans": [SMILED, RAIN], "relations": [LINK]},
        {"spans": [span("She smiled"), span("rain stopped", "cause")]},
        {"spans": [SMILED]},
    )
    for value in values:
        Rater.consented(made).rate({"words": value})
    exported = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)
    outcome = exported.compute().outcomes["words"]
    assert [row.value["marks"] for row in outcome.labels] == [
        [
            {"part": 0, "label": "emotion", "start": 6, "end": 12, "share": 1},
            {"part": 0, "label": "cause", "start": 20, "end": 32, "share": pytest.approx(2 / 3)},
        ]
    ]
    rows = {(row.measure, row.dimension): row.result.value for row in outcome.agreement if row.item is None}
    # Pairs: all differ but "smiled" of the first and the last; overlapping are 2 of 2, 1 of 2 twice.
    assert rows["span_f1_exact", ""] == pytest.approx((0 + 2 / 3 + 0) / 3)
    assert rows["span_f1_overlap", ""] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert rows["span_f1_overlap", "cause"] == pytest.approx(1 / 3)
    # Only the first rater drew a relation: two pairs do not share it, one has none.
    assert rows["relation_f1", "relations"] == rows["relation_f1", "relation:caused_by"] == 0
    first = next(row for row in exported.responses() if "relations" in row.value)
    cells = {cell.dimension: cell for cell in exported.cells(first)}
    assert (cells["spans"].number, cells["span.001.text"].text) == (2, "the rain stopped")
    assert (cells["relation.000.relation"].label, cells["relation.000.target"].number) == ("caused_by", 1)


def test_a_relation_is_shared_when_its_ends_overlap():
    made = study()
    for value in (
        {"spans": [SMILED, RAIN], "relations": [LINK]},
        {"spans": [RAIN, span("She smiled")], "relations": [{**LINK, "source": 1, "target": 0}]},
        {"spans": [SMILED, RAIN], "relations": []},
    ):
        Rater.consented(made).rate({"words": value})
    outcome = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug).compute().outcomes["words"]
    (row,) = [row for row in outcome.agreement if row.dimension == "relations" and row.item is None]
    assert row.result.value == pytest.approx(1 / 3)
    assert "whose ends have the same label and overlap" in row.result.convention
