"""Owns the pages on which an office looks at returns and decides: the queue, and one return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.files import lists
from courts.frame.forms.keys import given_version
from courts.frame.listing import enumerated
from courts.frame.refusals import Obstacle, ReturnError
from courts.frame.selectors.drafts import drafts_of
from courts.frame.views.errors import RefusedError
from courts.frame.views.kept_text import keep_sent, used_draft
from courts.frame.views.posts import READ_OR_POST, RETURN, account_of, post_only
from courts.permissions import may_enter, may_review
from courts.registers.selectors.reconciliation import gaps
from courts.returns.services.behalf import hand_in_on_behalf, object_to_entry, settle_objection
from courts.returns.views.returns import frame, kept_beside
from courts.reviews import exports
from courts.reviews.forms.reviews import (
    ReopenForm,
    ReviewTextForm,
    read_picks,
    read_review,
    typed_remarks,
)
from courts.reviews.selectors.review_pages import (
    neighbours,
    picked,
    queue_page,
    remark_groups,
    reviews_any,
)
from courts.reviews.selectors.reviews import review as review_of
from courts.reviews.services.reviews import begin as begin_review
from courts.reviews.services.reviews import reopen as reopen_return
from courts.reviews.services.reviews import send_back, verify, verify_many
from courts.years.open_work import open_work
from courts.years.selectors.slots import Slot, return_name
from courts.years.views.slots import overseen_year, slot_of

AREA = "reviews"


@never_cache
@require_http_methods(READ_OR_POST)
def queue(request: HttpRequest, year_code: str) -> HttpResponse:
    """The returns that wait for the office; POST: verify those that were ticked."""
    year = overseen_year(request, year_code)
    if not reviews_any(request.user):
        raise RefusedError(_("只有负责核实报表的管理部门可以打开这个页面。"))
    if request.method == "POST":
        _verify_picked(request, year)
        return redirect(request.get_full_path())
    page = queue_page(
        request.user, year, request.GET.get("month", ""), request.GET.get("court", "")
    )
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_queue(page, year), wanted)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "elsewhere": open_work(request.user, codes=("review", "objection")).outside(year),
    }
    return render(request, "courts/reviews/queue.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def review(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """One return as its office sees it; POST: verify it, or send it back with remarks."""
    slot = _reviewed(request, year_code, court_code, month, side)
    refusal = ""
    obstacles: tuple[Obstacle, ...] = ()
    if request.method == "POST":
        refusal, obstacles = _decide(request, slot)
        if not refusal:
            used_draft(request)
            return _onwards(request, slot)
    page = review_of(request.user, slot)
    kept = {} if request.method == "POST" else drafts_of(request.user, request.path)
    given = request.POST or kept
    context = frame(request, slot) | {
        "area": AREA,
        "page": page,
        "grid": page.grid,
        "groups": remark_groups(page, typed_remarks(given)),
        "note": given.get("note", ""),
        "is_kept": bool(kept),
        # What was typed is shown, even if nobody has begun the review meanwhile.
        "may_decide": page.may_decide or (page.may_verify and bool(given)),
        "kept": kept_beside(request, slot, page.grid),
        "register_gaps": gaps(
            request.user, slot.year, slot.month.month, [slot.court], slot.side.value
        ),
        "refusal": refusal,
        "obstacles": obstacles,
        "queue": neighbours(request.user, slot),
        "reopening": ReopenForm(initial={**_kept_reopening(request, slot)}),
    }
    return render(request, "courts/reviews/review.html", context)


@post_only("courts:review", *RETURN)
def begin(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Begin the review, so that the court does not take its return back meanwhile."""
    slot = _reviewed(request, year_code, court_code, month, side)
    try:
        begin_review(user=account_of(request), slot=slot, seen_version=given_version(request.POST))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    except ReturnError as error:
        messages.error(request, error.message)
    else:
        text = _("已开始核实%(return)s，法院不能再收回。")
        messages.success(request, text % {"return": return_name(slot)})
    return redirect("courts:review", year_code, court_code, month, side)


@post_only("courts:review", *RETURN)
def reopen(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Open a verified return for changes until a day."""
    slot = _reviewed(request, year_code, court_code, month, side)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        keep_sent(request)
        messages.error(request, form.complaint)
    else:
        try:
            reopen_return(
                user=account_of(request),
                slot=slot,
                reason=form.cleaned_data["reason"],
                expires_at=form.end,
            )
        except ReturnError as error:
            keep_sent(request)
            messages.error(request, error.message)
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
        else:
            used_draft(request)
            text = _("%(return)s已重新打开；到期前仍以原已核实的数据计分。")
            messages.success(request, text % {"return": return_name(slot)})
    return redirect("courts:review", year_code, court_code, month, side)


@post_only("courts:return", *RETURN)
def behalf(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str, entry: int
) -> HttpResponse:
    """What was entered on a court's behalf: the court objects, the office says what came of it."""
    slot = slot_of(request, year_code, court_code, month, side)
    form, settles = ReviewTextForm(request.POST), request.POST.get("act") == "settle"
    allowed = may_review if settles else may_enter
    if not allowed(request.user, slot.court, slot.side.value):
        raise RefusedError(_("只有本院的报表岗可以提出异议，只有负责的管理部门可以处理。"))
    if not form.is_valid():
        keep_sent(request)
        messages.error(request, str(form.errors["text"][0]))
    else:
        text, user = form.cleaned_data["text"], account_of(request)
        try:
            if settles:
                settle_objection(user=user, slot=slot, entry=entry, settlement=text)
            else:
                object_to_entry(user=user, slot=slot, entry=entry, objection=text)
        except ReturnError as error:
            keep_sent(request)
            messages.error(request, error.message)
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
        else:
            used_draft(request)
            if settles:
                said = _("对%(return)s代报数据的异议已处理。")
            else:
                said = _("对%(return)s代报数据的异议已提出，等待处理。")
            messages.success(request, said % {"return": return_name(slot)})
    page = "courts:review" if settles else "courts:return"
    return redirect(page, year_code, court_code, month, side)


def _reviewed(request: HttpRequest, year: str, court: str, month: str, side: str) -> Slot:
    slot = slot_of(request, year, court, month, side)
    if not may_review(request.user, slot.court, slot.side.value):
        raise RefusedError(_("只有负责该类报表的管理部门可以办理。"))
    return slot


def _decide(request: HttpRequest, slot: Slot) -> tuple[str, tuple[Obstacle, ...]]:
    """Do what the form asks; why not, when it is not done."""
    try:
        given = read_review(request.POST)
        user: Any = account_of(request)
        if request.POST.get("act") == "verify":
            verify(user=user, slot=slot, seen_version=given.version)
            said = _("已核实%(return)s。")
        elif request.POST.get("act") == "hand_in":
            reason = request.POST.get("reason", "")
            hand_in_on_behalf(user=user, slot=slot, seen_version=given.version, reason=reason)
            said = _("已代法院提交%(return)s，由本部门另一人核实；法院看得到，可以提出异议。")
        else:
            send_back(
                user=user,
                slot=slot,
                seen_version=given.version,
                remarks=given.remarks,
                note=given.note,
            )
            said = _("已退回%(return)s，意见已送达法院。")
    except ValidationError as error:
        return error.messages[0], ()
    except PermissionDenied as error:
        return str(error), ()
    except ReturnError as error:
        return error.message, error.obstacles
    messages.success(request, said % {"return": return_name(slot)})
    return "", ()


def _kept_reopening(request: HttpRequest, slot: Slot) -> Mapping[str, str]:
    """What the account typed when it wanted to reopen the return."""
    place = (slot.year.code, slot.court.code, slot.month, slot.side.value)
    return drafts_of(request.user, reverse("courts:review_reopen", args=place))


def _onwards(request: HttpRequest, slot: Slot) -> HttpResponse:
    """To the next return that waits, or back to the empty queue."""
    following = neighbours(request.user, slot).after
    if following is None:
        return redirect("courts:reviews", slot.year.code)
    return redirect(
        "courts:review",
        slot.year.code,
        following.court.code,
        following.month,
        following.side.value,
    )


def _verify_picked(request: HttpRequest, year: Any) -> None:
    try:
        picks = read_picks(request.POST)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return
    slots = picked(request.user, year, picks)
    results = verify_many(user=account_of(request), slots=slots)
    done = [return_name(result.slot) for result in results if result.verified]
    if done:
        text = ngettext(
            "已核实 %(count)s 张报表：%(returns)s。",
            "已核实 %(count)s 张报表：%(returns)s。",
            len(done),
        )
        messages.success(request, text % {"count": len(done), "returns": enumerated(done)})
    for result in results:
        if not result.verified:
            values = {"place": return_name(result.slot), "why": result.message}
            messages.error(request, _("%(place)s 没有核实：%(why)s") % values)
    if len(slots) < len(picks) or not picks:
        messages.error(request, _("没有选中报表，或者选中的报表已不在待核实之列。"))
