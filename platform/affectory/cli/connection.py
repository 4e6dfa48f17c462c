"""What commands share: the server, the cache and a resolved release, from the parsed options."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from affectory.cli.output import note

if TYPE_CHECKING:
    from affectory.client.cache import Cache
    from affectory.client.resolve import Resolved
    from affectory.client.server import Server


@dataclass(frozen=True)
class Connection:
    server: "Server"
    cache: "Cache"

    def resolve(self, ref: str, *, allow_withdrawn: bool = False) -> "Resolved":
        """Find the release that `ref` names; warnings go to stderr, also with --quiet."""
        from affectory.client.resolve import Ref, resolve  # noqa: PLC0415

        resolved = resolve(self.server, self.cache, Ref.parse(ref), allow_withdrawn=allow_withdrawn)
        if resolved.warning:
            note(f"warning: {resolved.warning}")
        return resolved


def warn_of(server: str, name: str, version: str, *, allow_withdrawn: bool) -> None:
    """Ask how a release that is here stands and tell it on stderr, also with --quiet; a withdrawn one is refused."""
    from affectory.client.standing import standing  # noqa: PLC0415

    warning = standing(server, name, version, allow_withdrawn=allow_withdrawn)
    if warning:
        note(f"warning: {warning}")


@contextmanager
def connected(options: argparse.Namespace) -> Iterator[Connection]:
    """Connect to the server of the options or the environment."""
    from affectory.client.cache import Cache  # noqa: PLC0415
    from affectory.client.server import Server  # noqa: PLC0415
    from affectory.client.settings import current_settings  # noqa: PLC0415

    settings = current_settings(options.server)
    with Server(settings) as server:
        yield Connection(server, Cache(settings.cache))
