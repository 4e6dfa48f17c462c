"""Lists come a page at a time: which do, by the schema; and that nothing is lost or doubled, over HTTP."""

import json
import uuid
from pathlib import Path

import httpx
import pytest

from accounts.facade import RaterKind, new_rater, new_token
from accounts.models import ApiToken
from affectory.client.server import Server
from affectory.client.settings import Settings
from annotation.models import (
    AgreementResult,
    Analysis,
    Participation,
    ParticipationState,
    SelfDescription,
)
from exports.models import Dataset
from tests import factories

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "frontend" / "openapi.json").read_text())
#: Answers that are a whole list, and why that is right.
WHOLE = {
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


def _analysed(study):
    """An analysis with more numbers than a page holds, in place of the one before."""
    made = Analysis.objects.create(study=study, job=uuid.uuid4(), made_from={}, code_version="test")
    Analysis.objects.filter(pk__lt=made.pk).delete()
    AgreementResult.objects.bulk_create(
        AgreementResult(
            analysis=made, question="emotion", dimension=str(number), measure="alpha", value=0.5,
            n_units_used=2, n_units_dropped=0, n_raters=2, convention="test",
        )
        for number in range(450)
    )  # fmt: skip


@pytest.mark.django_db
def test_pages_of_agreement_are_of_one_analysis():
    _analysed(factories.study())
    client, at, found = factories.signed_in(), "/api/studies/study/agreement/?item=none", []
    while at:
        page = client.get(at).json()
        found += [row["dimension"] for row in page["results"]]
        at = page["next"]
    assert found == [str(number) for number in range(450)]


@pytest.mark.django_db
def test_an_analysis_that_is_made_between_two_pages_is_told_of():
    study, client = factories.study(), factories.signed_in()
    _analysed(study)
    second = client.get("/api/studies/study/agreement/").json()["next"]
    _analysed(study)
    answer = client.get(second)
    assert (answer.status_code, answer.json()["code"]) == (409, "analysed_again")
    assert len(client.get("/api/studies/study/agreement/").json()["results"]) == 200


@pytest.mark.django_db(transaction=True)
def test_the_client_reads_a_list_to_its_end(live_server):
    _, token = new_token(user=factories.researcher(), name="client")
    names = [f"dataset-{number:03}" for number in range(2 * PAGE + 20)]
    Dataset.objects.bulk_create(
        Dataset(organisation=factories.lab(), name=name, title=name, recipe={}) for name in names
    )
    with Server(Settings(server=live_server.url, token=token, cache=Path())) as server:
        assert [one["name"] for one in server.datasets()] == names


@pytest.mark.django_db
def test_all_who_wait_to_be_erased_are_found_page_by_page():
    study, names = factories.study(), []
    for number in range(PAGE + 10):
        rater = new_rater(organisation=study.organisation, kind=RaterKind.CROWD)
        left = Participation.objects.create(
            study=study, rater=rater, arrival_id=uuid.uuid4(), token_sha256=f"{number:064}",
            state=ParticipationState.WITHDRAWN,
        )  # fmt: skip
        SelfDescription.objects.create(participation=left, answers={})
        names.append(rater.pseudonym)
    client, at, pages = factories.signed_in(), "/api/erasures/pending/", []
    while at:
        answer = client.get(at).json()
        pages.append([row["rater"] for row in answer["results"]])
        at = answer["next"]
    assert pages == [names[:PAGE], names[PAGE:]]
