"""Owns finding the return of an address for a page; the selectors say which exist and for whom."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from courts.selectors.slots import Slot, SlotNotFound, find_slot
from courts.views.errors import Missing, Refused


def slot_of(request: HttpRequest, year_code: str, court_code: str, month: str, side: str) -> Slot:
    """The place of the return; 404 when there is none such, 403 when it is not the account's."""
    try:
        return find_slot(request.user, year_code, month, court_code, side)
    except SlotNotFound as error:
        raise Missing(str(error)) from error
    except PermissionDenied as error:
        raise Refused(str(error)) from error


def account_of(request: HttpRequest) -> Any:
    """The account that asks; the middleware sends everybody else to the login page."""
    return request.user
