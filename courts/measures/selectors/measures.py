"""Owns what courts do about the tasks of the year, with the numbers that show it.

Evidence is the court's own: verified figures to date, and how many lines its registers have. A
constant number of queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import gather
from courts.models import Court, MeasurePlan, MeasureProgress, QualityYear
from courts.permissions import (
    Account,
    may_keep_measures,
    may_view_all_measures,
    may_view_measures,
)
from courts.registers.selectors.counts import lines_to_date
from courts.registers.selectors.described import registers_of
from courts.registers.selectors.lines import keepers_of
from courts.wording.amounts import counted, unit_of, written
from courts.wording.months import month_name
from courts.years.court_changes import court_changes_of
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.slots import NoSlotError
from courts.years.selectors.supervision import supervision_of
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.supervision import Evidence, YearMeasure
from scoring.suppression import FEWEST

MONTHS = range(1, MONTHS_OF_YEAR + 1)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A number that shows a measure at work; `register` is its code, empty for figures."""

    label: str
    value: str
    register: str


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """What was done in a month; `version` is 0 where nothing was written."""

    month: int
    text: str
    by: str
    version: int


@dataclass(frozen=True, slots=True)
class MeasureItem:
    """One task of the year at a court."""

    code: str
    number: int
    label: str
    question: str
    paragraph: str
    person: str
    plan: str
    version: int
    evidence: tuple[EvidenceLine, ...]
    months: tuple[MonthProgress, ...]
    shown: MonthProgress

    @property
    def written(self) -> tuple[MonthProgress, ...]:
        """The months with progress."""
        return tuple(one for one in self.months if one.version)


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """The checklist of a court."""

    court: str
    court_name: str
    items: tuple[MeasureItem, ...]
    month: int
    months: tuple[int, ...]
    as_of: str
    may_keep: bool
    sees_all: bool
    is_demo: bool

    @property
    def planned(self) -> int:
        return sum(bool(item.version) for item in self.items)


@dataclass(frozen=True, slots=True)
class CourtSummary:
    """How far a court is: for each measure, whether it is planned and how many months it told."""

    code: str
    name: str
    cells: tuple[tuple[bool, int], ...]
    planned: int


@dataclass(frozen=True, slots=True)
class AllMeasuresPage:
    """Every court beside every task of the year."""

    measures: tuple[tuple[str, str], ...]
    courts: tuple[CourtSummary, ...]


def measured_court(user: Account, year: QualityYear, code: str) -> Court:
    """The court of that code; `NoSlotError`, `PermissionDenied`."""
    court = Court.objects.of_year(year).select_related("parent").filter(code=code).first()
    if court is None:
        raise NoSlotError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": code})
    if not may_view_measures(user, year, court):
        raise PermissionDenied(_("只能查看本院的工作要求。"))
    return court


def measures_page(user: Account, year: QualityYear, court: Court, month: int) -> MeasuresPage:
    """The checklist of a court, `month` being the one whose progress is written or read.

    Of a court that is assessed in some months only it is one of these.
    """
    language = get_language() or ""
    plans = {
        row.measure: row
        for row in MeasurePlan.objects.filter(quality_year=year, court=court).prefetch_related(
            "months__by"
        )
    }
    assessed = court_changes_of(year).months_of(court.pk, year.year)
    known = [one for one in months_with_figures(year) if one in assessed]
    last = known[-1] if known else Month(year.year, 1)
    numbers = [one.month for one in assessed]
    if numbers and month not in numbers:
        month = max((one for one in numbers if one < month), default=numbers[0])
    evidence = _Evidence(user, year, court, last)
    items = tuple(
        _item(number, measure, plans.get(measure.code), month, evidence, language)
        for number, measure in enumerate(supervision_of(year).measures, 1)
    )
    return MeasuresPage(
        court=court.code,
        court_name=court.label(language),
        items=items,
        month=month,
        months=tuple(numbers),
        as_of=month_name(last),
        may_keep=may_keep_measures(user, court),
        sees_all=may_view_all_measures(user, year),
        is_demo=evidence.is_demo,
    )


class _Evidence:
    """The numbers of a court, read once."""

    def __init__(self, user: Account, year: QualityYear, court: Court, month: Month) -> None:
        gathered = gather(year, [month])
        self.rulebook = rulebook_of(year, month)
        self.figures: Mapping[str, int] = next(
            (one.current for one in gathered.facts[month] if one.court == court.code), {}
        )
        self.is_demo = court.code in gathered.demo[month]
        self.lines = lines_to_date(year, court, month.month)
        registers = registers_of(year)
        self.kept = {one.code for one in registers if keepers_of(user, year, one, court)}

    def line(self, one: Evidence, language: str) -> EvidenceLine:
        label = one.label.get(language)
        if one.register:
            lines = self.lines.get(one.register, 0)
            # Whoever keeps no lines sees no small number of them, here as in the statistics.
            is_hidden = 0 < lines < FEWEST and one.register not in self.kept
            return EvidenceLine(label, "＊" if is_hidden else str(lines), one.register)
        codes = [code for code in one.metrics if code in self.rulebook.metrics]
        value = total(self.figures, tuple(codes)) if len(codes) == len(one.metrics) else None
        unit = unit_of(self.rulebook, codes) if codes else ""
        shown = counted(written(value, self.rulebook, *codes), unit)
        return EvidenceLine(label, _("未报") if value is None else shown, "")


def _item(
    number: int,
    measure: YearMeasure,
    plan: MeasurePlan | None,
    month: int,
    evidence: _Evidence,
    language: str,
) -> MeasureItem:
    rows: Sequence[MeasureProgress] = list(plan.months.all()) if plan else []
    by_month = {row.month: row for row in rows}
    months = tuple(
        MonthProgress(one, by_month[one].text, str(by_month[one].by), by_month[one].version)
        if one in by_month
        else MonthProgress(one, "", "", 0)
        for one in MONTHS
    )
    return MeasureItem(
        code=measure.code,
        number=number,
        label=measure.label.get(language),
        question=measure.question.get(language),
        paragraph=measure.paragraph,
        person=plan.person if plan else "",
        plan=plan.plan if plan else "",
        version=plan.version if plan else 0,
        evidence=tuple(evidence.line(one, language) for one in measure.evidence),
        months=months,
        shown=months[month - 1],
    )


def all_measures_page(user: Account, year: QualityYear) -> AllMeasuresPage:
    """Every court beside every task. Four queries."""
    if not may_view_all_measures(user, year):
        raise PermissionDenied(_("各院的工作要求供管理部门、领导小组和院党组查看。"))
    language = get_language() or ""
    measures = supervision_of(year).measures
    told = {
        (row.court_id, row.measure): row.told
        for row in MeasurePlan.objects.filter(quality_year=year).annotate(told=Count("months"))
    }
    courts = []
    for court in courts_of(year):
        cells = tuple(
            ((court.pk, one.code) in told, told.get((court.pk, one.code), 0)) for one in measures
        )
        planned = sum(is_planned for is_planned, _told in cells)
        courts.append(CourtSummary(court.code, court.label(language), cells, planned))
    return AllMeasuresPage(
        measures=tuple((one.paragraph, one.label.get(language)) for one in measures),
        courts=tuple(courts),
    )
