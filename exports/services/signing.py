"""Signing what is published, where this copy of the platform has a key."""

from pathlib import Path

from django.conf import settings

from affectory.release.manifest import MANIFEST_NAME
from affectory.release.signing import SIGNATURE_NAME, SigningKey


def signing_key() -> SigningKey | None:
    """The key of this copy, None where none is configured; raises SignatureError for one that cannot be used."""
    return SigningKey.read(Path(settings.SIGNING_KEY)) if settings.SIGNING_KEY else None


def sign_manifest(folder: Path, key: SigningKey) -> None:
    """Put a signature beside the manifest of a finished release folder."""
    content = (folder / MANIFEST_NAME).read_bytes()
    (folder / SIGNATURE_NAME).write_bytes(key.sign(content).to_json())
