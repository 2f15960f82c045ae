"""Owns the pages on which an office oversees a year: desk, completeness, locks, audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.files import lists
from courts.frame.forms.removals import RemovalForm
from courts.frame.refusals import ReturnError
from courts.frame.selectors.drafts import drafts_for
from courts.frame.views.errors import RefusedError
from courts.frame.views.kept_text import keep_sent, used_draft
from courts.frame.views.parts import kept_part
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.permissions import may_review, may_set_deadline
from courts.reviews import exports
from courts.reviews.forms.office import AuditForm, DeadlineForm, UnlockDecisionForm
from courts.reviews.selectors.audits import audit_choices, audit_lines
from courts.reviews.selectors.completeness_pages import completeness_page
from courts.reviews.selectors.deadlines import (
    Request,
    Requests,
    deadline_page,
    deadline_sentence,
    unlock_requests,
)
from courts.reviews.selectors.review_pages import reviews_any
from courts.reviews.services.deadlines import decide_unlock, set_deadline
from courts.years.open_work import open_work
from courts.years.selectors.slots import return_name
from courts.years.views.slots import overseen_year, slot_of, year_of

PER_PAGE = 100


@never_cache
@require_safe
def completeness(request: HttpRequest, year_code: str) -> HttpResponse:
    """Who has handed in what, against the deadline, with reporting rates."""
    year = overseen_year(request, year_code)
    page = completeness_page(request.user, year, request.GET.get("side", ""), database_clock.now())
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_completeness(page, year), wanted)
    row = "courts/reviews/_completeness_row.html"
    context = {
        "area": "completeness",
        "code": year_code,
        "page": page,
        "rows": [kept_part(row, court=court, code=year_code) for court in page.courts],
        "elsewhere": open_work(request.user, codes=("missing",)).outside(year),
        "may_set_deadline": may_set_deadline(request.user, year),
    }
    return render(request, "courts/reviews/completeness.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def deadline(request: HttpRequest, year_code: str) -> HttpResponse:
    """Until which day returns are entered; POST: set it."""
    year = overseen_year(request, year_code)
    if not may_set_deadline(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以设定填报期限。"))
    held = {"day": year.deadline_day, "seen": year.deadline_day}
    removes = request.POST.get("act") == "remove"
    form = DeadlineForm(
        request.POST if request.method == "POST" and not removes else None, initial=held
    )
    removal = RemovalForm(request.POST if removes else None, initial=held, auto_id="removal_%s")
    sent = removal if removes else form
    if sent.is_valid():
        given = {"day": None} | sent.cleaned_data
        try:
            set_deadline(user=account_of(request), year=year, **given)
        except ReturnError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, deadline_sentence(year.deadline_day, given["day"]))
        return redirect("courts:deadline", year_code)
    context = {
        "area": "completeness",
        "code": year_code,
        "form": form,
        "removal": removal,
        "page": deadline_page(year),
    }
    return render(request, "courts/reviews/deadline.html", context)


@never_cache
@require_safe
def unlocks(request: HttpRequest, year_code: str) -> HttpResponse:
    """The requests to unlock that wait, and those that were answered."""
    year = overseen_year(request, year_code)
    if not reviews_any(request.user):
        raise RefusedError(_("只有负责核实报表的管理部门可以打开这个页面。"))
    page = unlock_requests(request.user, year)
    context = {
        "area": "desk",
        "code": year_code,
        "page": page,
        "pending": _with_kept(request, year_code, page),
        "elsewhere": open_work(request.user, codes=("unlock",)).outside(year),
    }
    return render(request, "courts/reviews/unlocks.html", context)


def _with_kept(
    request: HttpRequest, year_code: str, page: Requests
) -> list[tuple[Request, Mapping[str, str]]]:
    """The requests that wait, each with what the account typed in its answer."""
    places = [(year_code, one.place.court, one.place.month, one.place.side) for one in page.pending]
    addresses = [reverse("courts:unlock_decide", args=place) for place in places]
    found = drafts_for(request.user, addresses)
    return [
        (one, found.get(address, {})) for one, address in zip(page.pending, addresses, strict=True)
    ]


@post_only("courts:unlocks", "year_code")
def decide(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Answer the request of one return."""
    slot = slot_of(request, year_code, court_code, month, side)
    if not may_review(request.user, slot.court, slot.side.value):
        raise RefusedError(_("只有负责该类报表的管理部门可以处理解锁申请。"))
    form = UnlockDecisionForm(request.POST)
    if not form.is_valid():
        keep_sent(request)
        messages.error(request, form.complaint)
        return redirect("courts:unlocks", year_code)
    given = form.cleaned_data
    try:
        decide_unlock(
            user=account_of(request),
            slot=slot,
            grant=given["grant"],
            note=given["note"],
            open_until=form.moment,
        )
    except ReturnError as error:
        keep_sent(request)
        messages.error(request, error.message)
    except PermissionDenied as error:
        keep_sent(request)
        messages.error(request, str(error))
    else:
        used_draft(request)
        if given["grant"]:
            said = _("已同意解锁%(return)s，法院可以填报了。")
        else:
            said = _("已答复不同意解锁%(return)s。")
        messages.success(request, said % {"return": return_name(slot)})
    return redirect("courts:unlocks", year_code)


@never_cache
@require_safe
def audit(request: HttpRequest, year_code: str) -> HttpResponse:
    """Every write of a figure, searched; a desk finds its own court's."""
    year = year_of(request, year_code)
    form = AuditForm(request.GET)
    form.is_valid()
    try:
        lines = audit_lines(request.user, year, form.search)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_audit(lines.all(), year), wanted)
    page: Page[Any] = Paginator(cast(Any, lines), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "area": "audit",
        "code": year_code,
        "form": form,
        "search_fields": [form["person"], form["since"], form["until"]],
        "choices": audit_choices(request.user, year, form.search),
        "lines": page,
        "is_demo": any(line.is_demo for line in page),
    }
    return render(request, "courts/reviews/audit.html", context)
