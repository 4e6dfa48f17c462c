"""The main job from end to end, on a corpus made by script and with simulated raters.

Every step looks first whether it is done, so a second run is ready at once.
"""

import json
import os
import secrets
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import pandas as pd
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

import affectory
from accounts.facade import User, create_researcher, new_token
from affectory.errors import AffectoryError
from annotation.facade import SimulatedRater, Truth, create_study, preset
from config.demo import checks
from config.demo.plan import (
    CARD,
    CORPUS,
    DATASET,
    EMAIL,
    GROUP_KEYS,
    LAB,
    RATERS_PER_STUDY,
    STUDIES,
    VERSION,
    DemoError,
    DemoStudy,
)
from config.demo.server import DemoServer, Json
from exports.facade import save_dataset
from ingest.facade import Item, make_demo_corpus, read_truth, save_collection

PULL_LIMIT_S = 600


class Demo:
    """The steps, in order; each is checked before the next. ``say`` prints a line."""

    def __init__(self, server: str, say: Callable[[str], None]) -> None:
        self.say = say
        self.folder = settings.DATA_FOLDER
        self.corpus_folder = self.folder / "demo-corpus"
        self.access = self._access()
        self.server = DemoServer(server, self.access["token"])

    def run(self) -> None:
        """Run all steps.

        Raises
        ------
        DemoError
            With the step that could not be done, or did not give what it should, and the reason.
        """
        steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Make a synthetic corpus by script and ingest it", self.ingest),
            ("Open three studies", self.open_studies),
            ("Let simulated raters take part through the HTTP API", self.rate),
            ("Compute agreement and gold standards", self.analyse),
            (f"Publish release {VERSION}", self.release),
            ("Pull and load it as a model repository would", self.consume),
        )
        for number, (title, step) in enumerate(steps, 1):
            name = f"[{number}/{len(steps)}] {title}"
            self.say(f"\n{name}")
            try:
                step()
            except (
                DemoError,
                CommandError,
                AffectoryError,
                subprocess.SubprocessError,
                httpx.HTTPError,
            ) as error:
                raise DemoError(f"{name}: {_reason(error)}") from error
        self._tell_urls()

    # --- steps ---------------------------------------------------------------------------------------------

    def ingest(self) -> None:
        files = make_demo_corpus(
            self.corpus_folder, lambda path, done, total: self.say(f"  made {done}/{total} {path}")
        )
        call_command("ingest", str(files), corpus=CORPUS, organisation=LAB)
        made = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
        refused = {row["path"] for row in self.server.rows(f"corpora/{CORPUS}/entries/?state=quarantined")}
        items = {item.key: item.kind for item in _items()}
        checks.check_ingested(
            kinds=items.values(), lost=read_truth(files).keys() - items.keys(), quarantined=refused & made
        )

    def open_studies(self) -> None:
        for one in STUDIES:
            # A study of an earlier run goes on with its protocol, whatever the preset has become since.
            if not self.server.has(f"studies/{one.slug}/"):
                self._open_study(one)
            study = self._study(one)
            self.say(f"  {one.slug}: protocol {one.protocol}, invite {self._invite(study)}")

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
            study = self._study(one)
            if study["participations"].get("simulated", {}).get("completed", 0) >= RATERS_PER_STUDY:
                self.say(f"  {one.slug}: done before")
                continue

            def take_part(seed: int, code: str = study["invite_code"]) -> str | None:
                rater = SimulatedRater(server=self.server.url, invite_code=code, seed=seed, truths=truths)
                return rater.take_part()

            with ThreadPoolExecutor(2) as pool:
                codes = list(pool.map(take_part, range(RATERS_PER_STUDY)))
            checks.check_rated(one, codes)
            self.say(f"  {one.slug}: {len(codes)} simulated raters have completed")

    def analyse(self) -> None:
        for one in STUDIES:
            if not _is_analysed(self._study(one)):
                self.server.wait_for(self.server.post(f"studies/{one.slug}/analyse/", {}), self.say)
            agreement = {}
            for row in self.server.rows(f"studies/{one.slug}/agreement/?item=none"):
                name = ".".join(part for part in (row["question"], row["dimension"]) if part)
                if row["value"] is not None:
                    agreement[f"{name} {row['measure']}"] = row
            for name, row in agreement.items():
                self.say(f"  {one.slug} {name}: {_in_words(row)}")
            checks.check_analysed(one, agreement, self._gold(one))

    def _gold(self, one: DemoStudy) -> set[str]:
        """Question and method of all labels and traces that have a value."""
        found = set()
        for item in self.server.rows(f"studies/{one.slug}/items/"):
            found |= {f"{row['question']} {row['method']}" for row in item["labels"] if row["value"]}
            if item["kind"] == "video" and item["responses"]:
                traced = self.server.get(f"studies/{one.slug}/items/{item['id']}/traces/")
                found |= {
                    f"{traced['question']} {row['method']}" for row in traced["gold"] if not row["reason"]
                }
        return found

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
        request_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{DATASET}@{VERSION}"))
        body = {"request_id": request_id, "version": VERSION, "notes": "The first release of the demo."}
        self.server.wait_for(self.server.post(f"datasets/{DATASET}/releases/", body), self.say)
        published = self._published()
        sizes = published["summary"]["splits"]["sizes"]
        self.say(f"  {DATASET}@{VERSION} {published['digest']}, items per split: {sizes}")
        checks.check_released(sizes)

    def consume(self) -> None:
        target = self.folder / "pulled" / f"{DATASET}-{VERSION}"
        environment = {
            **os.environ,
            "AFFECTORY_SERVER": self.server.url,
            "AFFECTORY_TOKEN": self.access["token"],
            "AFFECTORY_CACHE": str(self.folder / "client-cache"),
        }
        command = [
            sys.executable,
            "-m",
            "affectory.cli",
            "pull",
            f"{DATASET}@{VERSION}",
            "-o",
            str(target),
            "-q",
        ]
        subprocess.run(command, check=True, env=environment, timeout=PULL_LIMIT_S)
        published = self._published()
        loaded = {table: len(affectory.load(target, table=table).to_pandas()) for table in published["rows"]}
        checks.check_loaded(published=published["rows"], loaded=loaded)
        self.say(f"  affectory.load: {', '.join(f'{rows} {table}' for table, rows in loaded.items())}")
        by_split = pd.read_parquet(target / "items")["split"].value_counts().to_dict()
        checks.check_loaded(published=published["summary"]["splits"]["sizes"], loaded=by_split)
        self.say(f"  pandas.read_parquet: items per split: {by_split}")

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

    def _study(self, one: DemoStudy) -> Json:
        return self.server.get(f"studies/{one.slug}/")

    def _invite(self, study: Json) -> str:
        return f"{self.server.url}/s/{study['invite_code']}"

    def _published(self) -> Json:
        return self.server.get(f"datasets/{DATASET}/releases/{VERSION}/")

    def _truths(self) -> dict[str, Truth]:
        """What the script meant each item to express, by item id."""
        told = read_truth(self.corpus_folder)
        return {str(item.pk): _truth(told[item.key]) for item in _items() if item.key in told}

    def _tell_urls(self) -> None:
        url = self.server.url
        self.say("\nThe demo is ready. Its corpus is synthetic and its raters are simulated.")
        self.say(f"  Researchers:  {url}/   e-mail {EMAIL}   password {self.access['password']}")
        self.say(f"  API:          {url}/api/docs/")
        self.say("  Raters need no account, only the invite link:")
        for one in STUDIES:
            self.say(f"    {one.title}: {self._invite(self._study(one))}")


def _items() -> QuerySet[Item]:
    return Item.objects.filter(corpus__name=CORPUS, corpus__organisation__name=LAB)


def _truth(told: dict[str, Any]) -> Truth:
    if "rate_hz" in told:
        return Truth(rate_hz=told["rate_hz"], curve=np.column_stack([told["valence"], told["arousal"]]))
    point: dict[str, float] = {
        axis: told[axis] for axis in ("valence", "arousal", "dominance") if axis in told
    }
    return Truth(point=point, emotion=told.get("emotion"))


def _is_analysed(study: Json) -> bool:
    """Whether the newest analysis knows all answers."""
    analysis = study["analysis"]
    return analysis is not None and analysis["made_from"]["responses"] == study["responses"]


def _in_words(row: Json) -> str:
    interval = f" [{row['ci_low']:.2f}, {row['ci_high']:.2f}]" if row["ci_low"] is not None else ""
    return f"{row['value']:.3f}{interval}, {row['n_units_used']} units"


def _reason(error: Exception) -> str:
    """An answer of the server says more than its number."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"{error.request.url}: {error.response.status_code} {error.response.text[:500]}"
    return str(error) or type(error).__name__
