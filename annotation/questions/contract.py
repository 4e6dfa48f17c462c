"""What a question type must offer. A new type is one module beside this one with a ``QUESTION_TYPE``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from affectory.results import Measurement
from annotation.strict import StrictSerializer


@dataclass(frozen=True, slots=True)
class Cell:
    """One row that an answer gives to the RatingTable and to a release's ``annotations``."""

    dimension: str
    number: float | None = None
    label: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that counts, as an analysis sees it; ``rater`` None: a slot, nobody in particular."""

    item: UUID
    rater: int | None
    condition: str
    value: dict[str, Any]


@dataclass(frozen=True)
class GoldRule:
    """The protocol's rules for labels: fewest raters, rounding (null: none), rate of gold traces."""

    min_raters: int
    decimals: int | None
    rate_hz: float


@dataclass(frozen=True)
class AgreementRow:
    measure: str
    result: Measurement
    dimension: str = ""
    item: UUID | None = None
    condition: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelRow:
    """``value`` null with a ``reason`` where there is no label."""

    item: UUID
    method: str
    value: dict[str, Any] | None
    dispersion: dict[str, Any] | None
    n_raters: int
    reason: str
    provenance: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    agreement: Sequence[AgreementRow] = ()
    labels: Sequence[LabelRow] = ()


class QuestionType(Protocol):
    """One kind of question. ``continuous`` ones are answered with a trace and analysed by `analysis.traces`."""

    name: str
    continuous: bool
    Options: type[StrictSerializer]

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        """Field -> reason for everything wrong with an answer; empty when it is right."""
        ...

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]: ...

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome: ...
