"""Owns the directions of a month as a file: every scope's indicators, line by line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import Cell, ListFile, named, number
from courts.outlooks.selectors.directions import DirectionPage


def of_directions(page: DirectionPage) -> ListFile:
    """Every scope that the account sees."""
    period = page.period
    title = _("%(month)s指标升降") % {"month": period.month_name}
    return ListFile(
        name=named(period.court, title),
        title=title,
        about=[
            (_("月份"), period.month_name),
            (_("口径"), period.basis_label),
            *(
                (f"{scope.name} · {goal.label}", goal.sentence)
                for scope in page.scopes
                for goal in scope.goals
            ),
        ],
        columns=[
            _("法院"),
            _("目标"),
            _("考核项"),
            _("指标"),
            _("方向"),
            _("上年"),
            _("上年的口径"),
            _("本年"),
            _("单位"),
            _("变化"),
            _("变化的单位"),
            _("优劣"),
        ],
        rows=[
            [
                scope.name,
                goal.label,
                line.code,
                line.label,
                line.better,
                _amount(line.before, line.unit),
                line.basis,
                _amount(line.now, line.unit),
                line.unit or "%",
                _amount(line.change, line.change_unit),
                line.change_unit or "%",
                line.verdict_label,
            ]
            for scope in page.scopes
            for goal in scope.goals
            for line in goal.lines
        ],
        is_demo=page.is_demo,
    )


def _amount(text: str, unit: str) -> Cell:
    """The number before its unit."""
    return number(text.removesuffix(unit).rstrip())
