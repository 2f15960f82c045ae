"""Owns lists of returns and figures as files: the grid of all courts, and those stored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.files.lists import Cell, Column, ListFile, figure_cell, named
from courts.frame.listing import itemized, labelled
from courts.models import Court, Figure, MonthlyReturn, QualityYear
from courts.returns.selectors.office_grids import OfficeGridPage, OfficeRow
from courts.years.selectors.metrics import MetricLabels
from courts.years.selectors.side_names import SideNames
from scoring.facts import Month


def of_grid(page: OfficeGridPage, year: QualityYear) -> ListFile:
    """One side of a month, courts across, with the sums."""
    courts = page.grid.columns
    states = [labelled(column.court, column.state_label) for column in courts]
    columns: list[Column[OfficeRow]] = [
        Column(_("代码"), lambda row: row.metric),
        Column(_("指标"), lambda row: row.label),
        Column(_("单位"), lambda row: row.unit),
        *(Column(one.court, partial(_value, place)) for place, one in enumerate(courts)),
        Column(_("合计"), lambda row: figure_cell(row.total, row.places)),
        Column(_("未填"), lambda row: row.missing),
    ]
    return ListFile(
        name=named(page.month_name, page.side_label, _("各院数据")),
        title=f"{page.month_name} {page.side_label}",
        about=[(_("质量年"), year.code), (_("报表状态"), itemized(states))],
        columns=columns,
        rows=page.grid.rows,
        is_demo=page.grid.is_demo,
    )


def _value(place: int, row: OfficeRow) -> Cell:
    """What the court at that place reports."""
    return figure_cell(row.cells[place].value, row.places)


def of_returns(rows: Sequence[MonthlyReturn]) -> ListFile:
    """Returns as they are stored, read with `names_then`."""
    sides = SideNames(get_language() or "")
    columns: list[Column[MonthlyReturn]] = [
        Column(_("法院"), lambda row: row.court.code),
        Column(_("法院简称"), lambda row: _short_name(row, row.court)),
        Column(_("月份"), lambda row: Month(row.year, row.month)),
        Column(_("类别"), lambda row: sides.of(row.court, row.side)),
        Column(_("状态"), lambda row: row.get_state_display()),
        Column(_("来源"), lambda row: row.get_origin_display()),
        Column(_("提交人"), lambda row: row.submitted_by.username if row.submitted_by else None),
        Column(_("核实人"), lambda row: row.verified_by.username if row.verified_by else None),
        Column(_("演示"), _mark),
    ]
    title = _("报表清单")
    return ListFile(
        name=title,
        title=title,
        about=[],
        columns=columns,
        rows=rows,
        is_demo=any(row.is_demo for row in rows),
    )


def of_figures(rows: Sequence[Figure]) -> ListFile:
    """Figures as they are stored, read with `names_then`."""
    names = MetricLabels(get_language() or "")
    sides = SideNames(get_language() or "")
    columns: list[Column[Figure]] = [
        Column(_("法院"), lambda row: row.monthly_return.court.code),
        Column(_("法院简称"), lambda row: _short_name(row, row.monthly_return.court)),
        Column(_("月份"), lambda row: Month(row.monthly_return.year, row.monthly_return.month)),
        Column(_("指标"), lambda row: row.metric),
        Column(_("指标名称"), lambda row: names.of_return(row.monthly_return, row.metric)),
        Column(
            _("数值"),
            lambda row: figure_cell(row.value, names.places(row.monthly_return, row.metric)),
        ),
        Column(_("说明"), lambda row: row.note),
        Column(
            _("类别"),
            lambda row: sides.of(row.monthly_return.court, row.monthly_return.side),
        ),
        Column(_("状态"), lambda row: row.monthly_return.get_state_display()),
        Column(_("演示"), lambda row: _mark(row.monthly_return)),
    ]
    title = _("数据清单")
    return ListFile(
        name=title,
        title=title,
        about=[],
        columns=columns,
        rows=rows,
        is_demo=any(row.monthly_return.is_demo for row in rows),
    )


def _short_name(row: Any, court: Court) -> str:
    """What the court was called in the month."""
    names = row.names_then or court.names
    return str(names[0])


def _mark(row: MonthlyReturn) -> str:
    """What stands beside made-up figures."""
    return _("演示数据") if row.is_demo else ""
