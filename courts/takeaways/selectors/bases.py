"""Owns the base data of a year: the tables of the scheme's annexes, last year beside this year.

What the annexes lack stands apart from what they have, with the source that people gave for it.
Figures are those that count. Terms: the *annex of caps* has the parts of the capped sum; the *annex
of base data* has what else is compared with last year.

Long because a table, a row and a note are read and told in one place.

Where a court sees its own points only, it sees its own row, and sums over the ranked courts if
these may be released beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import Gathered, gather, own_figures
from courts.frame.choices import Choice
from courts.frame.remembered import remembered
from courts.models import Cap, Court, Figure, Motion, QualityYear
from courts.motions.selectors.waiting import waiting_kind
from courts.permissions import (
    Account,
    Basis,
    Extent,
    extent_of,
    may_give_base,
    may_view_motions,
    own_code,
)
from courts.rulebooks.selectors.supplements import SaidLine, said_lines
from courts.snapshots.aggregates import told_together
from courts.wording.amounts import level_name, places_of
from courts.wording.explanations import metric_name
from courts.years.court_changes import base_courts_of, changes_among
from courts.years.selectors.periods import Period
from courts.years.selectors.supplements import supplements_of
from courts.years.selectors.years import rulebook_of
from scoring.caps import capped_metrics
from scoring.engine import context_of, plan
from scoring.facts import CourtFacts, Month
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.schema import Item, Rulebook
from scoring.supplements import Kind, Supplement


@dataclass(frozen=True, slots=True)
class YearPair:
    """A figure or a sum: of the whole year before, and of this year up to the month.

    Both are as they are held; `places` says with how many decimals they are written.
    """

    before: int | None
    now: int | None
    places: int = 0


@dataclass(frozen=True, slots=True)
class BaseRow:
    """One court, or all together; `caps` are the reduction asked for and the cap."""

    name: str
    pairs: tuple[YearPair, ...]
    caps: tuple[int | None, ...] = ()
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class BaseTable:
    """One table: a name for its address, a title, its columns of figures, its rows.

    `has_caps` adds the columns of reduction and cap; `sources` say where figures come from that
    the annexes do not have, or have otherwise.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[BaseRow, ...]
    sources: tuple[str, ...]
    has_caps: bool = False


@dataclass(frozen=True, slots=True)
class BaselineMonths:
    """One figure of one court in the single months of the year before, 1 to 12."""

    court: str
    metric: str
    values: tuple[int | None, ...]
    places: int = 0


@dataclass(frozen=True, slots=True)
class BasePage:
    """The base data of a year, this year as of one month."""

    period: Period
    baseline_year: int
    tables: tuple[BaseTable, ...]
    months: tuple[BaselineMonths, ...]
    month_sources: tuple[str, ...]
    averages: tuple[SaidLine, ...]
    averages_year: int | None
    averages_title: str
    waiting: tuple[int, ...]
    own_only: bool
    may_give: bool
    may_view_motions: bool
    is_demo: bool


def base_page(user: Account, period: Period) -> BasePage:
    """What the page shows. A constant number of queries."""
    year = period.year
    gathered = _gathered(period)
    rulebook = rulebook_of(year, period.month)
    facts = gathered.facts[period.month]
    supplements = supplements_of(year)
    view = _View(user, year, rulebook, gathered, facts, supplements)
    notes = _Notes(rulebook, view.sources, _notes(year, rulebook.baseline_year))
    tables = tuple(_tables(view, notes, _caps(year, period.month)))
    averages = next((one for one in supplements if one.kind is Kind.AVERAGES), None)
    language = get_language() or ""
    return BasePage(
        period=period,
        baseline_year=rulebook.baseline_year,
        tables=tables,
        months=tuple(_months(view)),
        month_sources=notes.of_months(range(1, MONTHS_OF_YEAR)),
        averages=() if averages is None else said_lines(rulebook, averages),
        averages_year=None if averages is None else averages.year,
        averages_title="" if averages is None else averages.title.get(language),
        waiting=waiting_kind(year, Motion.Kind.BASELINE),
        own_only=view.own_only,
        may_give=may_give_base(user, year),
        may_view_motions=may_view_motions(user, year),
        is_demo=bool(gathered.demo[period.month] & set(view.shown)),
    )


def base_annexes(
    rulebook: Rulebook, supplements: Iterable[Supplement]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The tables of base data that the scheme has, each with its title and its metrics.

    Where no supplement names any, it is one table of what is compared with last year.
    """
    language = get_language() or ""
    tables = [table for one in supplements for table in one.bulletin.tables]
    if tables:
        return tuple(
            (
                _titled(table.label.get(language), table.paragraph),
                tuple(code for code in table.metrics if code in rulebook.metrics),
            )
            for table in tables
        )
    capped = set(capped_metrics(rulebook))
    compared = {
        code
        for item in compared_items(rulebook)
        if not set(item.metrics) <= capped
        for code in item.metrics
    }
    if not compared:
        return ()
    ordered = tuple(code for code in rulebook.metrics if code in compared)
    return ((_("与上年比较的数据"), ordered),)


def compared_items(rulebook: Rulebook) -> tuple[Item, ...]:
    """The items whose points come from figures of the year before, at any level of court.

    Whether one does hangs on its rule: one formula may hold a value against last year's.
    """
    context = context_of(rulebook, Month(rulebook.year, MONTHS_OF_YEAR))
    found = {
        formula.item.code
        for level in rulebook.label_of_level
        for formula in plan(context, level)
        if formula.compares_years
    }
    return tuple(item for item in rulebook.items if item.code in found)


def _titled(label: str, paragraph: str) -> str:
    return _("%(label)s（%(paragraph)s）") % {"label": label, "paragraph": paragraph}


def _gathered(period: Period) -> Gathered:
    months = [Month(period.year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
    return remembered(
        period.stamp,
        ("base", period.year.pk, period.basis),
        lambda: gather(period.year, months, period.basis),
    )


class _View:
    """The courts an account sees the rows of, and those that a sum beside them is over."""

    def __init__(
        self,
        user: Account,
        year: QualityYear,
        rulebook: Rulebook,
        gathered: Gathered,
        facts: Sequence[CourtFacts],
        supplements: Sequence[Supplement],
    ) -> None:
        self.rulebook, self.gathered, self.facts = rulebook, gathered, facts
        self.supplements = supplements
        language = get_language() or ""
        known = {one.court for one in facts}
        listed = [court for court in gathered.of_year if court.code in known]
        self.names = {court.code: court.label(language) for court in listed}
        self.own_only = extent_of(user, year) is not Extent.ALL
        own = own_code(user)
        self.shown = [code for code in self.names if not self.own_only or code == own]
        # Those merged into what is shown: what they had is in its figures.
        codes = {one.pk: one.code for one in base_courts_of(year)}
        self.sources = {
            codes.get(pk, "")
            for court in listed
            if court.code in self.shown
            for pk in gathered.changes.kin([court.pk])
        }
        self.summed = tuple(self.names)
        self.sum_name = _("总计")
        if self.own_only:
            ranked = rulebook.ranked_level
            levels = {court.code: court.level.value for court in listed}
            self.summed = told_together(levels, ranked, own)
            self.sum_name = _("%(area)s合计") % {"area": level_name(rulebook, ranked)}


class _Notes:
    """Where figures of the year before come from, as people wrote it: (court, month, metric)."""

    def __init__(
        self,
        rulebook: Rulebook,
        shown: Collection[str],
        notes: Mapping[tuple[str, int, str], str],
    ) -> None:
        self.rulebook = rulebook
        self.notes = {key: text for key, text in notes.items() if key[0] in shown}

    def of(self, metrics: Collection[str]) -> tuple[str, ...]:
        """The sources of figures of the whole year, a line for each metric and source."""
        return self._lines(
            (code, text)
            for (_court, month, code), text in self.notes.items()
            if month == MONTHS_OF_YEAR and code in metrics
        )

    def of_months(self, months: Iterable[int]) -> tuple[str, ...]:
        """The sources of figures of single months."""
        wanted = set(months)
        return self._lines(
            (code, text) for (_court, month, code), text in self.notes.items() if month in wanted
        )

    def _lines(self, found: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        order = list(self.rulebook.metrics)
        known = {one for one in found if one[0] in order}
        lines = sorted(known, key=lambda one: (order.index(one[0]), one[1]))
        return tuple(
            _("%(metric)s：%(source)s")
            % {"metric": metric_name(self.rulebook, code), "source": text}
            for code, text in lines
        )


def _notes(year: QualityYear, baseline_year: int) -> Mapping[tuple[str, int, str], str]:
    rows = Figure.objects.filter(
        monthly_return__year=baseline_year,
        monthly_return__court__in=Court.objects.counting_for(year),
        value__isnull=False,
    ).exclude(note="")
    fields = ("monthly_return__court__code", "monthly_return__month", "metric", "note")
    return {(court, month, code): note for court, month, code, note in rows.values_list(*fields)}


def _caps(year: QualityYear, month: Month) -> Mapping[str, Cap]:
    """The cap of each court in force in the month."""
    rows = Cap.objects.filter(quality_year=year, from_month__lte=month.month)
    return {row.court.code: row for row in rows.select_related("court").order_by("from_month")}


def _tables(view: _View, notes: _Notes, caps: Mapping[str, Cap]) -> Iterator[BaseTable]:
    rulebook = view.rulebook
    capped = capped_metrics(rulebook)
    if rulebook.caps is not None:
        titles = (*_names(rulebook, capped), _("合计"))
        groups = (*((code,) for code in capped), capped)
        title = _titled(_("控制目标"), rulebook.caps.paragraph)
        yield _table(view, notes, ("caps", title), titles, groups, caps)
    annexes = base_annexes(rulebook, view.supplements)
    for number, (title, metrics) in enumerate(annexes, start=1):
        groups = tuple((code,) for code in metrics)
        yield _table(view, notes, (f"table{number}", title), _names(rulebook, metrics), groups)
    others = tuple(_others(view, {*capped, *(code for _title, codes in annexes for code in codes)}))
    if others:
        groups = tuple((code,) for code in others)
        title = _("附表没有的数据")
        yield _table(view, notes, ("others", title), _names(rulebook, others), groups)


def _others(view: _View, annexed: Collection[str]) -> Iterator[str]:
    """What the annexes lack: the rest of the sides that are compared, and whatever was given."""
    rulebook = view.rulebook
    sides = {item.side for item in compared_items(rulebook)}
    for code, metric in rulebook.metrics.items():
        is_given = any(code in facts.baseline_annual for facts in view.facts)
        if code not in annexed and (metric.side in sides or is_given):
            yield code


def _table(
    view: _View,
    notes: _Notes,
    named: tuple[str, str],
    columns: tuple[str, ...],
    groups: Sequence[tuple[str, ...]],
    caps: Mapping[str, Cap] | None = None,
) -> BaseTable:
    pairs = {
        facts.court: tuple(
            YearPair(
                total(facts.baseline_annual, codes),
                total(facts.current, codes),
                places_of(view.rulebook, codes),
            )
            for codes in groups
        )
        for facts in view.facts
    }
    limits = {code: _limits(caps.get(code)) for code in view.names} if caps is not None else {}
    rows = [BaseRow(view.names[code], pairs[code], limits.get(code, ())) for code in view.shown]
    if view.summed and rows:
        summed = tuple(
            YearPair(
                _sum(pair.before for pair in column),
                _sum(pair.now for pair in column),
                column[0].places,
            )
            for column in zip(*(pairs[code] for code in view.summed), strict=True)
        )
        all_limits = tuple(
            map(_sum, zip(*(limits[code] for code in view.summed if limits), strict=True))
        )
        rows.append(BaseRow(view.sum_name, summed, all_limits, is_total=True))
    metrics = {code for codes in groups for code in codes}
    return BaseTable(*named, columns, tuple(rows), notes.of(metrics), caps is not None)


def _limits(cap: Cap | None) -> tuple[int | None, ...]:
    return (None, None) if cap is None else (cap.reduction_cases, cap.cap_cases)


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum, none where one is missing."""
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known) if len(known) == len(found) else None


def _names(rulebook: Rulebook, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(metric_name(rulebook, code) for code in codes)


def _months(view: _View) -> Iterator[BaselineMonths]:
    """Every figure of the year before that has a single month."""
    by_month = {
        month.month: {facts.court: facts.baseline_month for facts in found}
        for month, found in view.gathered.facts.items()
    }
    for court in view.shown:
        for code in view.rulebook.metrics:
            values = tuple(
                by_month[number].get(court, {}).get(code) for number in range(1, MONTHS_OF_YEAR + 1)
            )
            if any(value is not None for value in values[:-1]):
                name, places = metric_name(view.rulebook, code), places_of(view.rulebook, [code])
                yield BaselineMonths(view.names[court], name, values, places)


# --- Giving figures --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GivenFigureLine:
    """One court with the figure as it counts now, and what was typed for it."""

    code: str
    name: str
    value: int | None
    typed: str


@dataclass(frozen=True, slots=True)
class GivingPage:
    """The page that takes figures of the year before: what to give, and what there is."""

    baseline_year: int
    month: int
    metric: str
    metric_label: str
    months: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    lines: tuple[GivenFigureLine, ...]
    places: int = 0


def giving_page(
    year: QualityYear,
    sides: Collection[str],
    month: int | None,
    metric: str,
    typed: Mapping[str, str],
) -> GivingPage:
    """What an office may give of its sides; the first unknown figure, if none is chosen.

    Each court's own figures, however courts changed since, also of those merged into others before
    the year; of a court that a split set up there are none to give: the document says them.
    """
    rulebook = rulebook_of(year)
    codes = [code for code, one in rulebook.metrics.items() if one.side.value in sides]
    number = month if month and month <= MONTHS_OF_YEAR else MONTHS_OF_YEAR
    baseline = rulebook.baseline_year
    counted = own_figures(
        year, Basis.VERIFIED, Q(year=baseline, month__in=[number, MONTHS_OF_YEAR])
    )
    known = {
        code
        for (_court, _year, at), figures in counted.items()
        if at == MONTHS_OF_YEAR
        for code in figures
    }
    lacking = [code for code in codes if code not in known]
    chosen = metric if metric in codes else (lacking or codes)[0]
    language = get_language() or ""
    every = base_courts_of(year)
    courts = changes_among(year, every).in_month(every, Month(baseline, number))
    return GivingPage(
        baseline_year=rulebook.baseline_year,
        month=number,
        metric=chosen,
        metric_label=metric_name(rulebook, chosen),
        months=tuple(
            Choice(str(one), month_label(rulebook.baseline_year, one), one == number)
            for one in (MONTHS_OF_YEAR, *range(1, MONTHS_OF_YEAR))
        ),
        metrics=tuple(Choice(code, metric_name(rulebook, code), code == chosen) for code in codes),
        lines=tuple(
            GivenFigureLine(
                court.code,
                court.label(language),
                counted.get((court.pk, baseline, number), {}).get(chosen),
                typed.get(court.code, ""),
            )
            for court in courts
        ),
        places=places_of(rulebook, [chosen]),
    )


def month_label(year: int, month: int) -> str:
    """Which part of the year before a figure is of; figures are year to date."""
    if month == MONTHS_OF_YEAR:
        return _("%(year)s年全年") % {"year": year}
    if month == 1:
        return _("%(year)s年1月") % {"year": year}
    return _("%(year)s年1—%(month)s月") % {"year": year, "month": month}
