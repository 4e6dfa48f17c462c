"""``manage.py demo``: run the main job against the running platform. `make demo` starts that platform first."""

import os
import subprocess
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError

from affectory.errors import AffectoryError
from config.demo import Demo, DemoError


class Command(BaseCommand):
    help = "Run the main job from ingest to a loaded release, with a synthetic corpus and simulated raters."

    def handle(self, **_options: Any) -> None:
        server = os.environ.get("AFFECTORY_URL")
        if not server:
            raise CommandError(
                "Set AFFECTORY_URL to the address of the running platform, or use `make demo`."
            )
        try:
            Demo(server, self.stdout.write).run()
        except httpx.HTTPStatusError as error:
            raise CommandError(
                f"{error.request.url}: {error.response.status_code} {error.response.text[:500]}"
            ) from error
        except (DemoError, AffectoryError, subprocess.CalledProcessError, httpx.HTTPError) as error:
            raise CommandError(str(error)) from error
