"""The main job from end to end, on a corpus made by script and with simulated raters.

Every step looks first whether it is done, so a second run is ready at once.
"""

import json
import os
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
from django.conf import settings
from django.core.management import call_command

import affectory
from accounts.facade import User, create_researcher, new_token
from annotation.facade import SimulatedRater, Truth, create_study, preset
from exports.facade import save_dataset
from ingest.facade import Item, make_demo_corpus, save_collection

CORPUS, DATASET, LAB = "demo-film", "demo-film", "demo-lab"
EMAIL = "researcher@demo.example"
RATERS_PER_STUDY = 6
WAIT_S = 600
GROUP_KEYS = ["film", "series", "composer", "subject"]
CARD = {
    "motivation": "To show what a release of this platform looks like.",
    "collection_process": "All media were made by script; nobody was recorded.",
    "intended_uses": "Trying the platform and its client.",
    "forbidden_uses": "Any statement about people: neither the media nor the ratings are theirs.",
    "limitations": "Simulated raters agree as they were programmed to.",
    "pay": "Nobody was paid; programs answered.",
}


@dataclass(frozen=True)
class DemoStudy:
    slug: str
    title: str
    protocol: str
    kind: str


STUDIES = (
    DemoStudy("film-trace", "Valence and arousal over short films", "veatic", "video"),
    DemoStudy("image-emotion", "Emotion in images", "image-emotion", "image"),
    DemoStudy("dialogue-emotion", "Emotion in dialogue", "meld", "dialogue"),
)


class DemoError(Exception):
    """A step did not do what it should; the message says which."""


class Demo:
    """The steps, in order. ``say`` prints a line."""

    def __init__(self, server: str, say: Callable[[str], None]) -> None:
        self.server, self.say = server, say
        self.folder = settings.DATA_FOLDER
        self.access = self._access()
        self.http = httpx.Client(
            base_url=f"{server}/api/", headers={"Authorization": f"Bearer {self.access['token']}"}, timeout=60
        )

    def run(self) -> None:
        steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Make a synthetic corpus by script and ingest it", self.ingest),
            ("Open three studies", self.open_studies),
            ("Let simulated raters take part through the HTTP API", self.rate),
            ("Compute agreement and gold standards", self.analyse),
            ("Publish release 1.0.0", self.release),
            ("Pull and load it as a model repository would", self.consume),
        )
        for number, (title, step) in enumerate(steps, 1):
            self.say(f"\n[{number}/{len(steps)}] {title}")
            step()
        self._tell_urls()

    # --- steps ---------------------------------------------------------------------------------------------

    def ingest(self) -> None:
        files = self.folder / "demo-corpus"
        make_demo_corpus(files, lambda path, done, total: self.say(f"  made {done}/{total} {path}"))
        call_command("ingest", str(files), corpus=CORPUS, organisation=LAB)

    def open_studies(self) -> None:
        for one in STUDIES:
            # A study of an earlier run goes on with its protocol, whatever the preset has become since.
            if self.http.get(f"studies/{one.slug}/").status_code == httpx.codes.NOT_FOUND:
                self._open_study(one)
            study = self.http.get(f"studies/{one.slug}/").raise_for_status().json()
            self.say(f"  {one.slug}: protocol {one.protocol}, invite {self.server}/s/{study['invite_code']}")

    def _open_study(self, one: DemoStudy) -> None:
        collection = save_collection(
            name=f"{CORPUS}-{one.kind}",
            organisation_id=self.researcher.organisation_id,
            filters={"corpus": CORPUS, "kind": [one.kind]},
        )
        create_study(
            organisation=self.researcher.organisation,
            slug=one.slug,
            title=one.title,
            document=preset(one.protocol),
            collection=collection,
            requested_by=EMAIL,
        )

    def rate(self) -> None:
        truths = self._truths()
        for one in STUDIES:
            study = self.http.get(f"studies/{one.slug}/").raise_for_status().json()
            if study["participations"].get("simulated", {}).get("completed", 0) >= RATERS_PER_STUDY:
                self.say(f"  {one.slug}: done before")
                continue
            code, raters = study["invite_code"], range(RATERS_PER_STUDY)

            def take_part(seed: int, code: str = code) -> str | None:
                rater = SimulatedRater(server=self.server, invite_code=code, seed=seed, truths=truths)
                return rater.take_part()

            with ThreadPoolExecutor(2) as pool:
                codes = list(pool.map(take_part, raters))
            self.say(
                f"  {one.slug}: {sum(map(bool, codes))}/{RATERS_PER_STUDY} simulated raters have completed"
            )

    def analyse(self) -> None:
        for one in STUDIES:
            self._wait_for_jobs(f"study:{one.slug}")
            found = self.http.get(f"studies/{one.slug}/agreement/").raise_for_status().json()["results"]
            for row in found:
                if row["item"] is None and row["value"] is not None:
                    name = ".".join(part for part in (row["question"], row["dimension"]) if part)
                    interval = (
                        f" [{row['ci_low']:.2f}, {row['ci_high']:.2f}]" if row["ci_low"] is not None else ""
                    )
                    self.say(
                        f"  {one.slug} {name} {row['measure']}: {row['value']:.3f}{interval}"
                        f", {row['n_units_used']} units"
                    )

    def release(self) -> None:
        save_collection(
            name=f"{CORPUS}-all",
            organisation_id=self.researcher.organisation_id,
            filters={"corpus": CORPUS, "kind": [one.kind for one in STUDIES]},
        )
        save_dataset(
            organisation=self.researcher.organisation,
            name=DATASET,
            title="Demo: films, images, dialogues (synthetic, simulated raters)",
            description="Made by script to show the platform. The media are synthetic, the raters are simulated.",
            recipe={
                "collection": f"{CORPUS}-all",
                "studies": [one.slug for one in STUDIES],
                "split": {"keys": GROUP_KEYS},
                "media": "proxy",
                "card": CARD,
            },
        )
        request_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{DATASET}@1.0.0"))
        body = {"request_id": request_id, "version": "1.0.0", "notes": "The first release of the demo."}
        self.http.post(f"datasets/{DATASET}/releases/", json=body).raise_for_status()
        self._wait_for_jobs(f"dataset:{DATASET}")
        summary = self.http.get(f"datasets/{DATASET}/releases/1.0.0/").raise_for_status().json()
        sizes = summary["summary"]["splits"]["sizes"]
        self.say(f"  {DATASET}@1.0.0 {summary['digest']}, items per split: {sizes}")

    def consume(self) -> None:
        target = self.folder / "pulled" / f"{DATASET}-1.0.0"
        environment = {
            **os.environ,
            "AFFECTORY_SERVER": self.server,
            "AFFECTORY_TOKEN": self.access["token"],
            "AFFECTORY_CACHE": str(self.folder / "client-cache"),
        }
        command = [sys.executable, "-m", "affectory.cli", "pull", f"{DATASET}@1.0.0", "-o", str(target), "-q"]
        subprocess.run(command, check=True, env=environment)
        train = affectory.load(target, split="train", table="items").to_pandas()
        self.say(f"  affectory.load: {len(train)} training items, {len(train.columns)} columns")
        parts = sorted((target / "items").glob("*.parquet"))
        rows = sum(len(pd.read_parquet(part)) for part in parts)
        self.say(f"  pandas.read_parquet: {rows} items in {len(parts)} files")

    # --- parts of steps ------------------------------------------------------------------------------------

    @property
    def researcher(self) -> User:
        return User.objects.select_related("organisation").get(email=EMAIL)

    def _access(self) -> dict[str, str]:
        """The demo researcher's password and token, made once and kept with the data, readable by its owner only."""
        path = self.folder / "demo-access.json"
        if not path.exists():
            password = secrets.token_urlsafe(9)
            user = create_researcher(email=EMAIL, password=password, organisation=LAB)
            _, token = new_token(user=user, name="demo")
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                json.dump({"password": password, "token": token}, file)
        access: dict[str, str] = json.loads(path.read_text())
        return access

    def _truths(self) -> dict[str, Truth]:
        """What the script meant each item to express, by item id."""
        folder = self.folder / "demo-corpus" / "_truth"
        stills = json.loads((folder / "stills.json").read_text())
        found = {}
        for item in Item.objects.filter(corpus__name=CORPUS, corpus__organisation__name=LAB):
            if item.kind == "video":
                told = json.loads((folder / "films" / f"{Path(item.key).stem}.json").read_text())
                curve = np.column_stack([told["valence"], told["arousal"]])
                found[str(item.pk)] = Truth(rate_hz=told["rate_hz"], curve=curve)
            elif item.key in stills:
                told = stills[item.key]
                point = {axis: told[axis] for axis in ("valence", "arousal", "dominance") if axis in told}
                found[str(item.pk)] = Truth(point=point, emotion=told.get("emotion"))
        return found

    def _wait_for_jobs(self, scope: str) -> None:
        """Show a scope's jobs until none is left to do; a failed one is an error."""
        end, shown = time.monotonic() + WAIT_S, ""
        while time.monotonic() < end:
            jobs: list[dict[str, Any]] = (
                self.http.get("jobs/", params={"scope": scope}).raise_for_status().json()["results"]
            )
            failed = [job for job in jobs if job["state"] == "failed"]
            if failed:
                raise DemoError(f"{failed[0]['kind']} of {scope} failed: {failed[0]['error']['message']}")
            busy = [job for job in jobs if job["state"] in {"queued", "running"}]
            if not busy:
                return
            line = f"  {busy[0]['kind']}: {busy[0]['state']} {busy[0]['progress']['message']}"
            if line != shown:
                self.say(line)
                shown = line
            time.sleep(0.3)
        raise DemoError(f"The jobs of {scope} were not done after {WAIT_S} s.")

    def _tell_urls(self) -> None:
        self.say("\nThe demo is ready. Its corpus is synthetic and its raters are simulated.")
        self.say(f"  Researchers:  {self.server}/   e-mail {EMAIL}   password {self.access['password']}")
        self.say(f"  API:          {self.server}/api/docs/")
        self.say("  Raters need no account, only the invite link:")
        for one in STUDIES:
            code = self.http.get(f"studies/{one.slug}/").raise_for_status().json()["invite_code"]
            self.say(f"    {one.title}: {self.server}/s/{code}")
