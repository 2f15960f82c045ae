"""Owns the pages of accounts: the list of who may do what, a file of accounts, one account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.accounts.exports import of_accounts, of_blank
from courts.accounts.forms.lives import ReviewForm, closing_form, proposals_form
from courts.accounts.resources import AccountImport
from courts.accounts.selectors.accounts import (
    NoAccountError,
    account_page,
    accounts_page,
    find_account,
    find_handover,
    find_successor,
    proposable_labels,
)
from courts.accounts.selectors.coming_sides import coming_sides
from courts.accounts.services import lives
from courts.accounts.services.lists import make_proposed, refuse_proposed, renew_password
from courts.files import lists
from courts.files.views.bringing import BringStep, bring_in
from courts.files.waiting import Area
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, refusals_told
from courts.permissions import (
    may_make_accounts,
    may_propose_accounts,
    may_review_accounts,
    may_view_accounts,
)

AREA = "accounts"


def _slips(request: HttpRequest, slips: Any) -> HttpResponse:
    """One-time passwords to print, told this once."""
    return render(request, "courts/accounts/slips.html", {"area": AREA, "slips": slips})


@never_cache
@require_http_methods(READ_OR_POST)
def accounts(request: HttpRequest) -> HttpResponse:
    """Who may do what; POST: make or refuse what offices propose, or sign that one looked."""
    if not may_view_accounts(request.user):
        raise RefusedError(_("只有系统管理员、两个办公室和领导小组可以查看账号。"))
    page = accounts_page(request.user)
    if "_export" in request.GET:
        return lists.response(of_accounts(page), request.GET["_export"])
    reviewing = request.POST.get("act") == "review"
    form = ReviewForm(request.POST if reviewing else None)
    if request.method == "POST":
        answer: HttpResponse | None = redirect("courts:accounts")
        with refusals_told(request):
            answer = _decided(request, page) if not reviewing else _reviewed(request, form)
        if answer is not None:
            return answer
    context = {
        "area": AREA,
        "page": page,
        "form": form,
        "may_make": may_make_accounts(request.user),
        "may_propose": may_propose_accounts(request.user),
        "may_review": may_review_accounts(request.user),
        "coming": coming_sides(request.user),
    }
    return render(request, "courts/accounts/accounts.html", context)


def _reviewed(request: HttpRequest, form: ReviewForm) -> HttpResponse | None:
    if not form.is_valid():
        if not may_review_accounts(request.user):
            raise RefusedError(_("只有两个办公室和领导小组可以核对账号；建立账号的人不核对自己。"))
        return None
    lives.review_accounts(user=account_of(request), **form.cleaned_data)
    messages.success(request, _("已记录这次核对。"))
    return redirect("courts:accounts")


def _decided(request: HttpRequest, page: Any) -> HttpResponse:
    if not may_make_accounts(request.user):
        raise RefusedError(_("只有系统管理员可以建立账号，提出人除外。"))
    form = proposals_form([line.pk for line in page.proposals], request.POST)
    if not form.is_valid():
        raise ReturnError(_("请勾选申请。"))
    user, keys = account_of(request), form.cleaned_data["proposals"]
    if request.POST.get("act") == "make":
        return _slips(request, make_proposed(user=user, proposals=keys))
    refuse_proposed(user=user, proposals=keys, reason=form.cleaned_data["reason"])
    messages.success(request, _("已记录：不同意这些申请。"))
    return redirect("courts:accounts")


@never_cache
@require_http_methods(READ_OR_POST)
def accounts_import(request: HttpRequest) -> HttpResponse:
    """A file of accounts: choose, look, confirm; what was made is told on slips."""
    makes = may_make_accounts(request.user)
    if not makes and not may_propose_accounts(request.user):
        raise RefusedError(_("只有系统管理员和两个办公室可以导入账号。"))
    if "_export" in request.GET:
        return lists.response(of_blank(), request.GET["_export"])
    resource = AccountImport()
    brought = bring_in(
        request,
        area=Area.ACCOUNTS,
        act=lambda file, apply: resource.outcome(file=file, user=account_of(request), apply=apply),
    )
    if brought.step is BringStep.TAKEN and resource.slips:
        return _slips(request, resource.slips)
    if brought.step is BringStep.TAKEN and brought.outcome is not None and not makes:
        text = _("已提出%(count)s个账号，等系统管理员建立。") % {"count": brought.outcome.new}
        messages.success(request, text)
        return redirect("courts:accounts")
    if brought.step is not BringStep.LOOK:
        return redirect("courts:accounts_import")
    context = {
        "area": AREA,
        "brought": brought,
        "columns": ",".join(resource.columns),
        "headings": resource.headings,
        "makes": makes,
        "desks": proposable_labels(request.user),
        "coming": coming_sides(request.user),
        "confirm_label": "" if makes else _("提出这些账号"),
    }
    return render(request, "courts/accounts/import.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account; POST: confirm it, give it a new one-time password, close it."""
    try:
        found = find_account(request.user, pk)
    except NoAccountError as error:
        raise MissingError(str(error)) from error
    page = account_page(request.user, found)
    act = request.POST.get("act", "")
    form = closing_form(page.successors, request.POST if act == "close" else None)
    if request.method == "POST":
        answer: HttpResponse | None = redirect("courts:account", pk)
        with refusals_told(request):
            answer = _acted(request, found, act, form)
        if answer is not None:
            return answer
    context = {
        "area": AREA,
        "page": page,
        "form": form,
        "left": lives.left_open(found) if page.may_close else (),
    }
    return render(request, "courts/accounts/account.html", context)


def _acted(request: HttpRequest, found: Any, act: str, form: Any) -> HttpResponse | None:
    user = account_of(request)
    if act == "confirm":
        lives.confirm_account(user=user, account=found)
        messages.success(request, _("已确认：账号在本人手里。"))
    elif act == "slip":
        return _slips(request, (renew_password(user=user, account=found),))
    elif act == "close":
        if not may_make_accounts(request.user):
            raise RefusedError(_("只有本地区的系统管理员可以停用别人的账号。"))
        if not form.is_valid():
            return None
        try:
            successor = find_successor(found, form.cleaned_data["successor"])
        except NoAccountError as error:
            raise MissingError(str(error)) from error
        lives.close_account(
            user=user, account=found, reason=form.cleaned_data["reason"], successor=successor
        )
        messages.success(request, _("账号已停用，立即生效。"))
    return redirect("courts:account", found.pk)


@never_cache
@require_http_methods(READ_OR_POST)
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody left open; POST: the successor has taken over."""
    try:
        found = find_handover(request.user, pk)
    except NoAccountError as error:
        raise MissingError(str(error)) from error
    if request.method == "POST":
        with refusals_told(request):
            lives.take_over(user=account_of(request), handover=found)
        return redirect("courts:handover", pk)
    own = found.successor_id == account_of(request).pk
    context = {"area": AREA, "row": found, "is_own": own}
    return render(request, "courts/accounts/handover.html", context)
