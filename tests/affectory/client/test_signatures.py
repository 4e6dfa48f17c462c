"""Signed releases: pull, verify, show, and the key that dataset.lock pins."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from affectory.cli import main
from affectory.release.lock import read_lock
from affectory.release.manifest import MANIFEST_NAME
from affectory.release.signing import SIGNATURE_NAME, SigningKey, read_public_key
from tests.affectory.client.release_server import Behaviour
from tests.affectory.release.samples import write_release

LOCK = Path("dataset.lock")


def private_key(path: Path) -> SigningKey:
    """A new key, made as docs/releases.md says."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(encoding, form, serialization.NoEncryption()))
    return SigningKey.read(path)


def signed(folder: Path, key: SigningKey) -> Path:
    (folder / SIGNATURE_NAME).write_bytes(key.sign((folder / MANIFEST_NAME).read_bytes()).to_json())
    return folder


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return private_key(tmp_path / "lab.pem")


@pytest.fixture
def stranger(tmp_path: Path) -> SigningKey:
    return private_key(tmp_path / "stranger.pem")


@pytest.fixture
def published(server: str, behaviour: Behaviour, key: SigningKey, tmp_path: Path) -> Path:
    """demo-film 1.1.0, signed; 1.0.0 beside it is not."""
    write_release(tmp_path / "1.1.0", version="1.1.0")
    behaviour.publish(signed(tmp_path / "1.1.0", key))
    return tmp_path / "1.1.0"


def test_pull_brings_the_signature_and_checks_it_where_a_key_is_named(
    published: Path, key: SigningKey, stranger: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pull", "demo-film@1.1.0", "--public-key", stranger.public_key, "-q"]) == 3
    assert f"signed by {key.public_key}, not by {stranger.public_key}" in capsys.readouterr().err
    assert not Path("demo-film-1.1.0").exists()
    assert main(["pull", "demo-film@1.1.0", "--public-key", key.public_key, "-q"]) == 0
    assert main(["verify", "demo-film-1.1.0", "-q", "--public-key", key.public_key]) == 0
    assert main(["verify", "demo-film-1.1.0", "-q", "--public-key", stranger.public_key]) == 3
    assert main(["pull", "demo-film@1.0.0", "--public-key", key.public_key, "-q"]) == 3
    assert "demo-film@1.0.0 is not signed" in capsys.readouterr().err


def test_a_signature_of_another_manifest_is_refused(
    published: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    (published / SIGNATURE_NAME).write_bytes(key.sign(b"something else").to_json())
    assert main(["pull", "demo-film@1.1.0", "--public-key", key.public_key, "-q"]) == 3
    assert "the signature is not one of" in capsys.readouterr().err
    assert main(["show", "demo-film@1.1.0"]) == 3


def test_a_spoilt_signature_file_is_named(published: Path, key: SigningKey) -> None:
    assert main(["pull", "demo-film@1.1.0", "-q"]) == 0
    Path("demo-film-1.1.0", SIGNATURE_NAME).write_text("{}")
    assert main(["verify", "demo-film-1.1.0", "-q", "--public-key", key.public_key]) == 3


def test_show_says_who_signed(published: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "demo-film@1.1.0"]) == 0
    assert f"signed by {key.public_key} (checked)" in capsys.readouterr().out
    assert main(["show", "demo-film@1.0.0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signed_by"] is None


def test_the_lock_pins_the_key_and_works_without_a_network(
    published: Path, behaviour: Behaviour, key: SigningKey, stranger: SigningKey
) -> None:
    assert main(["add", "demo-film", "--public-key", key.public_key, "-q"]) == 0
    assert read_lock(LOCK).only().public_key == key.public_key
    assert main(["sync", "--frozen", "-q"]) == 0
    behaviour.folders.clear()  # what is signed is in the cache, and so is the signature
    assert main(["sync", "--frozen", "-q"]) == 0
    assert main(["verify", "-q"]) == 0
    LOCK.write_text(LOCK.read_text().replace(key.public_key, stranger.public_key))
    assert main(["sync", "--frozen", "-q"]) == 3
    assert main(["verify", "-q"]) == 3


def test_a_frozen_sync_refuses_an_unsigned_release(
    published: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "demo-film@1.0.0", "-q"]) == 0
    assert main(["add", "demo-film@1.0.0", "--public-key", key.public_key, "-q"]) == 3
    LOCK.write_text(
        LOCK.read_text().replace('media = "none"', f'media = "none"\npublic_key = "{key.public_key}"')
    )
    assert main(["sync", "--frozen", "-q"]) == 3
    assert "is not signed" in capsys.readouterr().err


def test_a_pinned_key_stays_and_update_takes_nothing_else(
    published: Path, behaviour: Behaviour, key: SigningKey, stranger: SigningKey, tmp_path: Path
) -> None:
    assert (
        main(["add", "demo-film@1.1.0", "--public-key", str(tmp_path / "lab.pub"), "-q"]) == 3
    )  # no such file
    (tmp_path / "lab.pub").write_text(key.public_key)
    assert main(["add", "demo-film@^1", "--public-key", str(tmp_path / "lab.pub"), "-q"]) == 0
    assert main(["add", "demo-film@^1", "--split", "test", "-q"]) == 0
    assert read_lock(LOCK).only().public_key == key.public_key
    write_release(tmp_path / "1.2.0", version="1.2.0", items=12)
    behaviour.publish(signed(tmp_path / "1.2.0", stranger))
    assert main(["update", "-q"]) == 3
    assert read_lock(LOCK).only().version == "1.1.0"
    behaviour.publish(signed(tmp_path / "1.2.0", key))
    (tmp_path / "cache" / "signatures").rename(tmp_path / "away")
    assert main(["update", "-q"]) == 0
    assert read_lock(LOCK).only().version == "1.2.0"


def test_the_cache_forgets_the_signature_with_its_release(published: Path, tmp_path: Path) -> None:
    assert main(["pull", "demo-film@1.1.0", "-q"]) == 0
    assert list((tmp_path / "cache" / "signatures").iterdir())
    assert main(["cache", "rm", "demo-film@1.1.0", "-q"]) == 0
    assert not list((tmp_path / "cache" / "signatures").iterdir())


def test_keys_come_as_text_as_file_and_as_pem(tmp_path: Path, key: SigningKey) -> None:
    from cryptography.hazmat.primitives import serialization

    private = serialization.load_pem_private_key((tmp_path / "lab.pem").read_bytes(), None)
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "public.pem").write_bytes(pem)
    assert read_public_key(str(tmp_path / "public.pem")) == read_public_key(key.public_key) == key.public_key


# RFC 8032, 7.1, test 2: a secret key, its public key, the message 0x72, and its signature.
RFC_SECRET = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
RFC_PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
RFC_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_a_published_signature(tmp_path: Path) -> None:
    from base64 import b64encode

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(RFC_SECRET))
    (tmp_path / "rfc.pem").write_bytes(private.private_bytes(encoding, form, serialization.NoEncryption()))
    signature = SigningKey.read(tmp_path / "rfc.pem").sign(b"\x72")
    assert signature.public_key == "ed25519:" + b64encode(bytes.fromhex(RFC_PUBLIC)).decode()
    assert signature.signature.hex() == RFC_SIGNATURE


WITHOUT_CRYPTOGRAPHY = """
import sys


class Absent:
    def find_spec(name, *_):
        if name == "cryptography":
            raise ModuleNotFoundError(name, name=name)


sys.meta_path.insert(0, Absent)
from affectory.cli import main

sys.exit(main(sys.argv[1:]))
"""


def test_without_the_library_only_the_check_asks_for_it(
    published: Path, key: SigningKey, tmp_path: Path
) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT_CRYPTOGRAPHY, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    done = run("pull", "demo-film@1.1.0", "-q", "--public-key", key.public_key)
    assert (done.returncode, "pip install 'affectory[signing]'" in done.stderr) == (2, True), done.stderr
    assert run("pull", "demo-film@1.1.0", "-q").returncode == 0
    assert "not checked: pip install" in run("show", "demo-film@1.1.0").stdout
