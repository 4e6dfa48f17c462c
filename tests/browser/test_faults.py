"""What is rated arrives once, whatever becomes of the answers of the server and of the rater's session."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from benchmarks.tracing.wire import CARRIED
from tests.browser.one_clip import begin, finished, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOVES = 30


def rate(page: Page) -> None:
    """Move the dot by keys for about a second."""
    for _ in range(MOVES):
        page.keyboard.press("ArrowRight", delay=20)


def check_whole(bodies: list[dict[str, Any]]) -> None:
    """Every event once, from the first to the end of the film, and what was moved among them."""
    events = [event for body in bodies for event in body["events"]]
    assert [event[0] for event in events] == list(range(len(events)))
    assert events[-1][1] == "end"
    assert any(event[1] == "sample" for event in events)


def test_answers_that_are_lost_after_the_commit_lose_and_double_nothing(bench, context):
    page = context.new_page()
    lost: list[str | None] = []

    def lose_first_answer(route: Route) -> None:
        sent = route.request.post_data
        if sent in lost:
            return route.continue_()
        lost.append(sent)
        route.fetch()
        return route.abort()

    page.route(CARRIED, lose_first_answer)
    begin(page, bench.url + bench.invites["answers"])
    go(page, "Start")
    rate(page)
    finished(page)
    bodies = bench.bodies("answers")
    check_whole(bodies)
    # Each chunk, and the end of the trace.
    assert len(lost) == len(bodies) + 1


def test_a_rater_whose_session_ends_while_she_rates_is_let_in_again_and_all_arrives(bench, context):
    page = context.new_page()
    begin(page, bench.url + bench.invites["session"])
    go(page, "Start")
    with page.expect_response("**/arrive/") as again:
        bench.rows(
            "UPDATE annotation_participation p SET token_sha256 = 'ended' FROM annotation_study s"
            " WHERE s.id = p.study_id AND s.slug = 'session' RETURNING p.id"
        )
        rate(page)
    assert again.value.status == 200
    finished(page)
    bodies = bench.bodies("session")
    check_whole(bodies)
    assert len({body["page"] for body in bodies}) == 1
    query = (
        "SELECT p.state FROM annotation_participation p JOIN annotation_study s ON s.id = p.study_id"
        " WHERE s.slug = %s"
    )
    assert bench.rows(query, "session") == [("completed",)]
