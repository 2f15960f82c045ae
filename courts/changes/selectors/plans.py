"""Owns checking a change that somebody wants: whether it can be, and what it stands on.

Looks at rows, never writes one. Which courts are assessed when is `courts.years.court_changes`'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import gather
from courts.frame.refusals import ReturnError
from courts.models import Court, CourtChange, QualityYear
from courts.permissions import Basis
from courts.wording.months import month_name
from courts.years.closings import closings_of, closings_of_prefecture
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

Kind = CourtChange.Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that can be made. `other` is there for a merger, `baseline` for a split: the figures
    of the whole year before that are to be divided, by metric."""

    year: QualityYear
    kind: Kind
    court: Court
    other: Court | None
    month: Month
    baseline: Mapping[str, int]


def plan_of(year: QualityYear, data: Mapping[str, Any]) -> Plan:
    """What a change as a motion stores it would stand on; `ReturnError` where it cannot be."""
    number = data["from_month"]
    if not isinstance(number, int) or not 1 <= number <= MONTHS_OF_YEAR:
        raise ReturnError(_("月份应在1至12之间。"))
    month = Month(year.year, number)
    _check_open(year, month)
    kind = Kind(data["change"])
    court = _court(year, month, data["court"])
    other = _court(year, month, data["other"]) if kind == Kind.MERGED else None
    if kind != Kind.RENAMED and court.parent_id is None:
        raise ReturnError(_("中级法院只能更名。"))
    if other is not None and (other.pk == court.pk or other.level != court.level):
        raise ReturnError(_("只能并入同一审级的另一个法院。"))
    _check_order(year, month, [one for one in (court, other) if one is not None])
    if kind == Kind.ABOLISHED:
        peers = Court.objects.in_month(year, number).filter(level=court.level)
        if not peers.exclude(pk=court.pk).exists():
            raise ReturnError(_("这是该审级最后一个法院，不能撤销。"))
    baseline = baseline_of(year, month, court) if kind == Kind.SPLIT else {}
    return Plan(year, kind, court, other, month, baseline)


def baseline_of(year: QualityYear, month: Month, court: Court) -> Mapping[str, int]:
    """The court's figures of the whole year before as the month counts them now."""
    facts = gather(year, [month], Basis.VERIFIED, live=True).facts[month]
    return next((one.baseline_annual for one in facts if one.court == court.code), {})


def check_shares(plan: Plan, shares: Mapping[str, int]) -> None:
    """`ReturnError` unless every figure has a share, from 0 to the figure, in the same unit."""
    missing = plan.baseline.keys() - shares.keys()
    if missing or shares.keys() - plan.baseline.keys():
        raise ReturnError(_("请按文件写明上年每一项数据中划给新院的部分，没有的写0。"))
    for metric, share in shares.items():
        if not 0 <= share <= plan.baseline[metric]:
            raise ReturnError(_("划给新院的不能超过原院上年的数据。请照文件核对。"))


def open_months(year: QualityYear) -> Sequence[Month]:
    """The months from which a change may hold: none of them or after them is closed."""
    last = max(closings_of(year).locked_months(), default=0)
    return [Month(year.year, number) for number in range(last + 1, MONTHS_OF_YEAR + 1)]


def _check_open(year: QualityYear, month: Month) -> None:
    """Closed months stay as they are, whatever a restatement may do to their figures."""
    if month not in open_months(year):
        text = _("%(month)s或者以后的月份已经关账：法院变动只能自未关账的月份起。")
        raise ReturnError(text % {"month": month_name(month)})
    held = closings_of_prefecture(year)
    later = QualityYear.objects.filter(court=year.court_id, year__gt=year.year, pk__in=held)
    if any(held[one.pk].locked() for one in later):
        raise ReturnError(_("以后的年度已有关账的月份，不能再改动这一年的法院。"))


def _court(year: QualityYear, month: Month, code: str) -> Court:
    courts = Court.objects.in_month(year, month.month).select_related("parent")
    court = courts.filter(code=code).first()
    if court is None:
        raise ReturnError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": code})
    return court


def _check_order(year: QualityYear, month: Month, courts: Sequence[Court]) -> None:
    """Changes are entered in the order of their months, so that each stands on those before."""
    later = Q(quality_year__year__gt=year.year) | Q(
        quality_year__year=year.year, from_month__gt=month.month
    )
    of_courts = Q(court__in=courts) | Q(other__in=courts)
    found = CourtChange.objects.filter(later & of_courts).select_related("court").first()
    if found is not None:
        text = _("%(court)s以后的月份已有变动，须按先后办理。")
        raise ReturnError(text % {"court": found.court.short_name})
