"""Links to objects that work for a while and for one object only, and the view that serves them by range."""

import logging
import re
import time
from collections.abc import Iterator

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from affectory.errors import NotFound, Unavailable
from storage.objects import store

# A list that is read again within the hour has the same links, so pages show what they have instead of fetching it.
_STEP_S = 60 * 60


class _HourSigner(signing.TimestampSigner):
    def timestamp(self) -> str:
        now = int(time.time())
        return signing.b62_encode(now - now % _STEP_S)


_SIGNER = _HourSigner(salt="storage.link")
_LOG = logging.getLogger("storage")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
# A bucket's own links are renewed with every request that passes here.
_S3_LINK_AGE_S = 15 * 60


def media_link(sha256: str, media_type: str) -> str:
    """A relative URL for a browser; whoever holds it may read this object until it expires."""
    token = _SIGNER.sign_object([sha256, media_type], compress=False)
    return reverse("media", args=[token])


@require_safe
def media(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        sha256, media_type = _SIGNER.unsign_object(token, max_age=settings.MEDIA_LINK_AGE_S)
    except signing.BadSignature as error:
        raise Http404("This link is not valid or has expired.") from error
    try:
        return object_response(request, sha256, media_type)
    except Unavailable:
        _LOG.warning("The object %s cannot be served now.", sha256, exc_info=True)
        return HttpResponse(
            "The store does not answer; try again later.\n",
            status=503,
            content_type="text/plain; charset=utf-8",
        )


def object_response(
    request: HttpRequest, sha256: str, media_type: str, file_name: str = ""
) -> HttpResponseBase:
    """An object, or where the bucket can be reached from outside, the way to it: 302 to a short-lived link.

    Such a link is for GET alone, and what it leads to has the bucket's ``ETag``; so HEAD, and a client that holds the
    bytes with our ``ETag``, are answered here.
    """
    elsewhere = (
        store().link(sha256, media_type, file_name, _S3_LINK_AGE_S) if request.method == "GET" else None
    )
    if elsewhere is None:
        return ranged_response(request, sha256, media_type)
    held: HttpResponseBase | None = get_conditional_response(request, etag=f'"{sha256}"')
    way = HttpResponse(status=302, headers={"Location": elsewhere, "Cache-Control": "no-store"})
    return held or way


def ranged_response(request: HttpRequest, sha256: str, media_type: str) -> HttpResponseBase:
    """An object, or the one byte range that was asked for; ``ETag`` is the SHA-256."""
    try:
        size = store().size(sha256)
    except NotFound as error:
        raise Http404(str(error)) from error
    etag = f'"{sha256}"'
    wanted = _wanted_range(request, size, etag)
    if wanted is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, stop, partial = wanted
    pieces: Iterator[bytes] = iter(()) if request.method == "HEAD" else store().read(sha256, start, stop)
    response = StreamingHttpResponse(pieces, content_type=media_type, status=206 if partial else 200)
    response["Content-Length"] = str(stop - start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=3600, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if partial:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


def _wanted_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool] | None:
    """(start, stop, whether a part) in bytes; the whole where no usable range is asked for; None: lies outside."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.headers.get("If-Range", etag) != etag or _is_no_range(match):
        return 0, size, False
    if match[1]:
        start, stop = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
    else:
        start, stop = max(0, size - int(match[2])), size
    return (start, stop, True) if start < stop else None


def _is_no_range(match: re.Match[str]) -> bool:
    """Neither end, or the wrong way round: to be ignored (RFC 9110, 14.1.1)."""
    first, last = match[1], match[2]
    return first == last == "" or bool(first and last and int(last) < int(first))
