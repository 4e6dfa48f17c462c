"""How much of a dialogue is shown beside the utterance that is rated."""

import pytest

from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from tests import factories
from tests.factories import Rater

pytestmark = pytest.mark.django_db

SAID = [{"speaker": "AB"[n % 2], "text": f"Line {n}.", "target": n == 3} for n in range(6)]


def _shown(rule, context=SAID):
    """What the page of a rater is told of an item with these utterances."""
    of = factories.corpus("talks")
    factories.item("talk", of, kind="dialogue", context=context)
    document = factories.protocol(presentation={"dialogue_context": rule} if rule else {})
    study = create_study(
        organisation=of.organisation, slug="talks", title="Talks", document=document,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip
    return Rater.consented(study).next()["item"]


@pytest.mark.parametrize(
    ("rule", "lines", "hidden"),
    [
        (None, [0, 1, 2, 3, 4, 5], None),
        ({"before": 2, "after": 0}, [1, 2, 3], None),
        ({"after": 1}, [0, 1, 2, 3, 4], None),
        ({"before": 9}, [0, 1, 2, 3, 4, 5], None),
        ({"after": 0, "hidden": True}, [0, 1, 2, 3], True),
        # There is nothing to ask for.
        ({"before": 0, "after": 0, "hidden": True}, [3], None),
    ],
)
def test_as_many_utterances_as_the_protocol_says_are_shown(rule, lines, hidden):
    item = _shown(rule)
    assert [one["text"] for one in item["context"]] == [f"Line {n}." for n in lines]
    assert item.get("context_hidden") == hidden


def test_a_dialogue_that_is_rated_as_a_whole_is_shown_as_a_whole():
    item = _shown({"before": 1, "hidden": True}, [{**one, "target": False} for one in SAID])
    assert len(item["context"]) == len(SAID)
    assert "context_hidden" not in item


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"item_kinds": ["text"]}, "no such item is a dialogue."),
        (
            {"questions": [{"key": "why", "type": "spans", "prompt": "?",
                            "options": {"labels": [{"key": "cause", "name": "Cause"}]}}]},
            "cannot be: 'why' is about all of the utterances.",
        ),
        (
            {"questions": [{"key": "felt", "type": "trace_rank", "prompt": "?", "options": {"dimensions": [
                {"key": "arousal", "name": "Arousal", "low_label": "calm", "high_label": "excited"}]}}]},
            "cannot be: 'felt' goes through all of the utterances.",
        ),
    ],
)  # fmt: skip
def test_where_all_is_needed_nothing_can_be_left_out(changes, reason):
    document = factories.protocol(presentation={"dialogue_context": {"before": 1}}) | changes
    checked = ProtocolSerializer(data=document)
    assert not checked.is_valid()
    assert checked.errors == {"presentation": {"dialogue_context": reason}}
