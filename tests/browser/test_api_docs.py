"""The browsable page of the API, as a browser sees it under our own rules for pages."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

METHODS = {"get", "post", "put", "patch", "delete"}


class Watched:
    """What a page complains of, and which hosts it asks."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.asked: set[str] = set()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        page.on("request", lambda request: self.asked.add(request.url))

    def _on_console(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


def operations_of(schema: dict) -> int:
    return sum(len(METHODS & operations.keys()) for operations in schema["paths"].values())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_operation_stands_on_the_page_and_can_be_tried(demo, browser: Browser, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    watched = Watched(page)
    page.goto(f"{demo.url}/api/docs/")
    expect(page.locator(".opblock")).to_have_count(operations_of(demo.get("schema/?format=json")))
    expect(page.get_by_role("heading", name="Affectory")).to_be_visible()

    page.locator("#operations-server-server_read, [id^=operations-server]").first.locator(
        ".opblock-summary-control"
    ).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text('"affectory"')

    assert watched.complaints == []
    assert {url for url in watched.asked if not url.startswith((f"{demo.url}/", "data:", "blob:"))} == set()
    context.close()
