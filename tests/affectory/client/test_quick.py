"""What must stay light: `import affectory` and `affectory --help` load no heavy library."""

import subprocess
import sys

import pytest

HEAVY = {"pyarrow", "pandas", "numpy", "httpx", "tqdm"}


@pytest.mark.parametrize(
    "code",
    ["import affectory", "from affectory.cli import build_parser; build_parser().format_help()"],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    script = f"{code}\nimport sys; print(','.join(sorted(set(sys.modules) & {HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_releases_client_and_views_do_without_the_libraries_of_the_science() -> None:
    script = (
        "import importlib, pkgutil, sys\n"
        "sys.modules |= dict.fromkeys(('scipy', 'numba', 'torch', 'datasets', 'polars', 'av', 'cryptography'))\n"
        "for room in ('cli', 'client', 'release', 'views'):\n"
        "    package = importlib.import_module(f'affectory.{room}')\n"
        "    for found in pkgutil.walk_packages(package.__path__, f'{package.__name__}.'):\n"
        "        if not found.name.endswith('__main__'):\n"
        "            importlib.import_module(found.name)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_package_gives_load_and_says_what_it_lacks() -> None:
    import affectory

    assert callable(affectory.load)
    with pytest.raises(AttributeError, match="lode"):
        _ = affectory.lode
