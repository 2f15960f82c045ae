"""Owns the pages of supervision: alarms of a month, the list of actions, one action, its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.actions import exports
from courts.actions.forms import actions as forms
from courts.actions.selectors.actions import (
    NoActionError,
    action_page,
    actions_page,
    find_action,
    find_action_file,
    order_page,
    side_of,
)
from courts.actions.selectors.alarms import alarms
from courts.actions.selectors.papers import PAPERS, action_paper
from courts.actions.selectors.proposals import check_proposals, proposals_page
from courts.actions.services import actions as services
from courts.actions.services import proposals as decisions
from courts.files import attachments, lists
from courts.files.attachments import TYPES
from courts.frame.refusals import ReturnError
from courts.frame.selectors.drafts import by_form, drafts_of
from courts.frame.views import bodies
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.kept_text import keep_sent, used_draft
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.outlooks import charts
from courts.printing import files as printing
from courts.years.selectors.periods import landing_month, open_period
from courts.years.selectors.slots import court_name, month_of_year
from courts.years.views.slots import year_of

AREA = "actions"
PER_PAGE = 50

bodies.FILE_BYTES["courts:action"] = attachments.MOST_FILES * attachments.MOST_BYTES

DECISIONS: dict[str, type[forms.ActionVersionForm]] = {
    "take_up": forms.TakeUpForm,
    "put_off": forms.PutOffForm,
    "decline": forms.DeclineForm,
}


@never_cache
@require_http_methods(READ_OR_POST)
def proposals(request: HttpRequest, year_code: str) -> HttpResponse:
    """The alarms of a month; POST: take one up, put it off, or decline it."""
    year = year_of(request, year_code)
    try:
        check_proposals(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    month = month_of_year(year, request.GET.get("month", ""))
    landing = landing_month(request.user, year_code) if month is None else (year_code, month)
    period = open_period(request.user, year_code, str(landing[1] if landing else ""), "verified")
    form: Any = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in DECISIONS:
            raise MissingError(_("没有这种操作。请刷新页面后再试。"))
        form = DECISIONS[act](request.POST)
        if form.is_valid() and (pk := _decided(request, year, period, act, form)) is not None:
            if pk:
                return redirect("courts:action", year_code, pk)
            return redirect(request.get_full_path())
    context = {
        "area": AREA,
        "code": year_code,
        "period": period,
        "page": proposals_page(request.user, period, database_clock.now()),
        "form": form,
        "sent": request.POST if form is not None else {},
    }
    return render(request, "courts/actions/proposals.html", context)


def _decided(request: HttpRequest, year: Any, period: Any, act: str, form: Any) -> int | None:
    """The action that came of it, or 0; None when it was refused, and why stands in the form."""
    given = form.cleaned_data
    alarm = next(
        (one for one in alarms(period, database_clock.now()) if one.key == given["key"]), None
    )
    if alarm is None:
        form.add_error(None, _("数据已变，没有这条建议了。请刷新页面后再试。"))
        return None
    said = {"user": account_of(request), "year": year, "alarm": alarm, "seen": given["seen"]}
    try:
        if act == "take_up":
            order = services.Order(
                court=alarm.court.code,
                side=alarm.side,
                month=alarm.month.month,
                subject=alarm.subject,
                asks=given["asks"],
                due_on=given["due_on"],
                department=given["department"],
            )
            action = decisions.take_up(**said, order=order)
            messages.success(request, _("已采纳，督导已发出。"))
            return int(action.pk)
        if act == "put_off":
            decisions.put_off(**said, until=given["until"], reason=given["reason"])
            messages.success(request, _("已暂缓，到期后会再次提示。"))
        else:
            decisions.decline(**said, reason=given["reason"])
            messages.success(request, _("已记录：不采纳这条建议。"))
    except ReturnError as error:
        form.add_error(None, error.message)
        return None
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return 0


@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The actions the account sees, as a page or as a file."""
    year = year_of(request, year_code)
    try:
        page = actions_page(request.user, year, forms.ActionSearchForm(request.GET).search)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_actions(page, year), wanted)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "lines": Paginator(page.lines, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "courts/actions/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str) -> HttpResponse:
    """Open an action, from a red cell or from nothing; the address may name court and item."""
    year = year_of(request, year_code)
    asked = request.GET if request.method == "GET" else request.POST
    month = month_of_year(year, asked.get("month", ""))
    number = month.month if month else 12
    try:
        page = order_page(
            request.user, year, asked.get("court", ""), asked.get("subject", ""), number
        )
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    sent = request.method == "POST"
    kept = {} if sent else dict(drafts_of(request.user, request.path))
    start = {"month": number, "due_on": page.due_on.isoformat()} | request.GET.dict() | kept
    form = forms.OrderForm(request.POST if sent else None, initial=start)
    if form.is_bound and form.is_valid():
        action = _ordered(request, year, form)
        if action is not None:
            used_draft(request)
            messages.success(request, _("督导已发出。"))
            return redirect("courts:action", year_code, action.pk)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "form": form,
        "is_kept": bool(kept),
    }
    return render(request, "courts/actions/new.html", context)


def _ordered(request: HttpRequest, year: Any, form: forms.OrderForm) -> Any:
    given = form.cleaned_data
    side = side_of(year, given["month"], given["subject"]) or given["side"]
    try:
        return services.open_action(user=account_of(request), year=year, order=form.order(side))
    except ReturnError as error:
        form.add_error(None, error.message)
    except PermissionDenied as error:
        form.add_error(None, str(error))
    return None


# What a POST to the page of an action can ask for: its form, its service, what is said after.
ACTS: dict[str, tuple[type[Form], Callable[..., Any], Callable[[], str]]] = {
    "plan": (forms.VisitPlanForm, services.plan_visit, lambda: _("督导日期已记录。")),
    "visit": (forms.VisitForm, services.record_visit, lambda: _("督导情况已记录。")),
    "cause": (forms.CauseForm, services.set_cause, lambda: _("原因已记录。")),
    "measure": (forms.MeasureForm, services.add_measure, lambda: _("措施已列入。")),
    "finish": (forms.FinishForm, services.finish_measure, lambda: _("完成情况已记录。")),
    "answer": (forms.AnswerForm, services.answer_action, lambda: _("答复已提交，等管理部门检查。")),
    "accept": (forms.NoteForm, services.check_answer, lambda: _("答复已通过检查。")),
    "return": (forms.NoteForm, services.check_answer, lambda: _("答复已退回法院补充。")),
    "close": (forms.NoteForm, services.close_action, lambda: _("督导已办结。")),
    "withdraw": (forms.NoteForm, services.withdraw_action, lambda: _("督导已撤销。")),
}


# The form of the page on which an act's text stands, where it has another name.
SHOWN = {"accept": "check", "return": "check"}


@never_cache
@require_http_methods(READ_OR_POST)
def action(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """One action; POST: an act on it."""
    year, row = _find(request, year_code, pk)
    act = request.POST.get("act", "")
    form: Any = None
    if request.method == "POST":
        if act not in ACTS:
            raise MissingError(_("没有这种操作。请刷新页面后再试。"))
        form = ACTS[act][0](request.POST, request.FILES)
        if form.is_valid() and _acted(request, act, row, form):
            used_draft(request)
            return redirect("courts:action", year_code, pk)
        keep_sent(request)
        row = find_action(request.user, year, pk)
    page = action_page(request.user, row)
    picture = charts.download(page.effect.charts if page.effect else (), request.GET)
    if picture is not None:
        return picture
    kept = drafts_of(request.user, request.path)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "form": form,
        "kept": by_form(kept) | ({SHOWN.get(act, act): request.POST} if form else {}),
        "is_kept": bool(kept) and form is None,
    }
    return render(request, "courts/actions/action.html", context)


def _acted(request: HttpRequest, act: str, row: Any, form: Any) -> bool:
    """Whether it was done; why not stands in the form."""
    _form, service, done = ACTS[act]
    said = {"user": account_of(request), "action": row, **form.cleaned_data}
    if act == "answer":
        said.pop("attachments")
        said["files"] = form.sent
    if act in ("accept", "return"):
        said["accepts"] = act == "accept"
    try:
        service(**said)
    except ReturnError as error:
        form.add_error(None, error.message)
        return False
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, done())
    return True


def _find(request: HttpRequest, year_code: str, pk: int) -> tuple[Any, Any]:
    year = year_of(request, year_code)
    try:
        return year, find_action(request.user, year, pk)
    except NoActionError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error


@require_safe
def file(request: HttpRequest, year_code: str, pk: int, file_pk: int) -> HttpResponse:
    """A file that came with an answer; always to be saved, never shown by the browser."""
    year = year_of(request, year_code)
    try:
        name, kind, content = find_action_file(request.user, year, pk, file_pk)
    except NoActionError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)


@require_safe
def paper(request: HttpRequest, year_code: str, pk: int, paper: str, kind: str) -> HttpResponse:
    """The order or the reply as Word, PDF or a page to print."""
    _year, row = _find(request, year_code, pk)
    if paper not in PAPERS or kind not in printing.TYPES:
        raise MissingError(_("没有这种文件。请用页面上的导出链接。"))
    page = action_page(request.user, row)
    document = action_paper(page, paper)
    name = lists.named(court_name(row.court), document.title[0], str(row.number))
    return printing.response(document, kind, name)
