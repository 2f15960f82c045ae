"""What a workbook is made of: the courts' facts, the rules and readings, the published points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scoring.facts import CourtFacts
from scoring.results import Context, Scorecard, Status
from scoring.schema import Side


@dataclass(frozen=True, slots=True)
class Published:
    """What one court was told: status and cents by item, cents of the total, and the rank.

    `total` and `rank` are None where only one side was published, or no court is ranked by it.
    """

    items: Mapping[str, tuple[Status, int | None]]
    total: int | None
    rank: int | None

    @classmethod
    def of(cls, card: Scorecard) -> Published:
        """What a scorecard says."""
        items = {score.item.code: (score.status, score.cents) for score in card.items}
        return cls(items, card.total_cents, card.rank)


@dataclass(frozen=True, slots=True)
class WorkbookCourt:
    """One court: its facts with the decisions, and what was published of it."""

    name: str
    facts: CourtFacts
    published: Published

    @property
    def code(self) -> str:
        return self.facts.court


@dataclass(frozen=True, slots=True)
class WorkbookContents:
    """All that goes into one workbook.

    `about` are lines of label and text. `sides` are those that were closed; unless that is all of
    them, there is no total. With `hides_peers` points that come from other courts are fixed values:
    whoever gets the file sees its own court only.
    """

    title: str
    about: Sequence[tuple[str, str]]
    context: Context
    courts: Sequence[WorkbookCourt]
    sides: Collection[Side]
    language: str
    hides_peers: bool = False
    is_demo: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether totals and ranks belong into it."""
        rulebook = self.context.rulebook
        return rulebook.has_total and set(self.sides) == set(rulebook.share_of)

    @property
    def shares(self) -> tuple[tuple[Side, str], ...]:
        """The sides in it, in the rulebook's order, with what it calls them."""
        return tuple(
            (share.side, share.label.get(self.language))
            for share in self.context.rulebook.sides
            if share.side in self.sides
        )

    @property
    def shows_ranks(self) -> bool:
        """Whether the file holds all the courts that are ranked."""
        ranked = self.context.rulebook.ranked_level is not None
        return self.is_whole and ranked and not self.hides_peers
