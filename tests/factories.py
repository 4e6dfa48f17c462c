"""Valid rows with the fewest of them: a lab, a corpus with items, a study on them, a rater in it."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.services import create_researcher
from annotation.exported import ExportedStudy
from annotation.models import Study
from annotation.protocol import ProtocolSerializer, preset
from annotation.questions.answers import Answer, Answers, RatedItem, RatedItems
from annotation.services.analyses import request_analysis
from annotation.services.studies import create_study
from ingest.models import Asset, Collection, Corpus, Item
from jobs.models import Job, JobState
from jobs.services import perform

PASSWORD = "correct horse battery staple"
DURATION_S = 4.0


def lab(name: str = "lab") -> Organisation:
    return Organisation.objects.get_or_create(name=name, defaults={"title": name})[0]


def researcher(email: str = "ada@lab.example", organisation: str = "lab") -> User:
    return create_researcher(email=email, password=PASSWORD, organisation=organisation)


def signed_in(email: str = "ada@lab.example", organisation: str = "lab") -> Client:
    client = Client()
    client.force_login(
        User.objects.get_or_create(email=email, defaults={"organisation": lab(organisation)})[0]
    )
    return client


def corpus(name: str = "films", organisation: Organisation | None = None, **fields: Any) -> Corpus:
    return Corpus.objects.get_or_create(
        organisation=organisation or lab(), name=name, defaults={"title": name, **fields}
    )[0]


def item(key: str, of: Corpus | None = None, *, kind: str = "video", **fields: Any) -> Item:
    """One item; a clip has an asset of four seconds, a text has none."""
    of = of or corpus()
    asset = fields.pop("asset", None)
    if asset is None and kind in {"video", "audio", "image"}:
        asset = Asset.objects.create(
            corpus=of,
            sha256=hashlib.sha256(f"{of.pk}:{key}".encode()).hexdigest(),
            size=1,
            path=key,
            kind=kind,
            media_type=f"{kind}/x",
            facts={"kind": kind, "duration_s": None if kind == "image" else DURATION_S},
        )
    return Item.objects.create(corpus=of, key=key, kind=kind, title=key, asset=asset, **fields)


def collection(of: Corpus, name: str = "all", **filters: Any) -> Collection:
    return Collection.objects.get_or_create(
        organisation=of.organisation, name=name, defaults={"filters": {"corpus": of.name, **filters}}
    )[0]


def protocol(name: str = "meld", **changes: Any) -> dict[str, Any]:
    """A preset with other rules for its raters or its gold; each variant is a version of its own."""
    document = preset(name)
    if name in {"meld", "veatic"}:
        # One question is enough for tests that are not about questions.
        document["questions"] = document["questions"][:1]
    # Nor are translations, which name questions that a test may put others in place of.
    document.pop("translations", None)
    # Nor do items come again, which takes more of them than most tests have.
    document["quality"].pop("repeats", None)
    rules = {"per_item": 2, "items_per_rater": 10, "practice_items": 0, **changes.pop("raters", {})}
    document["raters"] |= rules
    for part, fields in changes.items():
        document[part] |= fields
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    document["version"] = f"9.0.{int.from_bytes(digest[:4])}"
    return document


def protocol_from(checked: Any) -> dict[str, Any]:
    """A checked document as it is stored, as a version of its own."""
    document: dict[str, Any] = json.loads(json.dumps(checked))
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    return {**document, "version": f"9.0.{int.from_bytes(digest[:4])}"}


def keep_series(study: Study) -> None:
    """Derive and store the series of a study's traces, as an analysis or a release does first."""
    ExportedStudy(organisation_id=study.organisation_id, slug=study.slug).keep_series()


def trace_document(*asked: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A protocol on films that asks these questions; a question may leave out prompt and options' defaults."""
    document = protocol("veatic", **changes)
    raw = {key: value for key, value in document.items() if key != "questions"}
    raw["questions"] = [{"prompt": "?", **one} for one in asked]
    checked = ProtocolSerializer(data=raw)
    checked.is_valid(raise_exception=True)
    return dict(json.loads(json.dumps(checked.validated_data)))


def trace_study(
    *asked: dict[str, Any],
    slug: str = "traces",
    items: int = 1,
    kind: str = "video",
    text: str | None = None,
    **changes: Any,
) -> Study:
    """A study with these continuous questions on films, or on items of another kind."""
    of = corpus(f"corpus-{slug}")
    for index in range(items):
        item(f"item-{index}", of, kind=kind, text=text, groups={"character": f"figure {index}"})
    return create_study(
        organisation=of.organisation,
        slug=slug,
        title=slug,
        document=trace_document(*asked, **changes) | {"item_kinds": [kind]},
        collection=collection(of, f"all-{slug}"),
        requested_by="test",
    )


def study(
    slug: str = "study", *, items: int = 2, preset: str = "meld", organisation: str = "lab", **rules: Any
) -> Study:
    """A study of `items` items named item-0 ...; `rules` are those for its raters."""
    document = protocol(preset, raters=rules)
    of = corpus(f"corpus-{slug}", lab(organisation))
    kind = document["item_kinds"][0]
    for index in range(items):
        # Other words each: items of the same words would be near-duplicates.
        said = [{"speaker": "A", "text": f"Hm, {index}.", "target": True}] if kind == "dialogue" else None
        item(f"item-{index}", of, kind=kind, context=said)
    return create_study(
        organisation=of.organisation,
        slug=slug,
        title=slug,
        document=document,
        collection=collection(of, f"all-{slug}"),
        requested_by="test",
    )


def analyse(study: Study) -> None:
    """Compute and store its results now, as a worker does when a researcher asks."""
    job = request_analysis(study=study, requested_by="test", delay_s=0)
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error


def answers_of(single: Iterable[Answer]) -> Answers:
    """These answers in columns; items and raters in the order in which they come."""
    given = list(single)
    items = {one.item: RatedItem(one.item, one.condition, one.parts, one.duration_s) for one in given}
    places, raters = list(items), list(dict.fromkeys(one.rater for one in given))
    return Answers(
        np.array([places.index(one.item) for one in given], dtype=np.int64),
        np.array([raters.index(one.rater) for one in given], dtype=np.int64),
        np.arange(len(given)),
        np.array([one.exposed for one in given], dtype=np.bool_),
        RatedItems.of(items.values()),
        raters,
        [one.value for one in given],
    )


@dataclass
class Rater:
    """A rater's browser: arrives by the invite link and speaks the public API only."""

    study: Study
    simulated: bool = False
    client: Client = field(default_factory=Client)
    arrival_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str = ""

    @classmethod
    def consented(cls, study: Study, **more: Any) -> "Rater":
        rater = cls(study, **more)
        rater.arrive()
        assert rater.consent().status_code == 200
        return rater

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(
            f"/api/rate/{path}", body or {}, content_type="application/json", headers=self.headers
        )

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/rate/{path}", headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Participation {self.token}"} if self.token else {}

    def arrive(self) -> Any:
        body = {"arrival_id": self.arrival_id, "simulated": self.simulated}
        answer = self.post(f"invites/{self.study.invite_code}/arrive/", body)
        if answer.status_code < 300:
            self.token = answer.json()["token"]
        return answer

    def consent(self) -> Any:
        digest = self.get(f"invites/{self.study.invite_code}/").json()["study"]["consent"]["digest"]
        return self.post("participation/consent/", {"digest": digest})

    def next(self) -> dict[str, Any] | None:
        answer = self.post("assignments/next/")
        assert answer.status_code in {200, 204}, answer.content
        return answer.json() if answer.status_code == 200 else None

    def submit(self, assignment: dict[str, Any], answers: dict[str, Any] | None = None, **more: Any) -> Any:
        """Hand in `answers` (question -> value; left out: something valid)."""
        values = answers or {question["key"]: some_value(question) for question in assignment["questions"]}
        responses = [
            {"id": str(uuid.uuid4()), "question": question, "value": value}
            for question, value in values.items()
        ]
        body = {"submission_id": str(uuid.uuid4()), "responses": responses, **more}
        return self.post(f"assignments/{assignment['id']}/submit/", body)

    def rate(self, answers: dict[str, Any] | None = None) -> dict[str, Any]:
        """Take the next item and hand it in; returns the assignment."""
        assignment = self.next()
        assert assignment is not None
        answer = self.submit(assignment, answers)
        assert answer.status_code == 200, answer.content
        return assignment

    def open_trace(
        self, assignment: dict[str, Any], trace_id: str | None = None, *, question: str = "affect"
    ) -> Any:
        body = {
            "id": trace_id or str(uuid.uuid4()),
            "assignment": assignment["id"],
            "question": question,
            "device": {"kind": "mouse"},
        }
        return self.post("traces/", body)

    def send(self, trace: dict[str, Any], chunk: "Chunk", writer: int | None = None) -> Any:
        body = {
            "seq": chunk.seq,
            "writer": writer or trace["writer"],
            "sha256": chunk.sha256,
            "body": chunk.body,
        }
        return self.post(f"traces/{trace['id']}/chunks/", body)

    def finish(self, trace: dict[str, Any], chunks: "list[Chunk]", writer: int | None = None) -> Any:
        digest = hashlib.sha256("".join(chunk.sha256 for chunk in chunks).encode()).hexdigest()
        body = {"writer": writer or trace["writer"], "chunks": len(chunks), "digest": digest}
        return self.post(f"traces/{trace['id']}/finish/", body)

    def trace_item(self, assignment: dict[str, Any], value: tuple[float, float] = (0.5, -0.5)) -> str:
        """A whole trace that holds one value over the clip; returns its id."""
        trace = self.open_trace(assignment).json()
        times_us = range(0, int(DURATION_S * 1e6) + 1, 200_000)
        chunk = Chunk.of(0, [("sample", at, list(value)) for at in times_us])
        assert self.send(trace, chunk).status_code == 200
        assert self.finish(trace, [chunk]).status_code == 200
        return str(trace["id"])

    def trace_values(
        self, assignment: dict[str, Any], question: str, values: list[list[float]], step_us: int = 200_000
    ) -> str:
        """A whole trace of one value every `step_us`; returns its id."""
        trace = self.open_trace(assignment, question=question).json()
        chunk = Chunk.of(0, [("sample", at * step_us, value) for at, value in enumerate(values)])
        answer = self.send(trace, chunk)
        assert answer.status_code == 200, answer.content
        assert self.finish(trace, [chunk]).status_code == 200
        return str(trace["id"])


@dataclass(frozen=True)
class Chunk:
    seq: int
    body: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()

    @classmethod
    def of(cls, seq: int, events: list[tuple[str, int, list[float] | None]], **more: Any) -> "Chunk":
        rows = [[n, kind, at, at, value, None] for n, (kind, at, value) in enumerate(events)]
        clock = {"a_us": 0.0, "b": 1.0, "residual_us": 0.0, "n": 3}
        body = {"page": "page-1", "origin_ms": 0.0, "events": rows, "clock": clock, **more}
        return cls(seq, json.dumps(body))

    @classmethod
    def numbered(cls, seq: int, value: float = 0.0) -> "Chunk":
        """Chunk `seq` of a trace: one sample at `seq` seconds."""
        return cls.of(seq, [("sample", seq * 1_000_000, [value, 0.0])])


def some_value(question: dict[str, Any]) -> dict[str, Any]:
    options = question["options"]
    if question["type"] == "open_words":
        words = ["some", "words", "more"][: options["min_words"]]
        reasons = options["reason_min_length"] is not None
        return {"words": words, **({"reasons": dict.fromkeys(words, "because " * 40)} if reasons else {})}
    if question["type"] == "label_intensity":
        return {"levels": {label["key"]: options["min"] for label in options["labels"]}}
    if "labels" in options:
        return {"labels": [options["labels"][-1 if options.get("leaves_only") else 0]["key"]]}
    if "dimensions" in options:
        return {one["key"]: one["min"] for one in options["dimensions"]}
    return {"text": "some words"}
