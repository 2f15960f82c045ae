"""Owns the board of the prefecture as a file: courts × items, as the page shows it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import ListFile
from courts.outlooks.selectors.dashboards import DashboardPage


def of_board(page: DashboardPage) -> ListFile:
    """Every court's points, item by item; a word where there are none."""
    period = page.period
    return ListFile(
        name=f"dashboard-{period.code}-{period.month}",
        title=_("目标看板"),
        about=[(_("月份"), period.month_name), (_("口径"), period.basis_label)],
        columns=[
            _("名次"),
            _("法院代码"),
            _("法院"),
            _("总分"),
            *(f"{code} {short}" for code, short in page.items),
        ],
        rows=[
            [
                line.row.rank,
                line.code,
                line.name,
                line.row.total,
                *(cell.text if cell.points is None else cell.points for cell in line.cells),
            ]
            for line in (*page.lines, *page.apart)
        ],
        is_demo=page.is_demo,
    )
