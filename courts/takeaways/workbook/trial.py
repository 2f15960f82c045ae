"""A sheet for trying: one court, other figures, and what they do to points, total and rank.

Published figures are looked up by the chosen court; what is typed into the yellow cells takes their
place on this sheet alone. Other courts stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from courts.files.lists import defused
from courts.takeaways.workbook.calculation import Ground, ItemTable
from courts.takeaways.workbook.places import Places, SheetPaper, here
from courts.takeaways.workbook.sums import SumFormulas
from courts.takeaways.workbook.working import CourtWork, Working
from scoring.engine import worked_total
from scoring.schema import Level
from scoring.spreadsheet import Cell, Kind, Value

CODE, NAME, TOLD, TRIED, TAKEN, SAME, ANNUAL = range(7)
ITEMS = 8
CHOICES = ITEMS + 14
OTHERS = CHOICES + 2
CHOICE_ROW, HALVES_ROW, TOTAL_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4, 6, 7
DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the other sheets stand: names by kind of cell, the row of each line, the columns of
    courts, and the cells of totals on the summary."""

    sheets: Mapping[str, str]
    rows: Mapping[tuple[str, str], int]
    columns: Mapping[str, int]
    names_row: int
    totals: str
    told_totals: str

    def row_of(self, kind: str, name: str) -> str:
        """The cells of one line, all courts across."""
        first, last = min(self.columns.values()), max(self.columns.values())
        row = self.rows[(kind, name)]
        return f"'{self.sheets[kind]}'!{xl_range_abs(row, first, row, last)}"

    @property
    def names(self) -> str:
        """The cells with the courts' names."""
        first, last = min(self.columns.values()), max(self.columns.values())
        sheet = self.sheets[Kind.CURRENT]
        return f"'{sheet}'!{xl_range_abs(self.names_row, first, self.names_row, last)}"


class TrialSheet:
    """The sheet for one level of court: courts of another level have other points."""

    def __init__(
        self, ground: Ground, working: Working, sheet: Any, level: Level, sources: Sources
    ) -> None:
        self.ground, self.working, self.sheet, self.sources = ground, working, sheet, sources
        self.courts = [work for work in working.courts if work.court.facts.level is level]
        self.work = working.tried(self.courts[0])
        self.index = xl_rowcol_to_cell(CHOICE_ROW, TRIED, True, True)
        self.cells: dict[Cell, str] = {}
        # Figures of the level's courts, where items read them.
        self.others: dict[Cell, str] = {}
        self.decisions: dict[str, str] = {}

    def write(self) -> None:
        """Everything on the sheet."""
        self._choice()
        row = self._figures()
        self._given(row)
        table = ItemTable(
            ground=replace(self.ground, places=self._places()),
            sheet=self.sheet,
            work=self.work,
            own=self.cells.__getitem__,
            decision=self.decisions.__getitem__,
            names={work.code: work.court.name for work in self.working.courts},
            top=HEAD_ROW,
            left=ITEMS,
            with_published=False,
        )
        table.write()
        self._sums(table)
        self.sheet.freeze_panes(FIRST_ROW, 2)

    def _choice(self) -> None:
        sheet, looks = self.sheet, self.ground.looks
        has_total = self.ground.contents.context.rulebook.has_total
        both, points = (
            _("试算：在黄色格子里填入数字，看得分和总分"),
            _("试算：在黄色格子里填入数字，看得分"),
        )
        sheet.write_string(0, 0, both if has_total else points, looks.title)
        sheet.write_string(CHOICE_ROW, CODE, _("选择法院"), looks.text)
        sheet.write_string(CHOICE_ROW, TOLD, defused(self.work.court.name), looks.entry)
        last = CHOICE_ROW + len(self.courts) - 1
        for row, work in enumerate(self.courts, start=CHOICE_ROW):
            sheet.write_string(row, CHOICES, defused(work.court.name), looks.muted)
        choices = xl_range_abs(CHOICE_ROW, CHOICES, last, CHOICES)
        sheet.data_validation(
            CHOICE_ROW, TOLD, CHOICE_ROW, TOLD, {"validate": "list", "source": f"={choices}"}
        )
        chosen = here(CHOICE_ROW, TOLD)
        place = list(self.sources.columns).index(self.work.code) + 1
        found = f"MATCH({chosen},{self.sources.names},0)"
        self._formula(CHOICE_ROW, TRIED, found, place, looks.muted)

    def _figures(self) -> int:
        """The figures of the chosen court; the first row below them."""
        titles = (
            _("代码"),
            _("名称"),
            _("通报数"),
            _("试算数"),
            _("采用数"),
            _("上年同月"),
            _("上年全年"),
        )
        for column, (title, width) in enumerate(
            zip(titles, (26, 26, 12, 12, 12, 12, 12), strict=True)
        ):
            self.sheet.write_string(HEAD_ROW, column, title, self.ground.looks.head)
            self.sheet.set_column(column, column, width)
        self._others()
        row = FIRST_ROW
        language = self.ground.contents.language
        for metric in self.ground.contents.context.rulebook.metrics.values():
            self._line(row, Kind.CURRENT, metric.code, metric.label.get(language))
            for kind, column in ((Kind.SAME_MONTH, SAME), (Kind.ANNUAL, ANNUAL)):
                self._look_up(row, column, kind, metric.code)
                self.cells[Cell(kind, metric.code)] = here(row, column)
            row += 1
        return row

    def _others(self) -> None:
        """The figures of every court of the level that items read, empty for the chosen one."""
        read = {
            code
            for item in self.work.items
            if item.formula.reads_level and item.worked is not None
            for code in item.formula.item.metrics
        }
        metrics = self.ground.contents.context.rulebook.metrics
        for column, work in enumerate(self.courts if read else (), start=OTHERS):
            name = defused(work.court.name)
            self.sheet.write_string(HEAD_ROW, column, name, self.ground.looks.head)
            place = list(self.sources.columns).index(work.code) + 1
            for row, code in enumerate(metrics, start=FIRST_ROW):
                if code not in read:
                    continue
                cell = Cell(Kind.CURRENT, code, work.code)
                source = self.ground.places.cells[cell]
                value = self._kept(self.working.shown(cell))
                shown = "" if work.code == self.work.code else value
                text = f'IF({self.index}={place},"",IF({source}="","",{source}))'
                self._formula(row, column, text, shown, self.ground.looks.muted)
                self.others[cell] = here(row, column)

    def _places(self) -> Places:
        """The cells of the file, those of the level's courts as this sheet has them."""
        places = self.ground.places
        return replace(places, cells={**places.cells, **self.others})

    def _given(self, row: int) -> None:
        """Targets, ballots and decided points of the chosen court."""
        for kind, name, label in self._given_lines():
            self._line(row, kind, name, label)
            row += 1

    def _given_lines(self) -> Iterator[tuple[str, str, str]]:
        rulebook, language = self.ground.contents.context.rulebook, self.ground.contents.language
        labels = {item.code: item.label.get(language) for item in rulebook.items}
        for code in rulebook.appraisal_items:
            yield Kind.TARGET, code, _("%(item)s 的目标值") % {"item": labels[code]}
        for given in rulebook.items:
            if given.formula.reads_assessed:
                label = _("%(item)s 的评定分") % {"item": labels[given.code]}
                yield Kind.ASSESSED, given.code, label
        if any(item.formula.reads_ballots for item in rulebook.items):
            yield Kind.BALLOTS, "", _("计入的选票数")
            yield Kind.BALLOT_POINTS, "", _("选票得分合计")
        for work in self.work.items:
            label = _("%(item)s 由院党组决定的分数") % {"item": labels[work.code]}
            yield DECISION, work.code, label

    def _line(self, row: int, kind: str, name: str, label: str) -> None:
        """What was published, the cell to try another in, and what is taken."""
        sheet, looks = self.sheet, self.ground.looks
        sheet.write_string(row, CODE, name, looks.text)
        sheet.write_string(row, NAME, label, looks.wrapped)
        value = self._look_up(row, TOLD, kind, name)
        metric = self.ground.contents.context.rulebook.metrics.get(name)
        is_amount = kind == Kind.CURRENT and metric is not None and metric.places
        sheet.write_blank(row, TRIED, None, looks.amount_entry if is_amount else looks.entry)
        told, tried = here(row, TOLD), here(row, TRIED)
        self._formula(row, TAKEN, f"IF(ISNUMBER({tried}),{tried},{told})", value, None)
        if kind == DECISION:
            self.decisions[name] = here(row, TAKEN)
        else:
            self.cells[Cell(Kind(kind), name)] = here(row, TAKEN)

    def _look_up(self, row: int, column: int, kind: str, name: str) -> object:
        found = f"INDEX({self.sources.row_of(kind, name)},1,{self.index})"
        value = self._value(kind, name)
        self._formula(row, column, f'IF({found}="","",{found})', value, None)
        return value

    def _value(self, kind: str, name: str) -> object:
        value: Value
        if kind == DECISION:
            decision = self.work.court.facts.decisions.get(name)
            value = None if decision is None else decision.points
        else:
            value = self.working.shown(Cell(Kind(kind), name, self.work.code))
        return self._kept(value)

    @staticmethod
    def _kept(value: Value) -> Any:
        """A value as a file keeps it beside its formula."""
        if isinstance(value, Decimal):
            return float(value)
        return "" if value is None else value

    def _sums(self, table: ItemTable) -> None:
        """Halves, total and rank of what is tried."""
        contents, looks, work = self.ground.contents, self.ground.looks, self.work
        sums = SumFormulas(contents.context.rulebook, work, table.cents)
        for place, (side, label) in enumerate(contents.shares):
            column = TOLD + 2 * place
            text = _("%(side)s（百分之一分）") % {"side": label}
            self.sheet.write_string(HALVES_ROW, column - 1, text, looks.text)
            cell = here(HALVES_ROW, column)
            self._formula(HALVES_ROW, column, sums.half(side), work.halves[side], looks.count)
            self.cells[Cell(Kind.HALF, side.value)] = cell
        if not contents.is_whole:
            return
        paper = SheetPaper(self.ground.places, self.cells.__getitem__)
        text = sums.total(worked_total(contents.context.rulebook).text(paper))
        self.sheet.write_string(TOTAL_ROW, CODE, _("试算总分"), looks.text)
        self._formula(TOTAL_ROW, NAME, f"({text})/100", work.total / 100, looks.strong)
        self.sheet.write_string(TOTAL_ROW, TOLD, _("已通报总分"), looks.text)
        told = work.court.published.total
        self._formula(
            TOTAL_ROW,
            TRIED,
            f"INDEX({self.sources.told_totals},{self.index},1)",
            "" if told is None else told / 100,
            looks.points,
        )
        if contents.shows_ranks and work.code in self.working.ranks:
            self._rank(work)

    def _rank(self, work: CourtWork) -> None:
        looks, totals = self.ground.looks, self.sources.totals
        total = f"ROUND({here(TOTAL_ROW, NAME)}*100,0)"
        own = f"INDEX({totals},{self.index},1)"
        self.sheet.write_string(TOTAL_ROW, TAKEN, _("试算名次"), looks.text)
        self._formula(
            TOTAL_ROW,
            SAME,
            f'1+COUNTIF({totals},">"&{total})-IF({own}>{total},1,0)',
            self.working.ranks[work.code],
            looks.count,
        )

    def _formula(self, row: int, column: int, text: str, value: object, look: Any) -> None:
        self.sheet.write_formula(row, column, f"={text}", look, value)
