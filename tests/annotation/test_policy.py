"""What each check of a quality policy excludes, from answers of one study."""

from uuid import UUID

import numpy as np
import pytest

from annotation import questions
from annotation.analysis.responses import Judged, WhoRated
from annotation.exported import ExportedTrace
from annotation.policy.rules import PolicySerializer, policy_digest, rule_in_words
from annotation.policy.verdicts import verdicts_of
from annotation.questions.answers import RatedItem

SCALE = {
    "key": "vad", "type": "scale",
    "options": {"dimensions": [{"key": key, "min": 1, "max": 9, "step": 1} for key in ("v", "a", "d")]},
}  # fmt: skip
CATEGORY = {"key": "emotion", "type": "category", "options": {"labels": [{"key": "joy"}, {"key": "fear"}]}}
TRACE = {
    "key": "affect", "type": "trace1d",
    "options": {"dimensions": [{"key": "valence", "min": -1, "max": 1}]},
}  # fmt: skip
FORM = {
    "key": "form", "type": "questionnaire",
    "options": {
        "points": [{"value": n, "label": str(n)} for n in range(1, 6)],
        "items": [{"key": f"i{n}", "text": "?", "reverse": n == 1} for n in range(6)],
        "subscales": [
            {"key": key, "name": key, "items": [f"i{n}", f"i{n + 1}"], "score": "sum", "bands": []}
            for key, n in (("a", 0), ("b", 2), ("c", 4))
        ],
        "min_answered": 1.0,
    },
}  # fmt: skip


class Lab:
    """A study that asks these questions; ``series``: what traces hold, by the rater who drew them."""

    def __init__(self, *asked, series=None):
        self.questions = {one["key"]: one for one in asked}
        self.series = series or {}

    def is_continuous(self, question):
        return questions.question_type(self.questions[question]["type"]).continuous

    def dimensions(self, question):
        return list(self.questions[question]["options"].get("dimensions", ()))

    def cells(self, row):
        asked = self.questions[row.question]
        return questions.question_type(asked["type"]).cells(asked["options"], row.value)

    def calibration_r(self, pseudonym):
        return None

    def traces(self, rows):
        return [
            ExportedTrace(["valence"], 10.0, 0.0, "hold", np.array(self.series[row.rater.pseudonym])[:, None])
            for row in rows
        ]


def answer(rater, item, value, *, question="vad", ms=None, slot=False, excluded=None):
    return Judged(
        id=f"{rater}-{item}-{question}",
        item=RatedItem(UUID(int=item), "", key=str(item)),
        rater=WhoRated(rater, f"r{rater}", "crowd", slot),
        question=question,
        value=value,
        answered_us=item,
        active_ms=ms,
        target="",
        excluded=excluded,
    )


def excluded(lab, rows, **rule):
    given = PolicySerializer(data={"exclude": [rule]})
    given.is_valid(raise_exception=True)
    return verdicts_of(lab, given.validated_data["exclude"], rows)


def vad(v, a, d):
    return {"v": v, "a": a, "d": d}


def test_speeding_compares_with_the_median_of_the_others_at_the_same_item():
    times = {1: [10_000, 10_000], 2: [12_000, 11_000], 3: [3_000, 9_000]}
    rows = [answer(r, i, vad(1, 2, 3), ms=ms) for r, own in times.items() for i, ms in enumerate(own)]
    assert excluded(Lab(SCALE), rows, check="speeding", of="response", limit=0.3) == {"3-0-vad": "speeding"}
    alone = [
        answer(1, 0, vad(1, 2, 3), ms=1),
        answer(2, 1, vad(1, 2, 3), ms=9_000),
        answer(3, 1, vad(1, 2, 3)),
    ]
    assert excluded(Lab(SCALE), alone, check="speeding", of="response", limit=0.3) == {}


def test_a_rater_whose_answers_are_mostly_hasty_goes_with_all_of_them():
    rows = [answer(r, i, vad(1, 2, 3), ms=10_000 + r) for r in (1, 2) for i in range(6)]
    rows += [answer(3, i, vad(1, 2, 3), ms=1_000 if i < 4 else 10_000) for i in range(6)]
    found = excluded(Lab(SCALE), rows, check="speeding", of="rater", limit=0.5, name="hurried")
    assert found == {f"3-{i}-vad": "hurried" for i in range(6)}
    assert excluded(Lab(SCALE), rows, check="speeding", of="rater", limit=0.7) == {}


def test_the_same_answer_again_and_again_is_a_longstring_from_enough_answers_on():
    labels = {1: ["joy", "fear"] * 3, 2: ["joy"] * 5 + ["fear"], 3: ["joy"] * 4}
    rows = [
        answer(r, i, {"labels": [label]}, question="emotion")
        for r, own in labels.items()
        for i, label in enumerate(own)
    ]
    rule = {"check": "longstring", "of": "rater", "limit": 0.8}
    assert set(excluded(Lab(CATEGORY), rows, **rule)) == {f"2-{i}-emotion" for i in range(6)}
    assert len(excluded(Lab(CATEGORY), rows, **rule, min_answers=4)) == 10
    slots = [row._replace(rater=row.rater._replace(slot=True)) for row in rows]
    assert excluded(Lab(CATEGORY), slots, **rule) == {}


def test_straight_lining_of_an_answer_and_of_a_rater():
    values = [vad(1, 1, 1), vad(5, 5, 5), vad(3, 4, 5), vad(2, 2, 2), vad(7, 7, 7)]
    rows = [answer(1, i, value) for i, value in enumerate(values)]
    rows += [answer(2, i, vad(i + 1, 9 - i, 4)) for i in range(5)]
    by_answer = excluded(Lab(SCALE), rows, check="straight_lining", of="response", limit=0.5)
    assert set(by_answer) == {"1-0-vad", "1-1-vad", "1-3-vad", "1-4-vad"}
    by_rater = excluded(Lab(SCALE), rows, check="straight_lining", of="rater", limit=0.75)
    assert set(by_rater) == {f"1-{i}-vad" for i in range(5)}


def test_answers_at_the_ends_of_their_scales():
    rows = [answer(1, i, vad(1, 9, 9)) for i in range(5)] + [answer(2, i, vad(1, 5, 5)) for i in range(5)]
    assert {id_[0] for id_ in excluded(Lab(SCALE), rows, check="at_bounds", of="rater", limit=0.5)} == {"1"}


def test_traces_that_stand_still_or_lie_at_a_bound():
    moving = np.sin(np.arange(100) / 10) * 0.9
    series = {"r1": moving, "r2": np.zeros(100), "r3": np.where(np.arange(100) < 30, moving, 1.0)}
    lab = Lab(TRACE, series=series)
    rows = [answer(r, 0, {"trace": "x"}, question="affect") for r in (1, 2, 3)]
    assert set(excluded(lab, rows, check="flat_line", of="response", limit=0.9)) == {"2-0-affect"}
    assert set(excluded(lab, rows, check="at_bounds", of="response", limit=0.5)) == {"3-0-affect"}
    # A trace is no answer that could be given twice.
    assert excluded(lab, rows * 5, check="longstring", of="rater", limit=0.1) == {}


def test_a_form_that_contradicts_itself_is_inconsistent():
    faithful = {"i0": 1, "i1": 5, "i2": 3, "i3": 3, "i4": 5, "i5": 4}  # i1 is turned round
    careless = {"i0": 1, "i1": 1, "i2": 3, "i3": 3, "i4": 5, "i5": 1}
    same = dict.fromkeys(faithful, 3)
    rows = [answer(r, 0, value, question="form") for r, value in enumerate((faithful, careless, same))]
    assert set(excluded(Lab(FORM), rows, check="consistency", of="response", limit=0.3)) == {"1-0-form"}
    assert set(excluded(Lab(FORM), rows, check="longstring", of="response", limit=0.9)) == {"2-0-form"}


def test_what_the_protocol_left_out_is_neither_judged_nor_compared_with():
    rows = [answer(r, 0, vad(1, 2, 3), ms=ms) for r, ms in ((1, 10_000), (2, 9_000))]
    rows.append(answer(3, 0, vad(1, 1, 1), ms=100_000, excluded="all ones"))
    assert excluded(Lab(SCALE), rows, check="speeding", of="response", limit=0.3) == {}
    assert excluded(Lab(SCALE), rows, check="straight_lining", of="response", limit=0.5) == {}


def test_the_first_rule_gives_the_reason_and_rules_may_be_about_one_question():
    other = {**SCALE, "key": "other"}
    rows = [answer(1, 0, vad(1, 1, 1), question=question) for question in ("vad", "other")]
    rules = [
        {"check": "at_bounds", "of": "response", "limit": 0.5, "name": "ends", "question": "other"},
        {"check": "straight_lining", "of": "response", "limit": 0.5, "name": "straight_lining"},
    ]
    assert verdicts_of(Lab(SCALE, other), rules, rows) == {"1-0-vad": "straight_lining", "1-0-other": "ends"}


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"check": "flat_line", "of": "rater", "limit": 0.5}, "of"),
        ({"check": "guessing", "of": "rater", "limit": 0.5}, "check"),
        ({"check": "speeding", "of": "response"}, "limit"),
        ({"check": "speeding", "of": "response", "limit": 0.3, "min_answers": 3}, "min_answers"),
        ({"check": "speeding", "of": "response", "limit": 0.3, "name": "practice"}, "name"),
        ({"check": "speeding", "of": "response", "limit": 0.3, "above": 1}, "above"),
    ],
)
def test_a_rule_that_cannot_be_is_named(rule, field):
    given = PolicySerializer(data={"exclude": [rule]})
    assert not given.is_valid()
    assert field in given.errors["exclude"][0]


def test_the_digest_is_that_of_the_rules_and_their_order_of_keys_does_not_matter():
    rule = {"check": "speeding", "of": "response", "limit": 0.3, "name": "speeding"}
    assert policy_digest([rule]) == policy_digest([dict(reversed(rule.items()))])
    assert policy_digest([rule]) != policy_digest([{**rule, "limit": 0.31}])
    assert rule_in_words(rule).startswith("speeding: each response below 0.3")
