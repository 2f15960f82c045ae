"""Owns which pages are read from the replica, and what a browser brings so that it misses nothing.

Pages of points and prospects, and what is taken away of them. Whoever sent something has a mark in
the browser: until the replica is past it the pages are read from the primary.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from courts.frame import replica
from courts.frame.read_once import SAFE
from courts.frame.views.caching import area_of

# Whatever one of their views answers to who only reads.
AREAS = frozenset({"scores", "outlooks", "takeaways"})
MARK_COOKIE = f"{settings.COOKIE_PREFIX}written"
# The largest place in a log of PostgreSQL.
MOST = 2**64

logger = logging.getLogger(__name__)


class ReadsApart:
    """Middleware that reads a page from the replica, and again from the primary when it fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not replica.is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with replica.choosing():
            response = self.get_response(request)
        if hasattr(request, "failed_apart"):
            response = self.get_response(request)
        if request.method not in SAFE:
            response.set_cookie(
                MARK_COOKIE,
                str(replica.mark()),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Choose the replica for what the view reads."""
        may = request.method in SAFE and not hasattr(request, "failed_apart")
        if may and area_of(request) in AREAS and replica.watch.is_fresh(_mark(request)):
            replica.read_there()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that the page has to be made again, when it was the replica that failed."""
        if not (replica.is_there() and isinstance(exception, (OperationalError, InterfaceError))):
            return None
        logger.warning("The replica failed at %s: read from the primary.", request.path)
        replica.watch.forget()
        connections[replica.REPLICA].close()
        vars(request)["failed_apart"] = True
        return HttpResponse()


def _mark(request: HttpRequest) -> int:
    """The place in the log after what this browser sent last; of a broken mark none is past."""
    text = request.COOKIES.get(MARK_COOKIE, "0")
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
    return int(text) if is_whole else MOST
