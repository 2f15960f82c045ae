"""Owns keeping what a page reads while it is being made: what its parts ask twice is read once.

For requests that only read (GET, HEAD) alone, and forgotten with the answer: nothing is older than
its own page. Outside such a request, as in a command or after a POST, everything is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar, cast

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

Value = TypeVar("Value")
SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class _Page:
    """Who asks for a page, in how many transactions it began, and what was read for it."""

    request: HttpRequest
    depth: int
    held: dict[Hashable, object] = field(default_factory=dict)
    at_end: list[Callable[[], None]] = field(default_factory=list)


_READ: ContextVar[_Page | None] = ContextVar("read", default=None)


def read_once(key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` answers; `key` names it and all it depends on. Nobody changes the answer.

    Inside a transaction of the page's own, which tries something and takes it back, everything is
    read anew.
    """
    page = _READ.get()
    if page is None or _depth() > page.depth:
        return read()
    if key not in page.held:
        page.held[key] = read()
    return cast(Value, page.held[key])


def page_request() -> HttpRequest | None:
    """The request of the page that is being made and only reads."""
    page = _READ.get()
    return None if page is None else page.request


def once_made(act: Callable[[], None]) -> None:
    """Have `act` called when the page is made, if one is being made that only reads.

    The page is answered even if the database no longer does.
    """
    page = _READ.get()
    if page is not None:
        page.at_end.append(act)


def _depth() -> int:
    return len(transaction.get_connection().atomic_blocks)


class ReadsOnce:
    """Middleware that begins a page's reading and forgets it with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = _Page(request, _depth()) if request.method in SAFE else None
        token = _READ.set(page)
        try:
            response = self.get_response(request)
        finally:
            _READ.reset(token)
        for act in page.at_end if page else ():
            with suppress(DatabaseError):
                act()
        return response
