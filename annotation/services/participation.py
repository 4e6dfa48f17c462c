"""Arriving, consenting, withdrawing, completing."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.facade import (
    Rater,
    RaterKind,
    hash_secret,
    new_rater,
    record_consent,
    text_digest,
    withdraw_consents,
)
from affectory.errors import Conflict, Gone, NotFound
from annotation.about_you import asked_about_you
from annotation.attention import attention_keys
from annotation.models import (
    AssignmentState,
    Participation,
    ParticipationState,
    SelfDescription,
    Study,
    StudyState,
)
from annotation.repeats import number_of_repeats, repeats_rule
from annotation.services.analyses import request_analysis
from annotation.services.makers import asks_own_items, items_for, maker_behind, not_handed_in
from annotation.services.progress import request_progress
from annotation.services.proposals import take_back
from annotation.services.seats import take_words_back
from annotation.translations import languages_of, translated
from audit.facade import record

_TOKEN = signing.Signer(salt="annotation.participation")


@dataclass(frozen=True)
class Progress:
    """``again``: how many of ``total`` are items that come a second time."""

    practice_done: int
    practice_total: int
    done: int
    total: int
    again: int

    @property
    def complete(self) -> bool:
        return self.practice_done >= self.practice_total and self.done >= self.total


def study_by_invite(code: str) -> Study:
    study = Study.objects.select_related("protocol").filter(invite_code=code, imported=False).first()
    if study is None:
        raise NotFound("This invitation is not known. Please check the link with whoever sent it.")
    return study


def token_for(participation_id: uuid.UUID) -> str:
    """The secret that a rater's browser sends; it is made again, never stored."""
    return _TOKEN.sign(participation_id.hex)


@transaction.atomic
def arrive(
    *, invite_code: str, arrival_id: uuid.UUID, simulated: bool, earlier: str = ""
) -> tuple[Participation, bool]:
    """Join a study; the same ``arrival_id`` finds the same participation. Returns it and whether it is new.

    ``earlier``: token of the participation in which the rater made what a study of own items asks about.
    """
    study = study_by_invite(invite_code)
    # The lock makes two clicks one participation.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    known = Participation.objects.filter(study=study, arrival_id=arrival_id).first()
    if known:
        return _let_in_again(known), False
    rater = maker_behind(study, earlier) if asks_own_items(study) else None
    known = Participation.objects.filter(study=study, rater=rater).first() if rater else None
    if known:
        return _let_in_again(known), False
    if study.named:
        raise Conflict("This study is for raters who got a link of their own.", code="not_invited")
    if study.state != StudyState.OPEN:
        raise Gone("This study is closed. Thank you for your interest.", code="study_closed")
    kind = RaterKind.SIMULATED if simulated else RaterKind.CROWD
    rater = rater or new_rater(organisation=study.organisation, kind=kind)
    return join(study, rater, arrival_id), True


def _let_in_again(known: Participation) -> Participation:
    """The token that is handed out is one that is known, also after the server's key has changed."""
    sha256 = hash_secret(token_for(known.id))
    if known.token_sha256 != sha256:
        known.token_sha256 = sha256
        known.save(update_fields=["token_sha256"])
    return known


def join(study: Study, rater: Rater, arrival_id: uuid.UUID) -> Participation:
    """A place in a study, which whoever knows ``arrival_id`` takes up."""
    participation = Participation(study=study, rater=rater, arrival_id=arrival_id)
    participation.token_sha256 = hash_secret(token_for(participation.id))
    participation.save()
    return participation


def consent_of(study: Study, language: str) -> tuple[str, str]:
    """The whole text that a rater of this study agrees to in this language, and its digest."""
    consent = translated(study.protocol.document, language)["consent"]
    text = "\n\n".join(consent[part] for part in ("text", "produced") if part in consent)
    return text, text_digest(text)


def consent_texts(study: Study) -> list[str]:
    """The consent text in every language of the study."""
    return [consent_of(study, language)[0] for language in languages_of(study.protocol.document)]


@transaction.atomic
def give_consent(*, participation_id: uuid.UUID, digest: str) -> Participation:
    """Agree to the text with this digest, in whichever language it was shown; that text is kept."""
    participation = locked_participation(participation_id)
    shown = consent_texts(participation.study)
    text = next((text for text in shown if digest == text_digest(text)), None)
    if text is None:
        raise Conflict(
            "The consent text has changed since you read it. Please read it again.",
            code="consent_text_changed",
        )
    if participation.state == ParticipationState.INVITED:
        record_consent(rater=participation.rater, text=text)
        _move(participation, ParticipationState.CONSENTED)
    return participation


@transaction.atomic
def withdraw(*, participation_id: uuid.UUID) -> Participation:
    """The rater's answers stay stored, and count nowhere any more."""
    participation = locked_participation(participation_id)
    if participation.state != ParticipationState.WITHDRAWN:
        withdraw_consents(rater=participation.rater)
        take_back(participation.rater)
        not_handed_in(participation).delete()
        take_words_back(participation)
        _move(participation, ParticipationState.WITHDRAWN)
        request_analysis(study=participation.study, requested_by=f"rater:{participation.rater.pseudonym}")
        record(
            actor=participation.rater.pseudonym,
            action="withdrew",
            subject=f"study:{participation.study.slug}",
        )
    return participation


def progress_of(participation: Participation) -> Progress:
    over = (AssignmentState.SUBMITTED, AssignmentState.SKIPPED)
    done = participation.assignments.filter(state__in=over)
    practice_done = done.filter(study_item__practice=True).count()
    items = items_for(participation)
    n_items = items.filter(practice=False).count()
    study = participation.study
    document: dict[str, Any] = study.protocol.document
    n_checking = items.filter(item__key__in=attention_keys(document)).count()
    n_first = min(document["raters"]["items_per_rater"], n_items - n_checking)
    # Reviews show every item once: whoever sees what others said does not say the same again by herself.
    n_again = 0 if study.base_id else number_of_repeats(repeats_rule(document), n_first)
    return Progress(
        practice_done=practice_done,
        practice_total=items.filter(practice=True).count(),
        done=done.count() - practice_done,
        total=n_items if study.named else n_first + n_checking + n_again,
        again=n_again,
    )


def complete_if_done(participation: Participation, *, nothing_left: bool = False) -> None:
    """Give the completion code once all is answered, or nothing is left to rate; within the caller's transaction."""
    finished = nothing_left or progress_of(participation).complete
    if finished and participation.state == ParticipationState.RATING:
        participation.completion_code = secrets.token_hex(4).upper()
        participation.completed_at = timezone.now()
        _move(participation, ParticipationState.COMPLETED)
        request_progress(participation.study)


def about_you_due(participation: Participation) -> bool:
    """Whether the rater has still to be asked about herself."""
    if not asked_about_you(participation.study.protocol.document):
        return False
    told = SelfDescription.objects.filter(participation__rater=participation.rater_id)
    # Who comes back for another round has been asked.
    return not told.filter(participation__study__protocol=participation.study.protocol_id).exists()


def may_rate(participation: Participation) -> None:
    """Refuse whoever does not take part, or was not asked about herself yet."""
    takes_part(participation)
    if about_you_due(participation):
        raise Conflict("Please answer the questions about yourself first.", code="about_you_missing")


def takes_part(participation: Participation) -> None:
    """Refuse whoever has not agreed, or has withdrawn."""
    if participation.state == ParticipationState.INVITED:
        raise Conflict("Please read and accept the consent text first.", code="consent_missing")
    if participation.state == ParticipationState.WITHDRAWN:
        raise Gone("You have withdrawn from this study.", code="withdrawn")


def lease_length(study: Study) -> timedelta:
    return timedelta(minutes=study.protocol.document["raters"]["lease_minutes"])


def locked_participation(participation_id: uuid.UUID) -> Participation:
    """The participation, held until the caller's transaction ends: what one rater does happens in turn."""
    rows = Participation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("study__protocol", "rater").get(pk=participation_id)


def _move(participation: Participation, state: ParticipationState) -> None:
    participation.state = state
    participation.save()
