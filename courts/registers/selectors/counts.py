"""Owns how many lines there are behind each figure, and where the two differ.

Counts are year to date, as returns state their figures: of March, the lines of January to March. A
constant number of queries, however many lines, courts and months. Nobody is asked who may see them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from courts.figures.selectors.facts import counted_figures
from courts.models import Court, QualityYear, RegisterLine, RegisterTally
from courts.permissions import Basis
from courts.registers.selectors.described import Described, registers_of
from courts.years.court_changes import court_changes_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

# A court's key, the month (1 to 12) and the metric.
CountKey = tuple[int, int, str]


class RegisterDifference(NamedTuple):
    """A figure of a return (court by key) that is another than the lines of a register come to.

    `figure` is what the court reported, year to date, None where it reported none.
    """

    register: str
    court: int
    month: int
    metric: str
    figure: int | None
    lines: int


def tallied(
    year: QualityYear, courts: Collection[int]
) -> QuerySet[RegisterTally, tuple[str, int, str, int, int]]:
    """Register, court, metric, month and how many lines: one aggregate over one index."""
    return (
        RegisterTally.objects.filter(quality_year=year, court__in=courts)
        .order_by()
        .values_list("register", "court_id", "metric", "month")
        .annotate(lines=Count("pk"))
    )


class LineCounts:
    """Lines of a year by register, court, metric and month. One query when it is made.

    From a merger on the lines that a merged court kept until then are those of the other too.
    """

    def __init__(self, year: QualityYear, courts: Collection[int]) -> None:
        self._changes, self._year = court_changes_of(year), year.year
        december = Month(year.year, MONTHS_OF_YEAR)
        merged = [one for court in courts for one in self._changes.merged_into(court, december)]
        courts = {*courts, *(one.court for one in merged)}
        self._by_month: dict[tuple[str, int, str], dict[int, int]] = defaultdict(dict)
        for register, court, metric, month, lines in tallied(year, courts):
            self._by_month[register, court, metric][month] = lines

    def to_date(self, register: str, court: int, metric: str, month: int) -> int:
        """The lines of January to `month`."""
        found = self._by_month.get((register, court, metric), {})
        own = sum(lines for number, lines in found.items() if number <= month)
        merged = self._changes.merged_into(court, Month(self._year, month))
        return own + sum(
            lines
            for one in merged
            for number, lines in self._by_month.get((register, one.court, metric), {}).items()
            if Month(self._year, number) < one.month
        )


def lines_to_date(year: QualityYear, court: Court, month: int) -> Mapping[str, int]:
    """How many lines of a court each register has, by its code, January to a month. One query.

    Lines without a date of the year are counted, too: they are not over yet.
    """
    until = Q(month__lte=month) | Q(month__isnull=True)
    rows = RegisterLine.objects.filter(until, quality_year=year, court=court).order_by()
    return dict(rows.values_list("register").annotate(lines=Count("pk")))


def leading_registers(registers: Iterable[Described]) -> Mapping[str, str]:
    """By metric, the code of the register that its figure is filled from."""
    found: dict[str, str] = {}
    for one in registers:
        for count in one.register.counts:
            if not count.second:
                found.setdefault(count.metric, one.code)
    return found


def register_counts(
    year: QualityYear, months: Iterable[int], courts: Collection[int]
) -> dict[CountKey, int]:
    """How many lines stand behind each figure, year to date; zero where there are none.

    Months are numbers, courts keys. Every metric that any register of the year counts has its
    number, from the register that leads. Two queries.
    """
    leading = leading_registers(registers_of(year))
    counts = LineCounts(year, courts)
    return {
        (court, month, metric): counts.to_date(register, court, metric, month)
        for metric, register in leading.items()
        for court in courts
        for month in months
    }


def differences(year: QualityYear, month: int, courts: Collection[int]) -> list[RegisterDifference]:
    """Where figures reported for a month and lines are not the same. Four queries.

    A court that reported no such figure, and has no line either, differs in nothing.
    """
    return [one for one in compared(year, [month], courts) if one.figure != one.lines]


def compared(
    year: QualityYear, months: Collection[int], courts: Collection[int]
) -> list[RegisterDifference]:
    """Every figure beside its lines, the same or not; nothing where there is neither."""
    registers = registers_of(year)
    counts = LineCounts(year, courts)
    periods = Q(year=year.year, month__in=months, court__in=courts)
    counted = counted_figures(year, Basis.REPORTED, periods)
    found = []
    for month in months:
        for court in courts:
            figures = counted.figures.get((court, year.year, month), {})
            for one in registers:
                for metric in one.register.metrics:
                    lines = counts.to_date(one.code, court, metric, month)
                    figure = figures.get(metric)
                    if figure is not None or lines:
                        found.append(
                            RegisterDifference(one.code, court, month, metric, figure, lines)
                        )
    return found
