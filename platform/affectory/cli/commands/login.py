"""Remember a server and, when given, an API token for it (in a file that only you can read)."""

import argparse
import getpass
import sys

from affectory.cli.output import note, print_json
from affectory.client.errors import Exit

NAME = "login"
HELP = "remember a server and a token"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", help="address of the server")
    parser.add_argument("--token-stdin", action="store_true", help="read the token from standard input")
    parser.add_argument(
        "--no-token", action="store_true", help="remember the address only, for public releases"
    )


def run(options: argparse.Namespace) -> int:
    from affectory.client.server import Server  # noqa: PLC0415
    from affectory.client.settings import Settings, cache_folder, check_url, save_login  # noqa: PLC0415

    url = check_url(options.url)
    token = _token(options)
    with Server(Settings(server=url, token=token, cache=cache_folder())) as server:
        about = server.about()
        if token:
            server.session()
    path = save_login(url, token)
    if options.json:
        print_json({"server": url, "version": about.get("version"), "config": str(path)})
    else:
        note(f"{url} (Affectory {about.get('version')}) is remembered in {path}", quiet=options.quiet)
    return Exit.OK


def _token(options: argparse.Namespace) -> str | None:
    if options.no_token:
        return None
    if options.token_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().strip() or None
    return getpass.getpass("API token (empty for none): ").strip() or None
