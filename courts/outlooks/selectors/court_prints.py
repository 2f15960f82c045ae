"""Owns what two sheets of paper say of one court: its page, halved for a meeting.

The figures are those of the court's page; here they are only put in the notice's order, counted
and cut to what two pages of A4 hold. Whatever is cut is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import scoring
from courts.frame.listing import enumerated
from courts.outlooks.selectors.court_pages import CourtItem, CourtPage, court_page
from courts.scores.selectors.explored import Explored
from courts.wording.explanations import status_label
from courts.wording.months import month_name
from scoring.results import Scorecard
from scoring.rounding import to_text

# The second page has room for so many ways beside the comparison of all items.
MOST_WAYS = 6


@dataclass(frozen=True, slots=True)
class PrintedSide:
    """One side's points of what it can bring."""

    label: str
    points: str
    full: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class PrintWay:
    """One of the cheapest points: the item, and what to move, in words."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class CourtPrint:
    """One court in a month on two pages; `items` as the notice orders them."""

    page: CourtPage
    sides: tuple[PrintedSide, ...]
    items: tuple[CourtItem, ...]
    ways: tuple[PrintWay, ...]
    more_ways: str
    missing: tuple[str, ...]
    provisional: bool

    @property
    def explored(self) -> Explored:
        return self.page.explored


def court_print(explored: Explored) -> CourtPrint:
    """The two sheets of a court; no query beyond those of its page."""
    page = court_page(explored)
    facts = explored.gathered.facts[explored.month]
    board = scoring.score(explored.rulebook, explored.month, facts, explored.readings)
    card = board.court(explored.court.code)
    order = {score.item.code: place for place, score in enumerate(card.items)}
    found = [item for item in page.items if item.best is not None]
    return CourtPrint(
        page=page,
        sides=tuple(_sides(explored, card)),
        items=tuple(sorted(page.items, key=lambda item: order[item.code])),
        ways=tuple(
            PrintWay(f"{item.code} {item.label}", item.best.next_step)
            for item in found[:MOST_WAYS]
            if item.best is not None
        ),
        more_ways=_more(len(found) - MOST_WAYS),
        missing=tuple(_missing(explored, card)),
        provisional=card.provisional,
    )


def _sides(explored: Explored, card: Scorecard) -> Iterator[PrintedSide]:
    for share in explored.rulebook.sides:
        of_side = [score for score in card.items if score.item.side is share.side]
        yield PrintedSide(
            label=share.label.get(get_language() or ""),
            points=to_text(card.half(share.side)),
            full=to_text(sum(score.max_points for score in of_side if not score.item.is_bonus)),
            provisional=share.side in card.provisional_sides,
        )


def _more(number: int) -> str:
    if number <= 0:
        return ""
    text = ngettext(
        "另有%(count)s项也能再得分，见系统中的本院看板。",
        "另有%(count)s项也能再得分，见系统中的本院看板。",
        number,
    )
    return text % {"count": number}


def _missing(explored: Explored, card: Scorecard) -> Iterator[str]:
    """What is not there: items without points by the reason, and months without a return."""
    why: dict[str, list[str]] = {}
    for score in card.items:
        if score.points is None:
            why.setdefault(status_label(score.status), []).append(score.item.code)
    for reason, codes in why.items():
        yield _("%(reason)s：%(items)s。") % {"reason": reason, "items": enumerated(codes)}
    empty = [month_name(month) for month in explored.months if not explored.facts(month).current]
    if empty:
        yield _("没有数据的月份：%(months)s。") % {"months": enumerated(empty)}
