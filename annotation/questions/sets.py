"""Answers that are sets of labels: how far raters agree on them."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from affectory.agreement import per_label_alpha, set_alpha
from affectory.results import Basis
from annotation.questions.contract import INTERVAL, AgreementRow

Unit = TypeVar("Unit", bound=Hashable)
# The distance between every two different sets is needed; beyond this it would take hours.
MAX_SETS = 1500


@dataclass(frozen=True)
class Chosen(Generic[Unit]):
    """What one rater chose for one item, or for somebody in it; ``rater`` None: nobody in particular."""

    item: Unit
    rater: int | None
    labels: frozenset[str]


def set_agreement(answers: Sequence[Chosen[Unit]]) -> Iterator[AgreementRow]:
    """Alpha over whole sets, by MASI distance and by Jaccard distance."""
    ratings = _matrix(answers)
    different = len({answer.labels for answer in answers})
    distances: tuple[Literal["masi", "jaccard"], ...] = ("masi", "jaccard")
    for distance in distances:
        if different <= MAX_SETS:
            found = set_alpha(ratings, distance=distance, **INTERVAL)
        else:
            basis = Basis(f"Krippendorff alpha, {distance} distance", 0, len(ratings[0]), len(ratings))
            found = basis.undefined(f"{different} different sets were given; at most {MAX_SETS} are compared")
        yield AgreementRow(f"krippendorff_alpha_{distance}", found)


def presence_agreement(labels: Sequence[str], answers: Sequence[Chosen[Unit]]) -> Iterator[AgreementRow]:
    """For each label, nominal alpha of whether it was chosen."""
    for label, found in per_label_alpha(_matrix(answers), labels, **INTERVAL).items():
        yield AgreementRow("krippendorff_alpha_presence", found, label)


def _matrix(answers: Sequence[Chosen[Unit]]) -> list[list[frozenset[str] | None]]:
    """Shape (raters or slots, items), None where nothing was answered."""
    items = {item: column for column, item in enumerate(dict.fromkeys(answer.item for answer in answers))}
    rows: dict[Hashable, list[frozenset[str] | None]] = {}
    for who, answer in _rated_by(answers):
        rows.setdefault(who, [None] * len(items))[items[answer.item]] = answer.labels
    return list(rows.values())


def _rated_by(answers: Sequence[Chosen[Unit]]) -> Iterator[tuple[Hashable, Chosen[Unit]]]:
    """Answers with their rater, or with their place within the item where no rater is known."""
    places: dict[Hashable, int] = {}
    for answer in answers:
        if answer.rater is not None:
            yield answer.rater, answer
        else:
            places[answer.item] = places.get(answer.item, -1) + 1
            yield f"slot {places[answer.item]}", answer


def by_item(answers: Sequence[Chosen[Unit]]) -> dict[Unit, list[frozenset[str]]]:
    """Every set that was given to each item, items in order of first answer."""
    found: dict[Unit, list[frozenset[str]]] = {}
    for answer in answers:
        found.setdefault(answer.item, []).append(answer.labels)
    return found
