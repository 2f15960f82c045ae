"""Owns finding objections to published issues for an account, and what may be objected to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courts import database_clock
from courts.closings.selectors.frozen import read_snapshot
from courts.consultations.selectors.consultations import asked_court
from courts.consultations.selectors.lines import AskedLine, court_lines
from courts.frame.choices import Choice
from courts.models import Bulletin, Court, Objection, ObjectionTerm, QualityYear, User
from courts.permissions import (
    Account,
    may_answer_objection,
    may_object_to_bulletin,
    may_view_objections,
    may_view_restatements,
)
from courts.restatements.selectors.pages import open_restatements
from courts.wording.months import month_name
from courts.years.court_changes import court_label
from scoring.facts import Month

Outcome = Objection.Outcome


class NoObjectionError(LookupError):
    """The year has no such objection or published issue, or it is not for the account."""


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection in words."""

    pk: int
    bulletin: int
    month_name: str
    month: Month
    court: str
    court_name: str
    line: str
    line_label: str
    value: str
    text: str
    by: str
    at: datetime
    outcome: str
    outcome_label: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    case: int | None
    restatement: int | None
    version: int
    is_item: bool
    may_answer: bool
    may_withdraw: bool
    may_see_restatement: bool

    @property
    def is_waiting(self) -> bool:
        return self.outcome == Outcome.WAITING


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """A published issue that the account's court may object to, and until when."""

    pk: int
    title: str
    month_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ObjectionsPage:
    """The objections of a year that the account sees, the latest first."""

    lines: tuple[ObjectionLine, ...]
    issues: tuple[OpenIssue, ...]


@dataclass(frozen=True, slots=True)
class NewObjectionPage:
    """The lines of the account's own court in a published issue that its desk may object to."""

    bulletin: int
    title: str
    month_name: str
    court_name: str
    lines: tuple[AskedLine, ...]
    until: datetime
    is_over: bool
    is_demo: bool


def objections_page(user: Account, year: QualityYear) -> ObjectionsPage:
    """`PermissionDenied` for accounts that neither look after all courts nor sit at a desk."""
    rows = _rows(Objection.objects.filter(bulletin__quality_year=year))
    own = asked_court(user, year)
    if not may_view_objections(user, year):
        if not own:
            raise PermissionDenied(_("异议只供提出的法院、管理部门、领导小组和院党组查看。"))
        rows = rows.filter(court__code=own)
    return ObjectionsPage(
        lines=tuple(_line(user, row) for row in rows),
        issues=open_issues(year) if own else (),
    )


def open_issues(year: QualityYear) -> tuple[OpenIssue, ...]:
    """The published issues of a year whose time for objections is not over. One query."""
    terms = ObjectionTerm.objects.filter(
        bulletin__quality_year=year,
        bulletin__state=Bulletin.State.PUBLISHED,
        bulletin__restated_by__isnull=True,
        until__gt=database_clock.now(),
    ).select_related("bulletin")
    return tuple(
        OpenIssue(
            term.bulletin_id,
            term.bulletin.title,
            month_name(Month(year.year, term.bulletin.month)),
            term.until,
        )
        for term in terms.order_by("bulletin__month")
    )


def find_objection(user: Account, year: QualityYear, pk: int) -> Objection:
    """One objection; `NoObjectionError` where there is none for the account."""
    row = _rows(Objection.objects.filter(bulletin__quality_year=year, pk=pk)).first()
    if row is None or not (
        may_view_objections(user, year) or row.court.code == asked_court(user, year)
    ):
        raise NoObjectionError(_("没有这项异议。请从列表里重新打开。"))
    return row


def objection_line(user: Account, row: Objection) -> ObjectionLine:
    """The objection as its page shows it."""
    return _line(user, row)


def answers_for(row: Objection) -> tuple[Choice, ...]:
    """The restatements that an objection may be answered with. One query."""
    return open_restatements(row.bulletin.quality_year, row.bulletin.month)


def new_objection_page(user: Account, year: QualityYear, pk: int) -> NewObjectionPage:
    """What the account may object to; `NoObjectionError`, or `PermissionDenied` without a desk."""
    bulletin = published_issue(year, pk)
    court = objecting_court(user, year)
    term = ObjectionTerm.objects.filter(bulletin=bulletin).first()
    if term is None:
        raise NoObjectionError(_("没有这份已发布的通报。请从列表里重新打开。"))
    lines = court_lines(read_snapshot(bulletin.snapshot), court.code)
    return NewObjectionPage(
        bulletin=bulletin.pk,
        title=bulletin.title,
        month_name=month_name(Month(year.year, bulletin.month)),
        court_name=court_label(year, court, Month(year.year, bulletin.month)),
        lines=tuple(one for one in lines if may_object_to_bulletin(user, court, one.side)),
        until=term.until,
        is_over=bool(term.until <= database_clock.now()),
        is_demo=bulletin.snapshot.is_demo,
    )


def published_issue(year: QualityYear, pk: int) -> Bulletin:
    """A published issue; `NoObjectionError` for any other."""
    row = (
        Bulletin.objects.filter(quality_year=year, pk=pk, state=Bulletin.State.PUBLISHED)
        .select_related("quality_year__court", "quality_year__edition", "snapshot__quality_year")
        .first()
    )
    if row is None:
        raise NoObjectionError(_("没有这份已发布的通报。请从列表里重新打开。"))
    return row


def objecting_court(user: Account, year: QualityYear) -> Court:
    """The court whose desk the account sits at; `PermissionDenied` for none."""
    if not asked_court(user, year) or not isinstance(user, User) or user.court is None:
        raise PermissionDenied(_("只有法院的填报岗可以提出异议。"))
    return user.court


def _rows(rows: QuerySet[Objection]) -> QuerySet[Objection]:
    return rows.select_related(
        "bulletin__quality_year__court",
        "bulletin__quality_year__edition",
        "bulletin__snapshot__quality_year",
        "court__parent",
        "by",
        "answered_by",
    )


def _line(user: Account, row: Objection) -> ObjectionLine:
    year = row.bulletin.quality_year
    known = {
        one.key: one for one in court_lines(read_snapshot(row.bulletin.snapshot), row.court.code)
    }
    line = known.get(row.line)
    month = Month(year.year, row.bulletin.month)
    is_waiting = row.outcome == Outcome.WAITING
    return ObjectionLine(
        pk=row.pk,
        bulletin=row.bulletin_id,
        month_name=month_name(month),
        month=month,
        court=row.court.code,
        court_name=court_label(year, row.court, month),
        line=row.line,
        line_label=line.label if line else row.line,
        value=line.value if line else "",
        text=row.text,
        by=str(row.by),
        at=row.at,
        outcome=row.outcome,
        outcome_label=str(row.get_outcome_display()),
        answer=row.answer,
        answered_by=str(row.answered_by or ""),
        answered_at=row.answered_at,
        case=row.case_id,
        restatement=row.restatement_id,
        version=row.version,
        is_item=line.is_item if line else False,
        may_answer=is_waiting and may_answer_objection(user, row),
        may_withdraw=is_waiting and row.by_id == user.pk,
        may_see_restatement=may_view_restatements(user, year),
    )
