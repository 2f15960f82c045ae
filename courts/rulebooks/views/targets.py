"""Owns the pages of appraisal targets and caps: everybody reads them, the office keeps them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists
from courts.files.views.bringing import BringStep, bring_in
from courts.frame.refusals import ReturnError, RuleError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.motions.selectors.waiting import waiting_kind
from courts.permissions import may_keep_targets, may_view_motions
from courts.rulebooks import target_exports
from courts.rulebooks.forms.editions import offer
from courts.rulebooks.forms.targets import (
    CapForm,
    NewTargetForm,
    ProposeForm,
    RemoveForm,
    TargetForm,
    only_to_try,
)
from courts.rulebooks.resources import CapImport, TargetImport
from courts.rulebooks.selectors.target_effects import target_effect
from courts.rulebooks.selectors.targets import (
    NoTargetError,
    cap_history,
    caps_page,
    find_cap,
    find_target,
    item_choices,
    scope_choices,
    target_history,
    targets_page,
)
from courts.rulebooks.services.motions import move_cap, move_proposed_caps, move_target
from courts.years.selectors.periods import years_of
from courts.years.views.slots import year_of


def _kept(request: HttpRequest, year_code: str) -> Any:
    """The year, for those who keep its targets; 403 for others."""
    year = year_of(request, year_code)
    if not may_keep_targets(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以改目标值。"))
    return year


def _waiting(request: HttpRequest, year: Any, kind: str) -> dict[str, Any]:
    """What waits for a second person, beside the rows it would change."""
    return {
        "motions": waiting_kind(year, kind),
        "may_view_motions": may_view_motions(request.user, year),
    }


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Go to the targets of the account's latest year."""
    years = years_of(request.user)
    if not years:
        return redirect("courts:home")
    return redirect("courts:targets", years[0].code)


@never_cache
@require_safe
def targets(request: HttpRequest, year_code: str) -> HttpResponse:
    """The targets of a year, as a page or as a file."""
    year = year_of(request, year_code)
    page = targets_page(
        request.user, year, request.GET.get("item", ""), request.GET.get("scope", "")
    )
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(target_exports.of_targets(page, year), wanted)
    context = {"area": "targets", "code": year_code, "page": page}
    context |= _waiting(request, year, "targets")
    return render(request, "courts/rulebooks/targets/targets.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str) -> HttpResponse:
    """Enter a target, or see what it would do."""
    year = _kept(request, year_code)
    form = NewTargetForm(request.POST or None)
    offer(form, "item", item_choices(year))
    offer(form, "scope", scope_choices(year))
    effect = None
    if "try" in request.POST:
        only_to_try(form)
        if form.is_valid():
            given = form.cleaned_data
            scope = (given["item"], form.level, form.court)
            effect = target_effect(year, *scope, given["percent"])
    elif form.is_valid() and _entered(request, year, form):
        return redirect("courts:targets", year_code)
    context = {
        "area": "targets",
        "code": year_code,
        "form": form,
        "effect": effect,
        "tried": "try" in request.POST,
    }
    return render(request, "courts/rulebooks/targets/new.html", context)


MOVED = gettext_lazy("已提出，由管理部门中的另一人确认后生效；现在仍按原来的计算。")


def _entered(request: HttpRequest, year: Any, form: NewTargetForm) -> bool:
    """Put the target to another person and say so; whether it was."""
    return _moved(request, year, form, (form.cleaned_data["item"], form.level, form.court), 0)


def _moved(
    request: HttpRequest, year: Any, form: TargetForm, scope: tuple[str, str, str], version: int
) -> bool:
    """Put a value for the target of that scope to another person; whether it was."""
    try:
        move_target(
            user=account_of(request),
            year=year,
            scope=scope,
            values=form.values,
            seen_version=version,
            reason=form.cleaned_data["reason"],
        )
    except (RuleError, ReturnError) as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, MOVED)
    return True


@never_cache
@require_http_methods(READ_OR_POST)
def target(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """One target with its history; the office changes it, or sees what another would do."""
    year = year_of(request, year_code)
    try:
        line = find_target(year, pk)
    except NoTargetError as error:
        raise MissingError(str(error)) from error
    form = TargetForm(request.POST or None, initial=_shown(line))
    effect = None
    if request.method == "POST":
        _kept(request, year_code)
        if "try" in request.POST:
            only_to_try(form)
            if form.is_valid():
                percent = form.cleaned_data["percent"]
                effect = target_effect(year, line.item, line.level, line.court, percent)
        elif form.is_valid() and _changed(request, year, line, form):
            return redirect("courts:targets", year_code)
    context = {
        "area": "targets",
        "code": year_code,
        "line": line,
        "form": form,
        "may_edit": may_keep_targets(request.user, year),
        "changes": target_history(pk),
        "effect": effect,
        "tried": "try" in request.POST,
    } | _waiting(request, year, "targets")
    return render(request, "courts/rulebooks/targets/target.html", context)


def _shown(line: Any) -> dict[str, Any]:
    """What the form of a target begins with."""
    return {
        "percent": line.percent_text,
        # A made-up target that somebody gives a value is a real one from now on.
        "document": "" if line.is_demo else line.document,
        "decided_on": line.decided_on,
        "version": line.version,
    }


def _changed(request: HttpRequest, year: Any, line: Any, form: TargetForm) -> bool:
    """Put the change to another person and say so; whether it was."""
    scope = (line.item, line.level, line.court)
    return _moved(request, year, form, scope, form.cleaned_data["version"] or 0)


@post_only("courts:target", "year_code", "pk")
def remove(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """Put taking a target away to another person."""
    year, form = _kept(request, year_code), RemoveForm(request.POST)
    try:
        line = find_target(year, pk)
    except NoTargetError as error:
        raise MissingError(str(error)) from error
    if not form.is_valid():
        messages.error(request, _("请说明原因。"))
        return redirect("courts:target", year_code, pk)
    given = form.cleaned_data
    try:
        move_target(
            user=account_of(request),
            year=year,
            scope=(line.item, line.level, line.court),
            values=None,
            seen_version=given["version"],
            reason=given["reason"],
        )
    except (RuleError, ReturnError) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, MOVED)
    return redirect("courts:targets", year_code)


@never_cache
@require_http_methods(READ_OR_POST)
def targets_import(request: HttpRequest, year_code: str) -> HttpResponse:
    """Targets from a file: choose, look, confirm."""
    words = {
        "title": _("导入目标值"),
        "hint": _("法院一列可以留空（各级法院），写审级，或写一个法院。"),
    }
    return _brought(request, year_code, TargetImport(), "targets", words)


@never_cache
@require_http_methods(READ_OR_POST)
def caps_import(request: HttpRequest, year_code: str) -> HttpResponse:
    """Caps from a file: choose, look, confirm."""
    words = {
        "title": _("导入上限"),
        "hint": _("每个法院一行；导出的表改好以后可以直接导入。上限就是上年合计减去减少目标。"),
    }
    return _brought(request, year_code, CapImport(), "caps", words)


def _brought(
    request: HttpRequest, year_code: str, resource: Any, place: str, words: dict[str, str]
) -> HttpResponse:
    """A file chosen, looked at, confirmed; only what was shown exactly so is written."""
    year, user = _kept(request, year_code), account_of(request)
    brought = bring_in(
        request,
        area=place,
        year=year,
        act=lambda file, apply: resource.outcome(year=year, file=file, user=user, apply=apply),
    )
    if brought.step is BringStep.TAKEN:
        messages.success(request, MOVED)
        return redirect(f"courts:{place}", year_code)
    if brought.step is BringStep.BACK:
        return redirect(f"courts:{place}_import", year_code)
    context = {
        "area": "targets",
        "code": year_code,
        "brought": brought,
        "columns": ",".join(resource.columns),
        "headings": resource.headings,
        "words": words,
        "confirm_label": _("提出，待另一人确认"),
    }
    return render(request, "courts/rulebooks/targets/import.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def caps(request: HttpRequest, year_code: str) -> HttpResponse:
    """The caps of a year; POST: take the proposed ones where there are none."""
    year = year_of(request, year_code)
    if request.method == "POST":
        form = ProposeForm(request.POST)
        _kept(request, year_code)
        if form.is_valid():
            _propose_caps(request, year, form.cleaned_data["reason"])
        else:
            messages.error(request, _("请说明原因。"))
        return redirect("courts:caps", year_code)
    page = caps_page(request.user, year)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(target_exports.of_caps(page, year), wanted)
    context = {"area": "targets", "code": year_code, "page": page}
    context |= _waiting(request, year, "caps")
    return render(request, "courts/rulebooks/targets/caps.html", context)


def _propose_caps(request: HttpRequest, year: Any, reason: str) -> None:
    """Put the caps that the rulebook proposes to another person, and say so."""
    try:
        move_proposed_caps(user=account_of(request), year=year, reason=reason)
    except (RuleError, ReturnError) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, MOVED)


@never_cache
@require_http_methods(READ_OR_POST)
def cap(request: HttpRequest, year_code: str, court_code: str) -> HttpResponse:
    """The cap of a court with its history; the office changes it."""
    year = year_of(request, year_code)
    page = caps_page(request.user, year)
    try:
        line = find_cap(page, court_code)
    except NoTargetError as error:
        raise MissingError(str(error)) from error
    start = line if line.cap_cases is not None else line.proposal
    given = {
        "version": line.version,
        "baseline_cases": getattr(start, "baseline_cases", None),
        "reduction_cases": getattr(start, "reduction_cases", None),
    }
    form = CapForm(request.POST or None, initial=given)
    if request.method == "POST":
        _kept(request, year_code)
        if form.is_valid():
            cleaned = dict(form.cleaned_data)
            cleaned["seen_version"] = cleaned.pop("version")
            try:
                move_cap(user=account_of(request), year=year, court=court_code, **cleaned)
            except (RuleError, ReturnError, PermissionDenied) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, MOVED)
                return redirect("courts:caps", year_code)
    context = {
        "area": "targets",
        "code": year_code,
        "page": page,
        "line": line,
        "form": form,
        "changes": cap_history(year, line.court),
    } | _waiting(request, year, "caps")
    return render(request, "courts/rulebooks/targets/cap.html", context)
