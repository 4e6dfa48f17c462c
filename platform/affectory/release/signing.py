"""A detached Ed25519 signature of manifest.json.

manifest.sig stands beside the manifest and signs its very bytes, so the release stays the same with or without one, and
other programs can check it, too. The key inside says who signed only to somebody who knows that key from elsewhere:
from `--public-key`, or from `public_key` in dataset.lock.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affectory.extras import optional
from affectory.release.errors import SignatureError

SIGNATURE_NAME = "manifest.sig"
SIGNATURE_SCHEMA = "affectory-signature/1"
_KEY_PREFIX = "ed25519:"
_KEY_BYTES = 32
_PEM = "-----BEGIN "


@dataclass(frozen=True)
class Signature:
    """Who signed, as `ed25519:<base64 of the 32 bytes of the public key>`, and the 64 bytes of the signature."""

    public_key: str
    signature: bytes

    def to_json(self) -> bytes:
        """Return the exact bytes of manifest.sig."""
        told = {
            "schema": SIGNATURE_SCHEMA,
            "public_key": self.public_key,
            "signature": base64.b64encode(self.signature).decode(),
        }
        return f"{json.dumps(told, indent=1, sort_keys=True)}\n".encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Signature":
        try:
            told = json.loads(content)
            schema, public_key = told["schema"], told["public_key"]
            signature = base64.b64decode(told["signature"], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise SignatureError(f"{SIGNATURE_NAME} cannot be read: {error!r}") from error
        if schema != SIGNATURE_SCHEMA:
            raise SignatureError(
                f"{SIGNATURE_NAME} has schema {schema!r} and this program reads {SIGNATURE_SCHEMA}"
            )
        return cls(check_public_key(public_key), signature)

    def check(self, manifest: bytes) -> None:
        """Raise `SignatureError` unless the named key has signed these bytes (needs cryptography)."""
        key = _ed25519().Ed25519PublicKey.from_public_bytes(_key_bytes(self.public_key))
        try:
            key.verify(self.signature, manifest)
        except optional("cryptography.exceptions").InvalidSignature as error:
            raise SignatureError(
                f"the signature is not one of {self.public_key} over this manifest"
            ) from error


@dataclass(frozen=True)
class SigningKey:
    """A private key that is ready to sign; the key itself is not shown."""

    public_key: str
    _private: Any

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """Read an unencrypted PEM file, as `openssl genpkey -algorithm ed25519` makes one (needs cryptography)."""
        private = _loaded(path, "private")
        if not isinstance(private, _ed25519().Ed25519PrivateKey):
            raise SignatureError(f"{path} holds a key of another kind; Ed25519 is needed")
        return cls(_named(private.public_key()), private)

    def __repr__(self) -> str:
        return f"<SigningKey {self.public_key}>"

    def sign(self, manifest: bytes) -> Signature:
        return Signature(self.public_key, self._private.sign(manifest))


def check_signed(manifest: bytes, signature: bytes | None, public_key: str, *, what: str) -> None:
    """Raise `SignatureError` unless `public_key` has signed `manifest`; `signature` is what manifest.sig holds."""
    if signature is None:
        raise SignatureError(f"{what} is not signed, and {public_key} was to have signed it")
    found = Signature.from_json(signature)
    if found.public_key != public_key:
        raise SignatureError(f"{what} is signed by {found.public_key}, not by {public_key}")
    try:
        found.check(manifest)
    except SignatureError as error:
        raise SignatureError(f"{what}: {error.message}") from error


def read_public_key(text: str) -> str:
    """Return a public key as it is written in dataset.lock, from such a text or from a file with it or with PEM."""
    path = Path(text)
    if text.startswith(_KEY_PREFIX) or not path.is_file():
        return check_public_key(text)
    content = path.read_text(encoding="ascii", errors="replace").strip()
    if not content.startswith(_PEM):
        return check_public_key(content)
    public = _loaded(path, "public")
    if not isinstance(public, _ed25519().Ed25519PublicKey):
        raise SignatureError(f"{path} holds a key of another kind; Ed25519 is needed")
    return _named(public)


def check_public_key(text: str) -> str:
    """Return `text` when it is a public key in our writing."""
    _key_bytes(text)
    return text


def _key_bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.removeprefix(_KEY_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not text.startswith(_KEY_PREFIX) or len(raw) != _KEY_BYTES:
        raise SignatureError(
            f"{text!r} is neither ed25519:<base64 of 32 bytes> nor a file that holds a public key"
        )
    return raw


def _named(public: Any) -> str:
    return _KEY_PREFIX + base64.b64encode(public.public_bytes_raw()).decode()


def _loaded(path: Path, kind: str) -> Any:
    serialization = optional("cryptography.hazmat.primitives.serialization")
    try:
        content = path.read_bytes()
        if kind == "public":
            return serialization.load_pem_public_key(content)
        return serialization.load_pem_private_key(content, password=None)
    except OSError as error:
        raise SignatureError(f"{path} cannot be read: {error.strerror}") from error
    except (TypeError, ValueError, optional("cryptography.exceptions").UnsupportedAlgorithm) as error:
        raise SignatureError(f"{path} is no unencrypted PEM file with a {kind} key") from error


def _ed25519() -> Any:
    return optional("cryptography.hazmat.primitives.asymmetric.ed25519")
