"""Owns the pages of the year-end acceptance (正文四·3): papers, the package, two signatures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.acceptances.selectors.acceptance import court_acceptance, year_acceptance
from courts.acceptances.services.acceptances import (
    Package,
    archive_of,
    keep_package,
    package_steps,
    sign,
)
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.growing import Steps, growing
from courts.frame.views.posts import account_of, post_only
from courts.permissions import (
    is_another,
    may_make_acceptance,
    may_sign_acceptance,
    may_view_acceptance,
    may_view_accepted_court,
)
from courts.years.acceptances import acceptances_of
from courts.years.views.slots import year_of


@never_cache
@require_safe
def acceptance(request: HttpRequest, year_code: str) -> HttpResponse:
    """All courts, what keeps the year from being signed, the packages and their signatures."""
    year = _viewed(request, year_code)
    packages = acceptances_of(year)
    waiting = next((one for one in packages if one.is_waiting), None)
    user = account_of(request)
    context = {
        "area": "acceptance",
        "code": year_code,
        "page": year_acceptance(year),
        "packages": packages,
        "waiting": waiting,
        "accepted": next((one for one in packages if one.is_accepted), None),
        "may_make": may_make_acceptance(user, year),
        "may_sign": may_sign_acceptance(user, year),
        "signed_by_me": waiting is not None
        and waiting.first_by_pk is not None
        and not is_another(waiting.first_by_pk, user),
    }
    return render(request, "courts/acceptances/acceptance.html", context)


@never_cache
@require_safe
def court(request: HttpRequest, year_code: str, court_code: str) -> HttpResponse:
    """One court's paper, to read and to print."""
    year = year_of(request, year_code)
    if not may_view_accepted_court(request.user, year, court_code):
        raise RefusedError(_("只能查看本院的验收材料。"))
    page = year_acceptance(year)
    own = court_acceptance(page, court_code)
    if own is None:
        raise MissingError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": court_code})
    context = {
        "area": "acceptance",
        "code": year_code,
        "page": page,
        "court": own,
        "sees_all": may_view_acceptance(request.user, year),
    }
    return render(request, "courts/acceptances/acceptance_court.html", context)


@post_only("courts:acceptance", "year_code")
@never_cache
def make(request: HttpRequest, year_code: str) -> Any:
    """Make the package; the answer grows by a line with every file that is done."""
    year = _viewed(request, year_code)
    if not may_make_acceptance(request.user, year):
        raise RefusedError(_("只有管理部门和领导小组可以生成验收材料。"))
    context: dict[str, object] = {"area": "acceptance", "code": year_code}
    steps = _steps(account_of(request), year)
    return growing(request, "courts/acceptances/acceptance_make.html", context, steps)


def _steps(user: Any, year: Any) -> Steps:
    """The files of the package as they are done, and what came of it."""
    steps = package_steps(year)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            package: Package = end.value
            break
        yield step.name, step.done, step.of
    try:
        keep_package(user=user, year=year, package=package)
    except (ReturnError, PermissionDenied) as error:
        return str(error)
    return _("验收材料已生成，等领导小组两人签署。")


@post_only("courts:acceptance", "year_code")
def sign_package(request: HttpRequest, year_code: str) -> HttpResponse:
    """Sign the package of the digest that was shown."""
    year = _viewed(request, year_code)
    if not may_sign_acceptance(request.user, year):
        raise RefusedError(_("只有领导小组成员可以签署年终验收。"))
    try:
        signed = sign(
            user=account_of(request), year=year, digest=str(request.POST.get("digest", ""))
        )
    except ReturnError as error:
        messages.error(request, error.message)
    else:
        said = _("已签署，等领导小组另一人签署。")
        if signed.second_at is not None:
            said = _("两人均已签署，年度验收完成；此后只能通过更正通报改动。")
        messages.success(request, said)
    return redirect("courts:acceptance", year_code)


@never_cache
@require_safe
def archive(request: HttpRequest, year_code: str, number: int) -> HttpResponse:
    """The bytes of a package as they are signed."""
    year = _viewed(request, year_code)
    content = archive_of(year, number)
    if content is None:
        raise MissingError(_("没有这份验收材料。请从列表里重新打开。"))
    name = f"{year.code}-acceptance-{number}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _viewed(request: HttpRequest, year_code: str) -> Any:
    """The year, for those who look at the acceptance of all courts; 403 for others."""
    year = year_of(request, year_code)
    if not may_view_acceptance(request.user, year):
        raise RefusedError(_("只有管理部门、领导小组和院党组可以查看各院的验收材料。"))
    return year
