"""Owns the file of all combinations of readings: each court's range, and whom an answer moves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import Cell, ListFile, named, number
from courts.frame.listing import itemized
from courts.outlooks.selectors.all_readings import AllReadingsPage


def of_all_readings(page: AllReadingsPage) -> ListFile:
    """The ranges, then every court that one other answer moves."""
    period = page.period
    has_ranks = period.has_ranks
    rows: list[list[Cell]] = [
        [
            _("全部组合"),
            court.name,
            itemized(court.moved_by),
            number(court.total),
            number(court.low),
            number(court.high),
            *([court.rank, court.best, court.worst, court.verdict] if has_ranks else []),
        ]
        for court in page.courts
    ]
    rows += [
        [
            _("只改一处"),
            move.name,
            f"{move.question} {move.answer}",
            number(move.change),
            None,
            None,
            *([move.rank_before, move.rank_after, move.rank_after, ""] if has_ranks else []),
        ]
        for reading in page.readings
        for move in reading.moves
    ]
    return ListFile(
        name=named(period.court, period.month_name, _("全部理解组合")),
        title=_("全部理解组合下的总分和名次") if has_ranks else _("全部理解组合下的得分"),
        about=[
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            (_("组合数"), page.combinations),
            (_("说明"), _("这是试算，不是正式得分。")),
        ],
        columns=[
            _("种类"),
            _("法院"),
            _("解读"),
            _("现在的总分，或者总分的变化")
            if period.has_total
            else _("现在的得分，或者得分的变化"),
            _("最低"),
            _("最高"),
            *([_("名次"), _("最好"), _("最差"), _("说明")] if has_ranks else []),
        ],
        rows=rows,
        is_demo=page.is_demo,
    )
