"""Owns what every template may use without its view handing it over.

That is the account's card, how many notices it has not read, where help is for the page, the step
of the tour it has come to, the mark by which forms keep their text for the account, and whether
this is a server to practise on.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from courts.desks.selectors.accounts import account_card
from courts.desks.selectors.tours import tour_strip
from courts.frame.forms.drafts import mark_of
from courts.help.selectors.places import help_address
from courts.notices.selectors.inbox import unread_count


def account(request: HttpRequest) -> dict[str, Any]:
    """The card of the account and its mark, made only for pages that show them."""
    match = request.resolver_match
    seen = match.kwargs.get("year_code", "") if match else ""
    name = match.view_name if match else ""
    card: Any = SimpleLazyObject(lambda: account_card(request.user, seen))
    return {
        "account": card,
        "help_address": SimpleLazyObject(lambda: help_address(name, request.user)),
        "tour": SimpleLazyObject(lambda: tour_strip(request.user, name, card.menu)),
        "practice": settings.PRACTICE,
        "unread_notices": SimpleLazyObject(lambda: unread_count(request.user)),
        "draft_mark": SimpleLazyObject(lambda: mark_of(request.user.pk or 0)),
    }
