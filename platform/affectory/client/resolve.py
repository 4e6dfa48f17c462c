"""From what a person writes (`name`, `name@1.2.0`, `name@^1`, `name@sha256:...`) to one manifest."""

from dataclasses import dataclass

from affectory.client.cache import Cache
from affectory.client.errors import MismatchError, NetworkError, NotFoundError, UsageError, WithdrawnError
from affectory.client.server import ReleaseAnswer, ReleaseSummary, Server
from affectory.release.errors import ManifestError, VersionError
from affectory.release.manifest import MANIFEST_NAME, Manifest, check_name, sha256_hex
from affectory.release.signing import SIGNATURE_NAME
from affectory.release.versions import VersionRange

# A range or a bare name never chooses these; a yanked one can still be pinned exactly.
_NOT_CHOSEN = frozenset({"draft", "yanked", "withdrawn"})


@dataclass(frozen=True)
class Ref:
    """A dataset and which of its releases: a range, or the digest of the values."""

    name: str
    range: VersionRange
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Ref":
        name, _, wanted = text.partition("@")
        try:
            if wanted.startswith("sha256:"):
                return cls(check_name(name), VersionRange.parse(""), wanted)
            return cls(check_name(name), VersionRange.parse(wanted))
        except (ManifestError, VersionError) as error:
            raise UsageError(
                str(error), "write it as name, name@1.2.0, name@^1 or name@sha256:..."
            ) from error

    @property
    def wanted(self) -> str:
        """What stands behind the @."""
        return self.digest or self.range.text

    def __str__(self) -> str:
        return f"{self.name}@{self.wanted}" if self.wanted else self.name


@dataclass(frozen=True)
class Resolved:
    """One release. `warning` is what a person should know before using it; `signature`: manifest.sig, unchecked."""

    manifest: Manifest
    manifest_sha256: str
    state: str
    warning: str | None = None
    signature: bytes | None = None


def resolve(server: Server, cache: Cache, ref: Ref, *, allow_withdrawn: bool = False) -> Resolved:
    """Find the release that `ref` names, at the server; without a network, in the cache."""
    try:
        version = _version_at(server, ref)
        answer = server.release(ref.name, version)
    except NetworkError as error:
        return _from_cache(server, cache, ref, error)
    except WithdrawnError:
        if not allow_withdrawn:
            raise
        return _withdrawn_from_cache(server, cache, ref)
    if answer.state == "withdrawn" and not allow_withdrawn:
        raise WithdrawnError(
            f"{ref.name}@{version} is withdrawn",
            "use a later version, and delete the cached copy with: affectory cache purge-withdrawn",
        )
    manifest = fetch_manifest(server, cache, ref.name, version, answer.manifest_sha256)
    signature = None
    if answer.signed_by:
        signature = fetch_signature(server, cache, ref.name, version, answer.manifest_sha256)
    return Resolved(
        manifest, answer.manifest_sha256, answer.state, state_warning(ref.name, answer), signature
    )


def fetch_manifest(server: Server, cache: Cache, name: str, version: str, sha256: str) -> Manifest:
    """Return the manifest with this SHA-256, from the cache or the server, and remember it."""
    if not cache.has(sha256):
        content = server.file(name, version, MANIFEST_NAME)
        if sha256_hex(content) != sha256:
            raise MismatchError(
                f"{name}@{version}: the manifest has SHA-256 {sha256_hex(content)} and {sha256} was promised",
                "nothing was kept; tell who runs the server",
            )
        cache.put(content)
    manifest = cached_manifest(cache, sha256)
    if (manifest.name, manifest.version) != (name, version):
        raise MismatchError(f"{name}@{version}: the manifest is of {manifest.name}@{manifest.version}")
    cache.remember(server.url, name, version, sha256)
    return manifest


def fetch_signature(server: Server, cache: Cache, name: str, version: str, sha256: str) -> bytes | None:
    """Return what the server keeps beside the manifest with this SHA-256, and remember it; None: not signed."""
    try:
        content = server.file(name, version, SIGNATURE_NAME)
    except NotFoundError:
        return None
    cache.keep_signature(sha256, content)
    return content


def cached_manifest(cache: Cache, sha256: str) -> Manifest:
    return Manifest.from_json(cache.object_path(sha256).read_bytes())


def choose(ref: Ref, releases: list[ReleaseSummary]) -> str | None:
    """Return the version that `ref` means among `releases`."""
    if ref.digest is not None:
        return next((release.version for release in releases if release.digest == ref.digest), None)
    return ref.range.newest([release.version for release in releases if release.state not in _NOT_CHOSEN])


def _version_at(server: Server, ref: Ref) -> str:
    if ref.digest is None and ref.range.is_exact:
        return ref.range.text
    releases = server.releases(ref.name)
    version = choose(ref, releases)
    if version is None:
        there = ", ".join(release.version for release in releases) or "none"
        raise NotFoundError(f"no release fits {ref}; there is {there}", f"see: affectory log {ref.name}")
    return version


def _from_cache(server: Server, cache: Cache, ref: Ref, error: NetworkError) -> Resolved:
    for version in _cached_versions(server, cache, ref):
        sha256 = cache.remembered(server.url, ref.name, version)
        if sha256 is None or not cache.has(sha256):
            continue
        manifest = cached_manifest(cache, sha256)
        if ref.digest in {None, manifest.digest}:
            warning = f"{error.message}; using {ref.name}@{version} from the cache"
            return Resolved(manifest, sha256, "unknown", warning, cache.signature(sha256))
    raise error


def _cached_versions(server: Server, cache: Cache, ref: Ref) -> list[str]:
    held = cache.remembered_versions(server.url, ref.name)
    if ref.digest is not None:
        return held
    newest = ref.range.newest(held)
    return [newest] if newest else []


def _withdrawn_from_cache(server: Server, cache: Cache, ref: Ref) -> Resolved:
    version = ref.range.text
    sha256 = cache.remembered(server.url, ref.name, version) if ref.range.is_exact else None
    if sha256 is None or not cache.has(sha256):
        raise WithdrawnError(f"{ref} is withdrawn and not in the cache; the server no longer has its files")
    warning = f"{ref} is withdrawn: data of a person in it is to be erased. Use a later version soon"
    return Resolved(cached_manifest(cache, sha256), sha256, "withdrawn", warning, cache.signature(sha256))


def state_warning(name: str, answer: ReleaseAnswer) -> str | None:
    """Return what a person should know about the state of a release that can be used."""
    meanings = {"yanked": "should not be used any more", "deprecated": "has a better successor"}
    if answer.state not in meanings:
        return None
    said = f"{name}@{answer.version} is {answer.state}: {answer.reason or f'it {meanings[answer.state]}'}"
    advice = f"use {name}@{answer.successor}" if answer.successor else f"see: affectory log {name}"
    return f"{said}; {advice}"
