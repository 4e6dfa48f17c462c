"""Answers given after a proposal or others' answers were seen: counted, but never together with independent ones."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from annotation.questions.answers import Answers
from annotation.questions.contract import AgreementRow, LabelRow, Outcome

CONVENTION = "only answers given after a proposal or others' answers were shown"


def analysed_apart(answers: Answers, analyse: Callable[[Answers], Outcome]) -> Outcome:
    """What follows from independent answers, then what follows from exposed ones, which says so.

    An item that has both gets its labels from the independent ones.
    """
    if not answers.exposed.any():
        return analyse(answers)
    own, told = analyse(answers.where(~answers.exposed)), analyse(answers.where(answers.exposed))
    settled = {label.item for label in own.labels}
    labels = [_marked(label) for label in told.labels if label.item not in settled]
    return Outcome([*own.agreement, *marked(told.agreement)], [*own.labels, *labels])


def agreement_apart(
    answers: Answers, agreement: Callable[[Answers], Sequence[AgreementRow]]
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
