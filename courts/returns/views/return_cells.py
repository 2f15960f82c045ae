"""Owns what the grid of a return asks for while it is open: cells in, answers out, as JSON.

Never renders a page. Every answer says how the whole return stands, so that the page needs to ask
only once. Every answer carries the header `X-Part: cells`: the page takes no other answer, whatever
its status, for word of what became of a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.frame.forms.bodies import body_of
from courts.frame.views.posts import account_of
from courts.permissions import may_enter
from courts.returns.forms.returns import read_cells
from courts.returns.selectors.grids import Grid, grid
from courts.returns.selectors.return_pages import counts_of
from courts.returns.services.returns import CellResult, save_cells
from courts.years.selectors.slots import Slot
from courts.years.views.slots import slot_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cells(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> JsonResponse:
    """GET: how the return stands and a fresh token. POST: take the cells, answer for each."""
    slot = slot_of(request, year_code, court_code, month, side)
    if request.method != "POST":
        return state_of(request, slot)
    if not may_enter(request.user, slot.court, slot.side.value):
        return failed(
            HTTPStatus.FORBIDDEN,
            _("您的账号不能填写这张报表。如果您的工作需要，请联系系统管理员。"),
        )
    try:
        sent = read_cells(body_of(request))
    except ValidationError as error:
        return failed(HTTPStatus.BAD_REQUEST, error.messages[0])
    if sent.user != str(request.user.pk):
        # Somebody else signed in on this machine: nobody's figures go out under another name.
        return failed(HTTPStatus.CONFLICT, _("现在登录的是另一个账号，这些数据没有发送。"))
    results = save_cells(user=account_of(request), slot=slot, cells=sent.cells)
    return state_of(request, slot, results)


def state_of(request: HttpRequest, slot: Slot, results: Sequence[CellResult] = ()) -> JsonResponse:
    """How the return stands, and what became of each cell that was sent."""
    answer = _state(request, grid(request.user, slot))
    return _own(answer | {"results": [_result(result) for result in results]}, HTTPStatus.OK)


def failed(status: HTTPStatus, message: str) -> JsonResponse:
    """Why nothing of the request was taken."""
    return _own({"message": message}, status)


def _own(content: dict[str, Any], status: HTTPStatus) -> JsonResponse:
    return JsonResponse(content, status=status, headers={"X-Part": "cells"})


def _state(request: HttpRequest, page: Grid) -> dict[str, Any]:
    counts = counts_of(page)
    return {
        "user": request.user.pk,
        "token": get_token(request),
        "version": page.version,
        "state": str(page.state),
        "may_edit": page.may_edit,
        "filled": page.filled,
        "share": counts.share,
        "errors": counts.errors,
        "warnings": counts.warnings,
        "values": {row.metric: [row.value, row.version] for row in page.rows},
        "findings": [
            {
                "severity": str(finding.severity),
                "metrics": list(finding.metrics),
                "sentence": finding.sentence,
            }
            for finding in page.findings
            if finding.kind != "blank"
        ],
    }


def _result(result: CellResult) -> dict[str, Any]:
    at = result.changed_at
    return {
        "metric": result.metric,
        "status": str(result.status),
        "value": result.value,
        "version": result.version,
        "changed_by": result.changed_by,
        "changed_at": date_format(timezone.localtime(at), "Y-m-d H:i") if at else "",
        "message": result.message,
    }
