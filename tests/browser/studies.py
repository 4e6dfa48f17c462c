"""Studies made inside a running platform, beside those that its demo has."""

from pathlib import Path

from tests.browser.inside import said_inside

MAKE = """
import sys
from pathlib import Path
import django
django.setup()
from accounts.facade import Organisation
from annotation.protocol import read_protocol
from annotation.services.studies import create_study
from ingest.models import Collection, Corpus, Item
slug, path, *texts = sys.argv[1:]
lab, _ = Organisation.objects.get_or_create(name="demo-lab", defaults={"title": "Lab"})
corpus, _ = Corpus.objects.get_or_create(organisation=lab, name=slug, defaults={"title": slug})
for number, text in enumerate(texts):
    Item.objects.get_or_create(corpus=corpus, key=f"text-{number}", kind="text", title="Text", text=text)
collection, _ = Collection.objects.get_or_create(
    organisation=lab, name=slug, defaults={"filters": {"corpus": slug}}
)
study = create_study(
    organisation=lab, slug=slug, title=slug, document=read_protocol(Path(path)), collection=collection,
    requested_by="test",
)
print(study.invite_code)
"""


def study_on_texts(folder: Path, slug: str, protocol: Path, texts: list[str]) -> str:
    """Run a protocol file on some texts in the platform whose data are in ``folder``; returns the invite code."""
    return said_inside(folder, "-c", MAKE, slug, str(protocol), *texts)
