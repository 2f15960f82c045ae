"""Owns the page of one side of a month for all courts, and taking figures on a court's behalf."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists
from courts.files.values import sentences_by_unit
from courts.frame.forms.bodies import body_of
from courts.frame.refusals import ReturnError
from courts.frame.views.parts import kept_part
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_enter_on_behalf
from courts.returns import exports
from courts.returns.forms.returns import read_cells
from courts.returns.selectors.office_grids import latest_grid, office_grid_page
from courts.returns.services.behalf import enter_on_behalf
from courts.returns.views.return_cells import failed, state_of
from courts.years.views.slots import overseen_year, side_of_year, slot_of

ROW = "courts/returns/_office_grid_row.html"


@never_cache
@require_safe
def latest(request: HttpRequest, year_code: str) -> HttpResponse:
    """Go to the latest month."""
    year = overseen_year(request, year_code)
    month, side = latest_grid(request.user, year)
    return redirect("courts:office_grid", year_code, month, side.value)


@never_cache
@require_safe
def page(request: HttpRequest, year_code: str, month: str, side: str) -> HttpResponse:
    """The figures of every court beside each other, with their sums."""
    year, found_month, found_side = side_of_year(request, year_code, month, side)
    shown = office_grid_page(request.user, year, found_month, found_side)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_grid(shown, year), wanted)
    place = {"code": year_code, "month": month, "side": side}
    context = {
        "area": "grid",
        **place,
        "page": shown,
        "grid": shown.grid,
        "groups": [
            (label, [kept_part(ROW, row=row, **place) for row in rows])
            for label, rows in shown.grid.groups
        ],
        "faults": sentences_by_unit(),
    }
    return render(request, "courts/returns/office_grid.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def cells(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> JsonResponse:
    """GET: how the return stands and a fresh token. POST: write for the court, with the reason."""
    slot = slot_of(request, year_code, court_code, month, side)
    if not may_enter_on_behalf(request.user, slot.court, slot.side.value):
        return failed(HTTPStatus.FORBIDDEN, _("只有负责该类报表的管理部门可以代法院填报。"))
    if request.method != "POST":
        return state_of(request, slot)
    try:
        sent = read_cells(body_of(request))
    except ValidationError as error:
        return failed(HTTPStatus.BAD_REQUEST, error.messages[0])
    if sent.user != str(request.user.pk):
        return failed(HTTPStatus.CONFLICT, _("现在登录的是另一个账号，这些数据没有发送。"))
    try:
        results = enter_on_behalf(
            user=account_of(request), slot=slot, cells=sent.cells, reason=sent.reason
        )
    except ReturnError as error:
        return failed(HTTPStatus.UNPROCESSABLE_ENTITY, error.message)
    return state_of(request, slot, results)
