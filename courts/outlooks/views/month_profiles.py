"""Owns the page on which an office says how a year's cases are spread over its months."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.frame.refusals import ReturnError
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.outlooks.forms.month_profiles import MonthProfileForm
from courts.outlooks.selectors.month_profiles import (
    initial_of,
    profile_page,
    profile_row,
)
from courts.outlooks.services.month_profiles import set_month_profile
from courts.permissions import may_set_month_profile
from courts.years.views.slots import overseen_year


@never_cache
@require_http_methods(READ_OR_POST)
def setting(request: HttpRequest, year_code: str) -> HttpResponse:
    """The months as they are set, with last year's beside them; POST: set them."""
    year = overseen_year(request, year_code)
    if not may_set_month_profile(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以设定各月案件分布。"))
    page = profile_page(year)
    held = initial_of(profile_row(year), page, propose="propose" in request.GET)
    form = MonthProfileForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_month_profile(
                user=account_of(request),
                year=year,
                shares=given["shares"],
                seen=given["seen"],
                reason=given["reason"],
            )
        except ReturnError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("已设定，年底预测按它推算。"))
        return redirect("courts:month_profile", year_code)
    rows = [(line, form[line.field]) for line in page.lines]
    context = {"area": "desk", "code": year_code, "form": form, "page": page, "rows": rows}
    return render(request, "courts/outlooks/month_profile.html", context)
