"""Which of two parts has more of something; with a tie and a degree of preference where the protocol wants them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from rest_framework import serializers
from scipy.sparse import csgraph

from affectory.aggregation import bradley_terry
from affectory.results import FloatArray
from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, Deciders, GoldColumn, GoldRule, LabelRow, Outcome
from annotation.questions.parts import (
    candidates,
    foreign_fields,
    item_named,
    names,
    raters_per_part,
    unknown_part,
    vote_agreement,
    vote_labels,
    vote_table,
    wrong_order,
)
from annotation.strict import StrictSerializer
from ingest.facade import Part

TIE = "tie"
PAIR = ("a", "b")


class Options(StrictSerializer):
    tie = serializers.BooleanField(default=False)
    tie_label = serializers.CharField(default="No difference")
    grades = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        max_length=5,
        help_text="words for how much more, the weakest first; empty: not asked",
    )
    prior = serializers.FloatField(
        default=0.1, min_value=0, help_text="wins added between every two things, so that nobody is unbeaten"
    )


class Comparison:
    name = "comparison"
    continuous = False
    Options = Options

    def unfit(self, options: dict[str, Any], parts: Sequence[Part]) -> str | None:  # noqa: ARG002
        n = len(candidates(parts))
        return None if n == len(PAIR) else f"a comparison needs two candidates; it has {n}"

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        wrong = foreign_fields(value, ("choice", "grade", "order"))
        choice, grade = value.get("choice"), value.get("grade")
        if not isinstance(choice, str):
            wrong["choice"] = "must name a part."
        elif choice == TIE and not options["tie"]:
            wrong["choice"] = "a tie is not offered here."
        graded = bool(options["grades"]) and choice != TIE
        if graded and grade not in range(1, len(options["grades"]) + 1):
            wrong["grade"] = f"must be a whole number from 1 to {len(options['grades'])}."
        elif not graded and "grade" in value:
            wrong["grade"] = "is not asked here."
        return wrong

    def check_parts(
        self, options: dict[str, Any], value: dict[str, Any], parts: Sequence[Part]
    ) -> dict[str, str]:
        tied = options["tie"] and value["choice"] == TIE
        return {**({} if tied else unknown_part("choice", value, parts)), **wrong_order(value, parts)}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        """The choice; its place on the page (1: first), which tells of a bias for a side; the degree."""
        if value["choice"] == TIE:
            return [Cell("choice", label=TIE)]
        chosen = [Cell("choice", part=value["choice"])]
        chosen.append(Cell("place", number=value["order"].index(value["choice"]) + 1))
        return [*chosen, Cell("grade", number=value["grade"])] if "grade" in value else chosen

    def votes(self, options: dict[str, Any]) -> list[str]:
        return [*PAIR, TIE] if options["tie"] else list(PAIR)

    def deciders(self, options: dict[str, Any]) -> Deciders:
        return Deciders(labels=self.votes(options), dimensions=["grade"] if options["grades"] else [])

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:  # noqa: ARG002
        return "bradley_terry", [GoldColumn("log_strength")]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        votes = vote_table([(answer.item, answer.value["choice"]) for answer in answers], self.votes(options))
        strengths = _strengths(answers, gold, prior=options["prior"])
        return Outcome(vote_agreement(votes), [*vote_labels(votes, gold), *strengths])


def _strengths(answers: Sequence[Answer], gold: GoldRule, *, prior: float) -> list[LabelRow]:
    """Bradley-Terry strengths of the compared items; a tie counts as half a win for both."""
    raters = raters_per_part(answers)
    items = sorted(raters, key=str)
    wins, ties = _wins(answers, items), _ties(answers, items)
    reason = _apart(wins)
    found = None if reason else bradley_terry(wins, prior=prior)
    convention = found.convention if found else f"Bradley-Terry, prior {prior:g}"
    provenance = {"rule": f"{convention}; ties are half a win for both; degrees are not used"}
    if found and found.reason:
        reason = f"{found.reason}; a prior above 0 would give strengths"
    rows = []
    for index, item in enumerate(items):
        few = f"{raters[item]} rater(s), {gold.min_raters} needed" if raters[item] < gold.min_raters else ""
        why = reason or few
        value = (
            None
            if why or found is None
            else {"log_strength": float(np.log(found.strength[index])), "share": float(found.share[index])}
        )
        counts = {
            "won": float(wins[index].sum()) - ties[index] / 2,
            "lost": float(wins[:, index].sum()) - ties[index] / 2,
            "tied": ties[index],
        }
        rows.append(LabelRow(item, "bradley_terry", value, counts, raters[item], why, provenance))
    return rows


def _wins(answers: Sequence[Answer], items: Sequence[UUID]) -> FloatArray:
    place = {item: index for index, item in enumerate(items)}
    wins = np.zeros((len(items), len(items)))
    for answer in answers:
        one, other = (place[item_named(answer, name)] for name in names(answer.parts))
        if answer.value["choice"] == TIE:
            wins[one, other] += 0.5
            wins[other, one] += 0.5
        elif place[item_named(answer, answer.value["choice"])] == one:
            wins[one, other] += 1
        else:
            wins[other, one] += 1
    return wins


def _ties(answers: Sequence[Answer], items: Sequence[UUID]) -> list[int]:
    tied = [answer for answer in answers if answer.value["choice"] == TIE]
    return [sum(item in {part.item for part in answer.parts} for answer in tied) for item in items]


def _apart(wins: FloatArray) -> str:
    """Why strengths of all items cannot be compared: no prior may bridge sets that never met."""
    n, _ = csgraph.connected_components(wins + wins.T > 0, directed=False)
    return (
        f"{n} sets of items were never compared with each other, so there is no common scale" if n > 1 else ""
    )


QUESTION_TYPE = Comparison()
