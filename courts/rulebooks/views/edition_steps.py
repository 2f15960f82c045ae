"""Owns the steps of an edition from draft to force, and the setting up of a year by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.frame.refusals import RuleError
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.rulebooks.forms.editions import EnactForm, NewYearForm, SendBackForm, VersionForm, offer
from courts.rulebooks.selectors.edition_effects import ComparisonError, effect_page
from courts.rulebooks.selectors.editions import differences_page, edition_page, new_year
from courts.rulebooks.services.editions import discard, propose, put_in_force, send_back
from courts.rulebooks.services.new_years import set_up_year
from courts.rulebooks.views.editions import draft_of, edition_of


@post_only("courts:edition", "pk")
def propose_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft to a second person."""
    found, form = draft_of(request, pk), VersionForm(request.POST)
    done = _("已提交。须由没有参与起草的另一人确认生效。")
    _done(
        request, form, lambda given: propose(user=account_of(request), edition=found, **given), done
    )
    return redirect("courts:edition", pk)


@post_only("courts:edition", "pk")
def return_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a proposal back, with a reason."""
    found, form = edition_of(request, pk), SendBackForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        send_back(user=account_of(request), edition=found, **given)

    _done(request, form, act, _("已退回，可以继续修改。"))
    return redirect("courts:edition", pk)


@post_only("courts:edition", "pk")
def discard_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    found, form = draft_of(request, pk), VersionForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        discard(user=account_of(request), edition=found, **given)

    done = _("草案“%(title)s”已删除。") % {"title": found.title}
    if _done(request, form, act, done):
        return redirect("courts:editions")
    return redirect("courts:edition", pk)


@never_cache
@require_http_methods(READ_OR_POST)
def enact(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposal in force from a month on, having seen what it changes."""
    page = edition_page(request.user, edition_of(request, pk))
    if not page.may_enact:
        raise RefusedError(_("生效须由没有参与起草和提交的另一人确认。"))
    if not page.is_proposed:
        return redirect("courts:edition", pk)
    if page.year is None:
        return redirect("courts:new_year", pk)
    given = {"version": page.edition.version, "in_force": page.year.edition_id, "month": 1}
    form = EnactForm(request.POST or None, initial=given)
    if request.method == "POST":

        def act(cleaned: dict[str, Any]) -> None:
            put_in_force(
                user=account_of(request),
                edition=page.edition,
                seen_version=cleaned["seen_version"],
                seen_in_force=cleaned["in_force"],
                month=cleaned["month"],
            )

        if form.is_valid():
            _done(request, form, act, _("已生效。以前的月份仍按原来的版本。"))
            return redirect("courts:edition", pk)
    context = {
        "area": "editions",
        "page": page,
        "edition": page.edition,
        "form": form,
        "differences": differences_page(request.user, page.edition, None),
        "effect": _effect(page.edition),
    }
    return render(request, "courts/rulebooks/editions/enact.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def set_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the year of a proposal: which courts, until which day."""
    page = edition_page(request.user, edition_of(request, pk))
    if not page.may_enact:
        raise RefusedError(_("生效须由没有参与起草和提交的另一人确认。"))
    if page.year is not None or not page.is_proposed:
        return redirect("courts:edition", pk)
    plan = new_year(request.user, page.edition)
    chosen = [court.code for court in plan.courts]
    form = NewYearForm(
        request.POST or None, initial={"version": page.edition.version, "courts": chosen}
    )
    offer(form, "courts", [(court.code, court.name) for court in plan.courts])
    if request.method == "POST" and form.is_valid():

        def act(cleaned: dict[str, Any]) -> None:
            set_up_year(
                user=account_of(request),
                edition=page.edition,
                seen_version=cleaned["seen_version"],
                taking_part=cleaned["courts"],
                deadline_day=cleaned["deadline_day"],
            )

        if _done(request, form, act, _("质量年已设立。请录入目标值和上年数据。")):
            return redirect("courts:targets", page.edition.code)
        return redirect("courts:edition", pk)
    context = {
        "area": "editions",
        "page": page,
        "edition": page.edition,
        "plan": plan,
        "form": form,
    }
    return render(request, "courts/rulebooks/editions/new_year.html", context)


def _effect(edition: Any) -> Any:
    try:
        return effect_page(edition, None)
    except ComparisonError:
        return None


def _done(
    request: HttpRequest, form: VersionForm, act: Callable[[dict[str, Any]], None], said: str
) -> bool:
    """Do what the form asks for and say how it went; whether it was done."""
    if not form.is_valid():
        complaints = [str(text) for errors in form.errors.values() for text in errors]
        messages.error(request, " ".join(complaints))
        return False
    given = dict(form.cleaned_data)
    given["seen_version"] = given.pop("version")
    try:
        act(given)
    except RuleError as error:
        messages.error(request, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    else:
        messages.success(request, said)
        return True
    return False
