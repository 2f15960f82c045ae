"""Owns keeping typed text that arrives when it cannot be acted on, and dropping what was used.

Whose text it is stands in the signed mark of the form, so that nobody else is shown it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from courts.frame.forms.drafts import FORM, MARK, read_draft
from courts.frame.services.drafts import drop_drafts, keep_drafts

KEPT = "kept"


class KeepsText:
    """Middleware that keeps the text of a form that arrives when nobody is signed in any more.

    It stands after the check against forged requests and before the one that asks to sign in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or request.user.is_authenticated or not keep_sent(request):
            return None
        response = redirect_to_login(request.path)
        response["Location"] += "&" + urlencode({KEPT: "1"})
        return response


def keep_sent(request: HttpRequest) -> bool:
    """Keep the text of the form for the account it was drawn for; whether there was any."""
    if MARK not in request.POST:
        return False
    given = read_draft(request.POST, request.path)
    if given is None:
        return False
    return keep_drafts(user_pk=given.user_pk, thing=given.thing, texts=given.texts) > 0


def used_draft(request: HttpRequest) -> None:
    """Drop what the account kept of the form that was accepted."""
    user: Any = request.user
    drop_drafts(user=user, thing=request.path, form=request.POST.get(FORM, ""))
