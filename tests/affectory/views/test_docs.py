"""docs/views.md names what exists, and its example works."""

import doctest
import re
from pathlib import Path
from types import ModuleType

import pytest

from affectory.views import naming, texts, views

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "views.md").read_text()


def test_the_table_has_every_format_and_no_other() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)) == set(views())


def test_options_on_the_page_exist() -> None:
    known = {option.name for view in views().values() for option in view.options}
    assert set(re.findall(r"(?:--option |`)([a-z_]+)=", PAGE)) <= known


@pytest.mark.parametrize("module", [naming, texts])
def test_examples_of_the_code_are_true(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert (found.failed, found.attempted > 0) == (0, True)


def test_the_example_is_a_view() -> None:
    namespace: dict[str, object] = {}
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(code, namespace)
    assert getattr(namespace["VIEW"], "name", None) == "kinds"
