"""Many raters at once, each sending chunks as the browser does; run as a process of its own.

python -m benchmarks.tracing.load URL INVITE_CODE RATERS SECONDS

Prints one JSON object: what each acknowledgement took (ms), in `ms`, and what went wrong, in `faults`.
"""

import asyncio
import hashlib
import json
import random
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

# The page cuts a chunk every two seconds; 60 moves and 5 heartbeats a second are in it.
EVERY_S = 2.0
EVENTS = 130
WARM_UP_S = 4.0
TOGETHER = 8


@dataclass
class Outcome:
    ms: list[float] = field(default_factory=list)
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def body_of(page: str, seq: int) -> str:
    """Make a chunk of two seconds of a fast hand."""
    events = []
    for n in range(EVENTS):
        at_us = int((seq + n / EVENTS) * EVERY_S * 1e6)
        value = [round(random.uniform(-1, 1), 5), round(random.uniform(-1, 1), 5)]
        raw = [round(random.uniform(0, 600), 1), round(random.uniform(0, 600), 1)]
        events.append([seq * EVENTS + n, "sample", at_us + 5_000_000, at_us, value, raw])
    clock = {"a_us": -5e6, "b": 1.0, "residual_us": 4800.0, "n": 50, "late": 0.0}
    head = {"page": page, "origin_ms": 1.8e12, "events": events, "clock": clock}
    return json.dumps(head, separators=(",", ":"))


class Rater:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http, self.page = http, str(uuid.uuid4())
        self.headers: dict[str, str] = {}
        self.trace: dict[str, Any] = {}

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self.http.post(f"/api/rate/{path}", json=body, headers=self.headers)
        return answer.raise_for_status().json()

    async def begin(self, invite: str, digest: str) -> None:
        arrival = await self.post(
            f"invites/{invite}/arrive/", {"arrival_id": str(uuid.uuid4()), "simulated": True}
        )
        self.headers = {"Authorization": f"Participation {arrival['token']}"}
        await self.post("participation/consent/", {"digest": digest})
        assignment = await self.post("assignments/next/", {})
        opening = {"id": str(uuid.uuid4()), "assignment": assignment["id"], "question": "affect"}
        self.trace = await self.post("traces/", {**opening, "device": {"input": "simulated"}})

    async def rate(self, until: float, measured_from: float, outcome: Outcome) -> None:
        await asyncio.sleep(random.uniform(0, EVERY_S))
        due, seq = time.perf_counter(), 0
        while due < until:
            chunk = body_of(self.page, seq)
            sha256 = hashlib.sha256(chunk.encode()).hexdigest()
            body = {"seq": seq, "writer": self.trace["writer"], "sha256": sha256, "body": chunk}
            start = time.perf_counter()
            try:
                receipt = await self.post(f"traces/{self.trace['id']}/chunks/", body)
            except httpx.HTTPError as fault:
                outcome.faults.append(f"{type(fault).__name__}: {fault}")
            else:
                if receipt["high_water"] != seq:
                    outcome.faults.append(f"acknowledged {receipt['high_water']} after {seq}")
                outcome.acknowledged += 1
                if start >= measured_from:
                    outcome.ms.append(1000 * (time.perf_counter() - start))
                seq += 1
            due += EVERY_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))


async def measure(url: str, invite: str, raters: int, seconds: float) -> Outcome:
    limits = httpx.Limits(max_connections=raters, max_keepalive_connections=raters)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as http:
        digest = (await http.get(f"/api/rate/invites/{invite}/")).json()["study"]["consent"]["digest"]
        crowd, gate = [Rater(http) for _ in range(raters)], asyncio.Semaphore(TOGETHER)

        async def arrive(rater: Rater) -> None:
            async with gate:
                await rater.begin(invite, digest)

        await asyncio.gather(*map(arrive, crowd))
        outcome, now = Outcome(), time.perf_counter()
        until, measured_from = now + WARM_UP_S + seconds, now + WARM_UP_S
        await asyncio.gather(*(rater.rate(until, measured_from, outcome) for rater in crowd))
    return outcome


if __name__ == "__main__":
    address, code, count, length = sys.argv[1:]
    random.seed(0)
    json.dump(vars(asyncio.run(measure(address, code, int(count), float(length)))), sys.stdout)
