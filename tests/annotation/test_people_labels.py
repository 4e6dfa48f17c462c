"""Labels of everybody who is marked in an item: what is refused, and what becomes of the answers."""

import pytest

from affectory.errors import Invalid
from annotation.analysis.disagreement import Criterion
from annotation.facade import ExportedStudy
from annotation.services.reviews import planned_round
from annotation.services.studies import create_study
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from tests import factories
from tests.factories import Rater

pytestmark = pytest.mark.django_db

PEOPLE = {
    "Ann": [[0, 0.1, 0.2, 0.2, 0.5], [4, 0.1, 0.2, 0.2, 0.5]],
    "Bob": [[0, 0.6, 0.2, 0.2, 0.5], [4, 0.6, 0.2, 0.2, 0.5]],
}
LABELS = [{"key": "joy", "name": "Joy"}, {"key": "fear", "name": "Fear"}, {"key": "anger", "name": "Anger"}]
UNSEEN = {"key": "unseen", "name": "Cannot tell"}


def study(people=PEOPLE, **options):
    of = factories.corpus("scenes")
    factories.item("scene", of, metadata={"people": people})
    document = factories.trace_document(
        {"key": "felt", "type": "people_labels", "options": {"labels": LABELS, "escape": [UNSEEN], **options}},
        raters={"per_item": 9}, gold={"min_raters": 2},
    )  # fmt: skip
    return create_study(
        organisation=of.organisation, slug="scenes", title="Scenes", document=document,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def rated(made, *answers):
    for people in answers:
        Rater.consented(made).rate({"felt": {"people": people}})
    return ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"labels": ["joy"]}, {"people": "must be an object of lists of labels by name, and nothing else."}),
        (
            {"people": {"Ann": ["joy"], "Bob": ["bliss"]}},
            {"people.Bob": "'bliss' is not a label of this question."},
        ),
        ({"people": {"Ann": ["joy"], "Bob": "joy"}}, {"people.Bob": "must be a list of labels."}),
        ({"people": {"Ann": ["joy"], "Bob": []}}, {"people.Bob": "has not been answered."}),
        (
            {"people": {"Ann": ["joy"], "Bob": ["joy", "fear"]}},
            {"people.Bob": "only one label may be chosen."},
        ),
        ({"people": {"Ann": ["joy"]}}, {"people.Bob": "has not been answered."}),
        (
            {"people": {"Ann": ["joy"], "Bob": ["joy"], "Eve": ["joy"]}},
            {"people.Eve": "is not marked in this item."},
        ),
    ],
)
def test_a_wrong_answer_is_refused_by_the_name_of_the_person(value, wrong):
    rater = Rater.consented(study())
    answer = rater.submit(rater.next(), {"felt": value})
    assert answer.status_code == 400, answer.content
    assert answer.json()["details"]["felt"] == wrong


def test_those_who_are_marked_in_parts_are_asked_about_once_each():
    of = factories.corpus("scenes")
    ann, bob = ({name: boxes} for name, boxes in PEOPLE.items())
    for key, people in {"one": ann, "two": ann | bob, "three": {}}.items():
        factories.item(key, of, kind="image", metadata={"people": people})
    factories.collection(of)
    pairs = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(design="all_pairs", name="pairs"),
    )  # fmt: skip
    document = factories.trace_document(
        {"key": "felt", "type": "people_labels", "options": {"labels": LABELS}}, raters={"per_item": 9}
    )
    made = create_study(
        organisation=of.organisation, slug="pairs", title="Pairs", document=document | {"item_kinds": ["group"]},
        collection=pairs.collection, requested_by="test",
    )  # fmt: skip
    rater, asked = Rater.consented(made), []
    while shown := rater.next():
        names = [person["name"] for person in shown["item"]["people"]]
        in_parts = [person for part in shown["item"]["parts"] for person in part["item"]["people"]]
        assert all(person["boxes"] for person in in_parts)
        asked.append(sorted(names))
        assert rater.submit(shown, {"felt": {"people": {"Eve": ["joy"]}}}).status_code == 400
        assert rater.submit(shown, {"felt": {"people": {name: ["joy"] for name in names}}}).status_code == 200
    assert sorted(asked) == [["Ann"], ["Ann", "Bob"], ["Ann", "Bob"]]


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (["joy", "joy"], "names a label twice."),
        (["joy", "unseen"], "an answer that is no label cannot stand beside a label."),
    ],
)
def test_of_several_labels_none_is_named_twice_and_escapes_stand_alone(labels, reason):
    rater = Rater.consented(study(multiple=True))
    answer = rater.submit(rater.next(), {"felt": {"people": {"Ann": labels, "Bob": ["joy"]}}})
    assert answer.json()["details"]["felt"] == {"people.Ann": reason}


def test_an_item_in_which_nobody_is_marked_is_no_item_for_it():
    with pytest.raises(Invalid, match="scene is no item for the question felt: nobody is marked in it"):
        study(people={})


def test_each_person_is_voted_on_and_agreed_about():
    exported = rated(
        study(),
        {"Ann": ["joy"], "Bob": ["fear"]},
        {"Ann": ["joy"], "Bob": ["anger"]},
        {"Ann": ["fear"], "Bob": ["unseen"]},
    )
    outcome = exported.compute().outcomes["felt"]
    (label,) = outcome.labels
    # Of Bob nothing was said by more than half.
    assert label.value["marks"] == [
        {"person": "Ann", "label": "joy", "share": pytest.approx(2 / 3, abs=1e-6)}
    ]
    (alpha,) = [row.result for row in outcome.agreement if row.measure == "krippendorff_alpha_nominal"]
    assert alpha.n_units_used == 2
    # By hand: of Ann's three pairs one agrees, of Bob's one none; 5 labels: joy 2, fear 2, anger 1.
    assert alpha.value == pytest.approx(1 - (4 / 2 + 2 / 1) / 5 / ((25 - 4 - 4 - 1) / (5 * 4)))
    cells = [[(cell.dimension, cell.label) for cell in exported.cells(row)] for row in exported.responses()]
    assert [("Ann", "fear"), ("Bob", "unseen")] in cells


def test_of_several_labels_those_of_more_than_half_are_the_label():
    exported = rated(
        study(multiple=True, complete=False),
        {"Ann": ["joy", "fear"], "Bob": []},
        {"Ann": ["joy"], "Bob": ["anger"]},
        {"Ann": ["joy"], "Bob": ["anger"]},
    )
    outcome = exported.compute().outcomes["felt"]
    assert outcome.labels[0].value["marks"] == [
        {"person": "Ann", "label": "joy", "share": 1},
        {"person": "Bob", "label": "anger", "share": 1},
    ]
    measures = {row.measure for row in outcome.agreement}
    assert measures == {
        "krippendorff_alpha_masi",
        "krippendorff_alpha_jaccard",
        "krippendorff_alpha_presence",
    }


def test_raters_who_differ_about_somebody_get_the_item_back():
    made = study()
    rated(made, {"Ann": ["joy"], "Bob": ["fear"]}, {"Ann": ["joy"], "Bob": ["anger"]})
    # One of three (person, label) is shared.
    for limit, items in (("0.3", 0), ("0.4", 1)):
        assert planned_round(made, [Criterion.read(f"felt.agreement_below={limit}")]).items == items
