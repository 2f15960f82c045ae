"""The items of one court as a table that computes: a row a line of the working, points at its head.

The numbers that a spreadsheet shows before it recalculates are written beside each formula; they
come from the same expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courts.files.lists import defused
from courts.frame.listing import labelled, noted
from courts.takeaways.workbook.contents import WorkbookContents
from courts.takeaways.workbook.places import Places, SheetPaper, here
from courts.takeaways.workbook.working import CourtWork, ItemWork
from scoring.results import Status
from scoring.rounding import cents
from scoring.schema import OPEN_POINTS, Item
from scoring.spreadsheet import LARGEST, Cell, Value, Worked, products

ITEM, NAME, PARAGRAPH, READING, STEP, NUMBER, STATUS, CENTS, POINTS, FULL = range(10)
TOLD_STATUS, TOLD_POINTS, CHECK = range(10, 13)
WIDTHS = (8, 30, 18, 52, 28, 16, 14, 12, 10, 8, 14, 12, 10)


@dataclass(frozen=True, slots=True)
class Looks:
    """The formats of a workbook."""

    title: Any
    head: Any
    text: Any
    wrapped: Any
    count: Any
    points: Any
    muted: Any
    entry: Any
    amount: Any
    amount_entry: Any
    strong: Any
    warning: Any
    good: Any
    bad: Any

    @classmethod
    def of(cls, book: Any) -> Looks:
        """The formats, made in the book."""
        top = {"valign": "top"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 14}),
            head=book.add_format(
                {"bold": True, "bottom": 1, "bg_color": "#E3EDF1", "text_wrap": True, **top}
            ),
            text=book.add_format(top),
            wrapped=book.add_format({"text_wrap": True, **top}),
            count=book.add_format({"num_format": "0", **top}),
            points=book.add_format({"num_format": "0.00", **top}),
            muted=book.add_format({"font_color": "#4F5F66", "text_wrap": True, **top}),
            entry=book.add_format({"bg_color": "#FFF6D6", "border": 1, "num_format": "0"}),
            amount=book.add_format({"num_format": "0.00", **top}),
            amount_entry=book.add_format(
                {"bg_color": "#FFF6D6", "border": 1, "num_format": "0.00"}
            ),
            strong=book.add_format({"bold": True, "num_format": "0.00", "top": 1}),
            warning=book.add_format({"bold": True, "font_color": "#A02C26"}),
            good=book.add_format({"bg_color": "#D7EBD9", "font_color": "#14532D"}),
            bad=book.add_format({"bg_color": "#F6D5D2", "font_color": "#8A1C14"}),
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """What the tables of a workbook share: contents, places, formats."""

    contents: WorkbookContents
    places: Places
    looks: Looks

    def agreed(self, agrees: bool) -> str:
        """Whether formula and published points agree, in words."""
        return _("一致") if agrees else _("不一致")


@dataclass(slots=True)
class ItemTable:
    """A table of items on one sheet. `own` finds the court's own cells, `decision` that of an item.

    `with_published` adds what was published of the court, and whether the formulas agree.
    """

    ground: Ground
    sheet: Any
    work: CourtWork
    own: Callable[[Cell], str]
    decision: Callable[[str], str]
    names: Mapping[str, str]
    top: int
    left: int = 0
    with_published: bool = True
    cents: dict[str, str] = field(default_factory=dict)
    checks: list[str] = field(default_factory=list)

    def write(self) -> int:
        """Write the table; the first row below it."""
        self._head()
        row = self.top + 1
        for item in self.work.items:
            row = self._item(row, item)
        if self.with_published:
            self._colours(row)
        return row

    def column(self, number: int) -> int:
        """A column of the table as one of the sheet."""
        return self.left + number

    def _head(self) -> None:
        titles = [
            _("考核项"),
            _("名称"),
            _("条款"),
            _("解读"),
            _("步骤"),
            _("数值"),
            _("状态"),
            _("百分之一分"),
            _("得分"),
            _("满分"),
        ]
        if self.with_published:
            titles += [_("已通报状态"), _("已通报得分"), _("核对")]
        for number, title in enumerate(titles):
            self._text(self.top, number, title, self.ground.looks.head)
            self.sheet.set_column(self.column(number), self.column(number), WIDTHS[number])

    def _item(self, row: int, work: ItemWork) -> int:
        item, looks, language = work.formula.item, self.ground.looks, self.ground.contents.language
        self._text(row, ITEM, item.code, looks.text)
        self._text(row, NAME, item.label.get(language), looks.wrapped)
        self._text(row, PARAGRAPH, item.paragraph, looks.wrapped)
        readings = self._readings(item)
        for place, reading in enumerate(readings):
            self._text(row + place, READING, reading, looks.muted)
        if work.formula.full < cents(OPEN_POINTS):
            self.sheet.write_number(row, self.column(FULL), work.formula.full / 100, looks.points)
        self.cents[item.code] = here(row, self.column(CENTS))
        if work.worked is None:
            self._fixed(row, work)
        else:
            self._formulas(row, work, work.worked)
        points = self.cents[item.code]
        shown = "" if work.points is None else work.points / 100
        self._formula(row, POINTS, f'IF({points}="","",{points}/100)', shown, looks.points)
        if self.with_published:
            self._told(row, work)
        return row + max(1, len(work.lines), len(readings))

    def _fixed(self, row: int, work: ItemWork) -> None:
        looks = self.ground.looks
        self._text(row, STEP, _("取自其他法院的得分或数值，本文件不含，只列结果。"), looks.muted)
        self._text(row, STATUS, self.ground.places.words[work.status], looks.text)
        if work.points is not None:
            self.sheet.write_number(row, self.column(CENTS), work.points, looks.count)

    def _formulas(self, row: int, work: ItemWork, worked: Worked) -> None:
        looks, places = self.ground.looks, self.ground.places
        lines = {
            line.cell: here(row + place, self.column(NUMBER))
            for place, line in enumerate(worked.lines)
        }
        paper = SheetPaper(places, self.own, lines)
        language = self.ground.contents.language
        for place, (line, value) in enumerate(zip(worked.lines, work.lines, strict=True)):
            label = line.label.get(language)
            if line.court:
                label = _("%(label)s：%(court)s") % {
                    "label": label,
                    "court": self.names[line.court],
                }
            self._text(row + place, STEP, label, looks.muted)
            self._formula(
                row + place, NUMBER, line.expression.text(paper), _shown(value), looks.count
            )
        decision = self.decision(work.code)
        status = worked.status.text(paper)
        if lines:
            held = f"{min(lines.values(), key=_row)}:{max(lines.values(), key=_row)}"
            sizes = [f"MAX({held})", f"-MIN({held})"]
            sizes += [f"ABS({one.text(paper)})" for one in products(worked)]
            beyond = _quoted(_("数值太大，电子表格算不准"))
            status = f"IF(MAX({','.join(sizes)})>={LARGEST},{beyond},{status})"
        decided = _quoted(places.words[Status.DECIDED])
        self._formula(
            row,
            STATUS,
            f"IF(COUNT({decision})=1,{decided},{status})",
            places.words[work.status],
            looks.text,
        )
        scored = _quoted(places.words[Status.SCORED])
        earned = (
            f"IF(COUNT({decision})=1,ROUND({decision}*100,0),"
            f'IF({here(row, self.column(STATUS))}={scored},{worked.cents.text(paper)},""))'
        )
        shown = "" if work.points is None else work.points
        self._formula(row, CENTS, earned, shown, looks.count)

    def _told(self, row: int, work: ItemWork) -> None:
        looks, words = self.ground.looks, self.ground.places.words
        status, points = self.work.court.published.items[work.code]
        self._text(row, TOLD_STATUS, words[status], looks.text)
        if points is not None:
            self.sheet.write_number(row, self.column(TOLD_POINTS), points / 100, looks.points)
        told, found = here(row, self.column(TOLD_POINTS)), self.cents[work.code]
        same = (
            f"AND(COUNT({told})=COUNT({found}),ROUND(N({told})*100,0)=N({found}),"
            f"{here(row, self.column(TOLD_STATUS))}={here(row, self.column(STATUS))})"
        )
        yes, no = _quoted(self.ground.agreed(True)), _quoted(self.ground.agreed(False))
        agrees = (status, points) == (work.status, work.points)
        self._formula(row, CHECK, f"IF({same},{yes},{no})", self.ground.agreed(agrees), looks.text)
        self.checks.append(here(row, self.column(CHECK)))

    def _colours(self, row: int) -> None:
        coloured(self.ground, self.sheet, (self.top + 1, self.column(CHECK)), row)

    def _readings(self, item: Item) -> list[str]:
        context, language = self.ground.contents.context, self.ground.contents.language
        return [
            labelled(
                f"{reading.code} = {context.readings[reading.code]}",
                noted(
                    reading.option(context.readings[reading.code]).label.get(language),
                    reading.paragraph,
                ),
            )
            for reading in context.rulebook.readings
            if item.code in reading.items
        ]

    def _text(self, row: int, number: int, text: str, look: Any) -> None:
        self.sheet.write_string(row, self.column(number), defused(text), look)

    def _formula(self, row: int, number: int, text: str, value: object, look: Any) -> None:
        self.sheet.write_formula(row, self.column(number), f"={text}", look, value)


def coloured(ground: Ground, sheet: Any, first: tuple[int, int], below: int) -> None:
    """Green where it says that formula and published points agree, red where they do not."""
    for agrees, look in ((True, ground.looks.good), (False, ground.looks.bad)):
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": _quoted(ground.agreed(agrees)),
            "format": look,
        }
        sheet.conditional_format(*first, max(first[0], below - 1), first[1], rule)


def _shown(value: Value) -> object:
    """A value as a file keeps it beside its formula."""
    return "" if value is None else int(value) if not isinstance(value, Status) else str(value)


def _quoted(text: str) -> str:
    """A text of the interface as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


def _row(cell: str) -> int:
    return int("".join(sign for sign in cell if sign.isdigit()))
