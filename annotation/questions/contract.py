"""What a question type must offer. A new type is one module beside this one with a ``QUESTION_TYPE``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from affectory.results import Measurement
from annotation.strict import StrictSerializer


@dataclass(frozen=True)
class Cell:
    """One row that an answer gives to the RatingTable and to a release's ``annotations``."""

    dimension: str
    number: float | None = None
    label: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Answer:
    """A response that counts, as an analysis sees it; ``rater`` None: a slot, nobody in particular.

    ``duration_s``: of the medium, where the question is about places in it.
    """

    item: UUID
    rater: int | None
    condition: str
    value: dict[str, Any]
    duration_s: float | None = None


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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Extent:
    """What an answer about places in an item is held to.

    ``duration_s``: None where there is no medium that plays, or nothing is known. ``frame_rate_hz``: of a video.
    ``texts``: the text of a document, or what is said in each utterance of a dialogue, in order.
    """

    kind: str
    duration_s: float | None = None
    frame_rate_hz: float | None = None
    texts: tuple[str, ...] = ()


@runtime_checkable
class PlacedQuestion(Protocol):
    """Further asked of a question about places in its item: which items it is for, and which answers."""

    def unfit_extent(self, options: dict[str, Any], extent: Extent) -> str | None:
        """Why an item cannot be asked about, or None."""
        ...

    def check_places(self, options: dict[str, Any], value: dict[str, Any], extent: Extent) -> dict[str, str]:
        """What `QuestionType.check` cannot see without the item; field -> reason."""
        ...


@runtime_checkable
class Marking(Protocol):
    """Further offered by a question whose labels are lists of marks, for a release to tell of each item."""

    marks_method: str
    """Method of the labels; their value has the list as ``marks``."""
