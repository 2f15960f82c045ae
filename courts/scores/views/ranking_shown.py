"""Owns how much of the ranking courts see: the setting's page, the page of a restricted month."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.files import lists
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_set_ranking_shown, may_view_points
from courts.scores import ranking_shown_exports
from courts.scores.forms.ranking_shown import RankingShownForm
from courts.scores.selectors.ranking_shown import culture_of, setting_page
from courts.scores.selectors.rankings import RankingPage
from courts.scores.services.ranking_shown import set_ranking_shown
from courts.years.selectors.periods import Period
from courts.years.views.slots import overseen_year


@never_cache
@require_http_methods(READ_OR_POST)
def setting(request: HttpRequest, year_code: str) -> HttpResponse:
    """What courts see of the ranking; POST: set it."""
    year = overseen_year(request, year_code)
    if not may_set_ranking_shown(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以设定法院能看到的排名。"))
    held = {"shown": year.ranking_shown, "seen": year.ranking_shown}
    form = RankingShownForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        try:
            set_ranking_shown(user=account_of(request), year=year, **form.cleaned_data)
        except ReturnError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("已设定，法院账号立即按它显示。"))
        return redirect("courts:ranking_shown", year_code)
    context = {"area": "desk", "code": year_code, "form": form, "page": setting_page(year)}
    return render(request, "courts/scores/ranking_shown.html", context)


def culture_page(request: HttpRequest, period: Period, ranking: RankingPage) -> HttpResponse:
    """A month whose ranking the account does not see: bands or its own line, or their file."""
    page = culture_of(request.user, period, ranking)
    wanted = request.GET.get("_export")
    if wanted is not None:
        if wanted not in ("xlsx", "csv"):
            raise MissingError(_("没有这种文件格式。请用页面上的导出链接。"))
        return lists.response(ranking_shown_exports.of_culture(page), wanted)
    context = {"area": "ranking", "page": page, "period": page.period}
    return render(request, "courts/scores/ranking/culture.html", context)


def check_points(request: HttpRequest, year: Any, court_code: str) -> None:
    """403 where the points of the court of that code are kept from the account."""
    if not may_view_points(request.user, year, court_code):
        raise RefusedError(_("本年度不对法院公布各院得分，只能查看本院的得分表。"))
