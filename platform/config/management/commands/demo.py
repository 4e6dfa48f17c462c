"""``manage.py demo``: run the main job against the running platform. `make demo` starts that platform first."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

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
        except DemoError as error:
            raise CommandError(str(error)) from error
