"""What happens between a page and the server: requests lost, refused, repeated, late; answers that never arrive."""

import asyncio
import contextlib
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
from playwright.async_api import BrowserContext, Error, Route

# A chunk, or the end of a trace; what a page repeats until it is answered.
CARRIED = re.compile(r"/api/rate/traces/[0-9a-f-]+/(chunks|finish)/$")
LATE_S = (0.5, 6.0)
PATIENCE_S = 30


class Wire:
    """Carries the requests of one context's traces, and does to each of them what ``trouble`` says."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.trouble: str | None = None
        self.done: Counter[str] = Counter()
        self._late: list[asyncio.Task[None]] = []

    async def watch(self, context: BrowserContext) -> None:
        await context.route(CARRIED, self._carry)

    async def settled(self) -> None:
        """All that was late has arrived."""
        await asyncio.gather(*self._late)

    async def _carry(self, route: Route) -> None:
        if self.trouble:
            self.done[self.trouble] += 1
        do = TROUBLES[self.trouble] if self.trouble else Wire.pass_on
        # A page or a network that goes away under a request is a trouble of its own.
        with contextlib.suppress(Error):
            await do(self, route)

    async def pass_on(self, route: Route) -> None:
        await route.continue_()

    async def drop(self, route: Route) -> None:
        """The request never arrives."""
        await route.abort()

    async def refuse(self, route: Route) -> None:
        """Something before the server answers in its place."""
        await route.fulfill(status=self.rng.choice([500, 502, 503]), body="<h1>Bad gateway</h1>")

    async def lose_answer(self, route: Route) -> None:
        """The server stores it, and the page never hears of that."""
        await route.fetch()
        await route.abort()

    async def repeat(self, route: Route) -> None:
        """It arrives three times, twice of them at once."""
        await asyncio.gather(route.fetch(), route.fetch())
        await route.fulfill(response=await route.fetch())

    async def delay(self, route: Route) -> None:
        """For the page it is lost; it arrives after all, when others have overtaken it."""
        request = route.request
        headers = {name: request.headers[name] for name in ("authorization", "content-type")}
        arrives = self._arrive(request.url, headers, request.post_data or "")
        self._late.append(asyncio.create_task(arrives))
        await route.abort()

    async def _arrive(self, url: str, headers: dict[str, str], body: str) -> None:
        await asyncio.sleep(self.rng.uniform(*LATE_S))
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            await http.post(url, content=body.encode(), headers=headers)


TROUBLES: dict[str, Callable[[Wire, Route], Awaitable[None]]] = {
    "dropped": Wire.drop,
    "refused": Wire.refuse,
    "answer lost": Wire.lose_answer,
    "repeated": Wire.repeat,
    "late": Wire.delay,
}
