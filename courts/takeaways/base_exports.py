"""Owns the tables of base data as files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import Cell, ListFile, figure_cell, named
from courts.takeaways.selectors.bases import BasePage, BaseRow, BaseTable


def of_table(page: BasePage, table: BaseTable) -> ListFile:
    """One table, last year beside this year."""
    period = page.period
    columns = [_("法院")]
    for title in table.columns:
        columns += [
            _("%(title)s（%(year)s年）") % {"title": title, "year": page.baseline_year},
            _("%(title)s（%(year)s年）") % {"title": title, "year": period.year.year},
        ]
    if table.has_caps:
        columns += [_("减少目标（件）"), _("上限（件）")]
    return ListFile(
        name=named(period.court, period.month_name, table.title),
        title=table.title,
        about=[
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            *((_("数据来源"), source) for source in table.sources),
        ],
        columns=columns,
        rows=[_cells(row) for row in table.rows],
        is_demo=page.is_demo,
    )


def _cells(row: BaseRow) -> list[Cell]:
    cells: list[Cell] = [row.name]
    for pair in row.pairs:
        cells += [figure_cell(value, pair.places) for value in (pair.before, pair.now)]
    return [*cells, *row.caps]
