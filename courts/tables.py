"""Owns the columns of tables: what they are called, how they sort; never where values come from."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData

from courts.selectors.rankings import RankingLine, RankingPage

PER_PAGE = 50
SEPARATOR = "__"


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
            key = attrgetter(column.accessor.replace(SEPARATOR, "."))
            known = [row for row in self.data if key(row) is not None]
            unknown = [row for row in self.data if key(row) is None]
            known.sort(key=key, reverse=alias.is_descending)
            self.data = known + unknown


class RankingTable(tables.Table):
    """The ranked courts of a month; `courts/ranking/_row.html` draws their cells."""

    rank = tables.Column(verbose_name=_("名次"), accessor="row__rank")
    court = tables.Column(verbose_name=_("法院"), accessor="order")
    litigation = tables.Column(
        verbose_name=_("诉讼得分"), accessor="row__litigation", initial_sort_descending=True
    )
    enforcement = tables.Column(
        verbose_name=_("执行得分"), accessor="row__enforcement", initial_sort_descending=True
    )
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
        template_name = "courts/ranking/_table.html"
        order_by = ("rank",)


def ranking_table(page: RankingPage) -> RankingTable:
    """The table of a ranking page, best first."""
    return RankingTable(ValuesFirst(list(page.ranked)))
