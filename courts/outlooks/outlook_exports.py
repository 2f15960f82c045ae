"""Owns the lists of estimates people take away; every file says that it holds estimates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import Cell, ListFile
from courts.outlooks.selectors.court_pages import CourtPage
from courts.outlooks.selectors.outlooks import OutlookPage
from courts.outlooks.selectors.small_counts import FunnelsPage


def of_outlook(page: OutlookPage) -> ListFile:
    """Counts and items with their year-ends."""
    period = page.explored.period
    counts = ([page.capped] if page.capped else []) + list(page.counts)
    rows: list[list[Cell]] = [
        [
            _("件数"),
            line.code,
            line.label,
            line.to_date,
            line.middle,
            line.low,
            line.high,
            line.cap,
            line.risk,
            line.breaks_in,
        ]
        for line in counts
    ]
    rows += [
        [
            _("得分"),
            line.code,
            line.label,
            line.now,
            line.expected,
            line.low,
            line.high,
            None,
            "",
            "",
        ]
        for line in page.items
    ]
    return ListFile(
        name=f"outlook-{period.code}-{period.month}-{page.explored.court.code}",
        title=_("%(court)s年底预测") % {"court": page.explored.name},
        about=[
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            (_("说明"), _("这是估计，不是成绩。")),
        ],
        columns=[
            _("种类"),
            _("代码"),
            _("名称"),
            _("目前"),
            _("年底（中位或平均）"),
            _("下界"),
            _("上界"),
            _("上限"),
            _("突破上限的可能性"),
            _("突破的月份"),
        ],
        rows=rows,
        is_demo=page.explored.is_demo,
    )


def of_court(page: CourtPage) -> ListFile:
    """The items with what is left and the cheapest way to more."""
    period, shows_peers = page.explored.period, page.explored.shows_peers
    return ListFile(
        name=f"court-{period.code}-{period.month}-{page.explored.court.code}",
        title=_("%(court)s：下一分从哪里来") % {"court": page.explored.name},
        about=[
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            (_("说明"), _("先案件，再天数，再人数，各自按得一分要多少排列；是测算，不是成绩。")),
        ],
        columns=[
            _("代码"),
            _("考核项"),
            _("得分"),
            _("满分"),
            _("还差"),
            _("上月"),
            *([_("各院中位")] if shows_peers else []),
            _("怎样再得分"),
            _("到头"),
        ],
        rows=[
            [
                item.code,
                item.label,
                item.points,
                item.full,
                item.left,
                item.before,
                *([item.middle] if shows_peers else []),
                item.best.next_step if item.best else item.why_not,
                item.best.all_steps if item.best else "",
            ]
            for item in page.items
        ],
        is_demo=page.explored.is_demo,
    )


def of_ranks(page: FunnelsPage) -> ListFile:
    """The ranges of the ranks."""
    return ListFile(
        name=f"rank-ranges-{page.period.code}-{page.period.month}",
        title=_("名次有多确定"),
        about=[
            (_("月份"), page.period.month_name),
            (_("口径"), page.period.basis_label),
            (_("说明"), _("这是估计，不是成绩。")),
        ],
        columns=[_("法院代码"), _("法院"), _("名次"), _("最好"), _("最差"), _("说明")],
        rows=[
            [line.code, line.name, line.rank, line.low, line.high, line.text] for line in page.ranks
        ],
        is_demo=page.is_demo,
    )
