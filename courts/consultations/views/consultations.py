"""Owns the pages of 征求意见: the list, a consultation for the offices, a court's own lines."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.consultations.forms.issuing import SettleForm, TermsForm, read_answers, read_lines
from courts.consultations.selectors.consultations import (
    NoConsultationError,
    asked_court,
    consultation_page,
    find_consultation,
    own_page,
)
from courts.consultations.selectors.lists import (
    consultation_court,
    consultations_page,
    find_snapshot,
)
from courts.consultations.selectors.terms import terms_page
from courts.consultations.services.consultations import (
    GivenAnswer,
    answer_lines,
    open_consultation,
    settle_lines,
)
from courts.consultations.services.terms import set_terms
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.permissions import may_set_terms
from courts.years.views.slots import year_of

AREA = "bulletins"


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The consultations of a year; of a court's desk those about its own figures."""
    year = year_of(request, year_code)
    try:
        page = consultations_page(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    context = {"area": AREA, "code": year_code, "page": page}
    return render(request, "courts/consultations/consultations.html", context)


@post_only("courts:consultations", "year_code")
def begin(request: HttpRequest, year_code: str, snapshot: int) -> HttpResponse:
    """POST: ask the courts about a closed month."""
    year = year_of(request, year_code)
    try:
        held = find_snapshot(request.user, year, snapshot)
        made = open_consultation(user=account_of(request), snapshot=held)
    except NoConsultationError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    except ReturnError as error:
        messages.error(request, error.message)
        return redirect("courts:consultations", year_code)
    messages.success(request, _("已开始征求意见，各法院可以逐项答复。"))
    return redirect("courts:consultation", year_code, made.pk)


@never_cache
@require_http_methods(READ_OR_POST)
def consultation(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """What all courts answered; POST: what came of contested or silent lines of one court."""
    year = year_of(request, year_code)
    own = asked_court(request.user, year)
    try:
        page = consultation_page(request.user, year, pk)
    except NoConsultationError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        if own and request.method != "POST":
            return redirect("courts:consultation_court", year_code, pk, own)
        raise RefusedError(str(error)) from error
    if request.method == "POST":
        _settle(request, year, pk)
        return redirect("courts:consultation", year_code, pk)
    context = {"area": AREA, "code": year_code, "page": page}
    return render(request, "courts/consultations/consultation.html", context)


def _settle(request: HttpRequest, year: Any, pk: int) -> None:
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return
    try:
        settled = settle_lines(
            user=account_of(request),
            consultation=find_consultation(request.user, year, pk),
            court=consultation_court(year, form.cleaned_data["court"]),
            lines=read_lines(request.POST),
            settlement=form.cleaned_data["settlement"],
        )
    except NoConsultationError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    except (ReturnError, ValueError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已记录%(count)s项的处理结果。") % {"count": settled})


@never_cache
@require_http_methods(READ_OR_POST)
def court(request: HttpRequest, year_code: str, pk: int, court_code: str) -> HttpResponse:
    """A court's own figures and points; POST: its desk confirms or contests lines."""
    year = year_of(request, year_code)
    typed = request.POST
    try:
        page = own_page(request.user, year, pk, court_code)
        if request.method == "POST":
            _check_desk(request, year, court_code)
            if _answered(request, year, pk, court_code):
                return redirect("courts:consultation_court", year_code, pk, court_code)
            page = own_page(request.user, year, pk, court_code)
    except NoConsultationError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    context = {"area": AREA, "code": year_code, "page": page, "typed": typed}
    return render(request, "courts/consultations/consultation_court.html", context)


def _check_desk(request: HttpRequest, year: Any, court_code: str) -> None:
    if asked_court(request.user, year) != court_code:
        raise PermissionDenied(_("只有本院该类报表的填报岗可以答复。"))


def _answered(request: HttpRequest, year: Any, pk: int, court_code: str) -> bool:
    """Whether the answers were taken; why not is told on the page, where they still stand."""
    try:
        written = answer_lines(
            user=account_of(request),
            consultation=find_consultation(request.user, year, pk),
            court=consultation_court(year, court_code),
            answers=[GivenAnswer(*one) for one in read_answers(request.POST)],
        )
    except (ReturnError, ValueError) as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("已保存%(count)s项答复，截止之前可以更改。") % {"count": written})
    return True


@never_cache
@require_http_methods(READ_OR_POST)
def terms(request: HttpRequest, year_code: str) -> HttpResponse:
    """How long courts are asked and may object; POST: set it."""
    year = year_of(request, year_code)
    if not may_set_terms(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以设定征求意见和异议的期限。"))
    page = terms_page(year)
    held = {
        "consultation_days": page.terms.consultation_days,
        "silence": page.terms.silence,
        "objection_days": page.terms.objection_days,
        "seen": page.terms.version,
    }
    form = TermsForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_terms(
                user=account_of(request),
                year=year,
                values=form.values,
                seen=given["seen"],
                reason=given["reason"],
            )
        except ReturnError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已设定，此后的征求意见和通报按它办理。"))
            return redirect("courts:issuing_terms", year_code)
    context = {"area": AREA, "code": year_code, "form": form, "page": page}
    return render(request, "courts/consultations/terms.html", context)
