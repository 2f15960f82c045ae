"""Owns the rulebook and trials of readings as files to take away."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _

from courts.files.lists import SIGNED_POINTS, Cell, Column, ListFile, named, number
from courts.frame.listing import itemized
from courts.rulebooks.selectors.reading_pages import CourtUnder, ReadingsPage
from courts.rulebooks.selectors.rulebook_pages import RulebookPage, RuleLine


def of_rulebook(page: RulebookPage) -> ListFile:
    """Every item with its rule; the points of each level of court stand in a column."""
    levels = dict.fromkeys(one.level for item in page.items for one in item.points)
    columns: list[Column[RuleLine]] = [
        Column(_("代码"), lambda item: item.code),
        Column(_("考核项"), lambda item: item.label),
        Column(_("依据段落"), lambda item: item.paragraph),
        *(
            Column(_("分值：%(level)s") % {"level": level}, partial(_points, level))
            for level in levels
        ),
        Column(_("目标"), lambda item: item.target),
        Column(_("目标由来"), lambda item: item.origin),
        Column(_("算法"), lambda item: "".join(item.words)),
        Column(_("公式"), lambda item: item.symbols),
    ]
    return ListFile(
        name=page.title,
        title=page.title,
        about=[(_("依据"), page.document), (_("规则版本"), page.edition)],
        columns=columns,
        rows=page.items,
    )


def _points(level: str, item: RuleLine) -> Cell:
    """The most that courts of the level earn for the item; empty where it is not theirs."""
    return number(next((one.points for one in item.points if one.level == level), None))


def of_trial(page: ReadingsPage, *, shows_places: bool) -> ListFile:
    """Every court under the readings tried, beside those in force."""
    title = _("解读试算（不是正式得分）") if page.is_trial else _("现行解读下的得分")
    taken: list[tuple[str, Cell]] = [
        (line.question, next(option.label for option in line.options if option.is_chosen))
        for line in page.lines
    ]
    total: Column[CourtUnder] = Column(_("总分"), lambda one: number(one.standings[0].total))
    moved: Column[CourtUnder] = Column(
        _("与现行相差"), lambda court: court.standings[0].moved, SIGNED_POINTS
    )
    rank: Column[CourtUnder] = Column(_("名次"), lambda court: court.standings[0].rank)
    columns: list[Column[CourtUnder]] = [
        Column(_("法院代码"), lambda court: court.code),
        Column(_("法院"), lambda court: court.name),
        *([total] if page.has_total else []),
        *([rank] if shows_places and page.has_ranks else []),
        *([moved] if page.has_total else []),
        Column(_("变动的考核项"), lambda court: itemized(court.standings[0].items)),
    ]
    return ListFile(
        name=named(page.month_name, title),
        title=title,
        about=[(_("月份"), page.month_name), *taken],
        columns=columns,
        rows=page.courts,
        is_demo=page.is_demo,
    )
