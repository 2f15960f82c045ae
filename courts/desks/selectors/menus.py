"""Owns the menu above every page: which entries an account has, in which group, and where to.

What belongs together stands in a group, so that the menu fits one line; a group of one is that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from courts.desks.selectors.landings import LandingPlaces
from courts.years.selectors.rule_parts import RANKS


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One entry; `areas` are the pages' own names for the area that it leads to."""

    label: str
    address: str
    areas: frozenset[str]


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries under one name; a group of one entry shows that entry."""

    label: str
    links: tuple[MenuLink, ...]

    @property
    def areas(self) -> frozenset[str]:
        """The areas of all its entries."""
        return frozenset().union(*(link.areas for link in self.links))


def menu_of(places: LandingPlaces, seen: str, own_court: str) -> tuple[MenuGroup, ...]:
    """The menu of an account; `seen` is the page's year, `own_court` set for those with a desk."""
    groups = (
        MenuGroup("", tuple(_first(places, own_court))),
        MenuGroup(_("数据"), tuple(_figures(places, own_court))),
        MenuGroup("", tuple(_points(places, seen, own_court))),
        MenuGroup(_("更多"), tuple(_further(places))),
    )
    return tuple(
        part
        for group in groups
        for part in (
            [group]
            if group.label and len(group.links) > 1
            else [MenuGroup(link.label, (link,)) for link in group.links]
        )
    )


def _link(label: str, view: str, args: Iterable[str], *areas: str) -> MenuLink:
    return MenuLink(label, reverse(view, args=tuple(args)), frozenset(areas))


def _first(places: LandingPlaces, own_court: str) -> Iterator[MenuLink]:
    if places.office:
        yield _link(_("工作台"), "courts:desk", [places.office], "desk", "cases")
        yield _link(_("核实"), "courts:reviews", [places.office], "reviews")
    if own_court:
        args = (places.returns, own_court) if places.returns else ()
        view = "courts:returns" if places.returns else "courts:own_returns"
        yield _link(_("月度报表"), view, args, "returns", "cases")


def _figures(places: LandingPlaces, own_court: str) -> Iterator[MenuLink]:
    if places.overseen:
        yield _link(_("报送情况"), "courts:completeness", [places.overseen], "completeness")
        yield _link(_("各院数据"), "courts:office_grids", [places.overseen], "grid")
    year = places.dashboard or (own_court and places.rules)
    if year:
        yield _link(_("台账"), "courts:registers", [year], "registers")


def _points(places: LandingPlaces, seen: str, own_court: str) -> Iterator[MenuLink]:
    if places.dashboard:
        yield _link(_("看板"), "courts:dashboards", [places.dashboard], "dashboard")
    year = places.dashboard or (own_court and places.rules)
    if year:
        yield _link(_("督导"), "courts:actions", [year], "actions")
    is_seen = any(year.code == seen for year in places.years)
    view, args = ("courts:year", (seen,)) if is_seen else ("courts:rankings", ())
    name = _("得分") if places.rules and RANKS not in places.has else _("排名与得分")
    yield _link(name, view, args, "ranking")
    if places.rules:
        yield _link(_("通报"), "courts:bulletins", [places.rules], "bulletins")


def _further(places: LandingPlaces) -> Iterator[MenuLink]:
    if places.cases:
        yield _link(_("单独评分"), "courts:cases", [places.cases], "cases")
    if places.assessed:
        yield _link(_("评定分"), "courts:assessments", [places.assessed], "assessments")
    if places.ballots:
        yield _link(_("无记名投票"), "courts:ballots", [places.ballots], "ballots")
    if places.rules:
        areas = ("rulebook", "editions", "targets")
        yield _link(_("规则"), "courts:rulebook", [places.rules], *areas)
