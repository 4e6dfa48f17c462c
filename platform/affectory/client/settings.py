"""Where the server, the token and the cache are.

| what        | from, first match wins                                                      |
|---|---|
| server      | the call or `--server`, `AFFECTORY_SERVER`, the last `affectory login`      |
| token       | `AFFECTORY_TOKEN`, the login for that server                                |
| cache       | `AFFECTORY_CACHE`, `$XDG_CACHE_HOME/affectory`, `~/.cache/affectory`        |
| logins file | `AFFECTORY_CONFIG`, `$XDG_CONFIG_HOME/affectory/login.json`, `~/.config/...` |
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from affectory.client.errors import UsageError

_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Settings:
    server: str
    token: str | None
    cache: Path


def current_settings(server: str | None = None) -> Settings:
    """Read the settings of this process. Without any server named, raise `UsageError`."""
    chosen = server or os.environ.get("AFFECTORY_SERVER") or read_logins().last
    if not chosen:
        raise UsageError(
            "no server is known",
            "name one with: affectory login URL    (or set AFFECTORY_SERVER)",
        )
    return settings_for(chosen)


def settings_for(server: str) -> Settings:
    """Return the settings for one server, such as the one that a lock names."""
    url = check_url(server)
    token = os.environ.get("AFFECTORY_TOKEN") or read_logins().tokens.get(url)
    return Settings(server=url, token=token, cache=cache_folder())


def check_url(text: str) -> str:
    """Return the server's address without a trailing slash."""
    url = text.rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        raise UsageError(f"{text!r} is not a server address", "write it as https://affectory.example.org")
    return url


def cache_folder() -> Path:
    if chosen := os.environ.get("AFFECTORY_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "affectory"


@dataclass(frozen=True)
class Logins:
    """The tokens by server, and the server of the last login."""

    last: str | None
    tokens: Mapping[str, str]


def logins_path() -> Path:
    if chosen := os.environ.get("AFFECTORY_CONFIG"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "affectory" / "login.json"


def read_logins() -> Logins:
    path = logins_path()
    if not path.is_file():
        return Logins(last=None, tokens={})
    try:
        raw = json.loads(path.read_text())
        return Logins(last=raw["last"], tokens=dict(raw["tokens"]))
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} cannot be read", "delete it and type: affectory login URL") from error


def save_login(server: str, token: str | None) -> Path:
    """Remember the server, and its token when there is one, readable for the owner only."""
    logins = read_logins()
    tokens = {**logins.tokens, **({server: token} if token else {})}
    path = logins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w") as stream:
        json.dump({"last": server, "tokens": tokens}, stream, indent=1)
    partial.replace(path)
    return path
