"""Owns keeping what a page reads while it is being made: what its parts ask twice is read once.

For requests that only read (GET, HEAD) alone, and forgotten with the answer: nothing is older than
its own page. Outside such a request, as in a command or after a POST, everything is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponse

Value = TypeVar("Value")
_READ: ContextVar[dict[Hashable, object] | None] = ContextVar("read", default=None)
SAFE = ("GET", "HEAD")


def read_once(key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` answers; `key` names it and all it depends on. Nobody changes the answer."""
    held = _READ.get()
    if held is None:
        return read()
    if key not in held:
        held[key] = read()
    return cast(Value, held[key])


def is_reading() -> bool:
    """Whether a page is being made that only reads."""
    return _READ.get() is not None


class ReadsOnce:
    """Middleware that begins a page's reading and forgets it with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _READ.set({} if request.method in SAFE else None)
        try:
            return self.get_response(request)
        finally:
            _READ.reset(token)
