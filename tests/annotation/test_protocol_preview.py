"""What a researcher is told of her own protocol before anybody rates with it."""

import uuid

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from annotation.models import Protocol, Study
from annotation.protocol import preset_names, preset_text
from tests import factories
from tests.factories import Rater, some_value

pytestmark = pytest.mark.django_db

MELD = preset_text("meld")


def rows_of_all_tables():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def line_of(text, part):
    return next(number for number, row in enumerate(text.splitlines(), 1) if part in row)


@pytest.fixture
def ada():
    return factories.signed_in()


def checked(ada, text):
    answer = ada.post("/api/protocols/check/", {"text": text}, "application/json")
    assert answer.status_code == 200
    return answer.json()


def previewed(ada, text, **more):
    return ada.post("/api/protocols/preview/", {"text": text, **more}, "application/json")


def test_presets_are_listed_and_given_as_they_are_written(ada):
    listed = ada.get("/api/protocols/presets/").json()
    assert [one["name"] for one in listed] == preset_names()
    assert next(one for one in listed if one["name"] == "deam")["questions"] == ["trace1d", "scale"]
    assert ada.get("/api/protocols/presets/meld/").json() == {"name": "meld", "text": MELD}
    assert ada.get("/api/protocols/presets/veatik/").status_code == 404


def test_a_right_protocol_has_no_errors(ada):
    told = checked(ada, MELD)
    assert told["errors"] == []
    assert told["protocol"]["name"] == "meld"
    assert told["protocol"]["languages"] == ["en", "es", "zh", "ar"]


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (("per_item = ", "per_itme = "), "raters.per_itme", "is not known here"),
        (('type = "category"', 'type = "categry"'), "questions[0].type", "There is no question type"),
        (
            ('item_kinds = ["dialogue", ', 'item_kinds = ["dialog", '),
            "item_kinds[0]",
            "is not a valid choice",
        ),
        (("estimated_minutes = ", "estimated_minutes = 2026-01-01 # "), "estimated_minutes", "a date"),
    ],
)
def test_an_error_names_line_key_and_reason(ada, change, key, reason):
    text = MELD.replace(*change, 1)
    assert text != MELD
    told = checked(ada, text)
    assert told["protocol"] is None
    assert [(one["line"], one["key"]) for one in told["errors"]] == [(line_of(text, change[1]), key)]
    assert reason in told["errors"][0]["reason"]


def test_what_is_no_toml_is_told_with_its_line(ada):
    text = MELD + "\n\n[raters\n"
    (error,) = checked(ada, text)["errors"]
    assert error["line"] == len(text.splitlines())
    assert "not TOML" in error["reason"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = nan",
        "estimated_minutes = 99999999999999999999",
        'name = "\\u0000"',
        "x = " + "[" * 5000,
        "x = " + "[" * 300 + "]" * 300,
        "a." * 5000 + "b = 1",
        'a."b\\nc" = 1',
    ],
)
def test_no_text_breaks_the_check(ada, text):
    assert checked(ada, text)["errors"]


def test_a_version_that_is_stored_otherwise_is_an_error_but_can_be_looked_at(ada):
    factories.study()
    row = Protocol.objects.get()
    text = MELD.replace('version = "1.2.0"', f'version = "{row.version}"')
    told = checked(ada, text)
    assert told["protocol"]["version"] == row.version
    assert [(one["line"], one["key"]) for one in told["errors"]] == [(line_of(text, row.version), "version")]
    assert previewed(ada, text).status_code == 200


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_can_be_looked_at_with_samples_and_leaves_nothing(ada, name):
    before = rows_of_all_tables()
    answer = previewed(ada, preset_text(name))
    assert answer.status_code == 200, answer.json()
    assert rows_of_all_tables() == before
    shown = answer.json()
    assert shown["invite"]["state"] == "open"
    assert shown["participation"]["state"] == "consented"
    assert [one["position"] for one in shown["assignments"]] == list(range(len(shown["assignments"])))
    assert not shown["assignments"][-1]["practice"]
    media = [one["item"]["media"] for one in shown["assignments"]]
    for link in (file["url"] for of in media for file in of.values()):
        assert ada.get(link).status_code == 200


def test_the_items_of_a_collection_are_shown_practice_first_in_the_language_asked_for(ada):
    of = factories.corpus()
    for key in "abcdef":
        factories.item(key, of, kind="dialogue", text=key)
    factories.collection(of)
    text = MELD.replace("practice_items = 1", "practice_items = 2")
    shown = previewed(ada, text, collection="all", language="es").json()
    assert [one["practice"] for one in shown["assignments"]] == [True, True, False, False]
    assert [one["item"]["text"] for one in shown["assignments"][:2]] == ["a", "b"]
    assert shown["assignments"][0]["questions"][0]["prompt"] == "¿Qué emoción expresa el enunciado marcado?"
    assert shown["invite"]["study"]["language"] == "es"


def test_a_preview_does_without_the_items_whose_answer_is_known(ada):
    rule = '\n[[quality.attention]]\nitem = "check"\nquestion = "emotion"\nlabels = ["joy"]\n'
    assert previewed(ada, MELD + rule).status_code == 200


def test_a_collection_that_does_not_fit_is_refused_as_a_study_would_be(ada):
    of = factories.corpus()
    factories.item("film", of)
    factories.collection(of)
    refused = previewed(ada, MELD, collection="all")
    assert (refused.status_code, refused.json()["code"]) == (400, "unfit_item")


def tried(ada, shown, answers, text=MELD, **more):
    """Hand in answers to the first item of what was shown."""
    assignment = shown["assignments"][0]
    body = {
        "text": text,
        "assignment": assignment["id"],
        "item": assignment["item"]["id"],
        "position": assignment["position"],
        "responses": [
            {"id": str(uuid.uuid4()), "question": key, "value": value} for key, value in answers.items()
        ],
        **more,
    }
    answer = ada.post("/api/protocols/preview/submit/", body, "application/json")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_answers_are_accepted_or_refused_as_in_a_study_and_leave_nothing(ada):
    shown = previewed(ada, MELD).json()
    asked = shown["assignments"][0]["questions"]
    answers = {one["key"]: some_value(one) for one in asked}
    question, before = asked[0], rows_of_all_tables()
    assert tried(ada, shown, answers)["accepted"]
    refused = tried(ada, shown, {**answers, question["key"]: {"labels": ["bliss"]}})
    assert (refused["accepted"], refused["code"]) == (False, "invalid_answer")
    assert question["key"] in refused["details"]
    assert "Please answer" in tried(ada, shown, {})["details"][question["key"]]
    assert rows_of_all_tables() == before


def test_a_traced_pass_is_checked_from_its_chunks_and_another_one_may_be_passed_over(ada):
    text = preset_text("deam")
    shown = previewed(ada, text).json()
    asked = [one for one in shown["assignments"][0]["questions"] if one["type"] == "trace1d"]
    traces = [{"question": one["key"], "trace": str(uuid.uuid4()), "chunks": None} for one in asked]
    others = [one for one in shown["assignments"][0]["questions"] if one not in asked]
    answers = {one["question"]: {"trace": one["trace"]} for one in traces}
    answers |= {one["key"]: some_value(one) for one in others}
    assert tried(ada, shown, answers, text, traces=traces)["accepted"]
    unfinished = tried(ada, shown, answers, text)
    assert set(unfinished["details"]) == {one["key"] for one in asked}
    traces[0]["chunks"] = ["no chunk"]
    assert tried(ada, shown, answers, text, traces=traces)["code"] == "chunk_invalid"


def test_the_order_of_the_parts_that_was_shown_is_the_one_that_is_checked(ada):
    text = preset_text("nrc-vad")
    shown = previewed(ada, text).json()
    first = shown["assignments"][0]
    order = [part["name"] for part in first["item"]["parts"]]
    value = {"best": order[0], "worst": order[1], "order": order}
    answers = {question["key"]: value for question in first["questions"]}
    assert tried(ada, shown, answers, text)["accepted"]
    backwards = {key: {**value, "order": order[::-1]} for key in answers}
    assert not tried(ada, shown, backwards, text)["accepted"]


def test_whom_the_rater_picked_is_checked_where_she_has_to_pick(ada):
    people = {"Ann": [[0, 0.1, 0.2, 0.2, 0.5]], "Bob": [[0, 0.6, 0.2, 0.2, 0.5]]}
    of = factories.corpus()
    for key in "ab":
        factories.item(key, of, kind="image", metadata={"people": people})
    factories.collection(of)
    text = preset_text("image-emotion") + "\n[presentation]\nchoose_target = true\n"
    shown = previewed(ada, text, collection="all").json()
    assert shown["assignments"][0]["item"]["choose_from"] == ["Ann", "Bob"]
    answers = {one["key"]: some_value(one) for one in shown["assignments"][0]["questions"]}
    assert tried(ada, shown, answers, text, collection="all", target="Bob")["accepted"]
    for target in ("", "Eve"):
        assert tried(ada, shown, answers, text, collection="all", target=target)["code"] == "invalid_target"


def test_samples_have_people_where_they_are_asked_about(ada):
    text = preset_text("image-emotion") + (
        '\n[[questions]]\nkey = "felt"\ntype = "people_labels"\nprompt = "?"\n'
        'options.labels = [{ key = "joy", name = "Joy" }]\n'
    )
    item = previewed(ada, text).json()["assignments"][0]["item"]
    assert [person["name"] for person in item["people"]] == ["Lou", "Pip"]


def test_a_study_is_started_from_a_text_and_rated(ada):
    of = factories.corpus()
    for key in "abc":
        factories.item(key, of, kind="dialogue", text=key)
    factories.collection(of)
    text = MELD.replace('name = "meld"', 'name = "my-meld"', 1)
    body = {"slug": "mine", "title": "Mine", "collection": "all", "protocol": text}
    made = ada.post("/api/studies/", body, "application/json")
    assert made.status_code == 201, made.json()
    assert made.json()["protocol"]["name"] == "my-meld"
    again = ada.post("/api/studies/", body, "application/json")
    assert (again.status_code, again.json()["invite_path"]) == (201, made.json()["invite_path"])
    Rater.consented(Study.objects.get(slug="mine")).rate()
    wrong = ada.post("/api/studies/", {**body, "protocol": text + "\ncolour = 1"}, "application/json")
    assert wrong.json()["code"] == "invalid_protocol"
    assert wrong.json()["details"]["errors"][0]["line"] is not None
    nowhere = ada.post("/api/studies/", {**body, "collection": "none"}, "application/json")
    assert nowhere.status_code == 404


def test_a_study_on_a_corpus_has_the_items_that_its_protocol_takes(ada):
    of = factories.corpus()
    for key in "abc":
        factories.item(key, of, kind="dialogue", text=key)
    factories.item("film", of)
    text = MELD.replace('name = "meld"', 'name = "my-meld"', 1)
    before = rows_of_all_tables()
    shown = previewed(ada, text, corpus="films").json()
    assert [one["item"]["text"] for one in shown["assignments"]] == ["a", "b", "c"]
    assert rows_of_all_tables() == before
    body = {"slug": "mine", "title": "Mine", "corpus": "films", "protocol": text}
    for _ in range(2):
        made = ada.post("/api/studies/", body, "application/json")
        assert (made.status_code, made.json()["items"]) == (201, 2), made.json()
    taken = ada.post("/api/studies/", {**body, "collection": "mine", "corpus": None}, "application/json")
    assert taken.status_code == 201
    factories.collection(of, "theirs")
    refused = ada.post("/api/studies/", {**body, "slug": "theirs"}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "collection_differs")
    nothing = ada.post("/api/studies/", {**body, "slug": "more", "corpus": None}, "application/json")
    assert (nothing.status_code, nothing.json()["code"]) == (400, "no_items")


def test_a_study_keeps_its_collection(ada):
    study = factories.study(slug="kept")
    other = factories.collection(factories.corpus("other"), "others")
    factories.item("b", factories.corpus("other"), kind="dialogue")
    assert other.pk != study.collection_id
    text = MELD.replace('"1.0.0"', '"1.0.1"', 1)
    body = {"slug": "kept", "title": "Kept", "collection": "others", "protocol": text}
    refused = ada.post("/api/studies/", body, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "study_differs")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("protocols/check/", {"text": MELD}),
        ("protocols/preview/", {"text": MELD}),
        ("protocols/preview/submit/", {"text": MELD}),
        ("studies/", {"slug": "x", "title": "x", "collection": "all", "protocol": MELD}),
    ],
)
def test_only_researchers_may_and_only_with_collections_of_their_own(client, path, body):
    assert client.post(f"/api/{path}", body, "application/json").status_code == 401
    rater = Rater.consented(factories.study())
    token = {"Authorization": f"Participation {rater.token}"}
    assert client.post(f"/api/{path}", body, "application/json", headers=token).status_code == 401
    if path in {"protocols/preview/", "studies/"}:
        stranger = factories.signed_in("eve@other.example", "other")
        theirs = stranger.post(f"/api/{path}", {**body, "collection": "all"}, "application/json")
        assert theirs.status_code == 404


def test_the_command_starts_the_same_study_and_names_the_same_errors(capsys, tmp_path):
    of = factories.corpus()
    for key in "ab":
        factories.item(key, of, kind="dialogue", text=key)
    factories.collection(of)
    mine = tmp_path / "mine.toml"
    mine.write_text(MELD.replace('name = "meld"', 'name = "my-meld"', 1))
    call_command("start-study", str(mine), "--collection", "all")
    study = Study.objects.get()
    assert (study.slug, study.title) == ("my-meld", study.protocol.document["title"])
    assert f"/s/{study.invite_code}" in capsys.readouterr().out
    mine.write_text(mine.read_text().replace("per_item = ", "per_itme = "))
    line = line_of(mine.read_text(), "per_itme")
    with pytest.raises(CommandError, match=rf"mine\.toml: line {line}, raters\.per_itme: "):
        call_command("start-study", str(mine), "--collection", "all")
    mine.write_text(mine.read_text().replace("per_itme = ", "per_item = "))
    with pytest.raises(CommandError, match="There is no corpus 'none'"):
        call_command("start-study", str(mine), "--corpus", "none", "--study", "other")
    with pytest.raises(CommandError, match="There is no organisation 'none'"):
        call_command("start-study", str(mine), "--collection", "all", "--organisation", "none")
