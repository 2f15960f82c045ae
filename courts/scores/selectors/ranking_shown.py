"""Owns what courts see of a ranking that is not published to them: bands, or their own place.

Points are computed before and left out here; nothing of another court's passes, no order either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courts.models import Event, QualityYear, User
from courts.permissions import (
    Account,
    RankingShown,
    may_view_points,
    own_points_only,
    sees_places,
)
from courts.scores.selectors.rankings import RankingLine, RankingPage, SideName
from courts.years.selectors.periods import Period
from scoring.bands import band

# Fewer courts have no middle: their bands would tell places.
FEWEST_COURTS = 4


@dataclass(frozen=True, slots=True)
class BandCourt:
    """A court of a band: who it is, and nothing of how it stands within."""

    code: str
    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class BandOfCourts:
    """Courts that stand about alike, in the notice's order."""

    label: str
    courts: tuple[BandCourt, ...]


@dataclass(frozen=True, slots=True)
class CulturePage:
    """A month as a court sees it where the ranking is not published. `own` is None without one."""

    period: Period
    shown: RankingShown
    sentence: str
    title: str
    total_rule: str
    sides: tuple[SideName, ...]
    own: RankingLine | None
    place: str
    bands: tuple[BandOfCourts, ...]
    is_demo: bool

    @property
    def by_bands(self) -> bool:
        return self.shown is RankingShown.BANDS


@dataclass(frozen=True, slots=True)
class CultureChange:
    """Who changed what courts see, when and why."""

    at: datetime
    by: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettingPage:
    """What courts see of the ranking now, and how that came about."""

    shown: RankingShown
    changes: tuple[CultureChange, ...]


def culture_of(user: Account, period: Period, page: RankingPage) -> CulturePage:
    """The ranking page with everything of other courts left out. No query.

    `period` is that of the address: the ranking's own may have been kept from before a change.
    """
    shown = sees_places(user, period.year)
    own_code = user.court.code if isinstance(user, User) and user.court else ""
    lines = (*page.ranked, *page.apart)
    own = next((line for line in lines if line.code == own_code), None)
    ranked = len(page.ranked)
    return CulturePage(
        period=period,
        shown=shown,
        sentence=_sentence(shown),
        title=page.title,
        total_rule=page.total_rule,
        sides=page.sides,
        own=own,
        place=_place(own, ranked),
        bands=tuple(_bands(page.ranked, own_code)) if shown is RankingShown.BANDS else (),
        is_demo=any(line.row.is_demo for line in lines if line is own)
        or (shown is RankingShown.BANDS and page.is_demo),
    )


def _place(own: RankingLine | None, ranked: int) -> str:
    if own is None:
        return ""
    if own.row.rank is None:
        return _("不参与排名")
    if not _reported(own):
        return _("本月还没有数据")
    return _("第%(rank)s名，共%(count)s个法院") % {"rank": own.row.rank, "count": ranked}


def _reported(line: RankingLine) -> bool:
    return any(score.facts.current for score in line.row.scorecard.items)


def _bands(lines: Iterable[RankingLine], own: str) -> Iterable[BandOfCourts]:
    """Upper quarter, middle half, lower quarter, and those without figures."""
    listed = sorted(lines, key=lambda line: line.order)
    known = [line for line in listed if _reported(line)]
    limits = band(line.row.total for line in known)
    groups: list[tuple[str, Callable[[RankingLine], bool]]]
    if limits is None or len(known) < FEWEST_COURTS:
        groups = [(_("有数据的法院太少，不分区间"), lambda line: True)]
    else:
        low, high = limits.low, limits.high
        groups = [
            (_("靠前"), lambda line: line.row.total > high),
            (_("居中"), lambda line: low <= line.row.total <= high),
            (_("靠后"), lambda line: line.row.total < low),
        ]
    for label, within in groups:
        yield BandOfCourts(label, _courts(filter(within, known), own))
    without = [line for line in listed if line not in known]
    if without:
        yield BandOfCourts(_("本月还没有数据"), _courts(without, own))


def _courts(lines: Iterable[RankingLine], own: str) -> tuple[BandCourt, ...]:
    return tuple(BandCourt(line.code, line.name, line.code == own) for line in lines)


def _sentence(shown: RankingShown) -> str:
    if shown is RankingShown.FULL:
        return _("本年度向各法院公布全部得分和名次。")
    if shown is RankingShown.BANDS:
        return _("本年度向法院只公布各院所在区间；得分和名次只看得到本院的。")
    return _("本年度法院只看得到本院的得分和名次。")


def full_sentence(year: QualityYear) -> str:
    """Which culture holds, for those who see the whole ranking."""
    said = _sentence(RankingShown(year.ranking_shown))
    if year.ranking_shown == RankingShown.FULL:
        return said
    return said + _("管理部门、领导小组和院党组看得到全部。")


def shown_courts(user: Account, year: QualityYear, page: Any) -> Any:
    """A page whose `courts` have points: with what the account may see of them. No query.

    Who sees its own points only sees its court without places: under other rules or figures they
    tell, one page after another, what other courts have.
    """
    if not own_points_only(user, year):
        return page
    seen = (one for one in page.courts if may_view_points(user, year, one.code))
    return replace(page, courts=tuple(one.without_places() for one in seen))


def told(user: Account, year: QualityYear) -> dict[str, bool]:
    """For the template of such a page: whether it has to say that other courts are left out."""
    return {"own_only": own_points_only(user, year)}


def setting_page(year: QualityYear) -> SettingPage:
    """What holds, and who set it when. One query."""
    acts = Event.objects.filter(quality_year=year, action="set_ranking_shown")
    return SettingPage(
        shown=RankingShown(year.ranking_shown),
        changes=tuple(
            CultureChange(
                at=act.at,
                by=str(act.actor or ""),
                before=str(RankingShown(act.data["before"]).label),
                after=str(RankingShown(act.data["after"]).label),
                reason=act.reason,
            )
            for act in acts.select_related("actor")
        ),
    )
