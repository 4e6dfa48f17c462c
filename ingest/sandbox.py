"""Runs the readers in a process of their own, where a hostile file can do no harm.

The parent (a worker with database and storage passwords in its environment) calls `probe` and `render`. The
child has a clean environment, no network where the system permits that, limits on CPU time, memory and file
size, and a work folder in which the file has a name that we made. It answers in lines of JSON. A hang, a
crash or a memory bomb kills the child's process group and becomes a `MediaError`.

By hand: ``echo '{"path": "/data/clip.mp4", "name": "clip.mp4"}' | python -m ingest.sandbox probe``.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from ingest.readers import registry
from ingest.readers.contract import Facts, Fingerprint, MediaError, OnProgress
from ingest.readers.transcode import die_with_parent

_ROOT = Path(__file__).resolve().parents[1]
_GIB = 1024**3
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000


@dataclass(frozen=True, kw_only=True)
class Limits:
    wall_s: float
    cpu_s: int
    memory_bytes: int = 4 * _GIB
    file_bytes: int = 16 * _GIB


PROBE_LIMITS = Limits(wall_s=1800, cpu_s=3600)
READ_LIMITS = Limits(wall_s=3600, cpu_s=7200)
RENDER_LIMITS = Limits(wall_s=4 * 3600, cpu_s=8 * 3600)


def probe(path: Path, name: str, limits: Limits = PROBE_LIMITS) -> Facts:
    """Recognise, validate and measure one file; `name` is what people call it.

    Raises
    ------
    MediaError
        When the file must not be taken in.
    """
    facts = _call("probe", {"path": str(path.resolve()), "name": name}, limits, _ignore)
    return registry.facts_from_json(facts)


def read(
    path: Path, name: str, on_progress: OnProgress | None = None, *, limits: Limits = READ_LIMITS
) -> tuple[Facts, list[Fingerprint]]:
    """Do what `probe` does, and take the file's fingerprints, in one process.

    Raises
    ------
    MediaError
        When the file must not be taken in.
    """
    found = _call("read", {"path": str(path.resolve()), "name": name}, limits, on_progress or _ignore)
    return registry.facts_from_json(found["facts"]), [_fingerprint(one) for one in found["fingerprints"]]


def render(
    path: Path,
    facts: Facts,
    rendition: str,
    out_path: Path,
    on_progress: OnProgress | None = None,
    *,
    limits: Limits = RENDER_LIMITS,
) -> None:
    """Make one rendition of a probed file at `out_path`; progress is told as a share of 1."""
    arguments = {
        "path": str(path.resolve()),
        "facts": facts.to_json(),
        "rendition": rendition,
        "out_path": str(out_path.resolve()),
    }
    try:
        _call("render", arguments, limits, on_progress or _ignore)
    except BaseException:
        out_path.unlink(missing_ok=True)
        raise


def _fingerprint(told: Mapping[str, Any]) -> Fingerprint:
    bits = told["bits"]
    return Fingerprint(**{**told, "bits": None if bits is None else b64decode(bits)})


def _ignore(_share: float) -> None:
    pass


# --- the parent's side -------------------------------------------------------------------------------------


def _call(order: str, arguments: dict[str, Any], limits: Limits, on_progress: OnProgress) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="affectory-media-") as folder:
        complaints = Path(folder) / "stderr"
        with (
            complaints.open("wb") as stderr,
            _started(order, folder, stderr) as process,
            _deadline(process, limits.wall_s) as expired,
        ):
            answer = _converse(process, {**arguments, "limits": asdict(limits)}, on_progress)
        complaint = complaints.read_bytes()[-800:].decode(errors="replace").strip()
    if expired.is_set():
        raise MediaError("timeout", f"Reading the file took longer than {limits.wall_s:g} s.")
    if answer is None:
        raise _died(process.returncode, limits, complaint)
    if "error" in answer:
        raise MediaError(**answer["error"])
    result: dict[str, Any] = answer["result"]
    return result


def _started(order: str, folder: str, stderr: IO[bytes]) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)]),
        "TMPDIR": folder,
        "HOME": folder,
        "OPENBLAS_NUM_THREADS": "1",  # each thread reserves address space, which is limited
    }
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", "ingest.sandbox", order],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=folder,
        env=environment,
        start_new_session=True,
        encoding="utf-8",
    )


@contextmanager
def _deadline(process: subprocess.Popen[str], wall_s: float) -> Iterator[threading.Event]:
    """Kill the whole process group at the deadline, and in any case at the end of the block."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _kill_group(process)

    timer = threading.Timer(wall_s, expire)
    timer.daemon = True
    timer.start()
    try:
        yield expired
        process.wait()
    finally:
        timer.cancel()
        _kill_group(process)


def _kill_group(process: subprocess.Popen[str]) -> None:
    # The group's id stays ours while a member lives, even when the leader has been waited for.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _converse(
    process: subprocess.Popen[str], arguments: dict[str, Any], on_progress: OnProgress
) -> dict[str, Any] | None:
    assert process.stdin is not None  # noqa: S101 - for the type checker
    assert process.stdout is not None  # noqa: S101 - for the type checker
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(json.dumps(arguments))
    for line in process.stdout:
        try:
            message: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:  # a line cut by the kill
            return None
        if "progress" not in message:
            return message
        on_progress(message["progress"])
    return None


def _died(returncode: int | None, limits: Limits, complaint: str) -> MediaError:
    if returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return MediaError("timeout", f"Reading the file took more than {limits.cpu_s} s of computing time.")
    last_line = complaint.rpartition("\n")[2]
    return MediaError("decode_error", f"The reader's process died (status {returncode}). {last_line}".strip())


# --- the child's side --------------------------------------------------------------------------------------


def main(order: str) -> None:
    arguments = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not end up among the answers
    limits = Limits(**arguments["limits"])
    _confine(limits)
    try:
        result = _ORDERS[order](arguments, _teller(answers))
        _say(answers, {"result": result})
    except MediaError as error:
        _say(answers, {"error": {"code": error.code, "message": error.message, "field": error.field}})
    except MemoryError:
        message = f"Reading the file needs more than {limits.memory_bytes / 2**20:,.0f} MiB of memory."
        _say(answers, {"error": {"code": "too_large", "message": message, "field": None}})


def _teller(answers: IO[str]) -> OnProgress:
    """Tell progress in steps of at least a hundredth."""
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if share - told >= 0.01:
            told = share
            _say(answers, {"progress": share})

    return tell


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _confine(limits: Limits) -> None:
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    _leave_network()


def _leave_network() -> None:
    """Enter a network namespace with nothing in it. Needs root or user namespaces; goes on where refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "unshare") and libc.unshare(_CLONE_NEWNET):
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _own_name(path: str) -> Path:
    """Give the file a name that we made: names of people's files never reach a decoder."""
    link = Path.cwd() / "source"
    link.symlink_to(path)
    return link


def _probe(arguments: Mapping[str, Any], _on_progress: OnProgress) -> dict[str, Any]:
    path = _own_name(arguments["path"])
    return registry.recognise(path, arguments["name"]).probe(path).to_json()


def _read(arguments: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
    path = _own_name(arguments["path"])
    facts = registry.recognise(path, arguments["name"]).probe(path)
    on_progress(0.5)
    taken = [
        {**asdict(one), "bits": one.bits and b64encode(one.bits).decode()}
        for one in registry.fingerprints_of(path, facts)
    ]
    return {"facts": facts.to_json(), "fingerprints": taken}


def _render(arguments: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
    facts = registry.facts_from_json(arguments["facts"])
    recipe = next(one for one in registry.recipes_for(facts) if one.name == arguments["rendition"])
    recipe.render(_own_name(arguments["path"]), facts, Path(arguments["out_path"]), on_progress)
    return {}


_ORDERS: dict[str, Callable[[Mapping[str, Any], OnProgress], dict[str, Any]]] = {
    "probe": _probe,
    "read": _read,
    "render": _render,
}


if __name__ == "__main__":
    main(sys.argv[1])
