"""A Celery application with the platform's broker settings and one task that waits to be let go."""

import os
import time
from pathlib import Path

from celery import Celery

from config.broker import broker_settings

app = Celery("redelivery")
app.config_from_object(broker_settings(os.environ["DATABASE_URL"], os.environ))


@app.task(name="wait_for_release")
def wait_for_release(folder: str) -> None:
    notes = Path(folder, "notes")
    with notes.open("a") as file:
        file.write("begun\n")
    while not Path(folder, "released").exists():
        time.sleep(0.05)
    with notes.open("a") as file:
        file.write("ended\n")
