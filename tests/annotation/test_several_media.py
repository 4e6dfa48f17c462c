"""Questions about items of several media, forms and named texts: asked, answered, refused, analysed."""

from collections import Counter

import pytest

from affectory.errors import Invalid
from annotation.analysis.run import compute
from annotation.models import Response
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from annotation.strict import error_lines
from ingest.models import Item
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from tests import factories
from tests.factories import Rater

pytestmark = pytest.mark.django_db

FORM_ITEMS = [{"key": f"q{n}", "text": f"Statement {n}"} for n in range(1, 11)]
POINTS = [{"value": n, "label": f"step {n}"} for n in range(1, 6)]
BFI = {"form": "bfi10", "items": FORM_ITEMS, "points": POINTS}


def document(*questions, kinds=("group",), **parts):
    """A checked protocol that asks these (type, options)."""
    raw = {
        "name": "several",
        "version": "1.0.0",
        "title": "Several media",
        "description": "-",
        "source": "made for a test",
        "perspective": "observer",
        "item_kinds": list(kinds),
        "estimated_minutes": 1,
        "consent": {"text": "Yes."},
        "instructions": {"text": "Go."},
        "raters": {"per_item": 20, "items_per_rater": 100, "practice_items": 0},
        "questions": [
            {"key": kind, "type": kind, "prompt": "?", "options": options} for kind, options in questions
        ],
        **parts,
    }
    checked = ProtocolSerializer(data=raw)
    assert checked.is_valid(), checked.errors
    return factories.protocol_from(checked.validated_data)


def study_of(doc, design="all_pairs", n=3, kind="image", **more):
    of = factories.corpus()
    for index in range(n):
        factories.item(f"i{index}", of, kind=kind, text=f"word {index}" if kind == "text" else None)
    factories.collection(of)
    request = GroupRequest(design=design, name="made", **more)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", request=request, requested_by="test"
    )
    return create_study(
        organisation=of.organisation, slug="study", title="S", document=doc, collection=made.collection,
        requested_by="test",
    )  # fmt: skip


def matching_study(doc):
    of = factories.corpus()
    for name in "xyz":
        factories.item(f"{name}.wav", of, kind="audio")
        factories.item(f"{name}.jpg", of, kind="image")
    factories.collection(of)
    request = GroupRequest(design="matching", name="made", fixed_kind="audio", other_kind="image")
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", request=request, requested_by="test"
    )
    return create_study(
        organisation=of.organisation, slug="study", title="S", document=doc, collection=made.collection,
        requested_by="test",
    )  # fmt: skip


def order(assignment):
    return [part["name"] for part in assignment["item"]["parts"] if not part["fixed"]]


def key_of(assignment, name):
    """Key of the item behind a part, which the rater is not told."""
    shown = next(part["item"] for part in assignment["item"]["parts"] if part["name"] == name)
    return Item.objects.get(pk=shown["id"]).key


def refused(rater, assignment, question, value):
    answer = rater.submit(assignment, {question: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_answer")
    return answer.json()["details"][question]


def preferring(assignment):
    """The candidate whose item has the lowest key."""
    return min(order(assignment), key=lambda name: key_of(assignment, name))


def labels(study, question, method):
    titles = dict(Item.objects.values_list("pk", "key"))
    found = compute(study).outcomes[question].labels
    return {titles[row.item]: row for row in found if row.method == method}


# --- what a rater is shown -----------------------------------------------------------------------------------


def test_a_rater_sees_the_parts_in_an_order_of_her_own_that_stays_after_a_reload():
    study = study_of(document(("comparison", {})), n=2)
    orders = Counter()
    for _ in range(12):
        rater = Rater.consented(study)
        shown = rater.next()
        again = rater.get(f"assignments/{shown['id']}/").json()
        assert shown["item"]["parts"] == again["item"]["parts"]
        assert [part["item"]["kind"] for part in shown["item"]["parts"]] == ["image", "image"]
        orders[tuple(order(shown))] += 1
    assert set(orders) == {("a", "b"), ("b", "a")}


def test_a_protocol_can_keep_the_order_and_what_is_given_stands_first():
    study = matching_study(document(("matching", {}), presentation={"shuffle_parts": False}))
    for _ in range(4):
        shown = Rater.consented(study).next()
        assert [part["name"] for part in shown["item"]["parts"]] == ["audio", "a", "b", "c"]
        # Neither the answer nor names of files, which tell it where they are alike.
        assert not any(word in str(shown) for word in ("answer", ".wav", ".jpg"))


@pytest.mark.parametrize(
    ("question", "options", "reason"),
    [
        ("matching", {}, "needs a given part"),
        ("best_worst", {}, "at least 3 candidates; it has 2"),
        ("matching", {"mode": "yes_no"}, None),
        ("ranking", {}, None),
    ],
)
def test_a_study_whose_items_cannot_be_asked_about_is_refused(question, options, reason):
    if reason is None:
        assert study_of(document((question, options)), n=2).slug == "study"
        return
    with pytest.raises(Invalid, match=f"made/1 is no item for the question {question}: .*{reason}"):
        study_of(document((question, options)), n=2)


# --- comparison ----------------------------------------------------------------------------------------------


GRADED = {
    "key": "which",
    "type": "comparison",
    "prompt": "?",
    "options": {"tie": True, "grades": ["a bit", "much"]},
}
NO_DIFFERENCE = {
    "key": "same", "type": "text", "prompt": "What is the same?", "options": {},
    "asked_if": {"question": "which", "labels": ["tie"]},
}  # fmt: skip
MUCH = {
    "key": "much", "type": "text", "prompt": "What is so different?", "options": {}, "required": False,
    "required_if": {"question": "which", "dimension": "grade", "min": 2},
}  # fmt: skip
WORDS = {"text": "some words"}


@pytest.mark.parametrize(
    ("choice", "others", "wrong"),
    [
        ({"choice": "tie"}, {"same": WORDS}, None),
        ({"choice": "tie"}, {}, "same"),
        ({"choice": "a", "grade": 1}, {}, None),
        ({"choice": "a", "grade": 1}, {"same": WORDS}, "same"),
        ({"choice": "b", "grade": 2}, {"much": WORDS}, None),
        ({"choice": "b", "grade": 2}, {}, "much"),
    ],
)
def test_questions_hang_on_what_was_chosen_of_two_and_how_much(choice, others, wrong):
    rater = Rater.consented(study_of(document(questions=[GRADED, NO_DIFFERENCE, MUCH]), n=2))
    shown = rater.next()
    answer = rater.submit(shown, {"which": {**choice, "order": order(shown)}, **others})
    assert answer.status_code == (400 if wrong else 200)
    assert list(answer.json().get("details", {})) == ([wrong] if wrong else [])


def test_a_condition_on_a_tie_that_is_not_offered_is_refused():
    plain = {**GRADED, "options": {}}
    given = {**document(("comparison", {})), "questions": [plain, NO_DIFFERENCE, MUCH]}
    checked = ProtocolSerializer(data=given)
    assert not checked.is_valid()
    assert error_lines(checked.errors) == [
        "questions[1].asked_if: 'tie' is no label of 'which'; known: a, b.",
        "questions[2].required_if: 'grade' is no dimension of 'which'; known: none.",
    ]


def test_a_comparison_names_the_part_and_records_the_order():
    study = study_of(document(("comparison", {"tie": True, "grades": ["slightly", "clearly"]})), n=2)
    rater = Rater.consented(study)
    shown = rater.next()
    best, right = preferring(shown), order(shown)
    wrong = [
        ({"choice": "c", "grade": 1, "order": right}, {"choice": "'c' is not a part of this item"}),
        ({"choice": "i0", "grade": 1, "order": right}, {"choice": "'i0' is not a part"}),
        ({"choice": best, "order": right}, {"grade": "must be a whole number from 1 to 2."}),
        ({"choice": best, "grade": 3, "order": right}, {"grade": "from 1 to 2"}),
        ({"choice": "tie", "grade": 1, "order": right}, {"grade": "is not asked here."}),
        (
            {"choice": best, "grade": 1, "order": right[::-1]},
            {"order": f"must be the order shown: {right[0]}"},
        ),
        ({"choice": best, "grade": 1}, {"order": "must be the order shown"}),
        ({"choice": best, "grade": 1, "order": right, "more": 1}, {"more": "is not asked here."}),
        ({"choice": 1, "grade": 1, "order": right}, {"choice": "must name a part."}),
    ]
    for value, reasons in wrong:
        found = refused(rater, shown, "comparison", value)
        assert set(found) == set(reasons)
        assert all(reason in found[field] for field, reason in reasons.items())
    value = {"choice": best, "grade": 2, "order": right}
    assert rater.submit(shown, {"comparison": value}).status_code == 200
    assert Response.objects.get().value == value


def test_a_tie_is_refused_where_it_is_not_offered():
    rater = Rater.consented(study_of(document(("comparison", {})), n=2))
    shown = rater.next()
    value = {"choice": "tie", "order": order(shown)}
    assert refused(rater, shown, "comparison", value) == {"choice": "a tie is not offered here."}


def _compare_all(study, raters, choose):
    for number in range(raters):
        rater = Rater.consented(study)
        while shown := rater.next():
            choice = choose(shown, number)
            assert (
                rater.submit(shown, {"comparison": {"choice": choice, "order": order(shown)}}).status_code
                == 200
            )


def test_compared_items_get_bradley_terry_strengths_whichever_side_they_stood_on():
    study = study_of(document(("comparison", {"tie": True})), n=4)
    _compare_all(study, 3, lambda shown, number: "tie" if number == 2 else preferring(shown))
    strengths = labels(study, "comparison", "bradley_terry")
    scores = [strengths[key].value["log_strength"] for key in ("i0", "i1", "i2", "i3")]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(0, abs=1e-9)
    assert sum(row.value["share"] for row in strengths.values()) == pytest.approx(1)
    assert strengths["i0"].dispersion == {"won": 6.0, "lost": 0.0, "tied": 3}
    votes = labels(study, "comparison", "vote")["made/1"].value
    assert votes == {"label": "a", "votes": {"a": 2, "b": 0, "tie": 1}}
    agreement = {row.measure: row.result for row in compute(study).outcomes["comparison"].agreement}
    # One of three pairs of raters agrees in each of six comparisons.
    assert agreement["percent_agreement"].value == pytest.approx(1 / 3)


def test_items_that_never_met_have_no_common_strengths():
    of = factories.corpus()
    for key in ("a1", "a2", "b1", "b2"):
        factories.item(key, of, kind="image", groups={"film": key[0]})
    factories.collection(of)
    request = GroupRequest(design="all_pairs", name="made", within="film")
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", request=request, requested_by="test"
    )
    study = create_study(
        organisation=of.organisation, slug="study", title="S", document=document(("comparison", {})),
        collection=made.collection, requested_by="test",
    )  # fmt: skip
    _compare_all(study, 2, lambda shown, _: preferring(shown))
    for row in labels(study, "comparison", "bradley_terry").values():
        assert row.value is None
        assert row.reason.startswith("2 sets of items were never compared")


def test_without_a_prior_an_unbeaten_item_leaves_no_strengths_and_the_reason():
    study = study_of(document(("comparison", {"prior": 0})), n=3)
    _compare_all(study, 2, lambda shown, _: preferring(shown))
    row = labels(study, "comparison", "bradley_terry")["i0"]
    assert row.value is None
    assert "a prior above 0 would give strengths" in row.reason


# --- matching ------------------------------------------------------------------------------------------------


def test_matching_counts_the_votes_for_each_candidate():
    study = matching_study(document(("matching", {"none": True})))
    answers = dict(Item.objects.filter(kind="group").values_list("key", "metadata__answer"))
    for number in range(3):
        rater = Rater.consented(study)
        while shown := rater.next():
            given = key_of(shown, "audio")
            right = next(name for name in order(shown) if key_of(shown, name)[0] == given[0])
            assert (
                "is not a part"
                in refused(rater, shown, "matching", {"match": "audio", "order": order(shown)})["match"]
            )
            choice = "none" if number == 2 else right
            rater.submit(shown, {"matching": {"match": choice, "order": order(shown)}})
    found = labels(study, "matching", "vote")
    assert {key: row.value["label"] for key, row in found.items()} == answers
    assert all(row.value["votes"]["none"] == 1 for row in found.values())


def test_yes_or_no_is_enough_where_the_parts_are_given():
    of = factories.corpus()
    factories.item("x.jpg", of, kind="image")
    factories.item("x.txt", of, kind="text", text="A caption.")
    factories.collection(of)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(design="captions", name="made"),
    )  # fmt: skip
    study = create_study(
        organisation=of.organisation, slug="study", title="S", collection=made.collection, requested_by="test",
        document=document(("matching", {"mode": "yes_no"})),
    )  # fmt: skip
    for fits in (True, True, False):
        rater = Rater.consented(study)
        shown = rater.next()
        assert [part["name"] for part in shown["item"]["parts"]] == ["image", "caption"]
        assert refused(rater, shown, "matching", {"fits": 1, "order": []}) == {
            "fits": "must be true or false."
        }
        assert rater.submit(shown, {"matching": {"fits": fits, "order": []}}).status_code == 200
    assert labels(study, "matching", "vote")["made/1"].value == {"label": "yes", "votes": {"yes": 2, "no": 1}}


# --- ranking -------------------------------------------------------------------------------------------------


def _ranking_study(**options):
    return study_of(
        document(("ranking", options), kinds=("group", "terms")), "tuples", n=5, kind="text", factor=1
    )


def test_a_ranking_must_be_complete_and_name_what_is_wrong():
    rater = Rater.consented(_ranking_study())
    shown = rater.next()
    right = order(shown)
    full = {name: place + 1 for place, name in enumerate(right)}
    cases = [
        ({**full, right[3]: 3}, "two parts have the same rank"),
        ({name: rank for name, rank in full.items() if name != "b"}, "must count from 1"),
        (
            {name: rank for name, rank in full.items() if name != right[3]},
            f"not complete: {right[3]} has no rank",
        ),
        ({**full, "z": 5}, "'z' is not a part"),
        ({**full, right[0]: 1.5}, "whole number"),
        ([1, 2, 3, 4], "whole number"),
    ]
    for ranks, reason in cases:
        if reason == "must count from 1" and right[3] == "b":
            continue
        assert reason in refused(rater, shown, "ranking", {"ranks": ranks, "order": right})["ranks"]
    assert rater.submit(shown, {"ranking": {"ranks": full, "order": right}}).status_code == 200


def test_rankings_give_mean_places_to_items_and_rank_correlations():
    study = _ranking_study(ties=True)
    for _ in range(3):
        rater = Rater.consented(study)
        while shown := rater.next():
            by_key = sorted(order(shown), key=lambda name: key_of(shown, name))
            ranks = {name: place + 1 for place, name in enumerate(by_key)}
            rater.submit(shown, {"ranking": {"ranks": ranks, "order": order(shown)}})
    places = labels(study, "ranking", "mean_place")
    assert places["i0"].value == {"place": 1.0}
    assert places["i4"].value == {"place": 0.0}
    assert places["i2"].value["place"] == pytest.approx(0.5)
    agreement = {row.measure: row.result.value for row in compute(study).outcomes["ranking"].agreement}
    assert agreement == {"kendall_tau_b_pairs": pytest.approx(1), "spearman_rho_pairs": pytest.approx(1)}


# --- best and worst ------------------------------------------------------------------------------------------


def test_best_and_worst_differ_and_score_the_words():
    doc = document(("best_worst", {"best_label": "Most pleasant"}), kinds=("terms",))
    study = study_of(doc, "tuples", n=8, kind="text", factor=2)
    for _ in range(4):
        rater = Rater.consented(study)
        while shown := rater.next():
            right = order(shown)
            assert all(part["item"]["text"].startswith("word") for part in shown["item"]["parts"])
            by_key = sorted(right, key=lambda name: key_of(shown, name))
            same = {"best": "a", "worst": "a", "order": right}
            assert refused(rater, shown, "best_worst", same) == {
                "worst": "must be another part than the best."
            }
            strange = {"best": "a", "worst": "e", "order": right}
            assert "'e' is not a part" in refused(rater, shown, "best_worst", strange)["worst"]
            value = {"best": by_key[0], "worst": by_key[-1], "order": right}
            assert rater.submit(shown, {"best_worst": value}).status_code == 200
    scores = labels(study, "best_worst", "best_worst")
    assert (scores["i0"].value, scores["i7"].value) == ({"score": 1.0}, {"score": -1.0})
    assert scores["i0"].dispersion == {"best": 32, "worst": 0, "shown": 32}
    (agreement,) = compute(study).outcomes["best_worst"].agreement
    assert agreement.result.value == pytest.approx(1)


# --- questionnaires and texts --------------------------------------------------------------------------------


def test_a_form_is_scored_on_the_server_with_its_reverse_keys():
    doc = document(("questionnaire", BFI), kinds=("text",))
    of = factories.corpus()
    factories.item("session", of, kind="text", text="About you")
    study = create_study(
        organisation=of.organisation, slug="study", title="S", document=doc,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip
    full = {f"q{n}": 4 for n in range(1, 11)}
    rater = Rater.consented(study)
    shown = rater.next()
    cases = [
        ({name: 4 for name in full if name != "q7"}, {"q7": "has not been answered."}),
        ({**full, "q1": 6}, {"q1": "must be one of 1, 2, 3, 4, 5."}),
        ({**full, "q1": True}, {"q1": "must be one of 1, 2, 3, 4, 5."}),
        ({**full, "q11": 1}, {"q11": "is not an item of this form."}),
    ]
    for value, reasons in cases:
        assert refused(rater, shown, "questionnaire", value) == reasons
    for value in (full, {**full, "q1": 1, "q6": 5}, {**full, "q1": 2, "q6": 5}):
        rater = Rater.consented(study)
        rater.rate({"questionnaire": value})
    found = labels(study, "questionnaire", "mean")["session"]
    # q1 is turned round: (2 + 4) / 2, (5 + 5) / 2, (4 + 5) / 2.
    assert found.value["extraversion"] == pytest.approx((3 + 5 + 4.5) / 3)
    assert found.value["agreeableness"] == 3
    alpha = {row.dimension: row.result for row in compute(study).outcomes["questionnaire"].agreement}
    assert (alpha["extraversion"].n_units_used, alpha["extraversion"].n_raters) == (3, 2)
    assert alpha["agreeableness"].value is None
    assert alpha["agreeableness"].reason


def test_phq8_has_its_cut_offs():
    from annotation.questions import question_type

    kind = question_type("questionnaire")
    points = [{"value": n, "label": str(n)} for n in range(4)]
    checked = kind.Options(data={"form": "phq8", "items": FORM_ITEMS[:8], "points": points})
    assert checked.is_valid(), checked.errors
    bands = {}
    for total in range(25):
        answers = {f"q{n + 1}": min(3, max(0, total - 3 * n)) for n in range(8)}
        *items, score = kind.cells(checked.validated_data, answers)
        assert (len(items), score.dimension, score.number) == (8, "score:depression", total)
        bands.setdefault(score.label, total)
    assert bands == {"none": 0, "mild": 5, "moderate": 10, "moderately severe": 15, "severe": 20}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"items": FORM_ITEMS[:9]}, "has an item 'q10' without a text"),
        ({"items": [*FORM_ITEMS, {"key": "q11", "text": "-"}]}, "has no item 'q11'"),
        ({"points": POINTS[:4]}, "goes from 1 to 5"),
        ({"points": POINTS[::-1]}, "rising values"),
        ({"form": "mmpi"}, "not a valid choice"),
        ({"form": None}, "null"),
    ],
)
def test_a_form_without_its_texts_is_refused(change, reason):
    from annotation.questions import question_type

    checked = question_type("questionnaire").Options(data={**BFI, **change})
    assert not checked.is_valid()
    assert reason in str(checked.errors)


def test_a_form_of_ones_own_needs_subscales_of_known_items():
    from annotation.questions import question_type

    options = question_type("questionnaire").Options
    own = {"items": FORM_ITEMS[:2], "points": POINTS}
    assert "needs at least one, or a form" in str(_errors(options(data=own)))
    subscale = {"key": "s", "name": "S", "items": ["q3"]}
    assert "there is no item 'q3'" in str(_errors(options(data={**own, "subscales": [subscale]})))
    assert options(data={**own, "subscales": [{**subscale, "items": ["q1"]}]}).is_valid()


def _errors(checked):
    assert not checked.is_valid()
    return checked.errors


def test_several_named_texts_have_lengths_of_their_own():
    fields = [
        {"key": "cause", "name": "Cause", "min_length": 5},
        {"key": "note", "name": "Note", "required": False},
    ]
    study = study_of(document(("text", {"fields": fields})), n=2)
    rater = Rater.consented(study)
    shown = rater.next()
    assert refused(rater, shown, "text", {"cause": "hm"}) == {"cause": "must have 5 to 2000 characters."}
    assert refused(rater, shown, "text", {"note": "x"}) == {"cause": "must be a text."}
    assert refused(rater, shown, "text", {"text": "x"}) == {"text": "is not asked here; asked: cause, note."}
    assert rater.submit(shown, {"text": {"cause": "the music"}}).status_code == 200


# --- release ---------------------------------------------------------------------------------------------------


def test_the_science_of_rankings_and_best_worst_says_when_there_is_nothing():
    from affectory.agreement import best_worst_split_half, ranking_agreement

    assert ranking_agreement([]).reason
    assert ranking_agreement([[[1, 1, 1], [1, 2, 3]]]).reason
    assert best_worst_split_half([{"items": ["a", "b", "c"], "best": "a", "worst": "b"}]).reason
    tied = ranking_agreement([[[1, 2, 2], [1, 2, 3]], [[1, 2, 3]]])
    assert tied.value == pytest.approx(2 / 6**0.5)
    assert (tied.n_units_used, tied.n_units_dropped) == (1, 1)
