"""Owns the file of a ranking that is not published to courts: what the page shows, no more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import Cell, ListFile
from courts.scores.selectors.ranking_shown import CulturePage
from courts.scores.tables import side_title


def of_culture(page: CulturePage) -> ListFile:
    """The bands, or the own line alone."""
    period = page.period
    rows: list[list[Cell]]
    if page.by_bands:
        columns = [_("区间"), _("法院代码"), _("法院")]
        rows = [
            [group.label, court.code, court.name] for group in page.bands for court in group.courts
        ]
    else:
        sides = [side_title(side.label) for side in page.sides]
        columns = [_("法院代码"), _("法院"), _("总分"), *sides, _("名次")]
        rows = []
        if page.own is not None:
            row = page.own.row
            points: list[Cell] = [row.total, *(half.points for half in row.halves)]
            rows = [[page.own.code, page.own.name, *points, page.place]]
    return ListFile(
        name=f"ranking-{period.code}-{period.month}-{page.shown.value}",
        title=_("%(month)s审判执行质量得分排名") % {"month": period.month_name},
        about=[
            (_("范围"), period.court),
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            (_("依据"), f"{page.title} · {period.document}"),
            (_("规则版本"), period.edition),
            (_("说明"), page.sentence),
        ],
        columns=columns,
        rows=rows,
        is_demo=page.is_demo,
    )
