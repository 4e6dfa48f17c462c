"""A person rates in her language, is warned, sees a medium when she wants to, and leaves an item out."""

import json
import re
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from config.embedded import postgres
from tests.browser.studies import study_on_texts
from tests.browser.test_researcher import WIDTHS, problems_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROTOCOL = Path(__file__).parents[1] / "annotation" / "protocols" / "careful.toml"
TEXTS = ["The car left the road.", "The rain came back."]


@pytest.fixture(scope="module")
def invite(demo) -> str:
    return f"{demo.url}/s/{study_on_texts(demo.folder, 'careful', PROTOCOL, TEXTS)}"


def looks_right(page: Page, name: str, *, loaded: bool = True) -> None:
    """At both widths, light and dark: nothing sideways, and axe finds nothing."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[width, scheme] = problems_of(page, name, loaded=loaded)
    assert {where: told for where, told in found.items() if told} == {}


def stored(demo) -> tuple[dict, dict]:
    """What was presented and played of the newest item that was submitted."""
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        row = connection.execute(
            "SELECT a.presented::text, a.played::text FROM annotation_assignment a"
            " JOIN annotation_participation p ON p.id = a.participation_id"
            " JOIN annotation_study s ON s.id = p.study_id"
            " WHERE s.slug = 'careful' AND a.state = 'submitted' ORDER BY a.submitted_at DESC"
        ).fetchone()
    return json.loads(row[0]), json.loads(row[1])


def test_a_study_in_arabic_from_right_to_left_with_axes_as_they_are(demo, browser: Browser, invite):
    context = browser.new_context(locale="ar", viewport={"width": 360, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(invite)
    expect(page.locator("html[lang=ar][dir=rtl]")).to_have_count(1)
    expect(page.get_by_text("المشاركة طوعية.")).to_be_visible()
    looks_right(page, "arabic-welcome")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="أوافق وأتابع").click()
    expect(page.get_by_text("بعض الجمل عن حوادث.")).to_be_visible()
    looks_right(page, "arabic-instructions")
    page.get_by_role("button", name="ابدأ", exact=True).click()

    expect(page.get_by_text("العنصر 1 من 2", exact=True)).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    looks_right(page, "arabic-hidden")
    page.keyboard.press("v")
    low, high = page.get_by_role("radio", name="1"), page.get_by_role("radio", name="5")
    assert low.bounding_box()["x"] < high.bounding_box()["x"]
    looks_right(page, "arabic-item")
    page.get_by_role("radio", name="فرح").check()
    high.check(force=True)
    page.get_by_role("button", name="أرسل وتابع").click()

    expect(page.get_by_text("العنصر 2 من 2", exact=True)).to_be_visible()
    page.get_by_role("button", name="تخطٍّ").click()
    page.get_by_role("radio", name="المحتوى يزعجني").check()
    looks_right(page, "arabic-skip")
    page.get_by_role("button", name="تخطَّه").click()
    expect(page.locator("output.code")).to_have_text(re.compile("^[0-9A-F]{8}$"))

    presented, played = stored(demo)
    assert presented["language"] == "ar"
    assert played["revealed_at"]
    assert demo.get("studies/careful/")["skips"] == {"disturbing": 1}
    context.close()


def test_another_language_of_the_study_is_chosen_and_remembered(browser: Browser, invite):
    context = browser.new_context(locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(invite)
    page.get_by_label("Language").select_option("es")
    expect(page.get_by_text("Participar es voluntario.")).to_be_visible()
    expect(page.get_by_role("button", name="Aceptar y continuar")).to_be_visible()
    page.goto(invite)
    expect(page.locator("html[lang=es][dir=ltr]")).to_have_count(1)
    expect(page.get_by_label("Idioma")).to_have_value("es")
    context.close()
