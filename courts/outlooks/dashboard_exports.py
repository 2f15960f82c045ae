"""Owns the board of the prefecture as a file: courts × items, as the page shows it."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _

from courts.files.lists import Cell, Column, ListFile, named, number
from courts.outlooks.selectors.dashboards import BoardLine, DashboardPage


def of_board(page: DashboardPage) -> ListFile:
    """Every court's points, item by item; a word where there are none."""
    period = page.period
    has_total = period.has_total
    columns: list[Column[BoardLine]] = [
        *([Column(_("名次"), lambda line: line.row.rank)] if has_total else []),
        Column(_("法院代码"), lambda line: line.code),
        Column(_("法院"), lambda line: line.name),
        *([Column(_("总分"), lambda line: line.row.total)] if has_total else []),
        *(
            Column(f"{code} {short}", partial(_points, place))
            for place, (code, short) in enumerate(page.items)
        ),
    ]
    return ListFile(
        name=named(period.court, period.month_name, _("目标看板")),
        title=_("目标看板"),
        about=[(_("月份"), period.month_name), (_("口径"), period.basis_label)],
        columns=columns,
        rows=(*page.lines, *page.apart),
        is_demo=page.is_demo,
    )


def _points(place: int, line: BoardLine) -> Cell:
    """The points of the item at that place, or why there are none."""
    cell = line.cells[place]
    return cell.text if cell.points is None else number(cell.points)
