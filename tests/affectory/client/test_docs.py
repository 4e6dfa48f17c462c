"""docs/client.md tells every command, every exit code, and nothing that cannot be typed."""

import re
import shlex
from pathlib import Path

import pytest

from affectory.cli import build_parser
from affectory.cli.commands import COMMANDS
from affectory.client.errors import Exit

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "client.md").read_text()
TYPED = sorted(
    {
        line.strip()
        for page in ("client.md", "releases.md", "views.md")
        for block in re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
        for line in block.splitlines()
        if line.startswith("affectory ")
    }
)


@pytest.mark.parametrize("line", TYPED)
def test_what_the_pages_say_to_type_can_be_typed(line: str) -> None:
    words = shlex.split(re.sub(r"\[FOLDER\] \[--deep\]", "FOLDER --deep", line), comments=True)
    assert callable(build_parser().parse_args(words[1:]).run)


def test_the_page_has_every_command_and_every_exit_code() -> None:
    rows = re.findall(r"^\| `([a-z-]+)", PAGE, re.MULTILINE)
    assert rows == [command.NAME for command in COMMANDS]
    codes = re.findall(r"^\| (\d) \| (?:`(\w+)`)? ?\|", PAGE, re.MULTILINE)
    assert codes == [(str(int(code)), code.name.lower() if code else "") for code in Exit]
