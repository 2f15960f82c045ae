"""Owns what the parts of the prefecture's dashboard are made from: a month of all courts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from courts.figures.selectors.facts import Gathered
from courts.permissions import Account, may_oversee_returns
from courts.scores.selectors.kept_scores import gathered_to
from courts.scores.selectors.scores import RankingRow, ranking_of
from courts.years.selectors.periods import Period
from courts.years.selectors.years import rulebook_of
from scoring.facts import CourtFacts, Month
from scoring.schema import Item, Rulebook, Side
from scoring.series import is_rate


@dataclass(frozen=True, slots=True)
class SeenMonth:
    """What the parts of the page are made from; `side` is empty for both."""

    period: Period
    side: str
    rulebook: Rulebook
    gathered: Gathered
    names: Mapping[str, str]
    rows: Sequence[RankingRow]
    oversees: bool

    @property
    def month(self) -> Month:
        return self.period.month

    def facts(self, month: Month) -> list[CourtFacts]:
        return self.gathered.facts[month]

    @property
    def completeness(self) -> str:
        """Where the returns of all courts are listed, for those who look after them."""
        code = self.period.code
        return reverse("courts:completeness", args=[code]) if self.oversees else ""

    def scorecard(self, court: str, item: str) -> str:
        """The address of an item on a court's scorecard."""
        arguments = [self.period.code, self.month, court]
        return f"{reverse('courts:scorecard', args=arguments)}{self.period.query}#{item}"

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the year up to this one, those without figures too."""
        return tuple(Month(self.month.year, number) for number in range(1, self.month.month + 1))

    def shows(self, side: Side) -> bool:
        """Whether the page is about that side."""
        return self.side in ("", side.value)


def see(user: Account, period: Period, side: str) -> SeenMonth:
    """The month as the account sees it."""
    gathered = gathered_to(period)
    language = get_language() or ""
    return SeenMonth(
        period=period,
        side=side,
        rulebook=rulebook_of(period.year, period.month),
        gathered=gathered,
        names={court.code: court.label(language) for court in gathered.courts},
        rows=ranking_of(period.year, period.month, gathered),
        oversees=may_oversee_returns(user, period.year),
    )


def core_items(rulebook: Rulebook) -> list[Item]:
    """The core indicators: the rates with fixed targets of the first group that has any."""
    held = [
        item
        for item in rulebook.items
        if is_rate(item) and item.goal and item.goal.target is not None
    ]
    for group in rulebook.groups:
        own = [item for item in held if (item.side, item.group) == (group.side, group.code)]
        if own:
            return own
    return []


def capped_item(rulebook: Rulebook) -> Item:
    """The item whose cases are capped; KeyError where the rulebook caps nothing."""
    code = rulebook.caps.item if rulebook.caps else ""
    return rulebook.item_by_code[code]


def short(item: Item) -> str:
    """The item's short name in the active language."""
    return item.short.get(get_language() or "")
