"""The whole workbook: what it is, the figures, a sheet that computes for each court, the totals.

Texts are written as texts, whatever they begin with, and no text becomes a link.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from courts.files.lists import defused
from courts.frame.listing import labelled
from courts.takeaways.workbook.calculation import Ground, ItemTable, Looks
from courts.takeaways.workbook.contents import WorkbookContents
from courts.takeaways.workbook.places import Places, address, listed_column, sheet_names
from courts.takeaways.workbook.summary import Summary, SummaryColumns
from courts.takeaways.workbook.trial import DECISION, Sources, TrialSheet
from courts.takeaways.workbook.working import CourtWork, Working
from courts.wording.amounts import level_name
from scoring.rates import MONTHS_OF_YEAR
from scoring.spreadsheet import Cell, Kind

# Where the columns of courts begin on a sheet of figures, and its first row of figures.
FIRST_COURT, FIRST_ROW = 2, 3
WIDTH, WIDTH_OF_AMOUNTS = 11, 17
FIXED = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def written(contents: WorkbookContents) -> bytes:
    """The file."""
    return _Book(contents).write()


class _Book:
    """One workbook that is being written."""

    def __init__(self, contents: WorkbookContents) -> None:
        self.contents = contents
        self.working = Working(contents)
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, FIXED)
        self.book.set_properties({"title": contents.title})
        self.ground = Ground(contents, Places(), Looks.of(self.book))
        self.names = {court.code: court.name for court in contents.courts}
        self.decisions: dict[tuple[str, str], str] = {}
        # The row of each line on the sheets of figures, by what it holds.
        self.rows: dict[tuple[str, str], int] = {}
        self.columns = SummaryColumns(contents)
        self.levels = tuple(
            level
            for level in contents.context.rulebook.label_of_level
            if any(court.facts.level is level for court in contents.courts)
        )
        self._make_sheets()

    def write(self) -> bytes:
        """Everything, in an order in which cells are placed before they are named."""
        self._about()
        self._figures()
        self._given()
        self._place_halves()
        tables = {work.code: self._court(work) for work in self.working.courts}
        summary = Summary(self.ground, self.working, self.columns, self.court_names, tables)
        summary.write(self.sheets[self.summary_name])
        for level in self.levels:
            TrialSheet(
                self.ground, self.working, self.trials[level], level, self._sources()
            ).write()
        self.sheets[self.summary_name].activate()
        self.book.close()
        return self.buffer.getvalue()

    # --- Sheets --------------------------------------------------------------------------------

    def _make_sheets(self) -> None:
        rulebook = self.contents.context.rulebook
        trials = [
            _("试算（%(level)s）") % {"level": level_name(rulebook, level)} for level in self.levels
        ]
        wanted = [_("说明"), _("汇总"), *trials]
        wanted += [_("数据"), _("上年同月"), _("上年全年"), _("目标与决定")]
        wanted += [court.name for court in self.contents.courts]
        names = sheet_names(wanted)
        self.sheets = {name: self.book.add_worksheet(name) for name in names}
        self.about_name, self.summary_name = names[:2]
        rest = names[2 + len(self.levels) :]
        self.trials = {
            level: self.sheets[name] for level, name in zip(self.levels, names[2:], strict=False)
        }
        self.figures_name, self.same_name, self.annual_name, self.given_name = rest[:4]
        self.court_names = dict(zip(self.names, rest[4:], strict=True))
        for sheet in self.sheets.values():
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            if self.contents.is_demo:
                sheet.set_footer(f"&C{_('演示数据')}")

    def _about(self) -> None:
        sheet, looks, language = self.sheets[self.about_name], self.ground.looks, ""
        language = self.contents.language
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 3, 30)
        sheet.write_string(0, 0, defused(self.contents.title), looks.title)
        row = 1
        if self.contents.is_demo:
            told = _("含有为演示而编造的数据，不是任何法院的真实情况，不得用于考核。")
            sheet.write_string(row, 0, _("演示数据"), looks.warning)
            sheet.write_string(row, 1, told, looks.warning)
            row += 1
        for label, text in self.contents.about:
            sheet.write_string(row, 0, defused(label), looks.text)
            sheet.write_string(row, 1, defused(text), looks.wrapped)
            row += 1
        for line in self._guide():
            sheet.write_string(row + 1, 0, line, looks.text)
            row += 1
        row += 2
        titles = (_("解读"), _("问题"), _("采用"), _("条款"))
        for column, title in enumerate(titles):
            sheet.write_string(row, column, title, looks.head)
        context = self.contents.context
        for place, reading in enumerate(context.rulebook.readings, start=row + 1):
            value = context.readings[reading.code]
            label = reading.option(value).label.get(language)
            cells = (
                reading.code,
                reading.question.get(language),
                labelled(value, label),
                reading.paragraph,
            )
            for column, text in enumerate(cells):
                sheet.write_string(place, column, defused(text), looks.wrapped)

    def _guide(self) -> Sequence[str]:
        has_total = self.contents.context.rulebook.has_total
        return (
            _("各院工作表逐项列出计算步骤，全部是公式，从数据表重新算出得分，并与已通报得分核对。"),
            _(
                "得分按百分之一分的整数计算，四舍五入与系统相同；公式结果与已通报一致的，核对栏为绿色。"
            ),
            _("试算表黄色格子里填入数字，即可看到得分、总分和名次的变化；不影响其他工作表。")
            if has_total
            else _("试算表黄色格子里填入数字，即可看到得分的变化；不影响其他工作表。"),
            _("解读已写入公式，改变解读须另行导出。"),
            *(
                [
                    _(
                        "金额以元列出；电子表格只有15位有效数字，金额过大算不准的项会写明，以系统为准。"
                    )
                ]
                if self._has_amounts
                else []
            ),
        )

    @property
    def _has_amounts(self) -> bool:
        return any(one.places for one in self.contents.context.rulebook.metrics.values())

    def _figures(self) -> None:
        self._grid(self.figures_name, Kind.CURRENT, _("本年数据（年初至本月累计）"))
        same = _("上年同月数据（累计）")
        if self.contents.context.month.month == MONTHS_OF_YEAR:
            same = _("上年同月数据（十二月与上年全年比较，不用它）")
        self._grid(self.same_name, Kind.SAME_MONTH, same)
        self._grid(self.annual_name, Kind.ANNUAL, _("上年全年数据"))

    def _grid(self, name: str, kind: Kind, title: str) -> None:
        """One sheet of figures: metrics down, courts across."""
        sheet, looks = self._headed(name, title)
        metrics = self.contents.context.rulebook.metrics.values()
        for row, metric in enumerate(metrics, start=FIRST_ROW):
            self.rows[(kind, metric.code)] = row
            sheet.write_string(row, 0, metric.code, looks.text)
            sheet.write_string(row, 1, metric.label.get(self.contents.language), looks.text)
            for column, court in enumerate(self.contents.courts, start=FIRST_COURT):
                cell = Cell(kind, metric.code, court.code)
                self.ground.places.cells[cell] = address(name, row, column)
                value = self.working.shown(cell)
                if isinstance(value, int | Decimal):
                    look = looks.amount if metric.places else looks.count
                    sheet.write_number(row, column, value, look)

    def _headed(self, name: str, title: str) -> tuple[Any, Looks]:
        sheet, looks = self.sheets[name], self.ground.looks
        sheet.write_string(0, 0, title, looks.title)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 34)
        width = WIDTH_OF_AMOUNTS if self._has_amounts else WIDTH
        sheet.set_column(FIRST_COURT, FIRST_COURT + len(self.names), width)
        sheet.write_string(FIRST_ROW - 1, 0, _("代码"), looks.head)
        sheet.write_string(FIRST_ROW - 1, 1, _("名称"), looks.head)
        for column, court in enumerate(self.contents.courts, start=FIRST_COURT):
            sheet.write_string(FIRST_ROW - 1, column, defused(court.name), looks.head)
        sheet.freeze_panes(FIRST_ROW, FIRST_COURT)
        return sheet, looks

    def _given(self) -> None:
        """Targets, ballots and decided points."""
        sheet, looks = self._headed(self.given_name, _("审判绩效考核指标、测评和决定的分数"))
        rulebook, language = self.contents.context.rulebook, self.contents.language
        labels = {item.code: item.label.get(language) for item in rulebook.items}
        rows: list[tuple[str, str, str, Kind | None]] = [
            (code, _("%(item)s 的目标值") % {"item": labels[code]}, code, Kind.TARGET)
            for code in rulebook.appraisal_items
        ]
        rows += [
            (
                item.code,
                _("%(item)s 的评定分") % {"item": labels[item.code]},
                item.code,
                Kind.ASSESSED,
            )
            for item in rulebook.items
            if item.formula.reads_assessed
        ]
        if any(item.formula.reads_ballots for item in rulebook.items):
            rows += [
                ("", _("计入的选票数"), "", Kind.BALLOTS),
                ("", _("选票得分合计"), "", Kind.BALLOT_POINTS),
            ]
        decided = [
            (code, _("%(item)s 由院党组决定的分数") % {"item": labels[code]}) for code in labels
        ]
        rows += [(code, label, code, None) for code, label in decided]
        for row, (code, label, name, kind) in enumerate(rows, start=FIRST_ROW):
            self.rows[(kind or DECISION, name)] = row
            sheet.write_string(row, 0, code, looks.text)
            sheet.write_string(row, 1, label, looks.text)
            for column, court in enumerate(self.contents.courts, start=FIRST_COURT):
                place = address(self.given_name, row, column)
                value: object = None
                if kind is None:
                    self.decisions[(court.code, name)] = place
                    decision = court.facts.decisions.get(name)
                    value = None if decision is None else decision.points
                else:
                    cell = Cell(kind, name, court.code)
                    self.ground.places.cells[cell] = place
                    value = self.working.given.get(cell)
                if isinstance(value, int | Decimal):
                    sheet.write_number(row, column, value)

    def _sources(self) -> Sources:
        """What a trial looks up."""
        kinds = {
            Kind.CURRENT: self.figures_name,
            Kind.SAME_MONTH: self.same_name,
            Kind.ANNUAL: self.annual_name,
        }
        given = (Kind.TARGET, Kind.ASSESSED, Kind.BALLOTS, Kind.BALLOT_POINTS, DECISION)
        rows = (FIRST_ROW, FIRST_ROW + len(self.names) - 1)
        columns = self.columns
        return Sources(
            sheets=kinds | dict.fromkeys(given, self.given_name),
            rows=self.rows,
            columns={code: FIRST_COURT + place for place, code in enumerate(self.names)},
            names_row=FIRST_ROW - 1,
            totals=listed_column(*rows, columns.rank, self.summary_name),
            told_totals=listed_column(*rows, columns.told, self.summary_name),
        )

    # --- Courts --------------------------------------------------------------------------------

    def _place_halves(self) -> None:
        """Where the halves of the courts stand on the summary."""
        for row, code in enumerate(self.names, start=FIRST_ROW):
            for place, (side, _label) in enumerate(self.contents.shares):
                cell = Cell(Kind.HALF, side.value, code)
                column = self.columns.halves + place
                self.ground.places.cells[cell] = address(self.summary_name, row, column)

    def _court(self, work: CourtWork) -> ItemTable:
        sheet, looks = self.sheets[self.court_names[work.code]], self.ground.looks
        title = f"{work.court.name} · {self.contents.title}"
        sheet.write_string(0, 0, defused(title), looks.title)
        table = ItemTable(
            ground=self.ground,
            sheet=sheet,
            work=work,
            own=self._own(work.code),
            decision=lambda item: self.decisions[(work.code, item)],
            names=self.names,
            top=2,
        )
        below = table.write()
        sheet.freeze_panes(3, 2)
        sheet.repeat_rows(2)
        has_total = self.contents.context.rulebook.has_total
        text = (
            _("各类得分、总分和名次见“%(sheet)s”。") if has_total else _("各类得分见“%(sheet)s”。")
        )
        sheet.write_string(below + 1, 0, text % {"sheet": self.summary_name})
        return table

    def _own(self, code: str) -> Callable[[Cell], str]:
        return lambda cell: self.ground.places.cells[cell._replace(court=code)]
