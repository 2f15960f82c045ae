"""Owns that a one-time password opens one page: the one on which its owner sets another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# What somebody may do before: change the password, choose the language, sign out.
OPEN = frozenset({"courts:password", "courts:password_done", "courts:logout", "courts:login"})
OPEN_NAMES = frozenset({"set_language"})


class AsksForOwnPassword:
    """Send everybody whose password somebody else knows to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Answer in place of any other page."""
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in OPEN or name in OPEN_NAMES:
            return None
        if not getattr(request.user, "must_change_password", False):
            return None
        return redirect("courts:password")
