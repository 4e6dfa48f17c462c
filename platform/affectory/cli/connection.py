"""What commands share: the server, the cache and a resolved release, from the parsed options."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from affectory.cli.output import note, progress_bar

if TYPE_CHECKING:
    from affectory.client.cache import Cache
    from affectory.client.dataset import Dataset
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


def opened(
    options: argparse.Namespace,
    *,
    split: str | None = None,
    where: Sequence[str] = (),
    allow_withdrawn: bool = False,
) -> "Dataset":
    """Open `options.ref`: a pulled folder, which needs no server, or a release by name."""
    from affectory.client.dataset import Dataset  # noqa: PLC0415
    from affectory.client.loading import load  # noqa: PLC0415
    from affectory.client.locate import InCache  # noqa: PLC0415
    from affectory.client.settings import current_settings  # noqa: PLC0415
    from affectory.release.manifest import MANIFEST_NAME  # noqa: PLC0415

    if (Path(options.ref) / MANIFEST_NAME).is_file():
        return load(Path(options.ref), split=split, where=where)
    with connected(options) as connection:
        manifest = connection.resolve(options.ref, allow_withdrawn=allow_withdrawn).manifest
    reporter = progress_bar(manifest.ref, quiet=options.quiet or options.json)
    locate = InCache(current_settings(options.server), manifest.name, manifest.version, reporter)
    return Dataset(manifest, locate, split=split, where=where)
