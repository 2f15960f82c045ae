"""Owns the files people take away from a ranking: its rows, with what they must not lose.

A file says what it is, of which month and basis, by which rulebook and which readings, and whether
figures in it are made up.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _

from courts.files.lists import (
    POINTS,
    SIGNED,
    SIGNED_POINTS,
    Cell,
    Column,
    ListFile,
    Notes,
    named,
    response,
)
from courts.frame.listing import enumerated, noted
from courts.scores.ranking_shown_exports import points_of
from courts.scores.selectors.rankings import RankingLine, RankingPage
from courts.scores.tables import RankingTable, side_title
from scoring.rounding import to_decimal

FORMATS = ("xlsx", "csv")


def ranking_file(page: RankingPage, table: RankingTable, wanted: str) -> HttpResponse:
    """The ranking as a file of that format, its rows in the order of the table."""
    period = page.period
    text = (
        _("%(month)s审判执行质量得分排名") if period.has_ranks else _("%(month)s审判执行质量得分")
    )
    title = text % {"month": period.month_name}
    basis = "" if not period.query else period.basis_label
    file = ListFile(
        name=named(period.court, title, basis),
        title=title,
        about=list(_about(page)),
        columns=_columns(page),
        rows=[*(row.record for row in table.rows), *page.apart],
        is_demo=page.is_demo,
        notes=Notes(_("解读"), list(_readings(page))),
        frozen_columns=2,
    )
    return response(file, wanted)


def _about(page: RankingPage) -> Iterator[tuple[str, str]]:
    """What the figures are, line by line, as label and text."""
    period = page.period
    yield _("范围"), period.court
    yield _("月份"), period.month_name
    yield _("口径"), period.basis_label
    yield _("依据"), f"{page.title} · {period.document}"
    yield _("规则版本"), period.edition
    if page.any_decided:
        yield _("单独评分"), _("有考核项由院党组决定分数，末两列是按数据计的。")
    if page.any_newly:
        line = next(line for line in (*page.ranked, *page.apart) if line.row.newly.items)
        names = enumerated(item.code for item in line.row.newly.items)
        yield _("较上月"), _("%(items)s上月还没有得分，本月新计入，另列一栏。") % {"items": names}
    if page.any_provisional:
        yield _("暂定"), _("有考核项尚未计分，总分是已有各项之和。")


def _readings(page: RankingPage) -> Iterator[tuple[str, str]]:
    for line in page.readings:
        state = _("默认") if line.is_default else _("非默认")
        yield noted(line.code, line.paragraph), noted(f"{line.question} {line.answer}", state)


def _columns(page: RankingPage) -> list[Column[RankingLine]]:
    newly: list[Column[RankingLine]] = [
        Column(_("较上月中新计入的得分"), lambda line: to_decimal(line.row.newly.cents), POINTS)
    ]
    decided: list[Column[RankingLine]] = [
        Column(_("按数据计总分"), _computed_total, POINTS),
        Column(_("按数据计名次"), _computed_rank),
    ]
    total: list[Column[RankingLine]] = [
        Column(_("总分"), lambda line: line.row.total, POINTS),
        Column(_("总分较上月"), lambda line: line.row.total_change, SIGNED_POINTS),
        Column(_("名次较上月"), lambda line: line.row.rank_change, SIGNED),
    ]
    rank: list[Column[RankingLine]] = [Column(_("名次"), lambda line: line.row.rank)]
    overridden: list[Column[RankingLine]] = [
        Column(_("总分的限制"), lambda line: "".join(line.row.overrides))
    ]
    return [
        *(rank if page.has_total else []),
        Column(_("法院"), lambda line: line.name),
        *(
            Column(side_title(side.label), points_of(place), POINTS)
            for place, side in enumerate(page.sides)
        ),
        *(total if page.has_total else []),
        Column(_("暂定"), lambda line: _("暂定") if line.row.provisional else ""),
        Column(_("法院代码"), lambda line: line.code),
        *(overridden if any(line.row.overrides for line in (*page.ranked, *page.apart)) else []),
        *(newly if page.any_newly else []),
        *(decided if page.any_decided else []),
    ]


def _computed_total(line: RankingLine) -> Cell:
    """The total without decided points; nothing where none were decided."""
    return None if line.row.undecided is None else line.row.undecided.total


def _computed_rank(line: RankingLine) -> Cell:
    return None if line.row.undecided is None else line.row.undecided.rank
