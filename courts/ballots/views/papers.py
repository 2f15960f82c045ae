"""Owns the papers of a round, to print: what hangs on the notice board, and the minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.ballots import release_hashes
from courts.ballots.selectors.minutes import minutes_of
from courts.ballots.views.rounds import context_of, page_of
from courts.frame.views.errors import MissingError, RefusedError


def check_printing(page: Any) -> None:
    """Refuse a sheet to who should look at the notice board."""
    if not page.may_print_sheets:
        raise RefusedError(_("计票以前，请看公告栏上的纸，不要看这里。"))


@never_cache
@require_safe
def opening_sheet(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """What hangs on the notice board before the vote: fingerprint, people, hashes of all files."""
    page = page_of(request, year_code, code)
    if not page.has_opening_sheet:
        raise MissingError(_("监票人的密钥做齐、指纹定下来以后，才有投票公示表。"))
    check_printing(page)
    context = context_of(
        year_code,
        page,
        hashes=release_hashes.release_hashes(),
        offline=release_hashes.offline_files(),
        list_sha256=release_hashes.list_sha256(),
    )
    return render(request, "courts/ballots/opening_sheet.html", context)


@never_cache
@require_safe
def closing_sheet(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """What hangs there after the closing: closing hash, who voted, room for their signatures."""
    page = page_of(request, year_code, code)
    if not page.may_see_board:
        raise MissingError(_("投票截止以后，才有截止公示表。"))
    check_printing(page)
    return render(request, "courts/ballots/closing_sheet.html", context_of(year_code, page))


@never_cache
@require_safe
def minutes(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """The minutes of a tallied round, to print and sign."""
    page = page_of(request, year_code, code)
    if not page.is_tallied:
        raise MissingError(_("计票以后才有开票记录。"))
    found = minutes_of(request.user, page.round)
    return render(
        request, "courts/ballots/minutes.html", context_of(year_code, page, minutes=found)
    )
