"""docker-compose.yml, Dockerfile and .env.example fit the code and each other."""

import re
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("platform", "ingest", "annotation", "exports")
CLIENT = REPOSITORY / "platform" / "affectory"  # runs on other people's machines, has its own documentation
# What a supervisor tells its own processes, or a tool sets; nobody is asked to.
INTERNAL = {"AFFECTORY_INSTANCE", "AFFECTORY_URL"}
CONDITIONS = {"service_healthy": "healthcheck", "service_completed_successfully": "command"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())


def documented() -> set[str]:
    text = (REPOSITORY / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def test_all_parts_of_the_platform_are_services(compose):
    parts = {"postgres", "redis", "rabbitmq", "s3", "web", "worker", "beat", "proxy"}
    assert parts <= set(compose["services"])
    assert compose["services"]["rabbitmq"]["profiles"] == ["rabbitmq"]


def test_what_a_service_waits_for_exists_and_can_be_waited_for(compose):
    for name, service in compose["services"].items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in compose["services"], name
            assert CONDITIONS[how["condition"]] in compose["services"][needed], (name, needed)


def test_every_named_volume_is_declared_and_every_mounted_file_is_there(compose):
    sources = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    ]
    assert {source for source in sources if not source.startswith(".")} == set(compose["volumes"])
    assert all((REPOSITORY / source).is_file() for source in sources if source.startswith("."))


def test_every_service_of_ours_is_told_of_every_server(compose):
    for name in ("web", "worker", "beat", "migrate"):
        told = compose["services"][name]["environment"]
        assert told["AFFECTORY_ENV"] == "production"
        assert {"DATABASE_URL", "CELERY_BROKER_URL", "S3_ENDPOINT_URL", "AFFECTORY_SECRET_KEY"} <= set(told)


def test_no_secret_has_a_default(compose):
    text = (REPOSITORY / "docker-compose.yml").read_text()
    for name in ("AFFECTORY_SECRET_KEY", "POSTGRES_PASSWORD", "S3_SECRET_KEY"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_every_variable_of_the_compose_file_is_in_the_example(compose):
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (REPOSITORY / "docker-compose.yml").read_text()))
    assert asked <= documented()


def variables(sources: list[Path]) -> set[str]:
    text = "\n".join(path.read_text() for path in sources)
    return set(re.findall(r"\"(AFFECTORY_[A-Z0-9_]+|S3_[A-Z_]+|[A-Z]+_URL)\"", text))


def test_every_variable_that_the_server_reads_is_in_the_example():
    sources = [path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py")]
    sources += (REPOSITORY / "tests").glob("*.py")
    read_by_client = variables([path for path in sources if CLIENT in path.parents])
    read = variables([path for path in sources if CLIENT not in path.parents])
    assert read - read_by_client - INTERNAL <= documented()


def test_what_the_dockerfile_copies_is_there():
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", (REPOSITORY / "Dockerfile").read_text(), re.MULTILINE)
    for source in " ".join(copied).split():
        assert (REPOSITORY / source).exists(), source
