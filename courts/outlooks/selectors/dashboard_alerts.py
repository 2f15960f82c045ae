"""Owns what the dashboard tells to look at first, why, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courts.extracts.selectors.differences import DifferenceSearch, differences
from courts.outlooks.selectors.dashboard_caps import CapLine
from courts.outlooks.selectors.dashboard_months import SeenMonth, capped_item, core_items, short
from courts.permissions import Account
from courts.reviews.selectors.completeness import Completeness, CompletenessCell
from courts.reviews.selectors.reviews import pending_requests
from courts.rulebooks.selectors.editions import proposals_for
from courts.wording.amounts import counted, unit_of, with_unit
from courts.wording.explanations import spoken
from courts.wording.months import month_name
from scoring.results import ItemScore
from scoring.schema import Rulebook

# An alert of a lower order stands first; within one, the notice's order of courts.
BROKEN, NOT_REPORTED, DISPUTED, BREAKING, ASKED, MISSED, PROPOSED = range(7)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at, why, and where; `court` is empty where it is about no one court.

    `days` says for how many calendar days it has been overdue; 0 where nothing is.
    """

    order: int
    kind: str
    court: str
    text: str
    address: str
    days: int = 0


def alerts(
    user: Account, seen: SeenMonth, caps: Sequence[CapLine], state: Completeness
) -> tuple[Alert, ...]:
    """What asks for help, the most urgent first; the longest overdue first among the missing."""
    found = [*_cap_alerts(seen, caps), *_return_alerts(seen, state)]
    found.extend(_core_alerts(seen))
    if seen.oversees:
        found.extend(_desk_alerts(user, seen))
    return tuple(sorted(found, key=lambda alert: (alert.order, -alert.days)))


def _cap_alerts(seen: SeenMonth, caps: Sequence[CapLine]) -> Iterator[Alert]:
    if not caps:
        return
    code, item = capped_item(seen.rulebook).code, short(capped_item(seen.rulebook))
    unit = unit_of(seen.rulebook, capped_item(seen.rulebook).metrics)
    for line in caps:
        numbers = {"now": line.to_date, "cap": line.cap, "pace": line.pace}
        values = {name: counted(str(value), unit) for name, value in numbers.items()}
        values["item"] = item
        if line.kind == "broken":
            text = _("%(item)s%(now)s，已突破全年上限%(cap)s。") % values
            yield Alert(BROKEN, "broken", line.name, text, seen.scorecard(line.code, code))
        elif line.kind == "breaking":
            text = _("%(item)s%(now)s，照这个速度全年%(pace)s，会突破上限%(cap)s。") % values
            yield Alert(BREAKING, "breaking", line.name, text, seen.scorecard(line.code, code))


def _return_alerts(seen: SeenMonth, state: Completeness) -> Iterator[Alert]:
    """One line a court: how many returns up to the month are not in, and since when."""
    missing: dict[str, list[CompletenessCell]] = {}
    for cell in state.to_remind:
        if cell.month <= seen.month and seen.shows(cell.side):
            missing.setdefault(cell.court.code, []).append(cell)
    address = f"{seen.completeness}#remind" if seen.oversees else ""
    for court in seen.gathered.courts:
        cells = missing.get(court.code, [])
        if not cells:
            continue
        values = {
            "count": len(cells),
            "month": month_name(min(cell.month for cell in cells)),
            "days": max(cell.days for cell in cells),
        }
        text = ngettext(
            "%(count)s张报表还没有报，最早的是%(month)s。",
            "%(count)s张报表还没有报，最早的是%(month)s。",
            len(cells),
        )
        if values["days"]:
            text = ngettext(
                "%(count)s张报表还没有报，最早的是%(month)s，已逾期%(days)s天。",
                "%(count)s张报表还没有报，最早的是%(month)s，已逾期%(days)s天。",
                len(cells),
            )
        yield Alert(
            NOT_REPORTED,
            "missing",
            seen.names[court.code],
            text % values,
            address,
            max(cell.days for cell in cells),
        )


def _core_alerts(seen: SeenMonth) -> Iterator[Alert]:
    core = {item.code: item for item in core_items(seen.rulebook) if seen.shows(item.side)}
    for row in seen.rows:
        for score in row.scorecard.items:
            item = core.get(score.item.code)
            if item is None or not _missed(score):
                continue
            values = {
                "item": short(item),
                "value": ""
                if score.value_text is None
                else with_unit(score.value_text, score.unit),
                "bound": _bound_of(score, seen.rulebook),
            }
            text = _("%(item)s%(value)s，应%(bound)s，没有达到。") % values
            address = seen.scorecard(row.code, item.code)
            yield Alert(MISSED, "missed", seen.names[row.code], text, address)


def _missed(score: ItemScore) -> bool:
    return any(one.met is False for one in score.measured)


def _bound_of(score: ItemScore, rulebook: Rulebook) -> str:
    """What the value is held against."""
    return next((spoken(one.against, rulebook) for one in score.measured if one.is_target), "")


def _desk_alerts(user: Account, seen: SeenMonth) -> Iterator[Alert]:
    """What waits for the account's own office: its words are the numbers on its desk."""
    year = seen.period.year
    unsettled = differences(user, year, DifferenceSearch(state="unsettled"))
    if unsettled:
        text = ngettext(
            "%(count)s个数据与系统提取不一致，还没有处理。",
            "%(count)s个数据与系统提取不一致，还没有处理。",
            len(unsettled),
        ) % {"count": len(unsettled)}
        address = reverse("courts:differences", args=[year.code])
        yield Alert(DISPUTED, "differences", "", text, address)
    requests = pending_requests(user, year)
    if requests:
        text = ngettext(
            "%(count)s个解锁申请等待答复。", "%(count)s个解锁申请等待答复。", len(requests)
        ) % {"count": len(requests)}
        yield Alert(ASKED, "requests", "", text, reverse("courts:unlocks", args=[year.code]))
    proposals = proposals_for(user)
    if proposals:
        text = ngettext(
            "%(count)s个规则版本等待第二人确认。",
            "%(count)s个规则版本等待第二人确认。",
            len(proposals),
        ) % {"count": len(proposals)}
        yield Alert(PROPOSED, "editions", "", text, reverse("courts:editions"))
