"""Owns turning returns, figures and targets into what the engine may know of a court.

Where an extract of the case systems prevails over a return, its value is the one that counts.
A constant number of queries, whatever the number of courts and months. Figures of the baseline
year come from that year's returns of the same courts, filtered by the same basis. A return that is
open for changes after it was verified counts as it was verified. Never scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from courts.figures.selectors.assessed import assessed_of
from courts.figures.selectors.decisions import decisions_of
from courts.figures.selectors.extracts import Extracts, Taken, extracts_of
from courts.figures.selectors.tallies import Tally, tallies, tally_in
from courts.frame.remembered import prepared_rows, remembered_rows
from courts.models import AppraisalTarget, Court, Figure, QualityYear
from courts.permissions import Basis
from courts.years.court_changes import NO_CHANGES, CourtChanges, Figures, changes_among
from courts.years.frozen import FrozenMonth, frozen_months
from courts.years.selectors.counted_months import STATES, returns_of
from courts.years.selectors.years import CourtRow, courts_of, rulebook_of
from scoring.facts import Assessed, Ballots, CourtFacts, Decision, Month, Replaced

DEMO_DOCUMENT = "演示数据"
YEAR_END = 12

_NOTHING: Mapping[str, int] = {}
_NONE_DECIDED: Mapping[str, Decision] = {}
_NONE_ASSESSED: Mapping[str, Assessed] = {}

# A court's key, the year and the month.
Period = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The courts of a year, their facts by month, and whose facts hold made-up figures.

    `frozen` are the months that are closed on some side: they are scored by the rules and readings
    of their snapshots. `courts` are those of the last of the months, under their names of then;
    each month has the facts of `courts_in(month)`, in that order. `of_year` are those of any month.
    """

    courts: tuple[CourtRow, ...]
    facts: Mapping[Month, list[CourtFacts]]
    demo: Mapping[Month, frozenset[str]]
    extracts: Extracts
    frozen: Mapping[Month, FrozenMonth] = field(default_factory=dict)
    changes: CourtChanges = NO_CHANGES
    of_year: tuple[CourtRow, ...] = ()

    def courts_in(self, month: Month) -> tuple[CourtRow, ...]:
        """The courts that are assessed in a month, under their names of then."""
        return tuple(self.changes.in_month(self.of_year, month))

    def seen_figures(self, court: CourtRow | Court, period: Month, seen: Month) -> Figures:
        """A court's figures of one of the months as a later one sees them: see `court_changes`."""
        codes = {one.pk: one.code for one in self.of_year}

        def own(key: int, month: Month) -> Figures:
            code = codes.get(key)
            return next((one.current for one in self.facts[month] if one.court == code), {})

        return self.changes.figures(court.pk, period, seen, own)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the returns that count say, by court, year and month: figures of both sides together,
    the sides there is a return of, and which of it is made up."""

    figures: Mapping[Period, Mapping[str, int]]
    sides: Mapping[Period, Collection[str]]
    demo: Collection[Period]


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


def gather(
    year: QualityYear,
    months: Iterable[Month],
    basis: str = Basis.VERIFIED,
    *,
    live: bool = False,
) -> Gathered:
    """The facts of each month with the courts they are of. Nine queries, two more for closed ones,
    one more where the rules have items whose points an office gives, one where courts changed.

    On the verified basis closed months have the facts of their snapshots, unless all are asked for
    `live`.
    """
    wanted = tuple(dict.fromkeys(months))
    baseline_year = rulebook_of(year).baseline_year
    courts = courts_of(year)
    changes = changes_among(year, courts)
    targets = _targets(year, wanted)
    voted = tallies(year)
    decided = decisions_of(year, wanted)
    assessed = assessed_of(year, wanted)
    periods = _periods(wanted, baseline_year)
    counted = counted_figures(year, basis, periods)
    extracts = extracts_of(year, periods)
    taken = _taken(counted, extracts)

    facts: dict[Month, list[CourtFacts]] = {}
    demo_courts: dict[Month, frozenset[str]] = {}
    for month in wanted:
        same = Month(baseline_year, month.month)
        annual = Month(baseline_year, YEAR_END)
        assessed_courts = changes.in_month(courts, month)
        before = _Before(taken, changes, month)
        facts[month] = [
            CourtFacts(
                court=court.code,
                level=court.level,
                current=taken.figures((court.pk, *month)),
                baseline_month=before.figures(court.pk, same),
                baseline_annual=before.figures(court.pk, annual),
                targets=targets[month].of(court),
                replaced=before.replaced(court.pk, (month, same, annual)),
                ballots=_ballots(tally_in(voted.get(court.pk, []), month.month)),
                decisions=decided.get((court.pk, month.month), _NONE_DECIDED),
                assessed=assessed.get((court.pk, month.month), _NONE_ASSESSED),
            )
            for court in assessed_courts
        ]
        demo_courts[month] = frozenset(
            court.code
            for court in assessed_courts
            if targets[month].any_demo
            or any(
                (source, *period) in counted.demo
                for period in (month, same, annual)
                for source in changes.sources(court.pk, period, month)
            )
            or _is_demo(tally_in(voted.get(court.pk, []), month.month))
        )
    is_live = live or Basis(basis) is not Basis.VERIFIED
    frozen = {} if is_live else frozen_months(year, wanted)
    for month, held in frozen.items():
        facts[month] = [held.facts(one) for one in facts[month]]
        demo_courts[month] = held.demo(demo_courts[month])
    last = changes.in_month(courts, max(wanted)) if wanted else courts
    return Gathered(
        tuple(last), facts, demo_courts, extracts, frozen, changes=changes, of_year=tuple(courts)
    )


def _ballots(tally: Tally | None) -> Ballots | None:
    return None if tally is None else Ballots(tally.counted, tally.points)


def _is_demo(tally: Tally | None) -> bool:
    return tally is not None and tally.is_demo


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


def counted_figures(year: QualityYear, basis: str, periods: Q) -> Counted:
    """What the returns say that count on a basis, as their courts reported it. Two queries."""
    key = ("counted", year.pk, year.court_id, basis, periods)

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        return (
            returns_of(year, basis)
            .filter(periods)
            .values_list(
                *("pk", "court_id", "year", "month", "side"),
                *("is_demo", "state", "verified_figures"),
            )
        )

    def write_figures() -> QuerySet[Any, tuple[int, dict[str, int]]]:
        live = returns_of(year, basis).filter(periods, state__in=states)
        return Figure.objects.reported().filter(monthly_return__in=live.values("pk")).by_return()

    figures: dict[Period, dict[str, int]] = {}
    sides: dict[Period, set[str]] = {}
    demo: set[Period] = set()
    of_return: dict[int, dict[str, int]] = {}
    states = STATES[Basis(basis)]
    for pk, court, number, month, side, is_demo, state, verified in prepared_rows(key, write):
        period = (court, number, month)
        of_period = figures.setdefault(period, {})
        sides.setdefault(period, set()).add(side)
        if state in states:
            of_return[pk] = of_period
        elif verified is not None:
            of_period.update(verified)
        if is_demo:
            demo.add(period)
    for pk, values in prepared_rows((*key, "figures"), write_figures):
        # A return that was made between the two queries has no place yet: next time.
        if pk in of_return:
            of_return[pk].update(values)
    return Counted(figures, sides, demo)


def own_figures(year: QualityYear, basis: str, periods: Q) -> Mapping[Period, Figures]:
    """The figures that count of each court by itself, however courts changed. Four queries."""
    taken = _taken(counted_figures(year, basis, periods), extracts_of(year, periods))
    return {period: one.figures for period, one in taken.by_period.items()}


@dataclass(frozen=True, slots=True)
class _Taken:
    """The figures that count, by court, year and month."""

    by_period: Mapping[Period, Taken]

    def figures(self, period: Period) -> Mapping[str, int]:
        return self.by_period[period].figures if period in self.by_period else _NOTHING

    def replaced(self, court: int, months: Iterable[Month]) -> Mapping[str, Mapping[str, Replaced]]:
        found = {str(month): self.by_period.get((court, *month)) for month in months}
        return {month: taken.replaced for month, taken in found.items() if taken and taken.replaced}


@dataclass(frozen=True, slots=True)
class _Before:
    """Figures of periods as a month sees them, mergers and splits in between honoured.

    Of a period whose figures are put together it is not told which were not taken as reported.
    """

    taken: _Taken
    changes: CourtChanges
    month: Month

    def figures(self, court: int, period: Month) -> Mapping[str, int]:
        return self.changes.figures(court, period, self.month, self._own)

    def _own(self, court: int, period: Month) -> Mapping[str, int]:
        return self.taken.figures((court, *period))

    def replaced(
        self, court: int, periods: Iterable[Month]
    ) -> Mapping[str, Mapping[str, Replaced]]:
        whole = [one for one in periods if not self.changes.is_touched(court, one, self.month)]
        return self.taken.replaced(court, whole)


def _taken(counted: Counted, extracts: Extracts) -> _Taken:
    return _Taken(
        {
            period: extracts.over(period[0], Month(*period[1:]), counted.sides[period], figures)
            for period, figures in counted.figures.items()
        }
    )


def _targets(year: QualityYear, months: Sequence[Month]) -> Mapping[Month, _Targets]:
    """The targets that count in each month: of a scope's, the one that holds last. One query."""

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = AppraisalTarget.objects.filter(quality_year=year.pk).order_by("from_month")
        return rows.values_list("item", "level", "court_id", "percent", "document", "from_month")

    rows = remembered_rows(("appraisal targets", year.pk), write)
    return {month: _targets_in(rows, month.month) for month in months}


def _targets_in(rows: Iterable[tuple[Any, ...]], month: int) -> _Targets:
    held = {
        (item, level, court): (percent, document)
        for item, level, court, percent, document, from_month in rows
        if from_month <= month
    }
    general: dict[str, Decimal] = {}
    by_level: dict[str, dict[str, Decimal]] = defaultdict(dict)
    by_court: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for (item, level, court), (percent, _document) in held.items():
        if court:
            by_court[court][item] = percent
        elif level:
            by_level[level][item] = percent
        else:
            general[item] = percent
    any_demo = any(document == DEMO_DOCUMENT for _percent, document in held.values())
    return _Targets(general, by_level, by_court, any_demo)
