"""Owns finding the year or return of an address for a page; selectors say which, and for whom."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from courts.frame.views.errors import MissingError, RefusedError
from courts.years.selectors.slots import (
    NoSlotError,
    Slot,
    check_oversees,
    find_month,
    find_open_year,
    find_side,
    find_slot,
)


def slot_of(request: HttpRequest, year_code: str, court_code: str, month: str, side: str) -> Slot:
    """The place of the return; 404 when there is none such, 403 when it is not the account's."""
    try:
        return find_slot(request.user, year_code, month, court_code, side)
    except NoSlotError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error


def year_of(request: HttpRequest, year_code: str) -> Any:
    """The year of the address; 404 when the account sees none such."""
    try:
        return find_open_year(request.user, year_code)
    except NoSlotError as error:
        raise MissingError(str(error)) from error


def overseen_year(request: HttpRequest, year_code: str) -> Any:
    """The year, for those who look after the returns of all its courts; 403 for others."""
    year = year_of(request, year_code)
    try:
        check_oversees(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return year


def side_of_year(request: HttpRequest, year_code: str, month: str, side: str) -> Any:
    """Year, month and side of an address that is about all courts; 403 or 404 as the others."""
    year = overseen_year(request, year_code)
    try:
        found = find_month(year, month)
        return year, found, find_side(year, found, side)
    except NoSlotError as error:
        raise MissingError(str(error)) from error
