"""Owns the list of a year's consultations, and the closed months that nobody was asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from courts.consultations.selectors.consultations import (
    ConsultationLine,
    NoConsultationError,
    asked_court,
    consultations_of,
)
from courts.consultations.selectors.terms import terms_of
from courts.models import Bulletin, Court, QualityYear, Snapshot
from courts.permissions import (
    Account,
    may_open_consultation,
    may_oversee_returns,
    may_set_terms,
)
from courts.wording.explanations import listed_sides
from courts.wording.months import month_name
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class UnaskedMonth:
    """A closed month that is neither published nor asked about."""

    snapshot: int
    month_name: str
    sides_label: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class ConsultationsPage:
    """The consultations an account sees; `own` is its court's code where it sits at a desk.

    `days` are the calendar days that courts have to answer; 0: they are not asked.
    """

    lines: tuple[ConsultationLine, ...]
    unasked: tuple[UnaskedMonth, ...]
    own: str
    days: int
    oversees: bool
    may_set_terms: bool


def consultations_page(user: Account, year: QualityYear) -> ConsultationsPage:
    """`PermissionDenied` for accounts that neither oversee the year nor sit at a desk."""
    oversees, own = may_oversee_returns(user, year), asked_court(user, year)
    if not oversees and not own:
        raise PermissionDenied(_("征求意见只供有关法院、管理部门和领导小组查看。"))
    return ConsultationsPage(
        lines=consultations_of(year),
        unasked=tuple(_unasked(user, year)) if oversees else (),
        own="" if oversees else own,
        days=terms_of(year).consultation_days,
        oversees=oversees,
        may_set_terms=may_set_terms(user, year),
    )


def standing_snapshots(years: Collection[QualityYear]) -> QuerySet[Snapshot]:
    """Closed months that count, in order: `consultation`, if any, and whether an issue tells of it.

    One query, without the snapshots' texts.
    """
    issues = Bulletin.objects.filter(snapshot=OuterRef("pk"), state__in=Bulletin.STANDING)
    rows = Snapshot.objects.standing().filter(quality_year__in=years)
    rows = rows.defer("text").select_related("consultation").annotate(has_issue=Exists(issues))
    return rows.order_by("quality_year_id", "month", "number")


def unasked_snapshots(standing: Iterable[Snapshot]) -> list[Snapshot]:
    """Of `standing_snapshots` months of real figures that were neither published nor asked about.

    A side that was closed first is asked about with the other, once both are in one snapshot.
    """
    known = [row for row in standing if row.restates_id is None and not row.is_demo]
    return [
        row
        for row in known
        if row.published_at is None
        and not hasattr(row, "consultation")
        and not any(other.is_wider_than(row) for other in known)
    ]


def _unasked(user: Account, year: QualityYear) -> list[UnaskedMonth]:
    found = []
    for row in unasked_snapshots(standing_snapshots([year])):
        month = Month(year.year, row.month)
        rulebook = rulebook_of(year, month)
        found.append(
            UnaskedMonth(
                snapshot=row.pk,
                month_name=month_name(month),
                sides_label=listed_sides(rulebook, row.side_codes),
                may_open=may_open_consultation(user, year, frozenset(row.side_codes)),
            )
        )
    return found


def find_snapshot(user: Account, year: QualityYear, pk: int) -> Snapshot:
    """A snapshot of the year for who oversees it; `NoConsultationError` for none."""
    row = Snapshot.objects.filter(quality_year=year, pk=pk).select_related("quality_year").first()
    if row is None or not may_oversee_returns(user, year):
        raise NoConsultationError(_("没有这个月的关账快照。"))
    return row


def consultation_court(year: QualityYear, code: str) -> Court:
    """A court of the year; `NoConsultationError` for none."""
    row = Court.objects.of_year(year).select_related("parent").filter(code=code).first()
    if row is None:
        raise NoConsultationError(_("这次征求意见不涉及这个法院。请另选法院。"))
    return row
