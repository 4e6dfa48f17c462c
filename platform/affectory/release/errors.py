"""What can go wrong with a release, each with a stable code and a message that a person can act on."""

from affectory.errors import Invalid


class ReleaseError(Invalid):
    """Base of all release errors."""

    code = "release_error"


class TableError(ReleaseError):
    """Rows that do not fit the table they are written to."""

    code = "table_invalid"


class ManifestError(ReleaseError):
    """A manifest that cannot be read or names something unsafe."""

    code = "manifest_invalid"


class VersionError(ReleaseError):
    """A version that cannot be read, or is smaller than the difference asks for."""

    code = "version_invalid"


class VersionTooSmallError(VersionError):
    """The proposed version hides a change that users of the parent must see."""

    code = "version_too_small"


class SignatureError(ReleaseError):
    """A release that is not signed, or not by who was to sign it; or a key that cannot be used."""

    code = "signature_invalid"


class LockError(ReleaseError):
    """A dataset.lock that cannot be read, or no longer agrees with the server."""

    code = "lock_invalid"
