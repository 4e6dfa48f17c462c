"""The running platform, as a client with the demo researcher's token sees it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from config.demo.plan import DemoError
from jobs.facade import Patience

POLL_S = 0.3
Json = dict[str, Any]


class DemoServer:
    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.url = url
        self._http = httpx.Client(base_url=f"{url}/api/", headers=headers, timeout=60)

    def get(self, path: str) -> Json:
        found: Json = self._http.get(path).raise_for_status().json()
        return found

    def has(self, path: str) -> bool:
        return self._http.get(path).status_code != httpx.codes.NOT_FOUND

    def post(self, path: str, body: Json) -> Json:
        answer: Json = self._http.post(path, json=body).raise_for_status().json()
        return answer

    def rows(self, path: str) -> Iterator[Json]:
        """All pages of a list."""
        following: str | None = path
        while following:
            page = self.get(following)
            yield from page["results"]
            following = page["next"]

    def wait_for(self, job: Json, say: Callable[[str], None]) -> None:
        """Show one job until it is done. Its failure, or that nobody works on it, is an error."""
        patience, shown = Patience(), ""
        while job["state"] in {"queued", "running"}:
            line = f"  {job['kind']}: {job['state']} {job['progress']['message']}"
            if line != shown:
                say(line)
                shown = line
            patience.check()
            time.sleep(POLL_S)
            job = self.get(f"jobs/{job['id']}/")
        if job["state"] == "failed":
            raise DemoError(f"{job['kind']} of {job['scope']} failed: {job['error']['message']}")
