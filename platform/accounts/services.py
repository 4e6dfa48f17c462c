"""What happens to people: plain functions, one thing each."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import Consent, Organisation, Rater, RaterIdentity, RaterKind, User
from affectory.errors import Conflict

# No look-alikes, so that a pseudonym can be read out over the telephone.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


@transaction.atomic
def create_researcher(*, email: str, password: str, organisation: str) -> User:
    """Make (or find, then re-key) a researcher of an organisation."""
    lab, _ = Organisation.objects.get_or_create(name=organisation, defaults={"title": organisation})
    user, _ = User.objects.get_or_create(email=email.lower(), defaults={"organisation": lab})
    if user.organisation_id != lab.pk:
        raise Conflict(f"{user.email} belongs to another organisation.", code="other_organisation")
    user.set_password(password)
    user.save()
    return user


def new_rater(*, organisation: Organisation, kind: str) -> Rater:
    """A fresh rater under a random pseudonym."""
    name = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return Rater.objects.create(organisation=organisation, pseudonym=f"r-{name}", kind=kind)


def imported_rater(
    *, organisation: Organisation, study: str, name: str, slot: bool, hide_name: bool
) -> Rater:
    """The rater that a file of an imported study calls ``name``; the same name finds the same rater.

    With ``hide_name`` the name may be a platform's id of a person: it goes into the identity table, and the rater
    gets a random pseudonym.
    """
    if not hide_name:
        return Rater.objects.get_or_create(
            organisation=organisation,
            pseudonym=f"{study}-{name}"[:64],
            defaults={"kind": RaterKind.IMPORTED, "slot": slot},
        )[0]
    platform = f"import:{organisation.pk}:{study}"[:40]
    known = RaterIdentity.objects.filter(
        platform=platform, external_id=name, rater__organisation=organisation
    ).select_related("rater")
    for identity in known:
        return identity.rater
    rater = new_rater(organisation=organisation, kind=RaterKind.IMPORTED)
    RaterIdentity.objects.create(rater=rater, platform=platform, external_id=name)
    return rater


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def record_consent(*, rater: Rater, text: str) -> Consent:
    """Repeating it is harmless."""
    return Consent.objects.get_or_create(rater=rater, digest=text_digest(text), defaults={"text": text})[0]


def forget_identity(*, rater: Rater) -> None:
    """Delete who a rater is elsewhere; the pseudonym and that she had agreed stay."""
    RaterIdentity.objects.filter(rater=rater).delete()


def withdraw_consents(*, rater: Rater) -> None:
    Consent.objects.filter(rater=rater, withdrawn_at=None).update(withdrawn_at=timezone.now())
