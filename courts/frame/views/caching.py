"""Owns what browsers may keep of an answer: of some areas nothing, of all others nothing unasked.

Ballots, keys and slips, cases, registers and whatever signs somebody in are never kept
(`no-store`). Everything else may be kept by the browser alone and is asked for again each time
(`private, no-cache`); its `ETag` is of the account, the language and the whole answer, in which
roles and data stand, and the day, for the foot of its paper. Nothing is asked of the database for
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

# Areas of which no answer is kept: whatever one of their views answers.
NEVER_KEPT = frozenset({"accounts", "ballots", "cases", "registers", "systems", "admin"})
# Views elsewhere that show what somebody typed and did not send.
NEVER_KEPT_NAMES = frozenset({"courts:drafts"})
STORE_NOTHING = "private, no-store"
ASK_AGAIN = "private, no-cache"
# The same secret is masked anew on every page, behind one of these.
_BEFORE_SECRETS = (b'csrfmiddlewaretoken" value="', b'data-token="')
_SECRET = re.compile(rb"[0-9A-Za-z]{64}")


class KeepsApart:
    """Middleware that says of every answer what may be kept of it, and answers 304 where it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "no-store" in response.get("Cache-Control", "") or response.has_header("ETag"):
            return response
        if is_never_kept(request):
            response["Cache-Control"] = STORE_NOTHING
            return response
        response["Cache-Control"] = ASK_AGAIN
        is_read = request.method in ("GET", "HEAD") and response.status_code == HTTPStatus.OK
        if not is_read or response.streaming:
            return response
        response["ETag"] = f'"{tag_of(request, response.content)}"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer or response


def is_never_kept(request: HttpRequest) -> bool:
    """Whether the address belongs to an area of which nothing is kept."""
    match = request.resolver_match
    return match is not None and (
        match.view_name in NEVER_KEPT_NAMES
        or match.namespace == "admin"
        or area_of(request) in NEVER_KEPT
    )


def area_of(request: HttpRequest) -> str:
    """The area whose view answers; empty where no view of an area does."""
    match = request.resolver_match
    view: Any = match and getattr(match.func, "view_class", match.func)
    package, _dot, rest = str(getattr(view, "__module__", "")).partition(".")
    return rest.split(".")[0] if package == "courts" else ""


def tag_of(request: HttpRequest, content: bytes) -> str:
    """The digest of an answer for the account, in its language, and for its secret of forms."""
    user = getattr(request, "_cached_user", None)
    mine = (getattr(user, "pk", None), get_language(), request.META.get("CSRF_COOKIE"))
    digest = sha256(repr(mine).encode() + b"\n")
    digest.update(_without_secrets(content))
    return digest.hexdigest()


def _without_secrets(content: bytes) -> bytes:
    """The answer without what is masked anew each time; looked for as words, which is quick."""
    for before in _BEFORE_SECRETS:
        first, *others = content.split(before)
        content = before.join([first, *(_SECRET.sub(b"", one[:64]) + one[64:] for one in others)])
    return content
