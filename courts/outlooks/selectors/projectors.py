"""Owns what the meeting room's screen shows of a month: the dashboard, cut to what fits.

A *screen* is one page of courts that stands on a projector without scrolling; screens count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from courts.outlooks.selectors.dashboard_caps import CapLine
from courts.outlooks.selectors.dashboard_headlines import Headline
from courts.outlooks.selectors.dashboards import BoardLine, DashboardPage
from courts.permissions import Basis
from courts.years.selectors.periods import MonthChoice, Period

# What a screen of 1366 by 768 holds in large type.
COURTS_A_SCREEN = 10
MOST_HEADLINES = 6


class ProjectorLine(NamedTuple):
    """A court with its total and its place, and how much of its cap is used; None without one."""

    line: BoardLine
    cap: CapLine | None


@dataclass(frozen=True, slots=True)
class ProjectorPage:
    """One screen of a month."""

    board: DashboardPage
    headlines: tuple[Headline, ...]
    lines: tuple[ProjectorLine, ...]
    screen: int
    screens: int
    previous: str
    following: str
    first: str
    last: str
    above: str
    below: str
    back: str

    @property
    def period(self) -> Period:
        return self.board.period

    @property
    def is_demo(self) -> bool:
        return self.board.is_demo


def projector_page(board: DashboardPage, screen: str) -> ProjectorPage:
    """The screen of that number, the nearest there is; ranked courts first. No query."""
    period = board.period
    courts = [*board.lines, *board.apart]
    screens = max(1, -(-len(courts) // COURTS_A_SCREEN))
    number = min(max(int(screen) if screen.isdecimal() else 1, 1), screens)
    shown = courts[(number - 1) * COURTS_A_SCREEN : number * COURTS_A_SCREEN]
    caps = {line.code: line for line in board.caps}
    filled = [choice for choice in period.months if choice.has_figures]
    return ProjectorPage(
        board=board,
        headlines=board.headlines[:MOST_HEADLINES],
        lines=tuple(ProjectorLine(line, caps.get(line.code)) for line in shown),
        screen=number,
        screens=screens,
        previous=_address(period, period.previous),
        following=_address(period, period.following),
        first=_address(period, filled[0] if filled else None),
        last=_address(period, filled[-1] if filled else None),
        above=_address(period, _current(period), number - 1) if number > 1 else "",
        below=_address(period, _current(period), number + 1) if number < screens else "",
        back=reverse("courts:dashboard", args=[period.code, period.month]) + period.query,
    )


def _current(period: Period) -> MonthChoice:
    return next(choice for choice in period.months if choice.is_current)


def _address(period: Period, choice: MonthChoice | None, screen: int = 1) -> str:
    """The screen of a month on the same basis; empty where there is no such month."""
    if choice is None:
        return ""
    query = {} if period.basis == Basis.VERIFIED else {"basis": period.basis}
    if screen > 1:
        query["screen"] = str(screen)
    return reverse("courts:projector", args=[period.code, choice.month], query=query)
