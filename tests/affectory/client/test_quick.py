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


def test_package_gives_load_and_says_what_it_lacks() -> None:
    import affectory

    assert callable(affectory.load)
    with pytest.raises(AttributeError, match="lode"):
        _ = affectory.lode
