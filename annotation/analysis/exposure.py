"""Answers given after a proposal or others' answers were seen: counted, but never together with independent ones."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from annotation.questions.contract import AgreementRow, Answer, LabelRow, Outcome

CONVENTION = "only answers given after a proposal or others' answers were shown"


def analysed_apart(answers: Sequence[Answer], analyse: Callable[[Sequence[Answer]], Outcome]) -> Outcome:
    """What follows from independent answers, then what follows from exposed ones, which says so.

    An item that has both gets its labels from the independent ones.
    """
    exposed = [answer for answer in answers if answer.exposed]
    if not exposed:
        return analyse(answers)
    own = analyse([answer for answer in answers if not answer.exposed])
    told = analyse(exposed)
    settled = {label.item for label in own.labels}
    labels = [_marked(label) for label in told.labels if label.item not in settled]
    return Outcome([*own.agreement, *marked(told.agreement)], [*own.labels, *labels])


def agreement_apart(
    answers: Sequence[Answer], agreement: Callable[[Sequence[Answer]], Sequence[AgreementRow]]
) -> Sequence[AgreementRow]:
    """The same where only agreement is asked for."""
    return analysed_apart(answers, lambda some: Outcome(agreement(some) if some else ())).agreement


def marked(rows: Sequence[AgreementRow]) -> list[AgreementRow]:
    return [
        replace(
            row, exposed=True, result=replace(row.result, convention=f"{row.result.convention}; {CONVENTION}")
        )
        for row in rows
    ]


def _marked(label: LabelRow) -> LabelRow:
    return replace(label, provenance={**label.provenance, "exposed": True})
