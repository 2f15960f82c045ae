"""Owns the pages of a court's own returns: home, grid, details of a cell, handing in, paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courts.forms.returns import CommentForm, FollowUpForm, UnlockForm, read_reasons
from courts.permissions import may_discuss, may_enter
from courts.selectors.effects import effect
from courts.selectors.grids import cell_detail, grid
from courts.selectors.homes import court_home
from courts.selectors.landings import own_returns
from courts.selectors.periods import month_name
from courts.selectors.return_pages import (
    counts_of,
    court_name,
    is_made_up,
    nearby,
    shown_month,
    to_explain,
)
from courts.selectors.slots import Slot, SlotNotFound, find_court, find_open_year
from courts.selectors.special_cases import court_cases
from courts.selectors.standings import standing
from courts.services.comments import add_comment, open_follow_up, resolve_follow_up
from courts.services.locks import request_unlock
from courts.services.refusals import Obstacle, ReturnRefused
from courts.services.returns import submit as submit_return
from courts.services.values import fault_sentences
from courts.views.errors import Missing, Refused
from courts.views.slots import account_of, slot_of

READ_OR_POST = ["GET", "HEAD", "POST"]
AREA = "returns"
# The latest on the home page; the list has them all.
MOST_CASES = 5


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Go to the returns of the account's own court."""
    place = own_returns(request.user)
    if place is None:
        raise Missing(_("您的账号没有填报岗位，或者还没有质量年。"))
    return redirect("courts:returns", *place)


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Say that signing in again in a second window worked."""
    return render(request, "courts/returns/signed_in.html")


@never_cache
@require_safe
def home(request: HttpRequest, year_code: str, court_code: str) -> HttpResponse:
    """A court's returns: the month to hand in, the year's months, how the court stands."""
    try:
        year = find_open_year(request.user, year_code)
        court = find_court(request.user, year, court_code)
    except SlotNotFound as error:
        raise Missing(str(error)) from error
    except PermissionDenied as error:
        raise Refused(str(error)) from error
    page, stands = court_home(request.user, year, court), standing(year, court_code)
    context = {
        "area": AREA,
        "code": year_code,
        "court": court_code,
        "court_name": court_name(court),
        "home": page,
        "shown": shown_month(page, request.GET.get("month")),
        "is_demo": is_made_up(page, stands),
        "standing": stands,
        "cases": court_cases(request.user, year, court.pk)[:MOST_CASES],
    }
    return render(request, "courts/returns/home.html", context)


@never_cache
@require_safe
def entry(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """The grid to fill."""
    slot = slot_of(request, year_code, court_code, month, side)
    page = grid(request.user, slot)
    context = frame(request, slot) | {
        "page": page,
        "counts": counts_of(page),
        "effect": effect(slot),
        "nearby": nearby(slot),
        "faults": fault_sentences(),
    }
    return render(request, "courts/returns/grid.html", context)


@never_cache
@require_safe
def effects(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """What the figures as saved do to the points: the panel beside the grid."""
    slot = slot_of(request, year_code, court_code, month, side)
    return render(request, "courts/returns/_effect.html", {"effect": effect(slot)})


@never_cache
@require_http_methods(READ_OR_POST)
def cell(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str, metric: str
) -> HttpResponse:
    """The details of a cell; POST: say or mark something about it."""
    slot = slot_of(request, year_code, court_code, month, side)
    if metric not in slot.rulebook.metrics:
        raise Missing(_("没有这个指标。"))
    discusses = may_discuss(request.user, slot.court, slot.side.value)
    if request.method == "POST" and not discusses:
        raise Refused(_("您的账号不能对这张报表留言。"))
    failure = _say(request, slot, metric) if request.method == "POST" else ""
    detail = cell_detail(slot, metric)
    context = frame(request, slot) | {
        "detail": detail,
        "may_discuss": discusses,
        "open_mark": any(not mark.resolution for mark in detail.follow_ups),
        "failed_act": request.POST.get("act", "") if failure else "",
        "failure": failure,
    }
    is_part = request.headers.get("HX-Request") == "true"
    template = "_detail.html" if is_part else "cell.html"
    response = render(request, f"courts/returns/{template}", context)
    if is_part:
        response["X-Part"] = "cell"
    return response


@never_cache
@require_http_methods(READ_OR_POST)
def submit(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """What stands in the way of handing in, what wants a reason; POST: hand in."""
    slot = slot_of(request, year_code, court_code, month, side)
    _check_enters(request, slot)
    refusal = ""
    obstacles: tuple[Obstacle, ...] = ()
    if request.method == "POST":
        try:
            given = read_reasons(request.POST)
            submit_return(
                user=account_of(request),
                slot=slot,
                seen_version=given.version,
                reasons=given.warnings,
                blank_reasons=given.blanks,
            )
        except ValidationError as error:
            refusal = error.messages[0]
        except ReturnRefused as error:
            refusal, obstacles = error.message, error.obstacles
        else:
            messages.success(request, _("已提交，等待核实。"))
            return redirect("courts:return", year_code, court_code, month, side)
    page = grid(request.user, slot)
    context = frame(request, slot) | {
        "page": page,
        "refusal": refusal,
        "obstacles": obstacles,
        "explain": to_explain(page, request.POST),
    }
    return render(request, "courts/returns/submit.html", context)


@require_POST
def unlock(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Ask the office to open a locked return."""
    slot = slot_of(request, year_code, court_code, month, side)
    _check_enters(request, slot)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明申请原因，最多500字。"))
    else:
        try:
            request_unlock(user=account_of(request), slot=slot, reason=form.cleaned_data["reason"])
        except ReturnRefused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("申请已发出，等待处理。"))
    return redirect("courts:return", year_code, court_code, month, side)


@never_cache
@require_safe
def paper(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """The return on paper, filled or blank, with a line to sign."""
    slot = slot_of(request, year_code, court_code, month, side)
    context = frame(request, slot) | {
        "page": grid(request.user, slot),
        "is_blank": request.GET.get("form") == "blank",
    }
    return render(request, "courts/returns/print.html", context)


def frame(request: HttpRequest, slot: Slot) -> dict[str, Any]:
    """What every page of one return names."""
    return {
        "area": AREA,
        "slot": slot,
        "code": slot.year.code,
        "court": slot.court.code,
        "court_name": court_name(slot.court),
        "month": slot.month,
        "month_name": month_name(slot.month),
        "side": slot.side.value,
        "may_ask": may_enter(request.user, slot.court, slot.side.value),
    }


def _check_enters(request: HttpRequest, slot: Slot) -> None:
    if not may_enter(request.user, slot.court, slot.side.value):
        raise Refused(_("只有填报岗位可以提交这张报表，或者为它申请解锁。"))


def _say(request: HttpRequest, slot: Slot, metric: str) -> str:
    """Do what the form of a cell asks; why not, when it is not done."""
    act = request.POST.get("act", "")
    form = CommentForm(request.POST) if act == "comment" else FollowUpForm(request.POST)
    if not form.is_valid():
        return _("请写明内容，不要超过字数。")
    text, user = form.cleaned_data["text"], account_of(request)
    try:
        if act == "comment":
            add_comment(user=user, slot=slot, metric=metric, text=text)
        elif act == "mark":
            open_follow_up(user=user, slot=slot, metric=metric, note=text)
        elif act == "resolve":
            resolve_follow_up(user=user, slot=slot, metric=metric, resolution=text)
    except ReturnRefused as error:
        return error.message
    return ""
