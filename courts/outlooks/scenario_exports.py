"""Owns the comparison of scenarios as a file, as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courts.files.lists import Cell, ListFile, named, number
from courts.outlooks.selectors.scenarios import ScenariosPage
from courts.outlooks.selectors.trials import TrialPage


def of_scenarios(page: ScenariosPage) -> ListFile:
    """Total, items, figures and, where it is shown, rank: at present and under each scenario."""
    explored = page.explored
    trials = [line.trial for line in page.compared if line.trial is not None]
    rows: list[list[Cell]] = []
    if trials:
        rows = [
            *([_totals(trials)] if explored.period.has_total else []),
            *([_places(trials)] if explored.shows_places else []),
            *(
                [row.label, number(row.now), *map(number, row.values)]
                for row in (*page.items, *page.figures)
            ),
        ]
    return ListFile(
        name=named(explored.name, explored.period.month_name, _("测算方案对比")),
        title=_("测算方案对比"),
        about=[
            (_("法院"), explored.name),
            (_("月份"), explored.period.month_name),
            (_("说明"), _("测算，不是成绩")),
        ],
        columns=[_("项目"), _("现在"), *(line.title for line in page.compared)],
        rows=rows,
        is_demo=explored.is_demo,
    )


def _totals(trials: Sequence[TrialPage]) -> list[Cell]:
    return [
        _("总分"),
        number(trials[0].total_before),
        *(_("这样的数据报不出来") if one.faults else number(one.total_after) for one in trials),
    ]


def _places(trials: Sequence[TrialPage]) -> list[Cell]:
    ranks = [trials[0].rank_before, *(None if one.faults else one.rank_after for one in trials)]
    return [_("名次"), *("—" if rank is None else rank for rank in ranks)]
