"""From an answer that a rater made herself to a file that ingest reads."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.facade import Consent, text_digest
from affectory.errors import Conflict
from annotation.models import Assignment, Participation, Response
from annotation.produced import Production, ProductionChunk, ProductionState
from annotation.questions.contract import produces_items
from annotation.services.asking import asked_questions
from annotation.services.participation import consent_texts
from annotation.services.transcripts import hand_over_dialogue, is_answer
from ingest.facade import Corpus, offer_made
from jobs.facade import Running, request_job
from storage.facade import referring

KIND = "annotation.hand_over"
# Made by one rater alone.
OWN = ("recording", "text")
SUFFIX = {
    "video/webm": ".webm", "audio/webm": ".webm", "video/mp4": ".mp4", "audio/mp4": ".m4a", "audio/ogg": ".ogg",
    "audio/wav": ".wav", "text/plain": ".txt",
}  # fmt: skip


def consent_behind(participation: Participation) -> Consent:
    """The consent under which this rater makes something now."""
    digests = [text_digest(text) for text in consent_texts(participation.study)]
    standing = Consent.objects.filter(
        rater=participation.rater_id, digest__in=digests, withdrawn_at=None
    ).order_by("-given_at")
    found = standing.first()
    if found is None:
        raise Conflict("Please read and accept the consent text first.", code="consent_missing")
    return found


def is_finished(assignment: Assignment, question: str, production: str) -> bool:
    """Whether this is the id of an upload for this question of this assignment, all of which is here."""
    own = Production.objects.filter(assignment=assignment, question=question, state=ProductionState.FINISHED)
    return UUID(production) in set(own.values_list("pk", flat=True))


def hand_over(assignment: Assignment, rows: Iterable[Response]) -> None:
    """Queue what the answers hold for ingest; what was made for practice, or not handed in, is deleted."""
    asked = {question["key"]: question for question in asked_questions(assignment)}
    practice = assignment.study_item.practice
    made = [(row, produces_items(asked[row.question])) for row in rows]
    hand_over_dialogue(assignment, answered=any(key == "dialogue" for _, key in made))
    kept = [] if practice else [_production(assignment, key, row) for row, key in made if key in OWN]
    Production.objects.filter(assignment=assignment).exclude(pk__in=kept).delete()
    study = assignment.participation.study
    for production in kept:
        request_job(
            kind=KIND,
            key=f"{KIND}:{production}",
            scope=f"study:{study.slug}",
            organisation_id=study.organisation_id,
            requested_by=f"rater:{assignment.participation.rater.pseudonym}",
            payload={"production": str(production), "corpus": study.produces_id},
        )


def unmade(assignment: Assignment, question: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
    """Field -> reason of an answer that names something made which is not there, or is not hers."""
    key = produces_items(question)
    if key == "recording" and not is_finished(assignment, question["key"], value["recording"]):
        return {"recording": "is not finished, or is not of this item."}
    if key == "dialogue" and not is_answer(assignment, value):
        return {"dialogue": "is not over, or is not of this item."}
    return {}


def _production(assignment: Assignment, key: str | None, row: Response) -> UUID:
    return UUID(row.value["recording"]) if key == "recording" else _written(assignment, row)


def _written(assignment: Assignment, row: Response) -> UUID:
    """A text as something made, all of which is here."""
    body = row.value["text"].encode()
    sha256 = hashlib.sha256(body).hexdigest()
    production = Production.objects.create(
        id=uuid4(),
        assignment=assignment,
        rater=assignment.participation.rater,
        consent=consent_behind(assignment.participation),
        question=row.question,
        media_type="text/plain",
        size=len(body),
        chunk_count=1,
        digest=hashlib.sha256(sha256.encode()).hexdigest(),
        state=ProductionState.FINISHED,
    )
    ProductionChunk.objects.create(production=production, seq=0, sha256=sha256, body=body)
    return production.pk


def hand_to_ingest(running: Running) -> dict[str, Any]:
    """Put the chunks together and offer the file; the row lock makes an erasure come before or after."""
    with referring(), transaction.atomic():
        rows = Production.objects.select_for_update(of=("self",)).select_related("rater")
        production = rows.filter(pk=running.payload["production"], state=ProductionState.FINISHED).first()
        if production is None:
            return {"state": "nothing to hand over"}
        corpus = Corpus.objects.get(pk=running.payload["corpus"])
        name = f"{production.rater.pseudonym}/{production.pk}{SUFFIX.get(production.media_type, '')}"
        with _assembled(production) as path:
            production.entry_id = offer_made(corpus=corpus, path=path, name=name, makers=[production.rater])
        production.state = ProductionState.HANDED_OVER
        production.save(update_fields=["entry", "state"])
        production.chunks.all().delete()
    return {"state": production.state, "entry": production.entry_id}


@contextmanager
def _assembled(production: Production) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="affectory-made-") as file:
        for body in production.chunks.order_by("seq").values_list("body", flat=True).iterator(chunk_size=8):
            file.write(body)
        file.flush()
        yield Path(file.name)
