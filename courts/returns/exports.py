"""Owns the list that the grid of all courts gives away as a file."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _

from courts.files.lists import Cell, Column, ListFile, named, number
from courts.models import QualityYear
from courts.returns.selectors.office_grids import OfficeGridPage, OfficeRow
from courts.wording.amounts import figure_text


def of_grid(page: OfficeGridPage, year: QualityYear) -> ListFile:
    """One side of a month, courts across, with the sums."""
    courts = page.grid.columns
    states = [f"{column.court}：{column.state_label}" for column in courts]
    columns: list[Column[OfficeRow]] = [
        Column(_("代码"), lambda row: row.metric),
        Column(_("指标"), lambda row: row.label),
        Column(_("单位"), lambda row: row.unit),
        *(Column(one.court, partial(_value, place)) for place, one in enumerate(courts)),
        Column(_("合计"), lambda row: _written(row.total, row)),
        Column(_("未填"), lambda row: row.missing),
    ]
    return ListFile(
        name=named(page.month_name, page.side_label, _("各院数据")),
        title=f"{page.month_name} {page.side_label}",
        about=[(_("质量年"), year.code), (_("报表状态"), "；".join(states))],
        columns=columns,
        rows=page.grid.rows,
        is_demo=page.grid.is_demo,
    )


def _value(place: int, row: OfficeRow) -> Cell:
    """What the court at that place reports."""
    return _written(row.cells[place].value, row)


def _written(value: int | None, row: OfficeRow) -> Cell:
    """A figure as a number, with the decimals it is written with."""
    if value is None or not row.places:
        return value
    return number(figure_text(value, row.places))
