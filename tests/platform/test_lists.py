"""Lists come a page at a time: which do, by the schema; and that nothing is lost or doubled, over HTTP."""

import json
from pathlib import Path

import httpx
import pytest

from accounts.facade import new_token
from accounts.models import ApiToken
from tests import factories

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "frontend" / "openapi.json").read_text())
#: Answers that are a whole list, and why that is right.
WHOLE = {
    "erasures_pending": "one row for each rater about whom somebody has to decide now; they are shown together",
    "protocols_presets": "the files of this version, the same for everybody",
    "studies_addresses": "the raters whom a researcher named for a round, as the answer to starting it has them",
}
PAGE = 50


def _answer_to(operation):
    schema = (
        operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    )
    name = schema.get("$ref", "").rpartition("/")[2]
    return SCHEMA["components"]["schemas"][name] if name else schema


def _lists():
    """Operation -> whether it has pages, of all that answer a GET with a list."""
    found = {}
    for operations in SCHEMA["paths"].values():
        answer = _answer_to(operations.get("get", {"responses": {}}))
        if answer.get("type") == "array":
            found[operations["get"]["operationId"]] = False
        elif "results" in answer.get("properties", {}):
            found[operations["get"]["operationId"]] = {"next", "previous"} <= set(answer["properties"])
    return found


def test_every_list_has_pages_but_those_that_are_named_here():
    lists = _lists()
    assert {name for name, paged in lists.items() if not paged} == set(WHOLE)
    assert len(lists) > len(WHOLE) + 10


def _read(http, at):
    page = http.get(at).raise_for_status().json()
    return [row["name"] for row in page["results"]], page["next"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("meanwhile", [0, 7])
def test_three_pages_over_http_hold_each_row_once_also_while_rows_are_added(live_server, meanwhile):
    ada = factories.researcher()
    names = [f"token {number}" for number in range(2 * PAGE + 20)]
    secrets = [new_token(user=ada, name=name)[1] for name in names]
    with httpx.Client(headers={"Authorization": f"Bearer {secrets[0]}"}) as http:
        pages, at = [], f"{live_server.url}/api/tokens/"
        while at:
            rows, at = _read(http, at)
            pages.append(rows)
            for number in range(meanwhile):
                new_token(user=ada, name=f"later {len(pages)}-{number}")
    assert [len(rows) for rows in pages] == [PAGE, PAGE, 20]
    assert [name for rows in pages for name in rows] == names[::-1]


@pytest.mark.django_db(transaction=True)
def test_rows_that_go_meanwhile_take_no_others_with_them(live_server):
    ada = factories.researcher()
    names = [f"token {number}" for number in range(2 * PAGE + 20)]
    secrets = [new_token(user=ada, name=name)[1] for name in names]
    with httpx.Client(headers={"Authorization": f"Bearer {secrets[0]}"}) as http:
        first, at = _read(http, f"{live_server.url}/api/tokens/")
        for token in ApiToken.objects.filter(name__in=first[:10]):
            assert http.delete(f"{live_server.url}/api/tokens/{token.pk}/").status_code == 204
        second, at = _read(http, at)
        third, at = _read(http, at)
    assert at is None
    assert first + second + third == names[::-1]
