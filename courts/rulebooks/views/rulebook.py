"""Owns the pages of the rulebook in force and of its readings; every account may read them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.motions.selectors.waiting import waiting_readings
from courts.permissions import may_adopt_readings, may_view_motions, own_points_only
from courts.rulebooks import rulebook_exports
from courts.rulebooks.forms.readings import AdoptionForm
from courts.rulebooks.selectors.reading_pages import NoReadingError, reading_page, readings_page
from courts.rulebooks.selectors.rulebook_pages import NoItemError, item_page, rulebook_page
from courts.rulebooks.services.motions import move_reading
from courts.scores.selectors.ranking_shown import shown_courts, told
from courts.years.views.slots import year_of

AREA = "rulebook"


@require_safe
def rulebook(request: HttpRequest, year_code: str) -> HttpResponse:
    """The edition in force, item by item."""
    year = year_of(request, year_code)
    page = rulebook_page(year)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(rulebook_exports.of_rulebook(page), wanted)
    context = {"area": AREA, "code": year_code, "page": page}
    return render(request, "courts/rulebooks/rulebook/rulebook.html", context)


@require_safe
def item(request: HttpRequest, year_code: str, item_code: str) -> HttpResponse:
    """One item: formula, figures, checks, readings, what it can bring each court."""
    year = year_of(request, year_code)
    try:
        page = item_page(request.user, year, item_code)
    except NoItemError as error:
        raise MissingError(str(error)) from error
    context = {"area": AREA, "code": year_code, "page": page, "line": page.line}
    context |= told(request.user, year)
    return render(request, "courts/rulebooks/rulebook/item.html", context)


@require_safe
def readings(request: HttpRequest, year_code: str) -> HttpResponse:
    """Every reading; any set of them tried on a month without adopting it."""
    year = year_of(request, year_code)
    chosen = {name: str(value) for name, value in request.GET.items() if name != "month"}
    page = shown_courts(
        request.user, year, readings_page(year, request.GET.get("month", ""), chosen)
    )
    wanted = request.GET.get("_export")
    if wanted is not None:
        shows = not own_points_only(request.user, year)
        return lists.response(rulebook_exports.of_trial(page, shows_places=shows), wanted)
    context = {"area": AREA, "code": year_code, "page": page} | told(request.user, year)
    return render(request, "courts/rulebooks/rulebook/readings.html", context)


@require_http_methods(READ_OR_POST)
def reading(request: HttpRequest, year_code: str, reading_code: str) -> HttpResponse:
    """One reading, every court under each option; POST: look at an adoption, then adopt."""
    year = year_of(request, year_code)
    if request.method == "POST" and not may_adopt_readings(request.user, year):
        raise RefusedError(_("只有负责解释通知的审判管理办公室可以采用解读。"))
    form = AdoptionForm(request.POST or None)
    is_sure = request.method == "POST" and form.is_valid() and "sure" in request.POST
    if is_sure and _move(request, year, reading_code, form):
        return redirect("courts:reading", year_code, reading_code)
    try:
        page = reading_page(request.user, year, reading_code, request.GET.get("month", ""))
    except NoReadingError as error:
        raise MissingError(str(error)) from error
    page = shown_courts(request.user, year, page)
    asks = request.method == "POST" and form.is_valid() and not form.non_field_errors()
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "line": page.line,
        "form": form,
        "asked": page.trying(form.cleaned_data["value"]) if asks else None,
        "motions": waiting_readings(year, reading_code),
        "may_view_motions": may_view_motions(request.user, year),
    } | told(request.user, year)
    return render(request, "courts/rulebooks/rulebook/reading.html", context)


def _move(request: HttpRequest, year: Any, code: str, form: AdoptionForm) -> bool:
    """Whether it was put to another person; why not stands in the form."""
    given = form.cleaned_data
    try:
        move_reading(user=account_of(request), year=year, reading=code, **given)
    except ReturnError as error:
        form.add_error(None, error.message)
        return False
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(
        request, _("已提出，由管理部门中的另一人确认后才采用；现在仍按原来的理解计算。")
    )
    return True
