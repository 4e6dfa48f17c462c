"""What can go wrong for a client. Each error says what to type next and has its own exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of the `affectory` command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    MISMATCH = 3
    WITHDRAWN = 4
    AUTH = 5
    NOT_FOUND = 6
    NETWORK = 7


class ClientError(Exception):
    """Base of all client errors; `hint` is what to do about it."""

    exit_code = Exit.FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(ClientError):
    exit_code = Exit.USAGE


class MismatchError(ClientError):
    """Bytes or versions are not what was promised."""

    exit_code = Exit.MISMATCH


class WithdrawnError(ClientError):
    exit_code = Exit.WITHDRAWN


class AuthError(ClientError):
    exit_code = Exit.AUTH


class NotFoundError(ClientError):
    exit_code = Exit.NOT_FOUND


class NetworkError(ClientError):
    exit_code = Exit.NETWORK
