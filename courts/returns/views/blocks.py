"""Owns what a grid asks about a pasted block: what it says, cell by cell; writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.frame.forms.bodies import body_of
from courts.frame.refusals import ReturnError
from courts.frame.views.posts import READ_OR_POST
from courts.permissions import may_enter, may_enter_on_behalf
from courts.returns.forms.blocks import read_block
from courts.returns.services.blocks import (
    BlockError,
    BlockPreview,
    PastedBlock,
    preview_block,
    preview_grid_block,
)
from courts.returns.views.return_cells import failed
from courts.years.views.slots import side_of_year, slot_of


@never_cache
@require_http_methods(READ_OR_POST)
def of_return(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """GET: to the return. POST: what the block says of it."""
    slot = slot_of(request, year_code, court_code, month, side)
    if request.method != "POST":
        return redirect("courts:return", year_code, court_code, month, side)
    if not may_enter(request.user, slot.court, slot.side.value):
        return failed(
            HTTPStatus.FORBIDDEN,
            _("您的账号不能填写这张报表。如果您的工作需要，请联系系统管理员。"),
        )
    return _answer(request, lambda block: preview_block(slot=slot, block=block))


@never_cache
@require_http_methods(READ_OR_POST)
def of_grid(request: HttpRequest, year_code: str, month: str, side: str) -> HttpResponse:
    """GET: to the grid of all courts. POST: what the block says of them."""
    year, found_month, found_side = side_of_year(request, year_code, month, side)
    if request.method != "POST":
        return redirect("courts:office_grid", year_code, month, side)
    if not may_enter_on_behalf(request.user, year.court, side):
        return failed(HTTPStatus.FORBIDDEN, _("只有负责该类报表的管理部门可以代法院填报。"))
    return _answer(
        request,
        lambda block: preview_grid_block(
            user=request.user, year=year, month=found_month, side=found_side, block=block
        ),
    )


def _answer(request: HttpRequest, look: Callable[[PastedBlock], BlockPreview]) -> JsonResponse:
    try:
        return JsonResponse(asdict(look(read_block(body_of(request)))))
    except ValidationError as error:
        return failed(HTTPStatus.BAD_REQUEST, error.messages[0])
    except BlockError as error:
        return failed(HTTPStatus.BAD_REQUEST, str(error))
    except ReturnError as error:
        return failed(HTTPStatus.UNPROCESSABLE_ENTITY, error.message)
