"""Owns which courts a month assesses, under which name, and what their figures are made of.

The one place that answers it for several months at once (for one month `Court.objects.in_month`
asks the database the same). A court's figures of a period are *seen from* a month: from the month
of a merger on, those of the courts that were merged are in them, also in periods before; from the
month of a split on, earlier periods are of another court than the one there is now, and only of
the year before the document says what part is whose. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import get_language

from courts.frame.remembered import prepared_rows
from courts.models import Court, CourtChange, QualityYear
from courts.models.courts import Names, all_names, label_of
from courts.years.selectors.years import CourtRow, courts_of, rows_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

Kind = CourtChange.Kind
Figures = Mapping[str, int]
FiguresOf = Callable[[int, Month], Figures]

_KEPT = "_court_changes"
# What `with_changes` told of the year when it was read.
_ANY = "has_changes"
_NOTHING: Figures = {}


@dataclass(frozen=True, slots=True)
class Change:
    """One change with the month it holds from; courts are keys."""

    kind: str
    court: int
    other: int | None
    month: Month
    old_names: tuple[str, ...]
    shares: Figures


@dataclass(frozen=True, slots=True)
class CourtChanges:
    """The changes of a prefecture's courts, in their order."""

    rows: tuple[Change, ...] = ()

    def is_assessed(self, court: int, month: Month) -> bool:
        """Whether changes leave the court among those assessed in the month."""
        for one in self.rows:
            if one.court == court and one.kind in CourtChange.ENDING and month >= one.month:
                return False
            if one.other == court and one.kind == Kind.SPLIT and month < one.month:
                return False
        return True

    def in_month(self, courts: Iterable[CourtRow], month: Month) -> list[CourtRow]:
        """Those of a year's courts that are assessed in the month, under their names of then."""
        return [self.named(row, month) for row in courts if self.is_assessed(row.pk, month)]

    def named(self, row: CourtRow, month: Month) -> CourtRow:
        """A court under its names of then."""
        names = self.names(row.pk, month)
        if names is None:
            return row
        short_name, name, name_ko, name_en = names
        return replace(row, short_name=short_name, name=name, name_ko=name_ko, name_en=name_en)

    def names(self, court: int, month: Month) -> Names | None:
        """The names that a court had in a month; None where it has them still."""
        return next((names for end, names in self.former_names(court) if end > month), None)

    def former_names(self, court: int) -> Iterator[tuple[Month, Names]]:
        """The names a court had, each with the month from which on it had another."""
        for one in self.rows:
            if one.kind == Kind.RENAMED and one.court == court:
                yield one.month, all_names(one.old_names)

    def by_former_name(self, courts: Iterable[CourtRow]) -> Mapping[str, CourtRow]:
        """Courts by names that they had before, such as older files have them."""
        rows = {row.pk: row for row in courts}
        return {
            name: rows[one.court]
            for one in self.rows
            if one.kind == Kind.RENAMED and one.court in rows
            for name in one.old_names
            if name
        }

    def months_of(self, court: int, year: int) -> tuple[Month, ...]:
        """The months of a year in which changes leave the court among those assessed."""
        months = (Month(year, number) for number in range(1, MONTHS_OF_YEAR + 1))
        return tuple(month for month in months if self.is_assessed(court, month))

    def last_month(self, court: int, year: int) -> int | None:
        """The last month that a court is assessed in, where it ends during the year: 1 to 11."""
        months = self.months_of(court, year)
        return months[-1].month if months and months[-1].month < MONTHS_OF_YEAR else None

    def runs(self, court: int, months: Iterable[Month]) -> Iterator[tuple[Month, ...]]:
        """The months of each year in stretches that see every earlier period alike.

        A merger into the court and a split of it part them.
        """
        found: dict[tuple[int, int], list[Month]] = {}
        for month in sorted(months):
            changed = sum(one.month <= month for one in self.rows if self._is_part(court, one))
            found.setdefault((month.year, changed), []).append(month)
        yield from (tuple(run) for run in found.values())

    def years_split(self, court: int, seen: Month) -> set[Month]:
        """The whole years before of which a split that a month sees gives the court its share."""
        return {
            Month(one.month.year - 1, MONTHS_OF_YEAR)
            for one in self.rows
            if one.kind == Kind.SPLIT and one.other == court and one.month <= seen
        }

    def kin(self, courts: Iterable[int]) -> set[int]:
        """These courts, those that were merged into them and those they were merged into."""
        found = set(courts)
        pairs = [{one.court, one.other} for one in self.rows if one.kind == Kind.MERGED]
        while True:
            more = {court for pair in pairs if pair & found for court in pair if court} - found
            if not more:
                return found
            found |= more

    def merged_into(self, court: int, seen: Month) -> Iterator[Change]:
        """The mergers into a court that a month sees, those into merged courts included."""
        for one in self.rows:
            if one.kind == Kind.MERGED and one.other == court and one.month <= seen:
                yield one
                yield from self.merged_into(one.court, one.month)

    def is_touched(self, court: int, period: Month, seen: Month) -> bool:
        """Whether the court's figures of a period are, seen from a month, not what it reported."""
        return any(True for _one in self._between(court, period, seen))

    def _between(self, court: int, period: Month, seen: Month) -> Iterator[Change]:
        for one in self.rows:
            if period < one.month <= seen and self._is_part(court, one):
                yield one

    def _is_part(self, court: int, change: Change) -> bool:
        """Whether a change makes the court's figures of before other than it reported."""
        if change.kind == Kind.MERGED:
            return change.other == court
        return change.kind == Kind.SPLIT and court in (change.court, change.other)

    def figures(self, court: int, period: Month, seen: Month, of: FiguresOf) -> Figures:
        """A court's figures of a period as a month sees them; `of` tells what a court reported.

        A sum has what both courts reported; what one of them lacks is not reported. Of a split
        there are figures of the whole year before alone: the new court's as the document states
        them, and what is left for the court that was split.
        """
        found = of(court, period)
        for one in self._between(court, period, seen):
            if one.kind == Kind.MERGED:
                found = _added(found, self.figures(one.court, period, seen, of))
            elif period != Month(one.month.year - 1, MONTHS_OF_YEAR):
                found = _NOTHING
            elif one.other == court:
                found = one.shares
            else:
                found = _less(found, one.shares)
        return found

    def sources(self, court: int, period: Month, seen: Month) -> Collection[int]:
        """The courts whose returns of a period are in the court's figures that a month sees."""
        found = {court}
        for one in self._between(court, period, seen):
            if one.kind == Kind.MERGED or one.other == court:
                found |= set(self.sources(one.court, period, one.month))
        return found


NO_CHANGES = CourtChanges()


def _added(own: Figures, other: Figures) -> Figures:
    return {metric: value + other[metric] for metric, value in own.items() if metric in other}


def _less(own: Figures, shares: Figures) -> Figures:
    """What is left; a figure that was corrected to less than the share is of nobody."""
    return {
        metric: value - shares[metric]
        for metric, value in own.items()
        if metric in shares and value >= shares[metric]
    }


def changes_among(year: QualityYear, courts: Sequence[CourtRow]) -> CourtChanges:
    """The changes that bear on a year's courts. No query where none of them changed."""
    return court_changes_of(year) if any(court.is_changed for court in courts) else NO_CHANGES


def court_changes_of(year: QualityYear) -> CourtChanges:
    """The changes of a year's prefecture, of all years; read once for an object of the year.

    One query, none for a year that was read `with_changes` where nothing ever changed.
    """
    found: CourtChanges | None = year.__dict__.get(_KEPT)
    if found is None and year.__dict__.get(_ANY) is False:
        return NO_CHANGES
    if found is None:
        rows = prepared_rows(
            ("court changes", year.court_id),
            lambda: CourtChange.objects.of_prefecture(year.court_id).values_list(
                "kind",
                "court_id",
                "other_id",
                "quality_year__year",
                "from_month",
                "old_names",
                "shares",
            ),
        )
        found = CourtChanges(
            tuple(
                Change(kind, court, other, Month(number, month), tuple(names), shares)
                for kind, court, other, number, month, names, shares in rows
            )
        )
        year.__dict__[_KEPT] = found
    return found


def base_courts_of(year: QualityYear) -> list[CourtRow]:
    """The courts that figures of the year before may be given of, in the order of the notice.

    Those of the year, and those that were merged into one of them before it: what they had until
    then is in the other's. No more than one query beside those for the courts and their changes.
    """
    courts = courts_of(year)
    changes = changes_among(year, courts)
    known = {court.pk for court in courts}
    seen = Month(year.year, MONTHS_OF_YEAR)
    merged = {one.court for pk in known for one in changes.merged_into(pk, seen)} - known
    return sorted([*courts, *rows_of(merged)], key=lambda one: one.order) if merged else courts


def absences(years: Collection[QualityYear]) -> QuerySet[Any, tuple[int, int, int, int]]:
    """Where a court is not assessed: its key, the year's key, the first and last month. One query.

    A court left out is absent all year, one that ended from then on, a new one until it begins.
    """
    left_out = QualityYear.left_out.through.objects.filter(qualityyear__in=years)
    changes = CourtChange.objects.filter(quality_year__in=years).order_by()
    ended = changes.filter(kind__in=CourtChange.ENDING)
    begun = changes.filter(kind=Kind.SPLIT)
    first, last = Value(1), Value(MONTHS_OF_YEAR)
    found: QuerySet[Any, tuple[int, int, int, int]] = left_out.values_list(
        "court_id", "qualityyear_id", first, last
    ).union(
        ended.values_list("court_id", "quality_year_id", "from_month", last),
        begun.values_list("other_id", "quality_year_id", first, F("from_month") - 1),
    )
    return found


def ended_courts(root: int, year: int) -> set[str]:
    """The courts of a prefecture, by code, that ended before a year. One query."""
    rows = CourtChange.objects.of_prefecture(root).filter(
        kind__in=CourtChange.ENDING, quality_year__year__lt=year
    )
    return set(rows.values_list("court__code", flat=True))


def courts_from(year: QualityYear, first: int) -> list[CourtRow]:
    """The courts that are assessed in that month of the year or in a later one. Two queries."""
    courts = courts_of(year)
    changes = changes_among(year, courts)
    months = [Month(year.year, number) for number in range(first, MONTHS_OF_YEAR + 1)]
    return [one for one in courts if any(changes.is_assessed(one.pk, month) for month in months)]


def court_label(year: QualityYear, court: Court, month: Month) -> str:
    """The name to show in the active language that a court had in a month: see `Court.label`.

    For lines about a month; who is to act now is named as today. No more queries than
    `court_changes_of`.
    """
    language = get_language() or ""
    former = court_changes_of(year).names(court.pk, month)
    return label_of(former, language) if former else court.label(language)


def court_names(year: QualityYear, court: Court, month: Month) -> Names:
    """The names that a court had in a month."""
    return court_changes_of(year).names(court.pk, month) or court.names


def names_then(prefix: str = "") -> Subquery:
    """For rows of a court, year and month, at that way from the row: its names of then, or null."""
    later = CourtChange.objects.named(
        f"{prefix}court", OuterRef(f"{prefix}year"), OuterRef(f"{prefix}month")
    )
    return Subquery(later.values("old_names")[:1])


def forget_changes(year: QualityYear) -> None:
    """Have the changes read again, as after one was written."""
    year.__dict__.pop(_KEPT, None)
    year.__dict__.pop(_ANY, None)
