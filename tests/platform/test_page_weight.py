"""What a rater waits for before the first medium."""

import gzip
import json
from pathlib import Path

import pytest

DIST = Path(__file__).parents[2] / "frontend" / "dist"
MOST_BYTES = 150_000
CATALOGUES = ("ar", "es", "zh")

pytestmark = pytest.mark.skipif(
    not (DIST / ".vite" / "manifest.json").exists(),
    reason="the pages are not built (frontend: npm run build)",
)


def files_of(manifest: dict[str, dict], entry: str) -> set[str]:
    """The chunk's file, its styles, and those of all that it imports at once."""
    part = manifest[entry]
    found = {part["file"], *part.get("css", ())}
    for other in part.get("imports", ()):
        found |= files_of(manifest, other)
    return found


@pytest.mark.parametrize("language", ["en", *CATALOGUES])
def test_the_rater_page_loads_at_most_150_kb_compressed_in_every_language(language):
    """With whichever type of question is the heaviest: a study's own types are loaded with its first item."""
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text())
    page = files_of(manifest, "rate.html") | {"rate.html"}
    if language in CATALOGUES:
        page |= files_of(manifest, f"src/words/{language}.json")
    asked = [name for name in manifest if name.startswith("src/questions/") and name.count("/") == 2]
    assert asked
    weights = {name: weight_of(page | files_of(manifest, name)) for name in asked}
    heaviest = max(weights, key=weights.__getitem__)
    assert weights[heaviest] <= MOST_BYTES, f"{weights[heaviest]} bytes with {heaviest}"


def weight_of(files: set[str]) -> int:
    return sum(len(gzip.compress((DIST / name).read_bytes(), 6)) for name in files)
