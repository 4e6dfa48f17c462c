"""Labels of each person who is marked in an item: what everybody in a scene feels."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from rest_framework import serializers

from affectory.agreement import jaccard_distance
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import AgreementRow, Cell, Extent, GoldRule, LabelRow, Outcome
from annotation.questions.labels import OfferSerializer, keys_of
from annotation.questions.marks import names_of
from annotation.questions.parts import vote_agreement, vote_table
from annotation.questions.sets import Chosen, presence_agreement, set_agreement
from annotation.strict import StrictSerializer

HALF = 0.5
Person = tuple[UUID, str]
"""Somebody in an item, by name."""


class Options(OfferSerializer):
    multiple = serializers.BooleanField(default=False)
    complete = serializers.BooleanField(default=True, help_text="nobody may be left without an answer")


class PeopleLabels:
    """``{"people": {name: [label]}}`` of everybody who is marked; of somebody who is left out, an empty list."""

    name = "people_labels"
    continuous = False
    Options: type[StrictSerializer] = Options
    marks_method = "person_vote"
    about_people: Literal[True] = True

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        people = value.get("people")
        if set(value) != {"people"} or not isinstance(people, dict) or not people:
            return {"people": "must be an object of lists of labels by name, and nothing else."}
        reasons = {name: _wrong_labels(options, labels) for name, labels in people.items()}
        return {f"people.{name}": reason for name, reason in reasons.items() if reason}

    def unfit_extent(self, options: dict[str, Any], extent: Extent) -> str | None:  # noqa: ARG002
        return None if extent.people else "nobody is marked in it."

    def check_places(self, options: dict[str, Any], value: dict[str, Any], extent: Extent) -> dict[str, str]:  # noqa: ARG002
        wrong = {f"people.{name}": "is not marked in this item." for name in value["people"]}
        lacking = {f"people.{name}": "has not been answered." for name in extent.people}
        both = wrong.keys() & lacking.keys()
        return {at: reason for at, reason in {**wrong, **lacking}.items() if at not in both}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        """A row for each label, whose dimension is the name of the person."""
        return [Cell(name, label=label) for name, labels in value["people"].items() for label in labels]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        return Outcome(list(_agreement(options, answers)), list(_labels(options, answers, gold)))

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:  # noqa: ARG002
        """Jaccard similarity of who was given which label."""
        return 1 - jaccard_distance(_given(first), _given(second))

    def proposal_of(
        self,
        options: dict[str, Any],  # noqa: ARG002
        marks: Sequence[dict[str, Any]],
        extent: Extent,
    ) -> dict[str, Any] | None:
        given = {name: [one["label"] for one in marks if one["person"] == name] for name in extent.people}
        return {"people": given}

    def told(self, options: dict[str, Any], value: dict[str, Any]) -> str:
        """``Ann: Joy, Fear; Bob: Anger``."""
        names = names_of(options["labels"], options["escape"])
        people = value["people"].items()
        return "; ".join(f"{who}: {', '.join(map(names.__getitem__, own))}" for who, own in people if own)


def _wrong_labels(options: Mapping[str, Any], labels: Any) -> str | None:
    """Why these are no labels for one person, or None. An escape stands alone."""
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        return "must be a list of labels."
    escapes = set(keys_of(options["escape"]))
    foreign = [label for label in labels if label not in escapes | set(keys_of(options["labels"]))]
    if foreign:
        return f"{foreign[0]!r} is not a label of this question."
    wrong = {
        "has not been answered.": not labels and options["complete"],
        "only one label may be chosen.": len(labels) > 1 and not options["multiple"],
        "names a label twice.": len(set(labels)) < len(labels),
        "an answer that is no label cannot stand beside a label.": len(labels) > 1 and escapes & set(labels),
    }
    return next((reason for reason, found in wrong.items() if found), None)


def _given(answer: Answer) -> set[str]:
    return {f"{label} {name}" for name, labels in answer.value["people"].items() for label in labels}


def _chosen(options: Mapping[str, Any], answers: Sequence[Answer]) -> list[Chosen[Person]]:
    """What each person was given by each rater; a person of an item is a unit, and escapes are no answer."""
    known = set(keys_of(options["labels"]))
    return [
        Chosen((answer.item, name), answer.rater, frozenset(labels))
        for answer in answers
        for name, labels in answer.value["people"].items()
        if labels and known.issuperset(labels)
    ]


def _agreement(options: Mapping[str, Any], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    order, chosen = keys_of(options["labels"]), _chosen(options, answers)
    if not chosen:
        return
    if options["multiple"]:
        yield from set_agreement(chosen)
        yield from presence_agreement(order, chosen)
        return
    votes = vote_table([(one.item, label) for one in chosen for label in one.labels], order)
    yield from vote_agreement(votes)


def _labels(options: Mapping[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Iterator[LabelRow]:
    """Of each item who was given which label by more than half of the raters who labelled them."""
    enough = HALF if gold.share_above is None else gold.share_above
    rule = f"label given to a person by more than {enough:g} of the raters who gave that person any"
    for item, own in by_item(answers).items():
        few = len(own) < gold.min_raters
        reason = f"{len(own)} of the {gold.min_raters} raters needed" if few else ""
        marks = list(_won(_chosen(options, own), enough, gold.min_raters))
        value = None if few else {"marks": marks}
        yield LabelRow(item, "person_vote", value, None, len(own), reason, {"rule": rule})


def _won(chosen: Sequence[Chosen[Person]], enough: float, min_raters: int) -> Iterator[dict[str, Any]]:
    votes: dict[Person, Counter[str]] = {}
    raters: Counter[Person] = Counter()
    for one in chosen:
        votes.setdefault(one.item, Counter()).update(one.labels)
        raters[one.item] += 1
    for unit, counted in sorted(votes.items(), key=lambda found: found[0][1]):
        for label, n in sorted(counted.items()):
            if n / raters[unit] > enough and raters[unit] >= min_raters:
                yield {"person": unit[1], "label": label, "share": round(n / raters[unit], 6)}


QUESTION_TYPE = PeopleLabels()
