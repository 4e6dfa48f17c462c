"""How the gold of each question was made, told once for all items: the rule, its parameters, and what it left without.

Which raters made the gold of one item is in the tables: `gold_raters` for traces, `annotations` for other questions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from affectory.release.card import Section
from annotation.facade import LabelRow
from exports.services.label_columns import Places
from exports.services.questions import Question

#: What provenance says of one item, and what stands beside the parameters.
NOT_OF_THE_RULE = frozenset(
    {
        "rule",
        "convention",
        "code_version",
        "raters",
        "lags_s",
        "lags_from",
        "resampling",
        "exposed",
        "sources",
    }
)
WHO = (
    "Which raters made the gold of an item: of a trace, the rows of `gold_raters` without a reason in `excluded`, with "
    "weight and lag of each; of any other question, the rows of `annotations` without one. Where an item has answers "
    "that were given before anything was shown (`exposed` is false), only those were used."
)


@dataclass(frozen=True)
class Made:
    """How one method made the gold of a question.

    ``gold``: whether it is the gold (traces of levels are fused by several methods, of which one is). ``items``: those
    that got gold by it, ``without``: those that were rated and have none, ``exposed``: those whose raters had all been
    shown a proposal or others' answers.
    """

    question: str
    method: str
    gold: bool
    rule: str
    parameters: Mapping[str, Any]
    items: int
    without: int
    exposed: int = 0


class Tally:
    """Counts what provenance says of one label or trace after the other; none is kept."""

    def __init__(self) -> None:
        self._first: Mapping[str, Any] | None = None
        self._with_gold = self._without = self._exposed = 0
        self._resampled: set[str] = set()

    def add(self, provenance: Mapping[str, Any], *, is_gold: bool) -> None:
        self._first = self._first or provenance
        self._with_gold += is_gold
        self._without += not is_gold
        self._exposed += "exposed" in provenance
        self._resampled.update(one for one in provenance.get("resampling", "").split(", ") if one)

    def made(self, question: str, method: str, *, gold: bool) -> Made | None:
        """What all of these say alike; None where there were none."""
        if self._first is None:
            return None
        told = self._first
        parameters = {
            name: one for name, one in told.items() if name not in NOT_OF_THE_RULE and one not in (None, "")
        }
        if self._resampled:
            parameters["resampling"] = ", ".join(sorted(self._resampled))
        rule = told.get("rule") or told["convention"]
        return Made(question, method, gold, rule, parameters, self._with_gold, self._without, self._exposed)


def labels_made(question: Question, labels: Sequence[LabelRow], places: Places) -> Iterator[Made]:
    """By each method whose labels a release tells; ``places``: by method, where the label of each item stands."""
    for method in question.label_methods:
        tally = Tally()
        for at in places.get(method, ()):
            if at >= 0:
                row = labels[at]
                tally.add(row.provenance, is_gold=row.value is not None and not row.reason)
        if made := tally.made(question.name, method, gold=True):
            yield made


def section_of(found: Sequence[Made]) -> tuple[Section, ...]:
    """What the card says of it."""
    if not found:
        return ()
    head = "| question | method | rule | parameters | items | without |\n|---|---|---|---|---:|---:|\n"
    lines = "\n".join(
        f"| {one.question} | {one.method}{'' if one.gold else ' (not the gold)'} | {one.rule} "
        f"| {_parameters(one.parameters)} | {one.items} | {one.without} |"
        for one in found
    )
    return (Section("How the gold was made", f"{head}{lines}\n\n{WHO}"),)


def _parameters(told: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {one:g}" if isinstance(one, float) else f"{name} {one}" for name, one in told.items()
    )
