"""Owns the pages of special cases (附件1·五): the list, an application, its course, its files."""

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

from courts.cases import exports
from courts.cases.forms.special_cases import (
    ApplicationForm,
    CaseDaysForm,
    CaseDecisionForm,
    CaseSearchForm,
    MeetingForm,
    TrialForm,
    WordForm,
)
from courts.cases.selectors.case_pages import application_page, applying_court, case_name, case_page
from courts.cases.selectors.special_cases import (
    NoCaseError,
    case_days_sentence,
    cases_page,
    find_case,
    find_file,
    rest_on_made_figures,
)
from courts.cases.services import special_cases as services
from courts.files import attachments, lists
from courts.files.attachments import TYPES
from courts.frame.forms.removals import RemovalForm
from courts.frame.refusals import ReturnError
from courts.frame.selectors.drafts import by_form, drafts_of
from courts.frame.views import bodies
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.kept_text import keep_sent, used_draft
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_set_case_days
from courts.years.open_work import open_work
from courts.years.views.slots import year_of

AREA = "cases"
PER_PAGE = 50

bodies.FILE_BYTES["courts:case_new"] = attachments.MOST_FILES * attachments.MOST_BYTES


# What a POST to the page of a case can ask for, and the form it comes in.
FORMS: dict[str, type[Form]] = {
    "verify": WordForm,
    "refuse": WordForm,
    "withdraw": WordForm,
    "decide": CaseDecisionForm,
    "decline": MeetingForm,
    "revoke": MeetingForm,
}
# The form of the page on which an act's text stands, where it has another name.
SHOWN = {"verify": "word", "refuse": "word"}


@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The applications the account sees, as a page or as a file."""
    year = year_of(request, year_code)
    try:
        page = cases_page(request.user, year, CaseSearchForm(request.GET).search)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    is_demo = rest_on_made_figures(year, page.lines)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_cases(page, year, is_demo=is_demo), wanted)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "is_demo": is_demo,
        "lines": Paginator(page.lines, PER_PAGE).get_page(request.GET.get("page")),
        "may_set_days": may_set_case_days(request.user, year),
        "elsewhere": open_work(request.user, codes=("case_verify", "case_decide")).outside(year),
    }
    return render(request, "courts/cases/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str) -> HttpResponse:
    """Apply for points of their own for one item of one month."""
    year = year_of(request, year_code)
    try:
        page = application_page(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    sent = request.method == "POST"
    kept = {} if sent else dict(drafts_of(request.user, request.path))
    form = ApplicationForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial=request.GET.dict() | kept,
    )
    if form.is_valid():
        form.refuse_unknown(page)
    if form.is_bound and form.is_valid():
        case = _apply(request, year, form)
        if case is not None:
            used_draft(request)
            text = _("对%(case)s的申请已提出，等待各管理部门核实。")
            messages.success(request, text % {"case": case_name(case)})
            return redirect("courts:case", year_code, case.pk)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "form": form,
        "is_kept": bool(kept),
    }
    return render(request, "courts/cases/new.html", context)


def _apply(request: HttpRequest, year: Any, form: ApplicationForm) -> Any:
    """The case that was made; None when it was refused, and why stands in the form."""
    given = form.cleaned_data
    try:
        return services.apply_for(
            user=account_of(request),
            year=year,
            court=applying_court(request.user, year),
            item=given["item"],
            month=given["month"],
            reasons=given["reasons"],
            files=form.given_files,
        )
    except ReturnError as error:
        form.add_error(None, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return None


@never_cache
@require_http_methods(READ_OR_POST)
def case(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """One application; POST: an act on it, or points tried."""
    year, row = _find(request, year_code, pk)
    trial = TrialForm(request.GET) if "points" in request.GET else None
    points = trial.cleaned_data["points"] if trial and trial.is_valid() else None
    act = request.POST.get("act", "")
    form: Form | None = None
    if request.method == "POST":
        if act not in FORMS:
            raise MissingError(_("没有这种操作。请刷新页面后再试。"))
        form = FORMS[act](request.POST)
        if form.is_valid() and _acted(request, act, row, form):
            used_draft(request)
            return redirect("courts:case", year_code, pk)
        keep_sent(request)
        row = find_case(request.user, year, pk)
    kept = drafts_of(request.user, request.path)
    context = {
        "area": AREA,
        "code": year_code,
        "page": case_page(request.user, year, row, points),
        "form": form or trial,
        "trial": points,
        "act": act,
        "kept": by_form(kept) | ({SHOWN.get(act, act): request.POST} if form else {}),
        "is_kept": bool(kept) and request.method != "POST",
    }
    return render(request, "courts/cases/case.html", context)


def _find(request: HttpRequest, year_code: str, pk: int) -> tuple[Any, Any]:
    year = year_of(request, year_code)
    try:
        return year, find_case(request.user, year, pk)
    except NoCaseError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error


def _acted(request: HttpRequest, act: str, row: Any, form: Any) -> bool:
    """Whether it was done; why not stands in the form."""
    user, given = account_of(request), form.cleaned_data
    said = {"user": user, "case": row, "note": given["note"], "seen": given["seen"]}
    if act in ("verify", "refuse"):
        said["office"] = given["office"]
    if act in ("decide", "decline", "revoke"):
        said["meeting"] = form.held
    if act == "decide":
        said["points"] = given["points"]
    service, done = ACTS[act]
    try:
        service(**said)
    except ReturnError as error:
        form.add_error(None, error.message)
        return False
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, done() % {"case": case_name(row)})
    return True


ACTS: dict[str, tuple[Callable[..., Any], Callable[[], str]]] = {
    "verify": (services.verify_case, lambda: _("对%(case)s的核实意见已记录。")),
    "refuse": (services.refuse_case, lambda: _("%(case)s的申请未予通过，原因已告知法院。")),
    "withdraw": (services.withdraw_case, lambda: _("%(case)s的申请已撤回。")),
    "decide": (services.decide_case, lambda: _("对%(case)s的决定已录入，得分和名次按它计算。")),
    "decline": (services.decline_case, lambda: _("已记录：院党组不同意对%(case)s单独评分。")),
    "revoke": (services.revoke_case, lambda: _("对%(case)s的决定已撤销，这一项恢复按数据计分。")),
}


@require_safe
def file(request: HttpRequest, year_code: str, pk: int, file_pk: int) -> HttpResponse:
    """A file that came with an application; always to be saved, never shown by the browser."""
    year = year_of(request, year_code)
    try:
        name, kind, content = find_file(request.user, year, pk, file_pk)
    except NoCaseError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)


@never_cache
@require_http_methods(READ_OR_POST)
def days(request: HttpRequest, year_code: str) -> HttpResponse:
    """In how many days the offices verify; the trial management office sets it."""
    year = year_of(request, year_code)
    if not may_set_case_days(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以设定核实期限。"))
    seen = {"days": year.case_days, "seen": year.case_days}
    removes = request.POST.get("act") == "remove"
    form = CaseDaysForm(
        request.POST if request.method == "POST" and not removes else None, initial=seen
    )
    removal = RemovalForm(request.POST if removes else None, initial=seen, auto_id="removal_%s")
    sent = removal if removes else form
    if sent.is_valid():
        given = {"days": None} | sent.cleaned_data
        try:
            services.set_case_days(user=account_of(request), year=year, **given)
        except ReturnError as error:
            sent.add_error(None, error.message)
        else:
            messages.success(request, case_days_sentence(year.case_days, given["days"]))
            return redirect("courts:cases", year_code)
    context = {"area": AREA, "code": year_code, "form": form, "removal": removal, "year": year}
    return render(request, "courts/cases/days.html", context)
