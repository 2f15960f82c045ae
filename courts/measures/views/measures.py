"""Owns the pages of the tasks of the year (正文三·1–15): all courts, and the list of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.measures.forms.measures import PlanForm, ProgressForm
from courts.measures.selectors.measures import all_measures_page, measured_court, measures_page
from courts.measures.services.measures import save_plan, save_progress
from courts.years.selectors.slots import NoSlotError, month_of_year
from courts.years.views.slots import year_of

AREA = "actions"


@require_safe
def everything(request: HttpRequest, year_code: str) -> HttpResponse:
    """Every court beside every task."""
    year = year_of(request, year_code)
    try:
        page = all_measures_page(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    context = {"area": AREA, "code": year_code, "page": page}
    return render(request, "courts/measures/all.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def court(request: HttpRequest, year_code: str, court_code: str) -> HttpResponse:
    """The list of one court; POST: its plan for a task, or progress of a month."""
    year = year_of(request, year_code)
    try:
        row = measured_court(request.user, year, court_code)
    except NoSlotError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    month = month_of_year(year, request.GET.get("month", ""))
    number = month.month if month else _usual_month(year)
    form: Any = None
    if request.method == "POST":
        act = request.POST.get("act")
        form = (ProgressForm if act == "progress" else PlanForm)(request.POST)
        if form.is_valid() and _saved(request, year, row, form, is_progress=act == "progress"):
            return redirect(f"{request.get_full_path()}#{form.cleaned_data['measure']}")
    context = {
        "area": AREA,
        "code": year_code,
        "page": measures_page(request.user, year, row, number),
        "form": form,
        "sent": request.POST if form is not None else {},
    }
    return render(request, "courts/measures/court.html", context)


def _usual_month(year: Any) -> int:
    """The month that people write about: the present one, December once the year is over."""
    today = database_clock.today()
    return int(today.month) if today.year == year.year else 12


def _saved(request: HttpRequest, year: Any, row: Any, form: Any, *, is_progress: bool) -> bool:
    save: Any = save_progress if is_progress else save_plan
    try:
        save(user=account_of(request), year=year, court=row, **form.cleaned_data)
    except ReturnError as error:
        form.add_error(None, error.message)
        return False
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, _("已保存。"))
    return True
