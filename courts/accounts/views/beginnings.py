"""Owns how a session begins, whichever way somebody proved who they are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from courts.accounts.login_limits import remember_device
from courts.accounts.services.sessions import note_beginning
from courts.ballots.selectors.replacements import own_replacements

BACKEND = "courts.accounts.backend.AccountBackend"
# Stands in a session that a portal opened, until its account typed a password of this server.
BY_PORTAL = "by_portal"


def begin_session(
    request: HttpRequest, user: Any, target: str, *, by_portal: bool = False
) -> HttpResponse:
    """Sign the account in and send it on, by way of the page that tells of a ballot replaced.

    A browser is known again only after a password of ours was typed in it.
    """
    login(request, user, backend=BACKEND)
    note_beginning(request)
    if by_portal:
        request.session[BY_PORTAL] = True
    if own_replacements(user):
        target = f"{reverse('courts:ballot_replaced')}?{urlencode({'next': target})}"
    response = redirect(target)
    if not by_portal:
        remember_device(request, response, user)
    return response
