"""The platform on servers altogether: PostgreSQL by TCP and password, a broker by URL, a bucket, production mode."""

import os
import secrets
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

import affectory
from annotation.facade import SimulatedRater
from config.embedded import processes
from tests.optional_parts import program
from tests.platform.conftest import connects, free_port
from tests.s3_server import s3_server

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"
TIMEOUT_S = 120
COLOURS = ("red", "green", "blue", "grey")
PRACTICE = 1  # of the preset emoset


@pytest.fixture
def bucket():
    with s3_server() as server:
        yield server


@pytest.fixture
def env(request, postgres_url, bucket, tmp_path):
    """All that any process of the platform is told; the queue is in PostgreSQL where there is no Redis."""
    broker = {"CELERY_BROKER_URL": request.getfixturevalue("redis_url")} if program("redis-server") else {}
    return {
        **os.environ,
        **broker,
        **bucket.environment(),
        "DATABASE_URL": postgres_url,
        "S3_PUBLIC_URL": bucket.url,
        "AFFECTORY_ENV": "production",
        "AFFECTORY_SECRET_KEY": secrets.token_urlsafe(64),
        "AFFECTORY_HTTPS": "false",
        "AFFECTORY_ALLOWED_HOSTS": "127.0.0.1",
        "AFFECTORY_DATA": str(tmp_path / "data"),
        "AFFECTORY_PASSWORD": PASSWORD,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")]),
    }


@pytest.fixture
def start(env, tmp_path):
    """Start processes of the platform by name; they end with the test."""
    started = []

    def starter(name, *words):
        command = [sys.executable, "-m", *words]
        log = tmp_path / f"{name}.log"
        started.append(processes.start(command, log, parent_signal=signal.SIGQUIT, env=env))

    yield starter
    for child in started:
        processes.stop(child, [(signal.SIGTERM, 10), (signal.SIGQUIT, 10)])


@pytest.fixture
def manage(env):
    def run(*words):
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def url(start, manage):
    """The web server's address, with a worker beside it, as in docker-compose.yml."""
    manage("migrate", "--noinput")
    port = free_port()
    start("web", "gunicorn", f"--bind=127.0.0.1:{port}", "--threads=4", "--no-control-socket", "config.wsgi")
    start(
        "worker",
        "celery",
        "--app=config",
        "worker",
        "--concurrency=1",
        "--without-gossip",
        "--without-mingle",
    )
    address = f"http://127.0.0.1:{port}"
    assert processes.wait_until(lambda: _answers(address), TIMEOUT_S)
    return address


def _answers(address):
    try:
        return httpx.get(f"{address}/api/server/").json()["name"] == "affectory"
    except httpx.TransportError:
        return False


def _token(url):
    """Sign in with the password, as on the page, and make a token for programs."""
    with httpx.Client(base_url=f"{url}/api/", timeout=60) as http:
        who = http.post(
            "session/", json={"email": "ada@lab.example", "password": PASSWORD}
        ).raise_for_status()
        headers = {"X-CSRFToken": who.json()["csrf_token"]}
        return (
            http.post("tokens/", json={"name": "test"}, headers=headers).raise_for_status().json()["secret"]
        )


@pytest.mark.timeout(600)
def test_from_a_folder_to_a_loaded_release_on_servers(url, env, manage, bucket, postgres_url, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for colour in COLOURS:
        Image.new("RGB", (64, 48), colour).save(folder / f"{colour}.png")
    assert "Done: 4 ready, 0 quarantined." in manage("ingest", str(folder), "--corpus", "pictures")
    manage("create-researcher", "ada@lab.example")
    token = _token(url)
    with httpx.Client(
        base_url=f"{url}/api/", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as http:

        def post(path, body):
            return http.post(path, json=body).raise_for_status().json()

        protocol = http.get("protocols/presets/emoset/").json()["text"]
        asked = {"slug": "feelings", "title": "Feelings", "collection": None, "corpus": "pictures"}
        study = post("studies/", {**asked, "protocol": protocol})
        for seed in range(2):
            rater = SimulatedRater(server=url, invite_code=study["invite_code"], seed=seed, truths={})
            rater.take_part()
        recipe = {"collection": "feelings", "studies": ["feelings"], "media": "proxy"}
        post("datasets/", {"name": "d", "title": "D", "recipe": recipe})
        job = post("datasets/d/releases/", {"request_id": str(uuid.uuid4())})

        def ended():
            return http.get(f"jobs/{job['id']}/").json()["state"] in {"succeeded", "failed"}

        assert processes.wait_until(ended, TIMEOUT_S)
        assert http.get(f"jobs/{job['id']}/").json()["error"] is None

    own = {"AFFECTORY_SERVER": url, "AFFECTORY_TOKEN": token, "AFFECTORY_CACHE": str(tmp_path / "cache")}
    pull = [sys.executable, "-m", "affectory.cli", "pull", "d@1.0.0", "-q", "--media", "proxy"]
    subprocess.run(pull, env={**env, **own}, cwd=tmp_path, check=True)
    answers = affectory.load(tmp_path / "d-1.0.0", table="annotations").to_pandas()
    assert answers["item_id"].nunique() == len(COLOURS) - PRACTICE
    assert answers["rater_id"].nunique() == 2
    assert len(list((tmp_path / "d-1.0.0" / "media").rglob("*.webp"))) == len(COLOURS)

    assert {asked.authorization for asked in bucket.by_link} == {None}
    server = urlsplit(postgres_url)
    assert not connects(server._replace(netloc=f"affectory@{server.hostname}:{server.port}").geturl())
    # Nothing of it is on the disk of the machine that runs it.
    assert not (tmp_path / "data" / "objects").exists()
    assert not (tmp_path / "data" / "postgres").exists()
