"""Owns the pages about registers: all of them, statistics, reconciliation, import and lots."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists
from courts.files.views import bringing
from courts.files.views.bringing import BringStep
from courts.files.waiting import Area
from courts.frame.listing import enumerated
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.registers import exports
from courts.registers.forms.lines import DrawForm, RedrawForm
from courts.registers.selectors.described import register_of
from courts.registers.selectors.lines import court_names, kept_courts, kept_register
from courts.registers.selectors.pages import behind, draws_of, find_draw, overview
from courts.registers.selectors.reconciliation import (
    has_made_lines,
    last_month,
    may_compare,
    reconciled,
)
from courts.registers.selectors.statistics import lessons, statistics
from courts.registers.services import imports
from courts.registers.services.draws import draw_lots, redrawn
from courts.registers.services.lines import looked
from courts.registers.views.places import found, month_in
from courts.wording.months import month_name
from courts.years.selectors.slots import find_month
from courts.years.views.slots import year_of

AREA = "registers"

bodies.FILE_BYTES["courts:register_import"] = 1024 * 1024


@require_safe
def all_registers(request: HttpRequest, year_code: str) -> HttpResponse:
    """The registers of the year."""
    year = year_of(request, year_code)
    context = {
        "area": AREA,
        "code": year_code,
        "cards": found(overview, request.user, year),
        "month": last_month(year),
        "may_compare": may_compare(request.user, year),
        "is_demo": has_made_lines(year),
    }
    return render(request, "courts/registers/all.html", context)


@require_safe
def numbers(request: HttpRequest, year_code: str, register: str) -> HttpResponse:
    """Statistics and lessons of a register, as a page or a file."""
    year = year_of(request, year_code)
    described = found(register_of, year, register)
    month = month_in(request.GET.get("month", ""))
    tables = found(statistics, request.user, year, described, month)
    is_demo = has_made_lines(year)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(
            exports.of_statistics(year, described, tables, is_demo=is_demo), wanted
        )
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "tables": tables,
        "lessons": lessons(year, described),
        "keeps": bool(kept_courts(request.user, year, described)),
        "is_demo": is_demo,
    }
    return render(request, "courts/registers/statistics.html", context)


@require_safe
def reconciliation(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """Figures of a month beside the lines of registers: to look at, print and take away."""
    year = year_of(request, year_code)
    chosen = found(find_month, year, month)
    rows = found(reconciled, request.user, year, chosen.month)
    is_demo = has_made_lines(year)
    wanted = request.GET.get("_export")
    if wanted is not None:
        file = exports.of_reconciliation(year, chosen.month, rows, is_demo=is_demo)
        return lists.response(file, wanted)
    context = {
        "area": AREA,
        "code": year_code,
        "month": str(chosen),
        "month_name": month_name(chosen),
        "months": [
            (f"{year.year}-{number:02}", number, number == chosen.month) for number in range(1, 13)
        ],
        "rows": rows,
        "differing": sum(row.differs for row in rows),
        "is_demo": is_demo,
    }
    return render(request, "courts/registers/reconciliation.html", context)


@never_cache
@require_safe
def cases(
    request: HttpRequest, year_code: str, month: str, court_code: str, item: str
) -> HttpResponse:
    """The cases behind an item of a court in a month."""
    year = year_of(request, year_code)
    chosen = found(find_month, year, month)
    page = found(behind, request.user, year, chosen.month, court_code, item)
    context = {
        "area": AREA,
        "code": year_code,
        "month": str(chosen),
        "month_name": month_name(chosen),
        "number": chosen.month,
        "page": page,
        "is_demo": has_made_lines(year),
    }
    return render(request, "courts/registers/cases.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def bring_in(request: HttpRequest, year_code: str, register: str) -> HttpResponse:
    """A file of lines: choose, look, confirm."""
    year = year_of(request, year_code)
    described, _courts = found(kept_register, request.user, year, register)
    user = account_of(request)
    if not imports.import_courts(user, year, described) or described.register.draw:
        raise RefusedError(_("您的账号不能在这本台账里登记。如果您的工作需要，请联系系统管理员。"))
    brought = bringing.bring_in(
        request,
        area=Area.REGISTERS,
        year=year,
        act=lambda file, apply: imports.import_lines(
            user=user, year=year, described=described, file=file, apply=apply
        ),
    )
    if brought.step is BringStep.TAKEN and brought.outcome:
        messages.success(request, _("已导入%(count)s条。") % {"count": brought.outcome.new})
        return redirect("courts:register", year_code, register)
    if brought.step is BringStep.BACK:
        return redirect("courts:register_import", year_code, register)
    fields = imports.import_fields(user, year, described)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_blank(described, fields), wanted)
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "brought": brought,
        "columns": enumerated(exports.blank_headings(fields)),
        "headings": exports.preview_headings(described),
    }
    return render(request, "courts/registers/import.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def draw(request: HttpRequest, year_code: str, register: str) -> HttpResponse:
    """Draw lots from a list; the draws there were."""
    year = year_of(request, year_code)
    described, courts = found(kept_register, request.user, year, register)
    if not described.register.draw:
        raise RefusedError(_("这本台账不摇号。"))
    names = court_names(year)
    may_draw = bool(imports.import_courts(request.user, year, described))
    form = DrawForm(request.POST if request.method == "POST" else None)
    form.fields["court"].choices = [  # type: ignore[attr-defined]
        (str(pk), names[pk]) for pk in courts
    ]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = found(
                draw_lots,
                user=account_of(request),
                year=year,
                described=described,
                court=courts[int(given["court"])],
                month=given["month"],
                numbers=given["numbers"],
                wanted=given["wanted"],
            )
        except ReturnError as error:
            form.add_error(None, error.message)
        else:
            return redirect("courts:register_drawn", year_code, register, row.pk)
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "form": form if may_draw else None,
        "draws": [(row, names[row.court_id]) for row in draws_of(year, described, list(courts))],
    }
    return render(request, "courts/registers/draw.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def drawn(request: HttpRequest, year_code: str, register: str, pk: int) -> HttpResponse:
    """One draw with seed and list, to print; POST: draw again from a list, which writes nothing."""
    year = year_of(request, year_code)
    described, courts = found(kept_register, request.user, year, register)
    row = found(find_draw, year, register, pk, list(courts))
    form = RedrawForm(request.POST if request.method == "POST" else None)
    again = redrawn(row, form.cleaned_data["numbers"]) if form.is_valid() else None
    if row.numbers:
        looked(user=account_of(request), year=year, register=register, way="list", lines=row.size)
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "row": row,
        "court_name": court_names(year)[row.court_id],
        "redraw": redrawn(row, "\n".join(row.numbers)),
        "form": form,
        "again": again,
    }
    return render(request, "courts/registers/drawn.html", context)
