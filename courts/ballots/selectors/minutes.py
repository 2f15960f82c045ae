"""Owns reading what the minutes of a tallied round say beside the round itself.

Times are of acts that everybody may know: opening, closing, objections, parts. When somebody voted,
trackers and slots are not among them; paper that is signed and kept needs none of these.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from courts.ballots.selectors.rounds import board_of
from courts.models import BallotRound, Event
from courts.permissions import Account

ACTS = ("open", "extend", "close", "part", "tally", "object", "withdraw")


@dataclass(frozen=True, slots=True)
class NotedAct:
    """An act with its time, who did it (empty: the system) and why."""

    name: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class BoardObjection:
    """What a voter found wrong, and when it was taken back; one that stood ends a round."""

    name: str
    at: datetime
    text: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The course of a round; `board_sha256` is empty for a vote on paper."""

    opened_at: datetime | None
    closed_at: datetime | None
    tallied_at: datetime | None
    extensions: tuple[NotedAct, ...]
    parts: tuple[NotedAct, ...]
    objections: tuple[BoardObjection, ...]
    board_sha256: str


def minutes_of(user: Account, ballot_round: BallotRound) -> Minutes:
    """The course of a round that the account may see, once tallied. A constant number of queries.

    `PermissionDenied` as for the board.
    """
    row = ballot_round
    names = dict(row.voters.values_list("user_id", "name"))
    names |= dict(row.scrutineers.values_list("user_id", "name"))
    found: dict[str, list[NotedAct]] = {act: [] for act in ACTS}
    objections: list[BoardObjection] = []
    events = Event.objects.filter(
        quality_year=row.quality_year_id,
        action__in=[f"ballot_{act}" for act in ACTS],
        data__round=row.code,
    ).order_by("at", "pk")
    for event in events:
        act = event.action.removeprefix("ballot_")
        said = NotedAct(names.get(event.actor_id or 0, ""), event.at, event.reason)
        found[act].append(said)
        if act == "object":
            objections.append(BoardObjection(said.name, said.at, said.text, None))
        if act == "withdraw":
            objections = [_withdrawn(one, said) for one in objections]
    return Minutes(
        opened_at=_last(found["open"]),
        closed_at=_last(found["close"]),
        tallied_at=_last(found["tally"]),
        extensions=tuple(found["extend"]),
        parts=tuple(found["part"]),
        objections=tuple(objections),
        board_sha256=hashlib.sha256(board_of(user, row)).hexdigest() if row.close_hash else "",
    )


def _withdrawn(one: BoardObjection, said: NotedAct) -> BoardObjection:
    is_open = one.name == said.name and one.withdrawn_at is None
    return replace(one, withdrawn_at=said.at) if is_open else one


def _last(found: list[NotedAct]) -> datetime | None:
    return found[-1].at if found else None
