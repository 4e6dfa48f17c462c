"""Studies in a running platform in which raters record themselves, and one about what they recorded."""

from pathlib import Path

from tests.browser.inside import said_inside
from tests.browser.studies import study_on_texts

PRESET = Path(__file__).resolve().parents[2] / "annotation" / "protocols" / "self-recording.toml"

MAKE_OWN = """
import sys
import django
django.setup()
from annotation.models import Study
from annotation.protocol import preset
from annotation.services.studies import create_study
from ingest.models import Collection
slug, of = sys.argv[1:]
telling = Study.objects.get(slug=of)
collection, _ = Collection.objects.get_or_create(
    organisation=telling.organisation, name=slug, defaults={"filters": {"corpus": telling.produces.name}}
)
study = create_study(
    organisation=telling.organisation, slug=slug, title="How it felt", document=preset("self-annotation"),
    collection=collection, requested_by="test",
)
print(study.invite_code)
"""


def telling_study(folder: Path, slug: str, tmp_path: Path, prompts: list[str]) -> str:
    """The preset with a shorter shortest length; returns the invite path."""
    text = PRESET.read_text().replace("min_s = 5", "min_s = 2").replace("max_s = 180", "max_s = 60")
    path = tmp_path / "telling.toml"
    path.write_text(text.replace('name = "self-recording"', f'name = "{slug}"'))
    return f"/s/{study_on_texts(folder, slug, path, prompts)}"


def own_study(folder: Path, slug: str, of: str) -> str:
    """A study about what was recorded in another one; returns the invite path."""
    return f"/s/{said_inside(folder, '-c', MAKE_OWN, slug, of)}"
