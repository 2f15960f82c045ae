"""Owns finding special cases (附件1·五) for an account, and what waits for it among them.

A desk finds those of its own court, whoever verifies, leads or decides those of all. Never scores.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.choices import Choice
from courts.frame.remembered import remembered_rows
from courts.models import (
    CaseAttachment,
    CaseVerification,
    Court,
    MonthlyReturn,
    QualityYear,
    SpecialCase,
    User,
)
from courts.permissions import (
    Account,
    case_courts,
    case_offices,
    is_another,
    may_apply_case,
    may_decide_case,
    may_decide_cases,
    may_view_case,
    may_view_cases,
    may_withdraw_case,
    offices_of,
    sees_all_cases,
)
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.court_changes import court_changes_of, court_label
from courts.years.selectors.entry_windows import start_of
from courts.years.selectors.metrics import item_names
from courts.years.selectors.years import courts_of, rulebook_of, sides_of
from scoring.facts import Month
from scoring.rounding import to_text

State = SpecialCase.State


class NoCaseError(LookupError):
    """There is no such application in the year, or it has no such file."""


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """What a list of applications is narrowed to; empty does not narrow it."""

    state: str = ""
    court: str = ""
    item: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One application as a list shows it. `waits` says that the account has to act on it."""

    pk: int
    court: str
    court_name: str
    item: str
    item_label: str
    month: Month
    month_name: str
    side_label: str
    state: str
    state_label: str
    applied_by: str
    applied_at: datetime
    due_on: date | None
    due_until: datetime | None
    is_overdue: bool
    computed: str
    points: str
    meeting: str
    meeting_on: date | None
    reasons: str
    closing_note: str
    waits: bool


@dataclass(frozen=True, slots=True)
class CasesPage:
    """The applications an account sees, and what they can be narrowed to."""

    lines: tuple[CaseLine, ...]
    total: int
    waiting: int
    overdue: int
    may_apply: bool
    decides: bool
    states: tuple[Choice, ...]
    courts: tuple[Choice, ...]
    items: tuple[Choice, ...]
    sides: tuple[Choice, ...]


def cases_page(user: Account, year: QualityYear, search: CaseSearch) -> CasesPage:
    """The list of a year. `PermissionDenied` for accounts that may not see cases."""
    rows = list(_seen(user, year))
    lines = case_lines(user, year, rows)
    language = get_language() or ""
    return CasesPage(
        lines=tuple(
            line
            for line, row in zip(lines, rows, strict=True)
            if search.state in ("", line.state)
            and search.court in ("", line.court)
            and search.item in ("", line.item)
            and search.side in ("", row.side)
        ),
        total=len(lines),
        waiting=sum(line.waits for line in lines),
        overdue=sum(line.is_overdue for line in lines),
        may_apply=may_apply_any(user, year),
        decides=may_decide_cases(user, year),
        states=tuple(Choice(one.value, str(one.label), one.value == search.state) for one in State),
        courts=tuple(
            Choice(court.code, court.label(language), court.code == search.court)
            for court in (courts_of(year) if sees_all_cases(user, year) else [])
        ),
        items=tuple(
            Choice(code, label, code == search.item)
            for code, label in item_names(year, language).items()
        ),
        sides=tuple(
            Choice(side.value, side_label(rulebook_of(year), side), side.value == search.side)
            for side in sides_of(year)
        ),
    )


def court_cases(user: Account, year: QualityYear, court: int) -> tuple[CaseLine, ...]:
    """The applications of one court, latest first; none for an account that sees none of it."""
    if not (sees_all_cases(user, year) or court in case_courts(user, year)):
        return ()
    rows = (row for row in held_cases(court) if row.quality_year_id == year.pk)
    return tuple(case_lines(user, year, rows))


def held_cases(court: int) -> tuple[SpecialCase, ...]:
    """All applications of a court, by its key, the latest first. Three queries at most."""

    def write() -> QuerySet[SpecialCase]:
        return _with_people(SpecialCase.objects.filter(court=court))

    return tuple(remembered_rows(("cases of", court), write))


def find_case(user: Account, year: QualityYear, pk: int) -> SpecialCase:
    """The application; `NoCaseError`, or `PermissionDenied` when it is another court's."""
    row = _rows(year).select_related("quality_year__court", "court__parent").filter(pk=pk).first()
    if row is None:
        raise NoCaseError(_("没有这份申请。"))
    if not may_view_case(user, row):
        raise PermissionDenied(_("只能查看本院的申请。"))
    if not court_changes_of(year).is_assessed(row.court_id, Month(year.year, row.month)):
        raise NoCaseError(_("法院变动以后，这个月不再考核该院；申请随之失效。"))
    return row


def find_file(
    user: Account, year: QualityYear, pk: int, file: int
) -> tuple[str, CaseAttachment.Kind, bytes]:
    """Name, kind and bytes of a file that came with an application."""
    row = find_case(user, year, pk).attachments.filter(pk=file).first()
    if row is None:
        raise NoCaseError(_("这份申请没有这个附件。"))
    return row.name, CaseAttachment.Kind(row.kind), bytes(row.content)


def precedents(year: QualityYear, item: str, but: int) -> list[SpecialCase]:
    """What the party group decided on the item before, in every year of the prefecture."""
    decided = (State.DECIDED, State.DECLINED, State.REVOKED)
    rows = SpecialCase.objects.filter(
        quality_year__court=year.court_id, item=item, state__in=decided
    )
    return list(
        rows.exclude(pk=but)
        .select_related("court", "quality_year", "closed_by")
        .order_by("-meeting_on", "-pk")
    )


def case_days_sentence(before: int | None, after: int | None) -> str:
    """What a change of the days for verifying came to."""
    values = {"before": before, "after": after}
    if after is None:
        return _("核实期限（%(before)s天）已取消，以后的申请没有期限。") % values
    if before is None:
        return _("核实期限已设为%(after)s天，以后的申请按它计算。") % values
    return _("核实期限已由%(before)s天改为%(after)s天，以后的申请按它计算。") % values


def may_apply_any(user: Account, year: QualityYear) -> bool:
    """Whether the account sits at a desk that can apply in this year."""
    return bool(case_courts(user, year))


def case_lines(
    user: Account, year: QualityYear, rows: Iterable[SpecialCase]
) -> tuple[CaseLine, ...]:
    """Applications with names in the active language."""
    today = database_clock.today()
    return tuple(_line(user, year, row, today) for row in rows)


def rest_on_made_figures(year: QualityYear, lines: Iterable[CaseLine]) -> bool:
    """Whether a court and month that an application is about has made-up figures. One query."""
    made = MonthlyReturn.objects.filter(year=year.year, is_demo=True)
    places = set(made.values_list("court__code", "month"))
    return any((line.court, line.month.month) in places for line in lines)


def _seen(user: Account, year: QualityYear) -> QuerySet[SpecialCase]:
    if not may_view_cases(user, year):
        raise PermissionDenied(_("单独评分申请只供申请的法院、管理部门、领导小组和院党组查看。"))
    rows = _rows(year)
    if sees_all_cases(user, year):
        return rows
    return rows.filter(court__in=case_courts(user, year))


def _rows(year: QualityYear) -> QuerySet[SpecialCase]:
    return _with_people(
        SpecialCase.objects.filter(quality_year=year, court__in=Court.objects.of_year(year))
    )


def _with_people(rows: QuerySet[SpecialCase]) -> QuerySet[SpecialCase]:
    return rows.select_related(
        "quality_year__court", "court__parent", "applied_by", "closed_by"
    ).prefetch_related("verifications__by")


def _line(user: Account, year: QualityYear, row: SpecialCase, today: date) -> CaseLine:
    language = get_language() or ""
    month = Month(year.year, row.month)
    rulebook = rulebook_of(year, month)
    item = rulebook.item_by_code.get(row.item)
    return CaseLine(
        pk=row.pk,
        court=row.court.code,
        court_name=court_label(year, row.court, month),
        item=row.item,
        item_label=row.item if item is None else item.label.get(language),
        month=month,
        month_name=month_name(month),
        side_label=side_label(rulebook, row.side, language),
        state=row.state,
        state_label=row.get_state_display(),
        applied_by=str(row.applied_by),
        applied_at=row.applied_at,
        due_on=row.due_on,
        due_until=start_of(row.due_on, days_later=1) if row.due_on else None,
        is_overdue=row.state == State.APPLIED and row.due_on is not None and row.due_on < today,
        computed="" if row.computed is None else to_text(row.computed),
        points="" if row.points is None else to_text(row.points),
        meeting=row.meeting,
        meeting_on=row.meeting_on,
        reasons=row.reasons,
        closing_note=row.closing_note,
        waits=_waits(user, row),
    )


def _waits(user: Account, row: SpecialCase) -> bool:
    given = list(row.verifications.all())
    if row.state == State.APPLIED:
        return bool(open_offices(user, row, given))
    if row.state == State.VERIFIED:
        return may_decide_case(user, row, frozenset(one.by_id for one in given))
    return False


def open_offices(
    user: Account, row: SpecialCase, given: Iterable[CaseVerification]
) -> tuple[str, ...]:
    """For which offices the account can still give its word: one person speaks for one office."""
    words = list(given)
    if not isinstance(user, User) or row.state != State.APPLIED:
        return ()
    if not all(is_another(one.by_id, user) for one in words):
        return ()
    spoken = {one.office for one in words}
    offices = case_offices(user, row)
    year = row.quality_year
    wanted = offices_of(rulebook_of(year, Month(year.year, row.month)))
    return tuple(one for one in wanted if one in offices - spoken)


def may_act(user: Account, row: SpecialCase) -> tuple[bool, bool, bool]:
    """Whether the account may withdraw, decide, and revoke the application as it stands."""
    verifiers = frozenset(one.by_id for one in row.verifications.all())
    decides = may_decide_case(user, row, verifiers)
    return (
        row.state in SpecialCase.WAITING and may_withdraw_case(user, row),
        row.state == State.VERIFIED and decides,
        row.state == State.DECIDED and decides,
    )


def may_apply_anew(user: Account, row: SpecialCase) -> bool:
    """Whether the account may apply again, now that the application came to nothing."""
    ended = row.state not in SpecialCase.STANDING
    return ended and may_apply_case(user, row.court, row.side)
