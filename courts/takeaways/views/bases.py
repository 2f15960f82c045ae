"""Owns the pages of base data: the tables of the annexes, and giving what they lack."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists as list_files
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_give_base, review_sides
from courts.scores.views.rankings import period_of
from courts.takeaways import base_exports
from courts.takeaways.forms.bases import BaseFileForm, TypedForm, typed_values
from courts.takeaways.selectors.bases import base_page, giving_page
from courts.takeaways.services.bases import bring_base, type_base
from courts.years.selectors.periods import landing_month
from courts.years.selectors.slots import month_of_year
from courts.years.views.slots import year_of

AREA = "rulebook"


@never_cache
@require_safe
def base(request: HttpRequest, year_code: str) -> HttpResponse:
    """The base data; `month` is how far this year is counted, the latest with figures if none."""
    year = year_of(request, year_code)
    month = month_of_year(year, request.GET.get("month", ""))
    landing = landing_month(request.user, year_code) if month is None else (year_code, month)
    if landing is None:
        raise MissingError(_("没有这个质量年。请从首页重新打开。"))
    period = period_of(request, year_code, str(landing[1]))
    page = base_page(request.user, period)
    wanted = request.GET.get("_export")
    if wanted is not None:
        table = next((one for one in page.tables if one.name == request.GET.get("table")), None)
        if table is None:
            raise MissingError(_("没有这张表。"))
        return list_files.response(base_exports.of_table(page, table), wanted)
    context = {
        "area": AREA,
        "code": year_code,
        "period": period,
        "page": page,
        "motions": page.waiting if page.may_view_motions else (),
        "may_view_motions": page.may_view_motions,
    }
    return render(request, "courts/takeaways/base.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def give(request: HttpRequest, year_code: str) -> HttpResponse:
    """Figures of the year before with their source; POST: propose them, typed or as a file."""
    year = year_of(request, year_code)
    if not may_give_base(request.user, year):
        raise RefusedError(_("只有负责核实报表的管理部门可以录入上年数据。"))
    is_file = "upload" in request.POST
    typed = TypedForm(request.POST if request.method == "POST" and not is_file else None)
    files = BaseFileForm(*(request.POST, request.FILES) if is_file else ())
    if request.method == "POST":
        pk = _propose(request, year, typed, files)
        if pk:
            return redirect("courts:motion", year_code, pk)
    chosen = request.POST if request.method == "POST" and not is_file else request.GET
    month = chosen.get("month", "")
    page = giving_page(
        year,
        review_sides(request.user),
        int(month) if month.isascii() and month.isdigit() and len(month) < 3 else None,
        chosen.get("metric", ""),
        typed_values(request.POST),
    )
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "typed": typed,
        "files": files,
    }
    return render(request, "courts/takeaways/base_give.html", context)


def _propose(request: HttpRequest, year: Any, typed: TypedForm, files: BaseFileForm) -> int:
    """Put what was given to another person; the key of the motion, 0 where it was refused."""
    user = account_of(request)
    try:
        if typed.is_valid():
            motion = type_base(
                user=user, year=year, values=typed_values(request.POST), **typed.cleaned_data
            )
        elif files.is_valid():
            motion = bring_base(user=user, year=year, **files.cleaned_data)
        else:
            return 0
    except ReturnError as error:
        messages.error(request, error.message)
        return 0
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, _("已提出，由本部门另一人确认后才写入。"))
    return int(motion.pk)
