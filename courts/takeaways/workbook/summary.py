"""The sheet of totals: halves, total and rank of every court, and whether all formulas agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from courts.files.lists import defused
from courts.frame.listing import labelled
from courts.takeaways.workbook.calculation import Ground, ItemTable, coloured
from courts.takeaways.workbook.contents import WorkbookContents
from courts.takeaways.workbook.places import SheetPaper, here, listed_column
from courts.takeaways.workbook.sums import SumFormulas
from courts.takeaways.workbook.working import CourtWork, Working
from scoring.engine import worked_total

# The row of the first court.
FIRST_ROW = 3


class SummaryColumns:
    """Where the columns of the summary stand."""

    def __init__(self, contents: WorkbookContents) -> None:
        labels = [label for _side, label in contents.shares]
        self.titles = [_("代码"), _("法院")]
        self.halves = len(self.titles)
        self.titles += [_("%(side)s（百分之一分）") % {"side": label} for label in labels]
        self.points = len(self.titles)
        self.titles += [_("%(side)s得分") % {"side": label} for label in labels]
        self.missing = len(self.titles)
        self.titles += [_("%(side)s未得分的项数") % {"side": label} for label in labels]
        self.total = self.total_points = self.rank = self.told = self.told_rank = 0
        if contents.is_whole:
            self.total = len(self.titles)
            self.titles += [_("总分（百分之一分）"), _("总分"), _("已通报总分")]
            self.total_points, self.told = self.total + 1, self.total + 2
        if contents.shows_ranks:
            self.rank = len(self.titles)
            self.titles += [_("参加排名的总分（百分之一分）"), _("名次"), _("已通报名次")]
            self.told_rank = self.rank + 2
        self.provisional = len(self.titles)
        self.titles += [_("暂定"), _("核对")]
        self.check = self.provisional + 1


class Summary:
    """The sheet, written once the courts' own sheets are."""

    def __init__(
        self,
        ground: Ground,
        working: Working,
        columns: SummaryColumns,
        sheets: Mapping[str, str],
        tables: Mapping[str, ItemTable],
    ) -> None:
        self.ground, self.working, self.columns = ground, working, columns
        self.sheets, self.tables = sheets, tables
        self.contents, self.looks = ground.contents, ground.looks
        self.rows = {work.code: FIRST_ROW + place for place, work in enumerate(working.courts)}
        self.last = FIRST_ROW + len(self.rows) - 1

    def write(self, sheet: Any) -> None:
        """A row a court."""
        self.sheet = sheet
        sheet.write_string(0, 0, defused(self.contents.title), self.looks.title)
        for line in self.contents.about[:1]:
            sheet.write_string(1, 0, defused(labelled(*line)), self.looks.text)
        for column, title in enumerate(self.columns.titles):
            sheet.write_string(FIRST_ROW - 1, column, title, self.looks.head)
            sheet.set_column(column, column, 13)
        for work in self.working.courts:
            self._row(work, self.rows[work.code])
        coloured(self.ground, sheet, (FIRST_ROW, self.columns.check), self.last + 1)
        sheet.freeze_panes(FIRST_ROW, 2)

    def _row(self, work: CourtWork, row: int) -> None:
        contents, looks = self.contents, self.looks
        self.sheet.write_string(row, 0, work.code, looks.text)
        self.sheet.write_string(row, 1, defused(work.court.name), looks.text)
        self._halves(work, row)
        table, told = self.tables[work.code], work.court.published
        checked = f"'{self.sheets[work.code]}'!{table.checks[0]}:{table.checks[-1]}"
        yes, no = self.ground.agreed(True), self.ground.agreed(False)
        conditions = [f'COUNTIF({checked},"{no}")=0']
        agrees = all(told.items[item.code] == (item.status, item.points) for item in work.items)
        if contents.is_whole:
            conditions.append(self._total(work, row))
            agrees = agrees and told.total == work.total
        if contents.shows_ranks:
            conditions.append(self._rank(work, row))
            agrees = agrees and told.rank == self.working.ranks.get(work.code)
        self._provisional(work, row)
        text = f'IF(AND({",".join(conditions)}),"{yes}","{no}")'
        self._formula(row, self.columns.check, text, yes if agrees else no, looks.text)

    def _halves(self, work: CourtWork, row: int) -> None:
        columns, looks = self.columns, self.looks
        for place, (side, _label) in enumerate(self.contents.shares):
            sums = self._sums(work)
            half = work.halves[side]
            self._formula(row, columns.halves + place, sums.half(side), half, looks.count)
            points = f"{here(row, columns.halves + place)}/100"
            self._formula(row, columns.points + place, points, half / 100, looks.points)
            counted = sums.counted(side)
            missing = f"{len(counted)}-COUNT({','.join(counted)})" if counted else "0"
            self._formula(row, columns.missing + place, missing, work.missing[side], looks.count)

    def _sums(self, work: CourtWork) -> SumFormulas:
        """How the court's points add up, over the cells of its own sheet."""
        name, table = self.sheets[work.code], self.tables[work.code]
        cells = {code: f"'{name}'!{cell}" for code, cell in table.cents.items()}
        return SumFormulas(self.contents.context.rulebook, work, cells)

    def _total(self, work: CourtWork, row: int) -> str:
        """The total; the condition under which it is what was published."""
        columns, looks, cells = self.columns, self.looks, self.ground.places.cells
        paper = SheetPaper(self.ground.places, lambda cell: cells[cell._replace(court=work.code)])
        text = self._sums(work).total(worked_total(self.contents.context.rulebook).text(paper))
        self._formula(row, columns.total, text, work.total, looks.count)
        total, told = here(row, columns.total), work.court.published.total
        self._formula(row, columns.total_points, f"{total}/100", work.total / 100, looks.strong)
        if told is not None:
            self.sheet.write_number(row, columns.told, told / 100, looks.points)
        return f"ROUND(N({here(row, columns.told)})*100,0)={total}"

    def _rank(self, work: CourtWork, row: int) -> str:
        """The rank among those ranked; the condition under which it is what was published."""
        columns, looks, ranks = self.columns, self.looks, self.working.ranks
        told, rank = here(row, columns.told_rank), here(row, columns.rank + 1)
        if work.court.published.rank is not None:
            self.sheet.write_number(row, columns.told_rank, work.court.published.rank)
        if work.code in ranks:
            among, total = here(row, columns.rank), here(row, columns.total)
            self._formula(row, columns.rank, total, work.total, looks.count)
            column = listed_column(FIRST_ROW, self.last, columns.rank)
            text = f'1+COUNTIF({column},">"&{among})'
            self._formula(row, columns.rank + 1, text, ranks[work.code], looks.count)
        return f"N({told})=N({rank})"

    def _provisional(self, work: CourtWork, row: int) -> None:
        """Whether an item has no points: its own, or one of the courts that it takes points of."""
        reading = {item.side for item in work.items if item.formula.reads_peers}
        cells = []
        for column, (side, _label) in enumerate(self.contents.shares, self.columns.missing):
            cells.append(here(row, column))
            if side in reading:
                peers = self.working.peers_of(work.court)
                cells += [here(self.rows[code], column) for code in peers]
        word = _("暂定")
        shown = word if self.working.is_provisional(work) else ""
        text = f'IF(SUM({",".join(cells)})>0,"{word}","")'
        self._formula(row, self.columns.provisional, text, shown, self.looks.text)

    def _formula(self, row: int, column: int, text: str, value: object, look: Any) -> None:
        self.sheet.write_formula(row, column, f"={text}", look, value)
