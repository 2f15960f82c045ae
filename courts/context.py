"""Owns what every template may use without its view handing it over: the account's card."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from courts.selectors.accounts import account_card


def account(request: HttpRequest) -> dict[str, Any]:
    """The card of the account, looked up only by pages that show it."""
    match = request.resolver_match
    seen = match.kwargs.get("year_code", "") if match else ""
    return {"account": SimpleLazyObject(lambda: account_card(request.user, seen))}
