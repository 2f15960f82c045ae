"""Owns reading the history of figures: who changed which cell, when and why.

Terms: the *audit* is that history across returns, searched by court, person, metric and date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.reasons import reason_told
from courts.frame.remembered import remembered_rows
from courts.models import Court, Figure, QualityYear
from courts.permissions import Account, may_oversee_returns, may_view_returns
from courts.wording.amounts import places_of
from courts.wording.explanations import metric_name, side_label
from courts.years.court_changes import changes_among
from courts.years.selectors.entry_windows import start_of
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month

PAGE = 100


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One write of a cell; `by` is empty for the command line."""

    at: datetime
    by: str
    value: int | None
    version: int
    reason: str
    blank_reason: str


def last_changes(figures: Iterable[int]) -> Mapping[int, HistoryLine]:
    """The last write of each of these figures, by their keys. One query, none for no figure."""
    keys = tuple(figures)
    if not keys:
        return {}

    def write() -> QuerySet[Any, Any]:
        records = Figure.history.filter(id__in=keys)
        # Keys of the history grow with time, which times of a fast machine need not.
        last = records.order_by().values("id").annotate(last=Max("history_id")).values("last")
        found: QuerySet[Any, Any] = Figure.history.filter(history_id__in=last)
        return found.select_related("history_user")

    found = remembered_rows(("last changes", keys), write)
    return {record.id: _line(record) for record in found}


def changes_of(figure: int) -> tuple[HistoryLine, ...]:
    """Every write of a figure, the last one first. One query."""
    records = Figure.history.filter(id=figure).order_by("-history_id")
    return tuple(map(_line, records.select_related("history_user")))


def _line(record: Any) -> HistoryLine:
    return HistoryLine(
        at=record.history_date,
        by=str(record.history_user or ""),
        value=record.value,
        version=record.version,
        reason=reason_told(record.history_change_reason or ""),
        blank_reason=record.blank_reason,
    )


# --- Across returns --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What to look for; what is empty does not narrow the search. Days are included."""

    court: str = ""
    person: str = ""
    metric: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One write of one figure: where, what it was before, what then; who, when and why."""

    at: datetime
    by: str
    court: str
    court_name: str
    month: Month
    side: str
    side_label: str
    metric: str
    label: str
    before: int | None
    after: int | None
    version: int
    reason: str
    is_demo: bool
    places: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """A page of lines, the last write first, of `total` that were found."""

    lines: tuple[AuditLine, ...]
    total: int


def audit(
    user: Account, year: QualityYear, search: AuditSearch, offset: int = 0, limit: int = PAGE
) -> Audit:
    """Writes of the year's figures: of all courts for an office, else of the account's own.

    Three queries, however many were found.
    """
    records = _records(user, year, search)
    listed = courts_of(year)
    courts, changes = {court.pk: court for court in listed}, changes_among(year, listed)
    language = get_language() or ""
    before = Figure.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    page = records.annotate(
        before=Subquery(before.order_by("-history_id").values("value")[:1])
    ).select_related("history_user", "monthly_return")
    lines = []
    for record in page.order_by("-history_id")[offset : offset + limit]:
        row = record.monthly_return
        month = Month(row.year, row.month)
        court = changes.named(courts[row.court_id], month)
        rulebook = rulebook_of(year, month)
        lines.append(
            AuditLine(
                at=record.history_date,
                by=str(record.history_user or ""),
                court=court.code,
                court_name=court.label(language),
                month=month,
                side=row.side,
                side_label=side_label(rulebook, row.side, language),
                metric=record.metric,
                label=metric_name(rulebook, record.metric, language),
                before=record.before,
                after=record.value,
                version=record.version,
                reason=reason_told(record.history_change_reason or ""),
                is_demo=row.is_demo,
                places=places_of(rulebook, [record.metric]),
            )
        )
    return Audit(tuple(lines), records.count())


def _records(user: Account, year: QualityYear, search: AuditSearch) -> QuerySet:
    root = year.court_id
    wanted = Q(
        monthly_return__year=year.year, monthly_return__court__in=Court.objects.of_year(year)
    )
    if not may_oversee_returns(user, year):
        own = getattr(user, "court", None)
        if own is None or root not in (own.pk, own.parent_id) or not may_view_returns(user, own):
            raise PermissionDenied(_("只能查看本院的报表。"))
        wanted &= Q(monthly_return__court=own)
    if search.court:
        wanted &= Q(monthly_return__court__code=search.court)
    if search.person:
        wanted &= Q(history_user__name__icontains=search.person) | Q(
            history_user__username=search.person
        )
    if search.metric:
        wanted &= Q(metric=search.metric)
    if search.since:
        wanted &= Q(history_date__gte=start_of(search.since))
    if search.until:
        wanted &= Q(history_date__lt=start_of(search.until, days_later=1))
    return Figure.history.filter(wanted)
