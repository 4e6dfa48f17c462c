"""A person picks whom she rates, by keyboard or by a click on a frame, and her answers say whom."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from config.embedded import postgres
from tests.browser.test_people import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]
MAKE = """
import json, sys
import django
django.setup()
from accounts.facade import Organisation
from annotation.protocol import ProtocolSerializer
from annotation.services.studies import create_study
from ingest.models import Corpus, Item
from ingest.services.collections import save_collection
lab = Organisation.objects.get(name="demo-lab")
people = {"Ann": [[0, 0.1, 0.2, 0.2, 0.5], [60, 0.1, 0.2, 0.2, 0.5]],
          "Bob": [[0, 0.6, 0.2, 0.2, 0.5], [60, 0.6, 0.2, 0.2, 0.5]]}
corpus = Corpus.objects.get(name="demo-film")
for kind in ("video", "image"):
    first = corpus.items.filter(kind=kind).select_related("asset").first()
    Item.objects.get_or_create(
        corpus=corpus, key=f"picked/{kind}",
        defaults={"kind": kind, "asset": first.asset, "title": kind, "metadata": {"people": people}},
    )
collection = save_collection(
    name="picked", organisation_id=lab.pk, filters={"corpus": "demo-film", "key_prefix": "picked/"}
)
checked = ProtocolSerializer(data={
    "name": "picked", "version": "1.0.0", "title": "Calm", "description": "Who is calm?", "source": "test",
    "perspective": "observer", "item_kinds": ["video", "image"], "estimated_minutes": 1,
    "consent": {"text": "Yes."}, "instructions": {"text": "Look."},
    "presentation": {"choose_target": True, "order": "fixed"},
    "raters": {"per_item": 9, "practice_items": 0},
    "questions": [{"key": "calm", "type": "yes_no", "prompt": "Is this one calm?", "options": {}}],
})
checked.is_valid(raise_exception=True)
study = create_study(organisation=lab, slug="picked", title="Calm", collection=collection, requested_by="test",
    document=json.loads(json.dumps(checked.validated_data)))
print(study.invite_code)
"""


def _invite(demo) -> str:
    env = os.environ | {
        "AFFECTORY_DATA": str(demo.folder),
        "DATABASE_URL": postgres.database_url(demo.folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-c", MAKE], env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return f"{demo.url}/s/{made.stdout.split()[-1]}"


def _targets(demo) -> dict[str, str]:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT i.key, r.target FROM annotation_response r JOIN ingest_item i ON i.id = r.item_id"
            " JOIN annotation_study s ON s.id = r.study_id WHERE s.slug = 'picked'"
        )
        return dict(rows.fetchall())


def test_the_rater_picks_whom_she_rates_before_she_is_asked(demo, browser: Browser):
    context = browser.new_context(locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(_invite(demo))
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and continue").click()
    page.get_by_role("button", name="Start", exact=True).click()

    # A picture, by keyboard alone.
    group = page.get_by_role("group", name="Whom do you rate?")
    expect(group.get_by_role("radio")).to_have_count(2)
    expect(page.get_by_text("Is this one calm?")).to_have_count(0)
    page.get_by_role("button", name="Rate this one").click()
    expect(page.get_by_text("Please pick somebody.")).to_be_visible()
    expect(page.locator(".person")).to_have_count(2)
    looks_right(page, "whom-picture")
    group.get_by_role("radio", name="Bob").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Is this one calm?")).to_be_visible()
    expect(page.get_by_text("Rate this one: Bob")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Rate this one: Bob")).to_be_visible()
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Send and go on").click()

    # A film, by a click on a frame.
    expect(page.get_by_text("Item 2 of 2", exact=True)).to_be_visible()
    page.locator(".person", has_text="Ann").click()
    expect(group.get_by_role("radio", name="Ann")).to_be_checked()
    looks_right(page, "whom-film")
    page.get_by_role("button", name="Rate this one").click()
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("output.code")).to_be_visible()
    assert _targets(demo) == {"picked/image": "Bob", "picked/video": "Ann"}
    context.close()
