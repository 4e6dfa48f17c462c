"""A rater's browser that records: announces a take, sends it in chunks, closes it."""

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any

from annotation.models import Study
from annotation.protocol import preset
from annotation.services.productions import CHUNK_BYTES
from annotation.services.studies import create_study
from annotation.simulation.recordings import take
from ingest.models import IngestEntry
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories
from tests.factories import Rater

FELT = {"valence": 5, "arousal": 5}


def recording_study(slug: str = "tell", *, prompts: int = 2, practice: int = 0, **story: Any) -> Study:
    """A study that asks for short recordings of sound; `story`: further options of that question."""
    document = factories.protocol("self-recording", raters={"practice_items": practice})
    options = {"medium": "audio", "min_s": 1.0, **story}
    document["questions"][0]["options"] |= options
    document["presentation"]["skip"] = True
    document = factories.protocol_from(document)
    of = factories.corpus(f"prompts-{slug}")
    for index in range(prompts):
        factories.item(f"{index}.txt", of, kind="text", text=f"How was day {index}?")
    return create_study(
        organisation=of.organisation, slug=slug, title=slug, document=document,
        collection=factories.collection(of, f"prompts-{slug}"), requested_by="test",
    )  # fmt: skip


def self_study(of: Study, slug: str = "how") -> Study:
    """A study about what was made in another one, in which each rater gets her own."""
    return create_study(
        organisation=of.organisation, slug=slug, title=slug, document=preset("self-annotation"),
        collection=factories.collection(of.produces, slug), requested_by="test",
    )  # fmt: skip


def recorded_sound() -> bytes:
    return take({"medium": "audio", "min_s": 1.0, "max_s": 9.0})[1]


@dataclass
class Take:
    """A file as a browser sends it."""

    body: bytes
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def chunks(self) -> list[bytes]:
        return [self.body[at : at + CHUNK_BYTES] for at in range(0, len(self.body), CHUNK_BYTES)]

    @property
    def digest(self) -> str:
        return sha256("".join(sha256(chunk) for chunk in self.chunks).encode())

    def announce(self, rater: Rater, assignment: dict[str, Any], **more: Any) -> Any:
        told = {
            "id": self.id,
            "assignment": assignment["id"],
            "question": "story",
            "media_type": "audio/webm",
            "size": len(self.body),
            "digest": self.digest,
            "duration_s": 1.5,
            **more,
        }
        return rater.post("recordings/", told)

    def send(self, rater: Rater, seq: int, body: bytes | None = None, digest: str = "") -> Any:
        body = self.chunks[seq] if body is None else body
        return rater.client.put(
            f"/api/rate/recordings/{self.id}/chunks/{seq}/?sha256={digest or sha256(body)}",
            body,
            content_type="application/octet-stream",
            headers=rater.headers,
        )

    def finish(self, rater: Rater) -> Any:
        return rater.post(f"recordings/{self.id}/finish/")

    def upload(self, rater: Rater, assignment: dict[str, Any]) -> "Take":
        assert self.announce(rater, assignment).status_code == 200
        for seq in range(len(self.chunks)):
            assert self.send(rater, seq).status_code == 200
        assert self.finish(rater).status_code == 200
        return self

    @property
    def answers(self) -> dict[str, Any]:
        return {"story": {"recording": self.id, "takes": 1}, "felt": FELT}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def record(rater: Rater, body: bytes | None = None) -> Take:
    """Take the next prompt, record, and hand in."""
    assignment = rater.next()
    assert assignment is not None
    made = Take(recorded_sound() if body is None else body).upload(rater, assignment)
    answer = rater.submit(assignment, made.answers)
    assert answer.status_code == 200, answer.content
    return made


def work() -> list[IngestEntry]:
    """What the workers do with what was handed in; returns the entries, in the order they were offered."""
    for kind in ("annotation.hand_over", "ingest.file"):
        for job in Job.objects.filter(kind=kind, state=JobState.QUEUED):
            perform(job.pk)
            job.refresh_from_db()
            assert job.state == JobState.SUCCEEDED, job.error
    return list(IngestEntry.objects.order_by("pk"))


def pseudonym(rater: Rater) -> str:
    return str(rater.get("participation/").json()["rater"])
