"""Owns what addresses that only take a form answer to a reader: the page that the form is on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

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
