"""Owns the list that the grid of all courts gives away as a file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import ListFile
from courts.models import QualityYear
from courts.returns.selectors.office_grids import OfficeGridPage


def of_grid(page: OfficeGridPage, year: QualityYear, name: str) -> ListFile:
    """One side of a month, courts across, with the sums."""
    columns = page.grid.columns
    states = [f"{column.court}：{column.state_label}" for column in columns]
    return ListFile(
        name=f"grid-{year.code}-{name}",
        title=f"{page.month_name} {page.side_label}",
        about=[(_("质量年"), year.code), (_("报表状态"), "；".join(states))],
        columns=[
            _("代码"),
            _("指标"),
            _("单位"),
            *(column.court for column in columns),
            _("合计"),
            _("未填"),
        ],
        rows=[
            [
                row.metric,
                row.label,
                row.unit,
                *(cell.value for cell in row.cells),
                row.total,
                row.missing,
            ]
            for row in page.grid.rows
        ],
        is_demo=page.grid.is_demo,
    )
