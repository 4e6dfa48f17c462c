"""What other rooms may use of accounts."""

from accounts.authentication import hash_secret, new_token
from accounts.models import Consent, Organisation, Rater, RaterKind, User
from accounts.permissions import researcher
from accounts.services import (
    create_researcher,
    forget_identity,
    imported_rater,
    new_rater,
    record_consent,
    text_digest,
    withdraw_consents,
)

__all__ = [
    "Consent",
    "Organisation",
    "Rater",
    "RaterKind",
    "User",
    "create_researcher",
    "forget_identity",
    "hash_secret",
    "imported_rater",
    "new_rater",
    "new_token",
    "record_consent",
    "researcher",
    "text_digest",
    "withdraw_consents",
]
