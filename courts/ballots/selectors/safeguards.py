"""Owns reading what every voter should know of a round's arrangement before voting in it.

Who votes, how few ballots count, who holds the keys, whether the targets were voted on before; and
what in it protects a single voter less than usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courts.ballots.selectors.drafts import is_least_low, usual_min_ballots
from courts.ballots.selectors.second_rounds import (
    EarlierRound,
    SecondReason,
    earlier_rounds,
    second_obstacle,
    second_reason,
)
from courts.frame.listing import enumerated
from courts.models import BallotRound, Event, Scrutineer, Voter

State = BallotRound.State
PREPARED = (State.DRAFT, State.KEYS)


@dataclass(frozen=True, slots=True)
class Safeguards:
    """The arrangement of a round; names sorted as on the roll, scrutineers by their place.

    `least`: how many ballots an opening needs; `roll`: how many voters there are. `earlier`: rounds
    on the same targets, read while the round is prepared or if it is a second one; `obstacle`: why
    it may not begin; `dropped_cards`: whose key cards are worth nothing now.
    """

    least: int
    roll: int
    voting_scrutineers: tuple[str, ...]
    earlier: tuple[EarlierRound, ...]
    second: SecondReason | None
    obstacle: str
    dropped_cards: tuple[str, ...]

    @property
    def is_least_low(self) -> bool:
        """Whether fewer ballots may count than usual, or the group is that small."""
        return is_least_low(self.least, self.roll)

    @property
    def needs_reason(self) -> bool:
        """Whether the draft is a second round that has yet to be agreed to."""
        return bool(self.earlier) and (self.second is None or self.second.agreed_at is None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What protects a voter less than usual, in sentences."""
        found = []
        if self.is_least_low:
            text = _(
                "最少票数%(least)s票，少于5票或不到名册的三分之二（通常为%(usual)s票）："
                "票少时，知道其余各人怎么投的人，从合计就能算出您的分数。"
            )
            usual = max(usual_min_ballots(self.roll), 5)
            found.append(text % {"least": self.least, "usual": usual})
        if self.voting_scrutineers:
            text = _("监票人%(names)s也投票：监票人一起可以打开单张选票，不应在名册上。")
            found.append(text % {"names": enumerated(self.voting_scrutineers)})
        return tuple(found)


def safeguards_of(
    row: BallotRound, voters: Sequence[Voter], scrutineers: Sequence[Scrutineer]
) -> Safeguards:
    """The arrangement of a round. A constant number of queries."""
    second = second_reason(row)
    earlier: tuple[EarlierRound, ...] = ()
    if row.state in PREPARED or second is not None:
        earlier = earlier_rounds(row)
    on_roll = {voter.user_id for voter in voters}
    return Safeguards(
        least=row.min_ballots,
        roll=len(voters),
        voting_scrutineers=tuple(one.name for one in scrutineers if one.user_id in on_roll),
        earlier=earlier,
        second=second,
        obstacle=second_obstacle(row, earlier) if row.state in PREPARED and earlier else "",
        dropped_cards=_dropped_cards(row) if row.state in PREPARED else (),
    )


def _dropped_cards(row: BallotRound) -> tuple[str, ...]:
    """Who made a key that was dropped before the round opened, new key or not; by the record."""
    events = Event.objects.filter(
        quality_year=row.quality_year_id,
        action__in=["ballot_key", "ballot_drop_key", "ballot_back_to_draft"],
        data__round=row.code,
    )
    holding: dict[int | None, str] = {}
    dropped: dict[str, None] = {}
    for event in events.select_related("actor").order_by("pk"):
        if event.action == "ballot_key":
            holding[event.actor_id] = str(event.actor)
        elif event.action == "ballot_back_to_draft":
            dropped |= dict.fromkeys(holding.values())
            holding.clear()
        else:
            dropped[event.data["scrutineer"]] = None
            holding = {key: name for key, name in holding.items() if name not in dropped}
    return tuple(dropped)
