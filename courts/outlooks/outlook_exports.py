"""Owns the lists of estimates people take away; every file says that it holds estimates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import Cell, Column, ListFile, named, number
from courts.outlooks.selectors.court_pages import CourtItem, CourtPage
from courts.outlooks.selectors.outlooks import OutlookPage
from courts.outlooks.selectors.small_counts import FunnelsPage, RankLine


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
            number(line.risk),
            line.breaks_month,
        ]
        for line in counts
    ]
    rows += [
        [
            _("得分"),
            line.code,
            line.label,
            number(line.now),
            number(line.expected),
            number(line.low),
            number(line.high),
            None,
            None,
            None,
        ]
        for line in page.items
    ]
    return ListFile(
        name=named(page.explored.name, period.month_name, _("年底预测")),
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
    middle: Column[CourtItem] = Column(_("各院中位"), lambda item: number(item.middle))
    columns: list[Column[CourtItem]] = [
        Column(_("代码"), lambda item: item.code),
        Column(_("考核项"), lambda item: item.label),
        Column(_("得分"), lambda item: number(item.points)),
        Column(_("满分"), lambda item: number(item.full)),
        Column(_("还差"), lambda item: number(item.left)),
        Column(_("上月"), lambda item: number(item.before)),
        *([middle] if shows_peers else []),
        Column(_("怎样再得分"), lambda item: item.best.next_step if item.best else item.why_not),
        Column(_("到头"), lambda item: item.best.all_steps if item.best else ""),
    ]
    return ListFile(
        name=named(page.explored.name, period.month_name, _("下一分从哪里来")),
        title=_("%(court)s：下一分从哪里来") % {"court": page.explored.name},
        about=[
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            (_("说明"), _("先案件，再天数，再人数，各自按得一分要多少排列；是测算，不是成绩。")),
        ],
        columns=columns,
        rows=page.items,
        is_demo=page.explored.is_demo,
    )


def of_ranks(page: FunnelsPage) -> ListFile:
    """The ranges of the ranks."""
    columns: list[Column[RankLine]] = [
        Column(_("法院代码"), lambda line: line.code),
        Column(_("法院"), lambda line: line.name),
        Column(_("名次"), lambda line: line.rank),
        Column(_("最好"), lambda line: line.low),
        Column(_("最差"), lambda line: line.high),
        Column(_("说明"), lambda line: line.text),
    ]
    return ListFile(
        name=named(page.period.court, page.period.month_name, _("名次有多确定")),
        title=_("名次有多确定"),
        about=[
            (_("月份"), page.period.month_name),
            (_("口径"), page.period.basis_label),
            (_("说明"), _("这是估计，不是成绩。")),
        ],
        columns=columns,
        rows=page.ranks,
        is_demo=page.is_demo,
    )
