"""Owns the pages of saved trials: the list and comparison, saving one, one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.outlooks import scenario_exports
from courts.outlooks.forms.scenarios import ScenarioForm, SeenForm
from courts.outlooks.forms.trials import read_trial
from courts.outlooks.selectors.scenarios import (
    NoScenarioError,
    find_scenario,
    scenario_line,
    scenarios_page,
)
from courts.outlooks.selectors.trials import trial_page, trial_places
from courts.outlooks.services import scenarios as services
from courts.outlooks.views.outlooks import explored_of
from courts.scores.selectors.explored import Explored


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """The court's saved trials, and those chosen side by side; as a page or as a file."""
    explored = explored_of(request, year_code, month, court_code)
    page = scenarios_page(
        request.user,
        explored,
        whose=request.GET.get("whose", ""),
        text=request.GET.get("text", "").strip(),
        chosen=request.GET.getlist("with"),
        number=request.GET.get("page"),
    )
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(scenario_exports.of_scenarios(page), wanted)
    return render(request, "courts/outlooks/scenarios/list.html", _context(explored, page=page))


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """Give the figures of the address a name and keep them."""
    explored = explored_of(request, year_code, month, court_code)
    trial = read_trial(request.GET.dict(), trial_places(explored), explored.full_points)
    page = trial_page(explored, trial.figures)
    changed = {one.code: one.tried for one in page.figures if one.is_changed}
    sent = request.method == "POST"
    form = ScenarioForm(request.POST if sent else None)
    errors = [*trial.faults, *page.faults]
    status = 200
    if sent and not errors and form.is_valid():
        try:
            services.save_scenario(
                user=account_of(request),
                year=explored.period.year,
                court=explored.court,
                month=explored.month.month,
                figures={code: value for code, value in changed.items() if value is not None},
                **form.cleaned_data,
            )
        except ReturnError as error:
            errors.append(str(error))
        else:
            text = _("方案“%(title)s”已保存。")
            messages.success(request, text % {"title": form.cleaned_data["title"]})
            return redirect(_address(explored))
    if sent:
        status = 400
    context = _context(explored, page=page, form=form, errors=errors)
    return render(request, "courts/outlooks/scenarios/new.html", context, status=status)


@never_cache
@require_http_methods(READ_OR_POST)
def scenario(
    request: HttpRequest, year_code: str, month: str, court_code: str, pk: int
) -> HttpResponse:
    """One saved trial; its author renames, shares or deletes it."""
    explored = explored_of(request, year_code, month, court_code)
    try:
        line = scenario_line(request.user, explored, pk)
        row = find_scenario(request.user, explored, pk)
    except NoScenarioError as error:
        raise MissingError(_("没有这个方案，或者它没有共享给您。请从列表里重新打开。")) from error
    sent = request.method == "POST"
    form = ScenarioForm(
        request.POST if sent else None,
        initial={"title": line.title, "note": line.note, "is_shared": line.is_shared},
    )
    seen = SeenForm(request.POST)
    errors: list[str] = []
    if sent:
        is_deleting = request.POST.get("act") == "delete"
        if not seen.is_valid():
            errors.append(_("请从方案页面操作。"))
        elif is_deleting or form.is_valid():
            try:
                if is_deleting:
                    services.delete_scenario(
                        user=account_of(request), scenario=row, **seen.cleaned_data
                    )
                else:
                    services.change_scenario(
                        user=account_of(request),
                        scenario=row,
                        **form.cleaned_data,
                        **seen.cleaned_data,
                    )
            except PermissionDenied as error:
                raise RefusedError(str(error)) from error
            except ReturnError as error:
                errors.append(str(error))
            else:
                text = _("方案“%(title)s”已删除。") if is_deleting else _("方案“%(title)s”已更新。")
                messages.success(request, text % {"title": row.title})
                return redirect(_address(explored))
    context = _context(explored, page=line.trial, line=line, form=form, errors=errors)
    status = 400 if sent else 200
    return render(request, "courts/outlooks/scenarios/scenario.html", context, status=status)


def _address(explored: Explored) -> str:
    arguments = [explored.period.code, explored.month, explored.court.code]
    return f"{reverse('courts:scenarios', args=arguments)}{explored.period.query}"


def _context(explored: Explored, **more: Any) -> dict[str, Any]:
    return {
        "area": "ranking",
        "explored": explored,
        "period": explored.period,
        "court_code": explored.court.code,
        "tab": "scenarios",
        **more,
    }
