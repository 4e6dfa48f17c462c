"""The `affectory` command. One file per command; heavy imports stay inside functions."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from affectory import __version__
from affectory.cli.commands import COMMANDS
from affectory.cli.output import note, report_error
from affectory.client.errors import ClientError, Exit, UsageError
from affectory.extras import MissingExtra

_EPILOG = """\
exit codes: 0 ok, 1 failed, 2 usage, 3 mismatch, 4 withdrawn, 5 sign-in, 6 not found, 7 network
environment: AFFECTORY_SERVER, AFFECTORY_TOKEN, AFFECTORY_CACHE, AFFECTORY_CONFIG
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in given
    try:
        options = build_parser().parse_args(given)
        return int(options.run(options))
    except (ClientError, MissingExtra) as error:
        code = error.exit_code if isinstance(error, ClientError) else Exit.USAGE
        return report_error(error.message, error.hint, code, as_json=as_json)
    except KeyboardInterrupt:
        note("stopped; what was downloaded is kept, so the same command goes on from here")
        return 130
    except BrokenPipeError:
        # The reader went away (`affectory ls | head`); keep Python from complaining once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return report_error(f"{where}{error.strerror or error}", "", Exit.FAILED, as_json=as_json)
    except Exception as error:
        exit_code = _release_exit_code(error)
        if exit_code is None:
            raise
        return report_error(str(error), "", exit_code, as_json=as_json)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line as all errors are said, also with --json."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}", " ".join(self.format_usage().split()))


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="affectory",
        description="Pin, fetch, check and load releases of affective-computing datasets.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"affectory {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.NAME, help=command.HELP, description=command.__doc__)
        sub.add_argument("--server", metavar="URL", help="address of the server")
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        sub.add_argument("-q", "--quiet", action="store_true", help="print results and errors only")
        command.configure(sub)
        sub.set_defaults(run=command.run)
    return parser


def _release_exit_code(error: Exception) -> Exit | None:
    """Return the exit code of an error of the release room, None for what nobody expected."""
    from affectory.release.errors import (  # noqa: PLC0415
        LockError,
        ManifestError,
        ReleaseError,
        SignatureError,
        VersionError,
    )

    match error:
        case VersionError():
            return Exit.USAGE
        case LockError() | ManifestError() | SignatureError():
            return Exit.MISMATCH
        case ReleaseError():
            return Exit.FAILED
        case _:
            return None
