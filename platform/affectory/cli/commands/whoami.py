"""Show which server is used, its version, and who the token belongs to."""

import argparse
from typing import Any

from affectory import __version__
from affectory.cli.connection import connected
from affectory.cli.output import print_json, say
from affectory.client.errors import AuthError, Exit

NAME = "whoami"
HELP = "show the server, its version and who you are there"


def configure(parser: argparse.ArgumentParser) -> None:
    del parser  # no options of its own


def run(options: argparse.Namespace) -> int:
    session: dict[str, Any] | None
    with connected(options) as connection:
        about = connection.server.about()
        try:
            session = dict(connection.server.session())
        except AuthError:
            session = None
        url = connection.server.url
    if options.json:
        print_json(
            {"server": url, "version": about.get("version"), "client": __version__, "session": session}
        )
    else:
        person = (session or {}).get("email") or "nobody (no token)"
        say(f"{url}  Affectory {about.get('version')}  client {__version__}\n{person}")
    return Exit.OK
