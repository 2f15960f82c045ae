"""Owns the page of a year's changes: what there was, what waits, what a form chooses from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from courts.changes.selectors.plans import Kind, baseline_of, open_months
from courts.frame.choices import Choice
from courts.models import Court, CourtChange, Motion, QualityYear
from courts.models.courts import NO_NAMES, Names, label_of
from courts.permissions import Account, may_change_courts, may_view_motions
from courts.wording.explanations import metric_name
from courts.wording.months import month_name
from courts.years.court_changes import court_label
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: whose, what, from when, by which document, and who made it; names of then."""

    kind_label: str
    code: str
    court: str
    becomes: str
    other_code: str
    month: Month
    document: str
    decided_on: date
    moved_by: str
    confirmed_by: str
    motion: int

    @property
    def from_month(self) -> str:
        """The month it holds from, in words."""
        return month_name(self.month)


@dataclass(frozen=True, slots=True)
class ShareField:
    """One figure of the year before that a split divides."""

    metric: str
    label: str
    value: int
    places: int = 0


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The year's changes, and the form for the kind, court and month that were chosen."""

    lines: tuple[ChangeLine, ...]
    waiting: tuple[int, ...]
    opens_motions: bool
    may_change: bool
    kind: str
    kind_label: str
    kinds: tuple[Choice, ...]
    courts: tuple[Choice, ...]
    others: tuple[Choice, ...]
    months: tuple[Choice, ...]
    court: str
    court_name: str
    names: Names
    from_month: int
    month_name: str
    baseline_year: int
    shares: tuple[ShareField, ...]


def change_page(user: Account, year: QualityYear, chosen: Any) -> ChangePage:
    """The page; `chosen` names a kind, a court and a month as an address or a form does."""
    language = get_language() or ""
    months = open_months(year)
    numbers = {str(one.month): one for one in months}
    month = numbers.get(chosen.get("from_month", ""), months[0] if months else None)
    may = may_change_courts(user, year) and month is not None
    courts = list(_courts(year, month)) if may and month else []
    kind = chosen.get("kind", "") if chosen.get("kind") in Kind.values else ""
    court = next((one for one in courts if one.code == chosen.get("court")), None)
    shown = kind if court is not None else ""
    waiting = Motion.objects.filter(
        quality_year=year, kind=Motion.Kind.COURTS, state=Motion.State.WAITING
    )
    return ChangePage(
        lines=tuple(_lines(year, language)),
        waiting=tuple(waiting.values_list("pk", flat=True)),
        opens_motions=may_view_motions(user, year),
        may_change=may,
        kind=shown,
        kind_label=str(Kind(shown).label) if shown else "",
        kinds=tuple(Choice(one.value, str(one.label), one.value == kind) for one in Kind),
        courts=tuple(Choice(one.code, one.label(language), one is court) for one in courts),
        others=tuple(
            Choice(one.code, one.label(language), one.code == chosen.get("other"))
            for one in courts
            if court is not None and one is not court and one.level == court.level
        ),
        months=tuple(Choice(str(one.month), month_name(one), one == month) for one in months),
        court=court.code if court else "",
        court_name=court.label(language) if court else "",
        names=court.names if court else NO_NAMES,
        from_month=month.month if month else 0,
        month_name=month_name(month) if month else "",
        baseline_year=rulebook_of(year).baseline_year,
        shares=_shares(year, month, court) if shown == Kind.SPLIT and month and court else (),
    )


def _courts(year: QualityYear, month: Month) -> Any:
    return Court.objects.in_month(year, month.month)


def _shares(year: QualityYear, month: Month, court: Court) -> tuple[ShareField, ...]:
    rulebook = rulebook_of(year, month)
    found = baseline_of(year, month, court)
    return tuple(
        ShareField(code, metric_name(rulebook, code), found[code], metric.places)
        for code, metric in rulebook.metrics.items()
        if code in found
    )


def _lines(year: QualityYear, language: str) -> Any:
    rows = CourtChange.objects.filter(quality_year=year).select_related(
        "court", "other", "motion__moved_by", "motion__decided_by"
    )
    for row in rows:
        month = Month(year.year, row.from_month)
        court = court_label(year, row.court, month)
        becomes = court_label(year, row.other, month) if row.other else ""
        if row.kind == Kind.RENAMED:
            becomes, court = court, label_of(row.old_names, language)
        yield ChangeLine(
            kind_label=row.get_kind_display(),
            code=row.court.code,
            court=court,
            becomes=becomes,
            other_code=row.other.code if row.other else "",
            month=month,
            document=row.document,
            decided_on=row.decided_on,
            moved_by=str(row.motion.moved_by),
            confirmed_by=str(row.motion.decided_by or ""),
            motion=row.motion_id,
        )
