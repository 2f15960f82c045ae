"""Owns the file of a ranking that is not published to courts: what the page shows, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from courts.files.lists import POINTS, Cell, Column, ListFile, named, number
from courts.scores.selectors.ranking_shown import CulturePage
from courts.scores.selectors.rankings import RankingLine
from courts.scores.tables import side_title


def of_culture(page: CulturePage) -> ListFile:
    """The bands, or the own line alone."""
    period = page.period
    title = _("%(month)s审判执行质量得分排名") % {"month": period.month_name}
    columns: list[Column[Any]]
    rows: list[Any]
    if page.by_bands:
        columns = [
            Column(_("区间"), lambda row: row[0].label),
            Column(_("法院代码"), lambda row: row[1].code),
            Column(_("法院"), lambda row: row[1].name),
        ]
        rows = [(group, court) for group in page.bands for court in group.courts]
    else:
        columns = [
            Column(_("法院代码"), lambda line: line.code),
            Column(_("法院"), lambda line: line.name),
            Column(_("总分"), lambda line: line.row.total, POINTS),
            *(
                Column(side_title(side.label), points_of(place), POINTS)
                for place, side in enumerate(page.sides)
            ),
            Column(_("名次"), lambda _line: number(page.place)),
        ]
        rows = [] if page.own is None else [page.own]
    return ListFile(
        name=named(period.court, title),
        title=title,
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


def points_of(place: int) -> Callable[[RankingLine], Cell]:
    """A line's points of the side at that place."""
    return lambda line: line.row.halves[place].points
