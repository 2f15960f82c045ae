"""Owns what forms are answered: a reader of an address that only takes one comes to its page.

And what a service refuses is told in its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from courts.frame.refusals import ReturnError
from courts.frame.views.errors import RefusedError

View = Callable[..., HttpResponse]


def post_only(page: str, *names: str) -> Callable[[View], View]:
    """Send a reader of the view to `page`; its arguments are those of the view with these names.

    A reader comes there by a bookmark, by the address bar, or by signing in again after a form
    was sent too late.
    """

    def only(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                return redirect(page, *(kwargs[name] for name in names))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return answer

    return only


# The arguments of the addresses below one return, in their order.
RETURN = ("year_code", "court_code", "month", "side")


READ_OR_POST = ["GET", "HEAD", "POST"]


def account_of(request: HttpRequest) -> Any:
    """The account that asks; the middleware sends everybody else to the login page."""
    return request.user


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """An act within: what the account may not is `RefusedError`, what was not done a message."""
    try:
        yield
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    except ReturnError as error:
        messages.error(request, error.message)
