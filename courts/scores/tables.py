"""Owns the columns of tables: what they are called, how they sort; never where values come from."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData

from courts.scores.selectors.rankings import RankingLine, RankingPage

PER_PAGE = 50
# Columns of the sides stand between the court and the total.
BEFORE, AFTER = ("rank", "court"), ("total", "total_change", "rank_change")


class ValuesFirst(TableListData):
    """Rows sorted by one column; rows without a value come last in either direction.

    Rows with equal values keep the order they came in, which is the ranking's.
    """

    data: list[RankingLine]

    def order_by(self, aliases: Any) -> None:
        # The ranking's own order, which the rows came in.
        if tuple(aliases) == ("rank",):
            return
        for alias in reversed(aliases):
            column = self.table.columns[alias.bare]
            key = column.accessor.resolve
            known = [row for row in self.data if key(row) is not None]
            unknown = [row for row in self.data if key(row) is None]
            known.sort(key=key, reverse=alias.is_descending)
            self.data = known + unknown


class RankingTable(tables.Table):
    """The ranked courts of a month; `courts/scores/ranking/_row.html` draws their cells.

    A column for each side of the rulebook is added by `ranking_table`.
    """

    rank = tables.Column(verbose_name=_("名次"), accessor="row__rank")
    court = tables.Column(verbose_name=_("法院"), accessor="order")
    total = tables.Column(
        verbose_name=_("总分"), accessor="row__total", initial_sort_descending=True
    )
    total_change = tables.Column(
        verbose_name=_("总分较上月"), accessor="row__total_change", initial_sort_descending=True
    )
    rank_change = tables.Column(
        verbose_name=_("名次较上月"), accessor="row__rank_change", initial_sort_descending=True
    )

    class Meta:
        template_name = "courts/scores/ranking/_table.html"
        order_by = ("rank",)


def ranking_table(page: RankingPage) -> RankingTable:
    """The table of a ranking page, best first, with a column for each side."""
    sides = [
        (
            half.code,
            tables.Column(
                verbose_name=side_title(half.label),
                accessor=f"row__by_side__{half.code}",
                initial_sort_descending=True,
            ),
        )
        for half in page.sides
    ]
    # Without a total nobody is ranked either: courts stand in the order of the notice.
    left_out = () if page.has_total else (BEFORE[0], *AFTER)
    kept = [name for name in (*BEFORE, *AFTER) if name not in left_out]
    codes = [code for code, _column in sides]
    return RankingTable(
        ValuesFirst(list(page.ranked)),
        extra_columns=sides,
        exclude=left_out,
        sequence=tuple(
            [*(name for name in kept if name in BEFORE), *codes]
            + [name for name in kept if name in AFTER]
        ),
    )


def side_title(label: str) -> str:
    """The heading over the points of a side."""
    return _now("%(side)s得分") % {"side": label}
