"""Become another program: as an unprivileged user where asked, and not outliving the parent.

A plain script without imports from this project, run as ``python -I launch.py ... -- PROGRAM ARG...``,
because what it does must happen between fork and exec of a child, where a threaded parent may run
no Python. The process id stays the one that the parent started.
"""

import argparse
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _called(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


def _prctl(libc: ctypes.CDLL, option: int, *values: int) -> None:
    padded = (*values, 0, 0, 0, 0)[:4]
    _called(libc.prctl(option, *(ctypes.c_ulong(value) for value in padded)), f"prctl({option})")


def _hold_only_dac_override(libc: ctypes.CDLL) -> None:
    bit = 1 << CAP_DAC_OVERRIDE
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySet * 2)(_CapabilitySet(bit, bit, bit), _CapabilitySet(0, 0, 0))
    _called(libc.capset(ctypes.byref(header), sets), "capset")
    _prctl(libc, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def _drop(libc: ctypes.CDLL, uid: int, gid: int, *, reach: bool) -> None:
    """Change the user; with `reach` folders closed to it stay open, and nothing else of root does."""
    if reach:
        # Keeps the capabilities over the change of user, and access(2) from leaving them out of account.
        _prctl(libc, PR_SET_SECUREBITS, NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if reach:
        _hold_only_dac_override(libc)


def _die_with(libc: ctypes.CDLL, parent: int, signal_name: str) -> None:
    """Set after the change of user, which clears it."""
    _prctl(libc, PR_SET_PDEATHSIG, signal.Signals[signal_name].value)
    if os.getppid() != parent:  # it was gone before the kernel knew
        sys.exit(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", metavar="UID:GID")
    parser.add_argument("--reach", action="store_true")
    parser.add_argument("--parent", type=int)
    parser.add_argument("--parent-signal", default="SIGTERM")
    parser.add_argument("program", nargs="+")
    given = parser.parse_args()
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if given.user:
            uid, gid = (int(part) for part in given.user.split(":"))
            _drop(libc, uid, gid, reach=given.reach)
        if given.parent:
            _die_with(libc, given.parent, given.parent_signal)
    os.execvp(given.program[0], given.program)  # noqa: S606 - becoming the program is the purpose


if __name__ == "__main__":
    main()
