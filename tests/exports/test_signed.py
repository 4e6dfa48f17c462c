import subprocess

import pytest

from affectory.release.signing import Signature, check_signed
from exports.facade import request_release
from exports.models import Release
from jobs.models import JobState
from storage.facade import read_bytes
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study():
    found = factories.study(items=4)
    Rater.consented(found).rate()
    return found


@pytest.fixture
def key(settings, tmp_path):
    """Made with the command of docs/releases.md."""
    path = tmp_path / "signing.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True)
    settings.SIGNING_KEY = str(path)
    return path


def test_a_configured_key_signs_the_manifest_and_changes_nothing_of_it(study, key, settings, tmp_path):
    signed = released(dataset())
    shown = factories.signed_in().get("/api/datasets/d/releases/1.0.0/").json()
    manifest = read_bytes(signed.manifest_sha256)
    kept = read_bytes(signed.files.get(path="manifest.sig").sha256)
    check_signed(manifest, kept, shown["signed_by"], what="d")
    assert "manifest.sig" not in manifest.decode()
    # The same in another program, as docs/releases.md says.
    (tmp_path / "manifest.json").write_bytes(manifest)
    (tmp_path / "raw.sig").write_bytes(Signature.from_json(kept).signature)
    verify = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-rawin",
        "-inkey",
        key,
        "-in",
        "manifest.json",
        "-sigfile",
        "raw.sig",
    ]
    subprocess.run(verify, cwd=tmp_path, check=True, capture_output=True)
    settings.SIGNING_KEY = ""
    plain = released(dataset())
    assert plain.digest == signed.digest
    assert factories.signed_in().get(f"/api/datasets/d/releases/{plain.version}/").json()["signed_by"] is None


@pytest.mark.parametrize(
    ("algorithm", "reason"),
    [(None, "cannot be read"), ("X25519", "Ed25519 is needed"), ("text", "no unencrypted PEM")],
)
def test_a_key_that_cannot_sign_stops_the_build_before_it_reads(study, settings, tmp_path, algorithm, reason):
    path = tmp_path / "key.pem"
    if algorithm == "text":
        path.write_text("no key")
    elif algorithm:
        subprocess.run(["openssl", "genpkey", "-algorithm", algorithm, "-out", path], check=True)
    settings.SIGNING_KEY = str(path)
    job = performed(request_release(dataset=dataset(), requested_by="test"))
    assert job.state == JobState.FAILED
    assert reason in str(job.error)
    assert not Release.objects.exists()
