"""Owns the pages of meetings: the list, the agenda, one screen a topic, the minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.files.lists import named
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.meetings.forms import meetings as forms
from courts.meetings.selectors.meetings import (
    NoMeetingError,
    agenda,
    check_meetings,
    find_meeting,
    meeting_page,
    meetings_page,
    topic_page,
)
from courts.meetings.selectors.minutes import minutes as minutes_of
from courts.meetings.services import meetings as services
from courts.printing import files as printing
from courts.years.selectors.periods import open_period
from courts.years.selectors.slots import month_of_year
from courts.years.views.slots import year_of

AREA = "actions"


@never_cache
@require_http_methods(READ_OR_POST)
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The meetings of a year; POST: call one, with the month's open alarms as its topics."""
    year = year_of(request, year_code)
    try:
        check_meetings(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    form = forms.CallMeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        meeting = _called(request, year, year_code, form)
        if meeting is not None:
            return redirect("courts:meeting", year_code, meeting.pk)
    context = {
        "area": AREA,
        "code": year_code,
        "page": meetings_page(request.user, year),
        "form": form,
    }
    return render(request, "courts/meetings/list.html", context)


def _called(request: HttpRequest, year: Any, year_code: str, form: Any) -> Any:
    given = form.cleaned_data
    month = month_of_year(year, str(given["month"]))
    period = open_period(request.user, year_code, str(month), "verified")
    try:
        return services.call_meeting(
            user=account_of(request),
            year=year,
            alarms=agenda(period, database_clock.now()),
            **given,
        )
    except ReturnError as error:
        form.add_error(None, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return None


@never_cache
@require_http_methods(READ_OR_POST)
def meeting(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """The agenda; POST: add a topic, say who is there, end the meeting."""
    _year, row = _find(request, year_code, pk)
    form: Any = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in ACTS:
            raise MissingError(_("没有这种操作。请刷新页面后再试。"))
        kind, service, said = ACTS[act]
        form = kind(request.POST)
        if form.is_valid() and _done(request, service, row, form):
            messages.success(request, said())
            return redirect("courts:meeting", year_code, pk)
        _year, row = _find(request, year_code, pk)
    context = {
        "area": AREA,
        "code": year_code,
        "page": meeting_page(request.user, row),
        "form": form,
    }
    return render(request, "courts/meetings/meeting.html", context)


ACTS: dict[str, Any] = {
    "topic": (forms.TopicForm, services.add_topic, lambda: _("议题已加入。")),
    "present": (forms.PresentForm, services.set_present, lambda: _("已保存。")),
    "close": (
        forms.CloseMeetingForm,
        services.close_meeting,
        lambda: _("会商已结束，任务已转为督导。"),
    ),
}
TOPIC_ACTS: dict[str, Any] = {
    "save": (forms.TopicDecisionForm, services.save_decision),
    "task": (forms.TaskForm, services.add_task),
    "drop": (forms.DropForm, services.drop_task),
}


def _done(request: HttpRequest, service: Any, row: Any, form: Any) -> Any:
    """What the service gave, or True; None when it was refused, and why stands in the form."""
    try:
        return service(user=account_of(request), meeting=row, **form.cleaned_data) or True
    except ReturnError as error:
        form.add_error(None, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return None


@never_cache
@require_http_methods(READ_OR_POST)
def topic(request: HttpRequest, year_code: str, pk: int, position: int) -> HttpResponse:
    """One topic on one screen; POST: its decision, a task. A script saves while people talk."""
    _year, row = _find(request, year_code, pk)
    form: Any = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in TOPIC_ACTS:
            raise MissingError(_("没有这种操作。请刷新页面后再试。"))
        kind, service = TOPIC_ACTS[act]
        form = kind(request.POST)
        done = _done(request, service, row, form) if form.is_valid() else None
        if request.headers.get("Accept") == "application/json":
            return _saved(done, form)
        if done:
            return redirect("courts:meeting_topic", year_code, pk, position)
    try:
        page = topic_page(request.user, row, position)
    except NoMeetingError as error:
        raise MissingError(str(error)) from error
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "form": form,
        "sent": request.POST if form is not None else {},
    }
    return render(request, "courts/meetings/topic.html", context)


def _saved(done: Any, form: Any) -> JsonResponse:
    """For the script: the new version, or why it was not saved."""
    if done:
        return JsonResponse({"version": done.version, "said": _("已保存。")})
    said = "".join(error for errors in form.errors.values() for error in errors)
    return JsonResponse({"said": said}, status=409)


@require_safe
def minutes(request: HttpRequest, year_code: str, pk: int, kind: str) -> HttpResponse:
    """The minutes as Word, PDF or a page to print."""
    _year, row = _find(request, year_code, pk)
    if kind not in printing.TYPES:
        raise MissingError(_("没有这种文件。请用页面上的导出链接。"))
    document = minutes_of(meeting_page(request.user, row))
    return printing.response(document, kind, named(*document.title))


def _find(request: HttpRequest, year_code: str, pk: int) -> tuple[Any, Any]:
    year = year_of(request, year_code)
    try:
        return year, find_meeting(request.user, year, pk)
    except NoMeetingError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
