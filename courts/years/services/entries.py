"""Owns reading what a row of figures says: which court, month and metric, which value.

One row at a time, held against the courts, the rulebook and the years it may speak of; how rows
agree with each other and with what is stored is the business of `courts.figures.services.figures`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from courts.files.cells import Cell, RefusedCell
from courts.files.headings import in_every_language
from courts.files.months import months_meant
from courts.files.recognition import value_of
from courts.files.sheets import Column, Problem, Row, SourceFile, read
from courts.files.values import FigureError, expected
from courts.frame.listing import enumerated
from courts.years.court_changes import NO_CHANGES, CourtChanges
from courts.years.selectors.years import CourtRow, YearRules, courts_by_name
from scoring.facts import Month
from scoring.schema import LARGEST_COUNT, Metric, Rulebook

# Headings as lists of figures have them, ours and the case systems'.
COLUMNS = (
    Column(
        "court",
        in_every_language(lazy("法院"), lazy("法院代码"), lazy("法院简称"), lazy("法院名称")),
    ),
    Column("month", in_every_language(lazy("月份"), lazy("统计期间"))),
    Column("metric", in_every_language(lazy("指标"), lazy("指标代码"), lazy("指标名称"))),
    Column("value", in_every_language(lazy("数值"))),
)
NOTE = Column("note", in_every_language(lazy("说明")), optional=True)
# What stands beside them in a list of stored figures, and says nothing of its own.
BESIDE = tuple(
    Column(code, in_every_language(heading), optional=True, ignored=True)
    for code, heading in (
        ("court_name", lazy("法院简称")),
        ("metric_name", lazy("指标名称")),
        ("side", lazy("类别")),
        ("state", lazy("状态")),
        ("demo", lazy("演示")),
    )
)
LONGEST_NOTE = 200
COURTS_WORTH_LISTING = 20

_DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)
_BRACKET = re.compile(r"([^()]+)\(([^()]+)\)")
_SEPARATORS = re.compile(r"[\s,，'_]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says; `value` is None for a figure given as not reported."""

    row: Row
    court: CourtRow
    month: Month
    metric: Metric
    value: int | None
    note: str = ""


def read_entries(
    files: Sequence[SourceFile],
    courts: Sequence[CourtRow],
    rules: YearRules,
    *,
    with_notes: bool = False,
    of_year: int | None = None,
    changes: CourtChanges = NO_CHANGES,
) -> tuple[list[Entry], list[Problem]]:
    """Every row of the files that can be understood, and every problem of the others.

    `of_year` is the year of months without one, where figures are of one year alone. By `changes`
    courts are known by former names too, and have no figures of months without them.
    """
    columns = (*COLUMNS, NOTE, *BESIDE) if with_notes else (*COLUMNS, *BESIDE)
    reader = _Reader(courts, rules, of_year, changes)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for file in files:
        rows, wrong = read(file, columns)
        problems += wrong
        for row in rows:
            entry = reader.entry(row, problems, is_shown=file.is_shown)
            if entry is not None:
                entries.append(entry)
    return entries, problems + repeated(entries)


def months_named(files: Iterable[SourceFile]) -> frozenset[Month]:
    """The months that rows of the files name, whatever else is wrong with them."""
    months: set[Month] = set()
    for file in files:
        for row in read(file, (*COLUMNS, *BESIDE))[0]:
            months.update(months_meant(row.cells["month"]))
    return frozenset(months)


def repeated(entries: Iterable[Entry]) -> list[Problem]:
    """A problem for each row that says again what an earlier one said, even in the same words."""
    seen: dict[tuple[str, Month, str], Row] = {}
    problems = []
    for entry in entries:
        first = seen.setdefault((entry.court.code, entry.month, entry.metric.code), entry.row)
        if first is not entry.row:
            expected = _("与 %(file)s 第%(row)s行重复：同一法院、月份、指标只能有一行。")
            where = {"file": first.file, "row": first.number}
            problems.append(entry.row.problem("metric", expected % where))
    return problems


def court_expected(courts: Sequence[CourtRow]) -> str:
    """What a cell that names a court may hold."""
    if len(courts) > COURTS_WORTH_LISTING:
        return _("应为本质量年法院的代码、简称或全称。")
    listed = enumerated(f"{court.code} {court.short_name}" for court in courts)
    return _("应为法院代码、简称或全称：%(courts)s。") % {"courts": listed}


class _Reader:
    """The rows' vocabulary, looked up once a file set."""

    def __init__(
        self,
        courts: Sequence[CourtRow],
        rules: YearRules,
        of_year: int | None = None,
        changes: CourtChanges = NO_CHANGES,
    ) -> None:
        self.courts = {**changes.by_former_name(courts), **courts_by_name(courts)}
        self.changes = changes
        self.rules = rules
        self.metrics = {one.sha256: _metrics_by_name(one) for one in rules.rulebooks}
        rulebook = rules.latest
        self.years = (rulebook.year, rulebook.baseline_year)
        self.years_meant = self.years if of_year is None else (of_year,)
        example = next(iter(rulebook.metrics.values()))
        self.court_expected = court_expected(courts)
        self.month_expected = _("应为 %(year)s 年或 %(baseline)s 年的月份，写作 %(year)s-12。") % {
            "year": rulebook.year,
            "baseline": rulebook.baseline_year,
        }
        self.metric_expected = _("应为指标代码或中文名称，如 %(code)s 或 %(label)s。") % {
            "code": example.code,
            "label": example.label.zh,
        }
        self.months: dict[Cell, tuple[Month, ...]] = {}
        self.named: dict[tuple[str, Month | None], Metric | None] = {}

    def entry(self, row: Row, problems: list[Problem], *, is_shown: bool) -> Entry | None:
        """What the row says, or None and a problem for each cell that says nothing or two things.

        Values are read leniently where a person looks at them before they count (`is_shown`).
        """
        before = len(problems)
        court = self.courts.get(self._text(row, "court"))
        if court is None:
            problems.append(_wrong(row, "court", self.court_expected))
        months = self._months(row.cells["month"])
        month = months[0] if len(months) == 1 else None
        if month is None:
            problems.append(_wrong(row, "month", self._month_problem(months)))
        if court and month and not self.changes.is_assessed(court.pk, month):
            problems.append(_wrong(row, "month", _("这个月不考核该法院，不收它的数据。")))
        metric = self._metric(self._text(row, "metric"), month)
        if metric is None:
            problems.append(_wrong(row, "metric", self.metric_expected))
        places = 0 if metric is None else metric.places
        value, expected = _value(row.cells["value"], places, is_shown=is_shown)
        if expected:
            problems.append(_wrong(row, "value", expected))
        note = self._text(row, "note") if "note" in row.cells else ""
        if len(note) > LONGEST_NOTE:
            problems.append(
                _wrong(row, "note", _("最多%(most)s字。请删减。") % {"most": LONGEST_NOTE})
            )
        if court is None or month is None or metric is None or len(problems) > before:
            return None
        return Entry(row, court, month, metric, value, note)

    def _metric(self, name: str, month: Month | None) -> Metric | None:
        """The metric that the rules of the month know by this name; files say few over and over."""
        key = (name, month)
        if key not in self.named:
            self.named[key] = self._looked_up(name, month)
        return self.named[key]

    def _looked_up(self, name: str, month: Month | None) -> Metric | None:
        rulebooks = self.rules.rulebooks if month is None else self.rules.naming(month)
        for rulebook in rulebooks:
            metrics = self.metrics[rulebook.sha256]
            metric = metrics.get(name) or _named(metrics, name)
            if metric is not None:
                return metric
        return None

    def _text(self, row: Row, column: str) -> str:
        cell = row.cells.get(column, "")
        return "" if isinstance(cell, RefusedCell) else str(cell)

    def _months(self, cell: Cell) -> tuple[Month, ...]:
        """The months the cell may mean, of the rulebook's years; files say few over and over."""
        if cell not in self.months:
            meant = months_meant(cell, self.years_meant)
            self.months[cell] = tuple(month for month in meant if month.year in self.years)
        return self.months[cell]

    def _month_problem(self, months: Sequence[Month]) -> str:
        """Why the cell names no month: it names none, or it may mean several."""
        if not months:
            return self.month_expected
        text = _("可能是%(months)s，请写明，如 %(first)s。")
        named = _("，也可能是").join(map(str, months))
        return text % {"months": named, "first": months[0]}


def _wrong(row: Row, column: str, expected: str) -> Problem:
    cell = row.cells[column]
    return row.problem(column, cell.expected if isinstance(cell, RefusedCell) else expected)


def _value(cell: Cell, places: int, *, is_shown: bool) -> tuple[int | None, str]:
    """The value, or what is expected in its place."""
    if is_shown or places:
        try:
            return value_of(cell, places), ""
        except FigureError as error:
            return None, str(error)
    if cell == "":
        return None, ""
    number = int(cell) if isinstance(cell, str) and _DIGITS.fullmatch(cell) else cell
    if isinstance(number, int) and 0 <= number <= LARGEST_COUNT:
        return number, ""
    if isinstance(cell, str):
        # What is a number to a person: without separators, in plain digits.
        plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", cell))
        if plain != cell and _DIGITS.fullmatch(plain) and int(plain) <= LARGEST_COUNT:
            return None, _("应只用数字，写作 %(plain)s。") % {"plain": plain}
    return None, expected()


def _metrics_by_name(rulebook: Rulebook) -> dict[str, Metric]:
    """Metrics by code, by Chinese name, and by either half of a name with a bracket in it."""
    names: dict[str, Metric] = {}
    for metric in rulebook.metrics.values():
        name = _folded(metric.label.zh)
        match = _BRACKET.fullmatch(name)
        for other in match.groups() if match else ():
            names.setdefault(other, metric)
    for metric in rulebook.metrics.values():
        names[_folded(metric.label.zh)] = metric
    return names | dict(rulebook.metrics)


def _named(metrics: dict[str, Metric], name: str) -> Metric | None:
    """The metric of a Chinese name, or of one with a remark in brackets such as its unit."""
    folded = _folded(name)
    match = _BRACKET.fullmatch(folded)
    return metrics.get(folded) or (metrics.get(match[1]) if match else None)


def _folded(name: str) -> str:
    """A Chinese name without blanks and with its brackets and commas in one width."""
    return "".join(unicodedata.normalize("NFKC", name).split())
