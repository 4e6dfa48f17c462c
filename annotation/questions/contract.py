"""What a question type must offer. A new type is one module beside this one with a ``QUESTION_TYPE``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict, runtime_checkable
from uuid import UUID

import pyarrow as pa

from affectory.lazy import LazySequence
from affectory.results import Measurement
from annotation import questions
from annotation.questions.answers import Answer, Answers
from annotation.strict import StrictSerializer
from ingest.facade import Part


@dataclass(frozen=True, slots=True)
class Cell:
    """One row that an answer gives to the RatingTable and to a release's ``annotations``.

    ``part``: name of a part of the item. A release names the item that it is instead: as the label, or where the
    cell has a number, behind the dimension.
    """

    dimension: str
    number: float | None = None
    label: str | None = None
    text: str | None = None
    part: str | None = None


class Interval(TypedDict):
    """How a measure of agreement is given its interval; see `affectory.agreement.krippendorff_alpha`."""

    ci: float
    packs: int


#: Single items up to so many; of more, packs of items, so that a large release waits seconds and not minutes.
INTERVAL = Interval(ci=0.95, packs=2_000)

#: How traces of levels are fused; the first unless a rule says otherwise.
FUSIONS = ("mean", "ewe")
PLAINEST = FUSIONS[0]


@dataclass(frozen=True)
class GoldRule:
    """The protocol's rules for labels: fewest raters, rounding (null: none), rate of gold traces.

    ``share_above``: a category needs more than this share of the raters; None: the most, or of several categories more
    than half. ``min_ccc``: mean pairwise CCC below which a trace has no reliable gold; None: any will do.
    ``lag_from``, ``lag_s``: see `annotation.protocol.GoldChoicesSerializer`; both None: no lag is taken out.
    ``fusion``: which of the fusions of traces of levels is the gold; all are kept.
    """

    min_raters: int
    decimals: int | None
    rate_hz: float
    share_above: float | None = None
    min_ccc: float | None = None
    lag_from: Literal["calibration"] | None = None
    lag_s: float | None = None
    fusion: str = PLAINEST


@dataclass(frozen=True)
class AgreementRow:
    """``exposed``: over answers that were given after exposure, never together with independent ones."""

    measure: str
    result: Measurement
    dimension: str = ""
    item: UUID | None = None
    condition: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    exposed: bool = False


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


@dataclass(frozen=True, eq=False)
class MadeLabels(LazySequence[LabelRow]):
    """A label of every method for each of some items, made when it is asked for: there may be a million.

    ``ids``: 16 bytes of each item. ``label``: from an item, its place among them and that of a method, its label.
    """

    ids: pa.FixedSizeBinaryArray
    methods: Sequence[str]
    label: Callable[[UUID, int, int], LabelRow]

    def __len__(self) -> int:
        return len(self.ids) * len(self.methods)

    def made(self, place: int) -> LabelRow:
        item, method = divmod(place, len(self.methods))
        return self.label(UUID(bytes=self.ids[item].as_py()), item, method)


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

    def analyse(self, options: dict[str, Any], answers: Answers, gold: GoldRule) -> Outcome: ...


@runtime_checkable
class PartsQuestion(Protocol):
    """Further asked of a question about the parts of its item: which items it is for, and which answers."""

    def unfit(self, options: dict[str, Any], parts: Sequence[Part]) -> str | None:
        """Why an item with these parts cannot be asked about, or None."""
        ...

    def check_parts(
        self, options: dict[str, Any], value: dict[str, Any], parts: Sequence[Part]
    ) -> dict[str, str]:
        """What `QuestionType.check` cannot see; ``parts`` stand as they were shown."""
        ...


@dataclass(frozen=True)
class GoldColumn:
    """A number that a release tells of each item; ``minimum`` and ``maximum`` are limits of the scale."""

    key: str
    minimum: float | None = None
    maximum: float | None = None


@runtime_checkable
class Scored(Protocol):
    """Further offered by a question whose labels hold numbers for a release."""

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:
        """Method of the labels, and their numbers by the keys they have in its values."""
        ...


@runtime_checkable
class Voted(Protocol):
    """Further offered by a question whose labels of the method ``vote`` are about the items themselves."""

    def votes(self, options: dict[str, Any]) -> list[str]:
        """What can be voted for, in the order of a release's votes."""
        ...


@runtime_checkable
class Agreeing(Protocol):
    """Further offered by a question whose agreement can be told without making its labels."""

    def agreement(self, options: dict[str, Any], answers: Answers) -> Sequence[AgreementRow]:
        """The same as that of `QuestionType.analyse`."""
        ...


@runtime_checkable
class Proposing(Protocol):
    """Further offered by a question whose labels can be shown to raters as an answer, to confirm or edit."""

    proposal_method: str
    """Method of the labels."""

    def proposal(self, options: dict[str, Any], label: dict[str, Any]) -> dict[str, Any] | None:
        """The answer that says the same as a label's value; None where no answer does."""
        ...


@dataclass(frozen=True)
class Deciders:
    """What in an answer can decide whether another question is asked; see `annotation.branching`."""

    labels: Sequence[str] = ()
    dimensions: Sequence[str] = ()


@runtime_checkable
class Deciding(Protocol):
    """Further offered by a question whose answer another one of the same item may hang on.

    Pages read such an answer, too: ``{"labels": [label]}``, ``{"choice": label}`` or ``{dimension: number}``.
    """

    def deciders(self, options: dict[str, Any]) -> Deciders:
        """The labels (or names of parts) and dimensions of its cells."""
        ...


@runtime_checkable
class Worded(Protocol):
    """Further offered by a question whose labels of the method ``words`` are words of the raters' own."""

    def synonyms(self, options: dict[str, Any]) -> dict[str, str]:
        """Which word was counted as which other."""
        ...


@dataclass(frozen=True)
class Samples:
    """Of a recording's fastest channel: sample i of its file is at ``first_s + i / rate_hz`` seconds of the item."""

    rate_hz: float
    first_s: float


@dataclass(frozen=True)
class Extent:
    """What an answer about places in an item is held to.

    ``duration_s``: None where there is no medium that plays, or nothing is known. ``frame_rate_hz``: of a video.
    ``texts``: the text of a document, or what is said in each utterance of a dialogue, in order. ``pictures_s``:
    second at which each image of a sequence begins, or each frame of a film whose frames do not come evenly, in order.
    ``samples``: of a recording, also of a trial's. ``people``: names of those who are marked
    in it or in its parts.
    """

    kind: str
    duration_s: float | None = None
    frame_rate_hz: float | None = None
    texts: tuple[str, ...] = ()
    pictures_s: tuple[float, ...] = ()
    samples: Samples | None = None
    people: tuple[str, ...] = ()

    @property
    def no_timeline(self) -> str | None:
        """Why moments in it cannot be marked, or None."""
        return "its duration is not known." if self.duration_s is None else None


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
    """Further offered by a question whose answers and labels are lists of marks."""

    marks_method: str
    """Method of the labels, for a release to tell of each item; their value has the list as ``marks``."""

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:
        """How alike two raters' marks in one item are, 0..1; 1 where neither marked anything."""
        ...

    def told(self, options: dict[str, Any], value: dict[str, Any]) -> str:
        """The marks of an answer in words; empty where there are none."""
        ...


@runtime_checkable
class ProposingMarks(QuestionType, Marking, PlacedQuestion, Protocol):
    """Further offered by a question about marks whose labels can be shown to raters as an answer."""

    def proposal_of(
        self, options: dict[str, Any], marks: Sequence[dict[str, Any]], extent: Extent
    ) -> dict[str, Any] | None:
        """The answer that marks the same in an item; None where labels do not tell all that is asked."""
        ...


@runtime_checkable
class AboutPeople(Protocol):
    """Further offered by a question about everybody who is marked in its item."""

    about_people: Literal[True]


Produced = Literal["recording", "text", "dialogue"]


@runtime_checkable
class ProducingQuestion(Protocol):
    """Further offered by a question whose answers can become items of the study's own corpus."""

    def produces(self, options: dict[str, Any]) -> Produced | None:
        """What an answer's value has under this key: the id of an upload or a dialogue, or the text itself.

        None: nothing is made of the answers.
        """
        ...


class UploadedQuestion(Protocol):
    """Further asked of a question that produces a recording."""

    def check_upload(
        self, options: dict[str, Any], *, media_type: str, size: int, duration_s: float
    ) -> dict[str, str]:
        """Field -> reason for everything wrong with what a browser announces; size in bytes."""
        ...


def produces_items(question: dict[str, Any]) -> Produced | None:
    """What becomes of the answers to a question of a protocol; see `ProducingQuestion`."""
    kind = questions.question_type(question["type"])
    return kind.produces(question["options"]) if isinstance(kind, ProducingQuestion) else None
