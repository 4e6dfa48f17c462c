"""Optional libraries are declared as extras, imported when they are needed, and asked for by name."""

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from affectory import agreement
from affectory.extras import EXTRAS, MissingExtra, optional

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def test_every_extra_is_declared_and_every_declared_extra_has_a_use():
    declared = tomllib.loads(PYPROJECT.read_text())["project"]["optional-dependencies"]
    asked_for = set(EXTRAS.values())
    assert asked_for | {"speed"} == set(declared)  # numba is used where it is found, and not asked for


@pytest.mark.skipif(bool(importlib.util.find_spec("pygamma_agreement")), reason="the library is here")
def test_gamma_without_its_library_says_what_to_install():
    with pytest.raises(MissingExtra, match=r"pip install 'affectory\[gamma\]'"):
        agreement.gamma([[(0, 2, "joy")], [(0, 3, "joy")]])


def test_part_of_a_missing_library_names_the_library():
    with pytest.raises(MissingExtra, match="pip install no_such_library"):
        optional("no_such_library.part")


def test_a_fault_inside_a_library_is_not_called_missing(tmp_path, monkeypatch):
    (tmp_path / "broken_library.py").write_text("import something_it_needs\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="something_it_needs"):
        optional("broken_library")


def test_importing_the_package_brings_no_heavy_library():
    code = "import sys, affectory; print(*sorted({'numpy', 'pandas', 'pyarrow', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_science_brings_neither_the_client_nor_what_is_seldom_used():
    seldom = {"httpx", "affectory.client", "numba", "pygamma_agreement", "scipy.stats", "torch"}
    code = (
        "import sys, affectory.agreement, affectory.aggregation, affectory.taxonomy;"
        f"print(*sorted({seldom} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
