"""Owns what the pages of registers gather: the overview, and the cases behind one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.models import Court, QualityYear, RegisterDraw, RegisterLine
from courts.permissions import Account, may_supervise, may_view_actions, may_view_counts
from courts.registers.selectors.causes import CauseCount, causes_for
from courts.registers.selectors.described import Described, NoRegisterError, registers_of
from courts.registers.selectors.lines import kept_courts
from courts.registers.selectors.reconciliation import ReconciledRow, reconciled
from courts.registers.selectors.statistics import Lesson, check_views, lessons
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class RegisterCard:
    """One register on the overview; counts are of the lines that the account keeps."""

    described: Described
    keeps: bool
    lines: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an item of a court: figures and lines, causes, and lessons.

    Where `keeps` is false, causes are those of the whole register and year, small numbers of them
    kept back (`causes_for`).
    """

    court: Court
    court_name: str
    item: str
    label: str
    rows: tuple[ReconciledRow, ...]
    metrics: tuple[str, ...]
    registers: tuple[Described, ...]
    keeps: bool
    causes: tuple[CauseCount, ...]
    lessons: tuple[Lesson, ...]
    may_order: bool
    may_view_actions: bool

    @property
    def cause(self) -> str:
        """The code of the commonest cause; empty while none is known, or none may be told."""
        return next((one.code for one in self.causes if one.code and one.count), "")


def overview(user: Account, year: QualityYear) -> list[RegisterCard]:
    """The registers of the year. A constant number of queries, two more for each register kept."""
    check_views(user, year)
    today, cards = database_clock.today(), []
    registers = registers_of(year)
    kept = {one.code: [court.pk for court in kept_courts(user, year, one)] for one in registers}
    counted = {
        code: (lines, overdue)
        for code, lines, overdue in RegisterLine.objects.filter(quality_year=year)
        .filter(
            Q(pk__in=[])
            | Q.create(
                [Q(register=code, court__in=courts) for code, courts in kept.items() if courts],
                connector=Q.OR,
            )
        )
        .order_by()
        .values_list("register")
        .annotate(lines=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    }
    for one in registers:
        lines, overdue = counted.get(one.code, (0, 0))
        cards.append(RegisterCard(one, bool(kept[one.code]), lines, overdue))
    return cards


def behind(user: Account, year: QualityYear, month: int, court_code: str, item_code: str) -> Behind:
    """The cases behind an item; `NoRegisterError` where no register counts any of its figures."""
    check_views(user, year)
    rulebook = rulebook_of(year, Month(year.year, month))
    item = rulebook.item_by_code.get(item_code)
    courts = Court.objects.in_month(year, month).select_related("parent")
    court = courts.filter(code=court_code).first()
    if item is None or court is None:
        raise NoRegisterError(_("没有这个考核项或法院。"))
    metrics = item.metrics
    registers = [one for one in registers_of(year) if set(metrics) & set(one.register.metrics)]
    counted = tuple(
        metric for metric in metrics if any(metric in one.register.metrics for one in registers)
    )
    if not registers:
        raise NoRegisterError(_("没有台账记录这一项的案件。"))
    may_see = may_view_counts(user, year, court.code)
    keeps = all(
        court.pk in {one.pk for one in kept_courts(user, year, described)}
        for described in registers
    )
    rows = _reconciled(user, year, month, court, counted) if may_see else []
    causes = causes_for(user, year, court, counted, month)
    return Behind(
        court=court,
        court_name=court.label(get_language() or ""),
        item=item_code,
        label=item.label.get(get_language() or ""),
        rows=tuple(rows),
        metrics=counted,
        registers=tuple(registers),
        keeps=keeps,
        causes=tuple(causes),
        may_order=may_supervise(user, year, item.side.value),
        may_view_actions=may_view_actions(user, year),
        lessons=tuple(dict.fromkeys(lesson for one in registers for lesson in lessons(year, one))),
    )


def _reconciled(
    user: Account, year: QualityYear, month: int, court: Court, metrics: Sequence[str]
) -> list[ReconciledRow]:
    try:
        rows = reconciled(user, year, month, [court])
    except PermissionDenied:
        return []
    return [row for row in rows if row.metric in metrics]


def draws_of(year: QualityYear, described: Described, courts: Sequence[int]) -> list[RegisterDraw]:
    """The draws of a register, the latest first. One query."""
    rows = RegisterDraw.objects.filter(quality_year=year, register=described.code, court__in=courts)
    return list(rows.select_related("court", "by").defer("numbers")[:200])


def find_draw(year: QualityYear, code: str, pk: int, courts: Sequence[int]) -> RegisterDraw:
    """A draw of these courts; `NoRegisterError` for any other."""
    row = (
        RegisterDraw.objects.filter(quality_year=year, register=code, pk=pk, court__in=courts)
        .select_related("court", "by")
        .first()
    )
    if row is None:
        raise NoRegisterError(_("没有这次摇号。请从列表里重新打开。"))
    return row
