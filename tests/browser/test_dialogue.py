"""Two people meet, talk through a bad network and a reload, and what they said becomes an item."""

import re

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from config.embedded import postgres
from tests.browser.talking_studies import talking_study
from tests.browser.test_recording import agree, entries
from tests.browser.test_researcher import problems_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SITUATION = "My dog ran away on a Sunday, and came back by itself."
ANSWER = "<b>Oh no!</b> Where was it?\nكيف حدث ذلك؟"
CALLS = re.compile(r"/dialogues/[0-9a-f-]+/")
SOON_MS = 60_000


@pytest.fixture
def pages(browser: Browser):
    """The browsers of two people."""
    contexts = [browser.new_context(viewport={"width": 1440, "height": 900}) for _ in range(2)]
    for context in contexts:
        context.set_default_timeout(SOON_MS)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def looked_at(page: Page, name: str) -> list[str]:
    """What axe finds at both widths and in both schemes."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{name} {scheme} {width}: {told}" for told in problems_of(page, f"dialogue-{name}")]
    page.emulate_media(color_scheme="light")
    return found


def say(page: Page, text: str, label: str = "") -> None:
    if label:
        page.get_by_label("What the message does").select_option(label=label)
    field = page.get_by_label("Your message")
    field.fill(text)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled(timeout=SOON_MS)
    field.press("Enter")


def log(page: Page):
    return page.get_by_role("log")


def seek(page: Page) -> None:
    page.get_by_role("button", name="Look for a partner").click()


def rate(page: Page) -> None:
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("combobox").select_option(index=1)
    page.get_by_role("radiogroup", name="Understanding").get_by_role("radio").nth(3).check(force=True)
    page.get_by_role("button", name="Send and go on").click()
    expect(page.get_by_text("All your answers have arrived.")).to_be_visible(timeout=SOON_MS)


def item_of(demo, corpus: str) -> tuple:
    """Kind, text, speakers and subjects of the only item, straight from the database."""
    query = (
        "SELECT i.kind, i.text, i.context, i.groups->'subject' FROM ingest_item i JOIN ingest_corpus c"
        " ON c.id = i.corpus_id WHERE c.name = %s"
    )
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        [row] = connection.execute(query, [corpus]).fetchall()
    return row


def meet(teller: Page, listener: Page, invite: str) -> list[str]:
    """Both come, one waits, and each gets a role; returns what axe finds on the way."""
    for page in (teller, listener):
        agree(page, invite)
        expect(page.get_by_text("decided when both are there")).to_be_visible(timeout=SOON_MS)
    problems = looked_at(teller, "lobby")
    seek(teller)
    expect(teller.get_by_text("Waiting for a partner")).to_be_visible(timeout=SOON_MS)
    problems += looked_at(teller, "waiting")
    seek(listener)
    # Who came first has the first role, and only she sees the situation.
    expect(teller.get_by_text("You: Speaker")).to_be_visible(timeout=SOON_MS)
    expect(listener.get_by_text("You: Listener")).to_be_visible(timeout=SOON_MS)
    expect(teller.get_by_text(SITUATION)).to_be_visible(timeout=SOON_MS)
    expect(listener.get_by_text(SITUATION)).to_have_count(0)
    return problems


def take_turns(teller: Page, listener: Page) -> list[str]:
    """One tells, the other answers, and says what the answer does."""
    listener.get_by_label("Your message").fill("too early")
    expect(listener.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    expect(teller.locator(".presence")).to_have_text("Listener is writing …", timeout=SOON_MS)
    listener.get_by_label("Your message").fill("")
    say(teller, "My dog was gone.")
    expect(log(listener)).to_contain_text("My dog was gone.", timeout=SOON_MS)
    say(listener, ANSWER)
    expect(listener.get_by_text("Please say what the message does.")).to_be_visible()
    problems = looked_at(listener, "unlabelled")
    problems += typed_on_a_phone(listener)
    say(listener, ANSWER, "Question")
    expect(log(teller)).to_contain_text("<b>Oh no!</b> Where was it?", timeout=SOON_MS)
    expect(log(teller)).not_to_contain_text("Question")
    return problems + looked_at(teller, "talking")


def typed_on_a_phone(page: Page) -> list[str]:
    """With so little height as a keyboard on the screen leaves, one sees what one writes, and the last message."""
    page.set_viewport_size({"width": 360, "height": 420})
    page.get_by_label("Your message").focus()
    for seen in (page.get_by_label("Your message"), page.get_by_role("button", name="Send", exact=True)):
        expect(seen).to_be_in_viewport(ratio=1)
    problems = problems_of(page, "dialogue-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    return problems


def answer_through_an_outage(teller: Page, listener: Page) -> None:
    """The network is gone while she answers, and she reloads before it is back."""
    teller.route(CALLS, lambda route: route.abort())
    say(teller, "It came back by itself.")
    expect(teller.locator(".presence")).to_contain_text("No connection.", timeout=SOON_MS)
    expect(log(teller)).to_contain_text("on its way …")
    teller.reload()
    expect(log(teller)).to_contain_text("It came back by itself.", timeout=SOON_MS)
    expect(log(listener)).not_to_contain_text("It came back")
    teller.unroute(CALLS)
    teller.evaluate("window.dispatchEvent(new Event('online'))")
    expect(log(listener)).to_contain_text("It came back by itself.", timeout=SOON_MS)
    expect(log(teller)).not_to_contain_text("on its way …", timeout=SOON_MS)


def end(teller: Page, listener: Page) -> list[str]:
    """The listener says the last word; both see that it is over, and what it was about."""
    expect(listener.get_by_role("button", name="End the conversation")).to_be_disabled()
    say(listener, "How good!", "Comfort")
    expect(log(teller).locator(".bubble")).to_have_count(4, timeout=SOON_MS)
    listener.get_by_role("button", name="End the conversation").click()
    problems = looked_at(listener, "ending")
    listener.get_by_role("button", name="End it").click()
    for page in (teller, listener):
        expect(page.locator(".presence")).to_have_text("The conversation is over.", timeout=SOON_MS)
        expect(page.get_by_text(SITUATION)).to_be_visible(timeout=SOON_MS)
    return problems + looked_at(listener, "over")


def test_two_people_talk_through_a_reload_and_an_outage_and_hand_it_in(demo, pages, tmp_path):
    problems = meet(*pages, demo.url + talking_study(demo.folder, "talking", tmp_path, [SITUATION]))
    problems += take_turns(*pages)
    answer_through_an_outage(*pages)
    problems += end(*pages)
    assert problems == []
    for page in pages:
        rate(page)
    [(state, _, _)] = entries(demo, "talking-made")
    kind, text, context, subject = item_of(demo, "talking-made")
    assert (state, kind) == ("ready", "dialogue")
    assert text.splitlines()[0] == "Speaker: My dog was gone."
    assert [line["speaker"] for line in context] == ["Speaker", "Listener", "Speaker", "Listener"]
    assert len(subject) == 2


def test_whoever_is_left_is_told_so_and_whoever_waits_in_vain_goes_on(demo, pages, tmp_path):
    invite = demo.url + talking_study(demo.folder, "parting", tmp_path, [SITUATION])
    one, other = pages
    for page in pages:
        agree(page, invite)
        seek(page)
    expect(other.get_by_label("Your message")).to_be_visible(timeout=SOON_MS)
    expect(one.get_by_label("Your message")).to_be_visible(timeout=SOON_MS)
    one.get_by_role("button", name="Leave").click()
    one.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(one.get_by_role("button", name="Look for a partner")).to_be_visible(timeout=SOON_MS)
    expect(other.locator(".presence")).to_contain_text("has left before enough was said", timeout=SOON_MS)
    problems = looked_at(other, "left")
    other.get_by_role("button", name="Look for another partner").click()
    expect(other.get_by_role("button", name="Go on without")).to_be_visible(timeout=SOON_MS)
    problems += looked_at(other, "in-vain")
    assert problems == []
    other.get_by_role("button", name="Go on without").click()
    expect(other.get_by_text("All your answers have arrived.")).to_be_visible(timeout=SOON_MS)
