"""Owns refusing what no page could read or keep, before any view, session or query sees it.

Looked at are the path, the query, headers and cookies of every request, and the fields of every
form; of file names Django itself keeps only what can be printed. Bodies of JSON are read in one
place too: `courts.frame.forms.bodies`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from courts.frame.storable import is_endless_number, refused_near
from courts.frame.views.errors import bad_request, unreadable

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class RefuseUnreadable:
    """Middleware; what it refuses is answered with 400, in words and the reader's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(_CONTROL.search(text) for text in _head(request)):
            return bad_request(request)
        refusal = _refusal(request, [request.path_info, *_texts(request.GET)])
        return refusal or self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.content_type not in FORMS:
            return None
        try:
            return _refusal(request, [*_texts(request.POST)])
        except UnreadablePostError:
            # The browser went away; nobody reads an answer.
            raise BadRequest("The form did not arrive whole.") from None


def _head(request: HttpRequest) -> Iterator[str]:
    """Headers as they came, and cookies, which may hold signs that their header spells out."""
    yield from (str(value) for name, value in request.META.items() if name.startswith("HTTP_"))
    for name, value in request.COOKIES.items():
        yield name
        yield value


def _texts(fields: Any) -> Iterator[str]:
    for name, values in fields.lists():
        yield name
        yield from values


def _refusal(request: HttpRequest, texts: list[str]) -> HttpResponse | None:
    for text in texts:
        near = refused_near(text)
        if near:
            return unreadable(request, near)
        if is_endless_number(text):
            return bad_request(request)
    return None
