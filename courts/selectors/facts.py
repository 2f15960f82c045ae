"""Owns turning returns, figures and targets into what the engine may know of a court.

A constant number of queries, whatever the number of courts and months. Figures of the baseline
year come from that year's returns of the same courts, filtered by the same basis. A return that is
open for changes after it was verified counts as it was verified. Never scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from courts.models import AppraisalTarget, Figure, MonthlyReturn, QualityYear
from courts.models.returns import ReturnQuerySet
from courts.permissions import Basis
from courts.selectors.years import CourtRow, courts_of, rulebook_of
from scoring.facts import CourtFacts, Month

DEMO_DOCUMENT = "演示数据"
YEAR_END = 12
# The states in which the figures of a return count as they stand.
STATES = {
    Basis.VERIFIED: MonthlyReturn.VERIFIED_STATES,
    Basis.REPORTED: MonthlyReturn.REPORTED_STATES,
}

_NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The courts of a year, their facts by month, and whose facts hold made-up figures."""

    courts: tuple[CourtRow, ...]
    facts: Mapping[Month, list[CourtFacts]]
    demo: Mapping[Month, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Targets:
    """The appraisal targets by item, for all courts, by level and by court."""

    general: Mapping[str, Decimal]
    by_level: Mapping[str, Mapping[str, Decimal]]
    by_court: Mapping[int, Mapping[str, Decimal]]
    any_demo: bool

    def of(self, court: CourtRow) -> Mapping[str, Decimal]:
        """The narrowest targets: the court's own, else its level's, else those for all."""
        return {
            **self.general,
            **self.by_level.get(court.level.value, {}),
            **self.by_court.get(court.pk, {}),
        }


def facts_of_months(
    year: QualityYear, months: Iterable[Month], basis: str = Basis.VERIFIED
) -> Mapping[Month, list[CourtFacts]]:
    """The facts of every court of the year, in the order of the notice, for each month."""
    return gather(year, months, basis).facts


def gather(year: QualityYear, months: Iterable[Month], basis: str = Basis.VERIFIED) -> Gathered:
    """The facts of each month with the courts they are of. Four queries."""
    wanted = tuple(dict.fromkeys(months))
    baseline_year = rulebook_of(year).baseline_year
    courts = courts_of(year)
    targets = _targets(year)
    figures, demo = _figures(year, basis, _periods(wanted, baseline_year))

    facts: dict[Month, list[CourtFacts]] = {}
    demo_courts: dict[Month, frozenset[str]] = {}
    own_targets = {court.pk: targets.of(court) for court in courts}
    for month in wanted:
        same = Month(baseline_year, month.month)
        annual = Month(baseline_year, YEAR_END)
        facts[month] = [
            CourtFacts(
                court=court.code,
                level=court.level,
                current=figures.get((court.pk, *month), _NOTHING),
                baseline_month=figures.get((court.pk, *same), _NOTHING),
                baseline_annual=figures.get((court.pk, *annual), _NOTHING),
                targets=own_targets[court.pk],
            )
            for court in courts
        ]
        demo_courts[month] = frozenset(
            court.code
            for court in courts
            if targets.any_demo
            or any((court.pk, *period) in demo for period in (month, same, annual))
        )
    return Gathered(tuple(courts), facts, demo_courts)


def months_with_figures(year: QualityYear, basis: str = Basis.VERIFIED) -> list[Month]:
    """The months of the quality year that any court has figures for, in order. One query."""
    figures = Figure.objects.reported().filter(monthly_return=OuterRef("pk"))
    live = Q(state__in=STATES[Basis(basis)])
    months = (
        returns_of(year, basis)
        .filter(year=year.year)
        .filter((live & Exists(figures)) | (~live & ~Q(verified_figures={})))
        .values_list("month", flat=True)
        .distinct()
        .order_by("month")
    )
    return [Month(year.year, month) for month in months]


def returns_of(year: QualityYear, basis: str) -> ReturnQuerySet:
    """The returns of the year's courts that count on a basis; of any month, unordered."""
    root = year.court_id
    returns: ReturnQuerySet = MonthlyReturn.objects.filter(
        Q(court=root) | Q(court__parent=root)
    ).order_by()
    return returns.reported() if Basis(basis) is Basis.REPORTED else returns.verified()


def _periods(months: Iterable[Month], baseline_year: int) -> Q:
    """The months themselves, the same months of the baseline year, and its December."""
    current: dict[int, set[int]] = defaultdict(set)
    for month in months:
        current[month.year].add(month.month)
        current[baseline_year].update((month.month, YEAR_END))
    wanted = Q(pk__in=[])
    for number, numbers in current.items():
        wanted |= Q(year=number, month__in=numbers)
    return wanted


def _figures(
    year: QualityYear, basis: str, periods: Q
) -> tuple[dict[tuple[int, int, int], dict[str, int]], set[tuple[int, int, int]]]:
    """Reported figures by court, year and month, both sides together; and which are made up."""
    returns = returns_of(year, basis).filter(periods)
    figures: dict[tuple[int, int, int], dict[str, int]] = {}
    demo: set[tuple[int, int, int]] = set()
    of_return: dict[int, dict[str, int]] = {}
    states = STATES[Basis(basis)]
    for pk, court, number, month, is_demo, state, verified in returns.values_list(
        "pk", "court_id", "year", "month", "is_demo", "state", "verified_figures"
    ):
        period = (court, number, month)
        of_period = figures.setdefault(period, {})
        if state in states:
            of_return[pk] = of_period
        elif verified is not None:
            of_period.update(verified)
        if is_demo:
            demo.add(period)
    rows = (
        Figure.objects.reported()
        .filter(monthly_return__in=returns.filter(state__in=states).values("pk"))
        .order_by()
        .values_list("monthly_return_id", "metric", "value")
    )
    for pk, metric, value in rows.iterator(chunk_size=20_000):
        # A return that was made between the two queries has no place yet: next time.
        if pk in of_return and value is not None:
            of_return[pk][metric] = value
    return figures, demo


def _targets(year: QualityYear) -> _Targets:
    general: dict[str, Decimal] = {}
    by_level: dict[str, dict[str, Decimal]] = defaultdict(dict)
    by_court: dict[int, dict[str, Decimal]] = defaultdict(dict)
    any_demo = False
    rows = AppraisalTarget.objects.filter(quality_year=year).values_list(
        "item", "level", "court_id", "percent", "document"
    )
    for item, level, court, percent, document in rows:
        any_demo = any_demo or document == DEMO_DOCUMENT
        if court:
            by_court[court][item] = percent
        elif level:
            by_level[level][item] = percent
        else:
            general[item] = percent
    return _Targets(general, by_level, by_court, any_demo)
