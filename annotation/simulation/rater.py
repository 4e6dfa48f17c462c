"""A simulated rater as a client of the public HTTP API."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import numpy as np

from annotation import questions
from annotation.branching import leading, reached
from annotation.played import played_through
from annotation.questions.contract import produces_items
from annotation.services.productions import CHUNK_BYTES
from annotation.simulation.answers import ANSWERS
from annotation.simulation.feeling import Feeling, Temper, Truth
from annotation.simulation.recordings import take
from annotation.simulation.talking import NobodyCameError, converse
from annotation.simulation.traces import chunks_of

TIMEOUT_S = 60
CONFLICT = 409


class SimulatedRater:
    """One simulated rater in one study."""

    def __init__(
        self, *, server: str, invite_code: str, seed: int, truths: Mapping[str, Truth], earlier: str = ""
    ) -> None:
        """``earlier``: token of the participation in which she made what this study asks about."""
        self.temper = Temper.draw(seed)
        self.rng = np.random.default_rng([seed, 1])
        self.truths = truths
        self.http = httpx.Client(base_url=f"{server}/api/rate/", timeout=TIMEOUT_S)
        # The same seed finds its participation again, so a repeated run adds nobody.
        arrival = uuid.uuid5(uuid.NAMESPACE_URL, f"simulated:{invite_code}:{seed}")
        invite = self._get(f"invites/{invite_code}/")
        body = {"arrival_id": str(arrival), "simulated": True, "earlier": earlier}
        arrived = self._post(f"invites/{invite_code}/arrive/", body)
        self.token: str = arrived["token"]
        self.http.headers["Authorization"] = f"Participation {self.token}"
        self.digest = invite["study"]["consent"]["digest"]
        self.about_you = [question["key"] for question in invite["study"]["about_you"]]

    def take_part(self, on_item: Callable[[], None] = lambda: None) -> str | None:
        """Consent, rate until nothing is left; returns the completion code."""
        try:
            self._post("participation/consent/", {"digest": self.digest})
            if self.about_you:
                # A program has nothing to say about itself.
                self._post("participation/about-you/", {"answers": dict.fromkeys(self.about_you)})
            while assignment := self._post("assignments/next/", {}):
                self._rate(assignment)
                on_item()
            code: str | None = self._get("participation/")["completion_code"]
        finally:
            self.http.close()
        return code

    def _rate(self, assignment: dict[str, Any]) -> None:
        try:
            responses = self._responses(assignment)
        except NobodyCameError:
            self._post(f"assignments/{assignment['id']}/skip/", {"reason": "no_partner"})
            return
        body = {
            "submission_id": str(uuid.uuid4()),
            "responses": responses,
            "played": {"simulated": True, **_played(assignment)},
            "target": next(iter(assignment["item"]["choose_from"]), ""),
        }
        self._post(f"assignments/{assignment['id']}/submit/", body)

    def _responses(self, assignment: dict[str, Any]) -> list[dict[str, Any]]:
        feeling = Feeling(self.temper, self.rng, self.truths, assignment["item"])
        values: dict[str, dict[str, Any]] = {}
        responses = []
        for question in assignment["questions"]:
            key = question["key"]
            if key not in reached(assignment["questions"], values):
                continue
            led = leading(question, assignment["questions"])
            values[key] = self._answer(led, feeling, assignment["id"])
            responses.append(
                {
                    "id": str(uuid.uuid4()),
                    "question": key,
                    "value": values[key],
                    "timing": {"active_ms": int(self.rng.gamma(4, 900))},
                    "device": {"kind": "simulated"},
                }
            )
        return responses

    def _answer(self, question: dict[str, Any], feeling: Feeling, assignment: str) -> dict[str, Any]:
        if questions.question_type(question["type"]).continuous:
            return {"trace": self._trace(question, feeling, assignment)}
        made = produces_items(question)
        if made == "recording":
            return {"recording": self._recording(question, assignment), "takes": 1}
        if made == "dialogue":
            return converse(self._try, assignment, question["options"])
        return ANSWERS[question["type"]](question["options"], feeling)

    def _trace(self, question: dict[str, Any], feeling: Feeling, assignment: str) -> str:
        asked = {"assignment": assignment, "question": question["key"], "device": {"kind": "simulated"}}
        trace = self._post("traces/", {"id": str(uuid.uuid4()), **asked})
        own, writer = f"traces/{trace['id']}", {"writer": trace["writer"]}
        digests = []
        for seq, (body, sha256) in enumerate(chunks_of(question, feeling)):
            self._post(f"{own}/chunks/", {"seq": seq, "sha256": sha256, "body": body, **writer})
            digests.append(sha256)
        digest = hashlib.sha256("".join(digests).encode()).hexdigest()
        self._post(f"{own}/finish/", {"chunks": len(digests), "digest": digest, **writer})
        return str(trace["id"])

    def _recording(self, question: dict[str, Any], assignment: str) -> str:
        media_type, body, duration_s = take(question["options"])
        pieces = [body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES)]
        digests = [hashlib.sha256(piece).hexdigest() for piece in pieces]
        own = str(uuid.uuid4())
        told = {
            "id": own,
            "assignment": assignment,
            "question": question["key"],
            "media_type": media_type,
            "size": len(body),
            "digest": hashlib.sha256("".join(digests).encode()).hexdigest(),
            "duration_s": duration_s,
            "device": {"kind": "simulated"},
        }
        self._post("recordings/", told)
        for seq, (piece, sha256) in enumerate(zip(pieces, digests, strict=True)):
            headers = {"Content-Type": "application/octet-stream"}
            where = f"recordings/{own}/chunks/{seq}/"
            self.http.put(where, params={"sha256": sha256}, content=piece, headers=headers).raise_for_status()
        self._post(f"recordings/{own}/finish/", {})
        return own

    def _try(self, method: str, path: str, body: Any) -> dict[str, Any] | None:
        """A call that the server may refuse because the other one of two was faster."""
        answer = self.http.request(method, path, json=body)
        if answer.status_code == CONFLICT:
            return None
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else None

    def _get(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = self.http.post(path, json=body).raise_for_status()
        return answer.json() if answer.content else None


def _played(assignment: Mapping[str, Any]) -> dict[str, Any]:
    rule = assignment["presentation"]["must_play"]
    return played_through(assignment["item"], rule) if rule else {}
