"""The background work of exports. Imported by the app's `ready`, which registers it."""

from typing import Any

from exports.services.build import build_release
from exports.services.check import check_release
from exports.services.datasets import CHECK, KIND
from exports.services.difference import COMPARE, compare_large
from exports.services.discarding import DROP, drop_objects
from exports.services.erasure import ERASE, WITHDRAW
from exports.services.garbage import collected_seldom
from exports.services.withdrawal import erase_originals, withdraw_releases
from jobs.facade import Running, job


@job(KIND)
def build(running: Running) -> dict[str, Any]:
    with collected_seldom():
        return build_release(running)


@job(CHECK)
def check(running: Running) -> dict[str, Any]:
    with collected_seldom():
        return check_release(running)


@job(COMPARE)
def compare(running: Running) -> dict[str, Any]:
    return compare_large(running)


@job(DROP)
def drop(running: Running) -> None:
    drop_objects(running)


@job(ERASE)
def erase(running: Running) -> dict[str, Any]:
    return erase_originals(running)


@job(WITHDRAW)
def withdraw(running: Running) -> dict[str, Any]:
    return withdraw_releases(running)
