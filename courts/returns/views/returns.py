"""Owns the pages of a court's own returns: home, grid, details of a cell, handing in, paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files.values import sentences_by_unit
from courts.frame.forms.keys import given_version
from courts.frame.refusals import Obstacle, ReturnError
from courts.frame.selectors.drafts import drafts_for, drafts_of
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.kept_text import keep_sent, used_draft
from courts.frame.views.posts import READ_OR_POST, RETURN, account_of, post_only
from courts.permissions import may_discuss, may_enter, own_points_only
from courts.registers.selectors.reconciliation import gaps
from courts.returns.forms.returns import CommentForm, FollowUpForm, UnlockForm, read_reasons
from courts.returns.selectors.effects import Effect, effect
from courts.returns.selectors.grids import Grid, cell_detail, grid
from courts.returns.selectors.return_pages import counts_of, nearby, to_explain
from courts.returns.services.comments import add_comment, open_follow_up, resolve_follow_up
from courts.returns.services.returns import submit as submit_return
from courts.returns.services.returns import take_back as take_return_back
from courts.returns.services.unlocks import request_unlock
from courts.wording.months import month_name
from courts.years.selectors.slots import Slot, court_name, return_name
from courts.years.views.slots import slot_of

AREA = "returns"
# The latest on the home page; the list has them all.
MOST_CASES = 5


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
        "effect": _effect(request, slot),
        "nearby": nearby(slot),
        "faults": sentences_by_unit(),
        "kept": kept_beside(request, slot, page),
        "register_gaps": gaps(
            request.user, slot.year, slot.month.month, [slot.court], slot.side.value
        ),
    }
    return render(request, "courts/returns/grid.html", context)


def _effect(request: HttpRequest, slot: Slot) -> Effect:
    return effect(slot, shows_places=not own_points_only(request.user, slot.year))


@never_cache
@require_safe
def effects(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """What the figures as saved do to the points: the panel beside the grid."""
    slot = slot_of(request, year_code, court_code, month, side)
    return render(request, "courts/returns/_effect.html", {"effect": _effect(request, slot)})


@never_cache
@require_http_methods(READ_OR_POST)
def cell(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str, metric: str
) -> HttpResponse:
    """The details of a cell; POST: say or mark something about it."""
    slot = slot_of(request, year_code, court_code, month, side)
    if metric not in slot.rulebook.metrics:
        raise MissingError(_("没有这个指标。请刷新页面后再选。"))
    discusses = may_discuss(request.user, slot.court, slot.side.value)
    if request.method == "POST" and not discusses:
        raise RefusedError(_("您的账号不能对这张报表留言。"))
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
                replies=given.replies,
            )
        except ValidationError as error:
            refusal = error.messages[0]
        except ReturnError as error:
            refusal, obstacles = error.message, error.obstacles
        else:
            used_draft(request)
            text = _("%(return)s已提交，等待核实；开始核实之前可以收回。")
            messages.success(request, text % {"return": return_name(slot)})
            return redirect("courts:return", year_code, court_code, month, side)
    page = grid(request.user, slot)
    kept = {} if request.method == "POST" else kept_text(request, page)
    context = frame(request, slot) | {
        "page": page,
        "refusal": refusal,
        "obstacles": obstacles,
        "explain": to_explain(page, request.POST or kept),
        "is_kept": bool(kept),
    }
    return render(request, "courts/returns/submit.html", context)


@post_only("courts:return", *RETURN)
def take_back(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Take back what was handed in, until its review is begun."""
    slot = slot_of(request, year_code, court_code, month, side)
    _check_enters(request, slot)
    try:
        seen = given_version(request.POST)
        take_return_back(user=account_of(request), slot=slot, seen_version=seen)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except ReturnError as error:
        messages.error(request, error.message)
    else:
        text = _("%(return)s已收回，更改后请重新提交。")
        messages.success(request, text % {"return": return_name(slot)})
    return redirect("courts:return", year_code, court_code, month, side)


@post_only("courts:return", *RETURN)
def unlock(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Ask the office to open a locked return."""
    slot = slot_of(request, year_code, court_code, month, side)
    _check_enters(request, slot)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        keep_sent(request)
        messages.error(request, _("请写明申请原因，最多500字。"))
    else:
        try:
            request_unlock(user=account_of(request), slot=slot, reason=form.cleaned_data["reason"])
        except ReturnError as error:
            keep_sent(request)
            messages.error(request, error.message)
        else:
            used_draft(request)
            text = _("%(return)s的申请已发出，等待处理。")
            messages.success(request, text % {"return": return_name(slot)})
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


def kept_text(request: HttpRequest, page: Grid) -> Mapping[str, str]:
    """What the account typed for this address since the return was handed in last."""
    last = page.rounds[-1].at if page.rounds else None
    return drafts_of(request.user, request.path, last)


def kept_beside(request: HttpRequest, slot: Slot, page: Grid) -> Mapping[str, Any]:
    """What the account typed in the forms beside the grid: a request, objections."""
    place = (slot.year.code, slot.court.code, slot.month, slot.side.value)
    asking = reverse("courts:return_unlock", args=place)
    objecting = {
        entry.pk: reverse("courts:return_behalf", args=(*place, entry.pk))
        for entry in page.entries_on_behalf
    }
    found = drafts_for(request.user, [asking, *objecting.values()])
    return {
        "reason": found.get(asking, {}).get("reason", ""),
        "entries": [
            (entry, found.get(objecting[entry.pk], {}).get("text", ""))
            for entry in page.entries_on_behalf
        ],
        "is_kept": bool(found),
    }


def _check_enters(request: HttpRequest, slot: Slot) -> None:
    if not may_enter(request.user, slot.court, slot.side.value):
        raise RefusedError(_("只有填报岗位可以提交、收回这张报表，或者为它申请解锁。"))


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
    except ReturnError as error:
        return error.message
    return ""
