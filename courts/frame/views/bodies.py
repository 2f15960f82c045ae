"""Owns refusing a request's body that is larger than its page takes, before anything reads it.

What is declared is believed: a server reads no more than was declared. A body without a declared
length is refused, since it might never end. The proxy has a limit of its own (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from courts.frame.views.errors import length_required, too_large

# Fields and marks around a file.
AROUND_BYTES = 64 * 1024
# Nobody who is not logged in sends more than a name and a password.
ANONYMOUS_BYTES = 64 * 1024
# Pages that take files, by name; all others take what a form in memory may hold. The areas say it
# where their pages are.
FILE_BYTES: dict[str, int] = {}
# Addresses whose callers have no session; each says whether it knows the caller of a request.
KNOWN_CALLERS: dict[str, Callable[[HttpRequest], bool]] = {}


class BoundedBodies:
    """Middleware; it stands after the one that knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return length_required(request)
        text = str(request.META.get("CONTENT_LENGTH") or "0")
        declared = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
        if declared < 0:
            return length_required(request)
        if declared > ANONYMOUS_BYTES:
            most = most_bytes(request.path_info)
            if not request.user.is_authenticated and not _knows_caller(request):
                most = 0
            if declared > max(most, ANONYMOUS_BYTES):
                return too_large(request, max(most, ANONYMOUS_BYTES))
        return self.get_response(request)


def most_bytes(path: str) -> int:
    """How long a body the page at this path takes."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return 0
    return FILE_BYTES.get(name, settings.DATA_UPLOAD_MAX_MEMORY_SIZE) + AROUND_BYTES


def _knows_caller(request: HttpRequest) -> bool:
    """Whether the address identifies its caller without a login."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    return name in KNOWN_CALLERS and KNOWN_CALLERS[name](request)
