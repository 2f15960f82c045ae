"""Owns what the tests of the ballot share: people, and rounds of two courts as far as needed.

A score is of 0 to 3 units of four points each, so that a ballot has few bits and seals quickly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from courts.ballots.protocol.keys import make_secret
from courts.ballots.selectors.second_rounds import earlier_rounds
from courts.ballots.services.casting import CastReceipt, cast
from courts.ballots.services.keys import ask_keys
from courts.ballots.services.opening import confirm
from courts.ballots.services.rounds import (
    BallotTargetEntry,
    DraftEntry,
    close,
    draft_round,
    open_round,
)
from courts.ballots.services.second_rounds import agree, give_reason
from courts.models import BallotRound, QualityYear, User
from courts.setup.services.ballot_samples import give_keys, open_with, sealed_for
from scoring.facts import Month
from tests.pages import account

UNIT = Decimal(4)


@dataclass
class Vote:
    """A round with its people; `keys` are the scrutineers' secrets, by account."""

    year: QualityYear
    office: User
    leaders: list[User]
    holders: list[User]
    row: BallotRound = None  # type: ignore[assignment]
    keys: dict[int, int] = field(default_factory=dict)

    def entry(self, **changes: object) -> DraftEntry:
        """What the office says of the round."""
        values: dict = {
            "month": Month(2019, 12),
            "title": "2019年度综合评价",
            "targets": [BallotTargetEntry(court="yanji"), BallotTargetEntry(court="tumen")],
            "voters": [one.pk for one in self.leaders],
            "scrutineers": [one.pk for one in self.holders],
            "closes_at": timezone.now() + timedelta(days=3),
            "unit": UNIT,
            "min_ballots": 3,
        }
        return DraftEntry(**(values | changes))

    def draft(self, **changes: object) -> Vote:
        self.row = draft_round(user=self.office, year=self.year, entry=self.entry(**changes))
        return self

    def again(self) -> Vote:
        """The reason of a second round on the same targets, by two people."""
        give_reason(user=self.office, ballot_round=self.row, reason="上半年已投过，年终再投")
        known = User.objects.filter(username="office-agrees").first()
        second = known or account("office-agrees", "yanbian", "office", name="审管办二岗")
        agree(user=second, ballot_round=self.row)
        return self

    def ask(self) -> Vote:
        if earlier_rounds(self.row):
            self.again()
        self.row = ask_keys(user=self.office, ballot_round=self.row)
        return self

    def give(self) -> Vote:
        self.keys = {one.pk: make_secret() for one in self.holders}
        give_keys(self.row, self.keys)
        return self.fresh()

    def open(self) -> Vote:
        self.row = open_round(user=self.office, ballot_round=self.row, secure=True)
        return self

    def opened(self) -> Vote:
        """Everything up to the vote."""
        return self.draft().ask().give().open()

    def cast(self, leader: int, scores: Sequence[int]) -> CastReceipt:
        voter = self.leaders[leader]
        body = sealed_for(voter, self.row, scores)
        return cast(user=voter, ballot_round=self.row, body=body)

    def cast_all(self, *scores: Sequence[int]) -> Vote:
        for leader, one in enumerate(scores):
            self.cast(leader, one)
        return self

    def past(self) -> Vote:
        """Let the deadline pass, as time would: the database itself lets nobody move it back."""
        now = timezone.now()
        with without_trigger("ballot_round_deadline"):
            BallotRound.objects.filter(pk=self.row.pk).update(closes_at=now - timedelta(seconds=1))
        return self.fresh()

    def closed(self) -> Vote:
        """Past the deadline and closed."""
        self.past()
        self.row = close(user=self.office, ballot_round=self.row)
        return self

    def confirmed(self) -> Vote:
        for leader in self.leaders:
            confirm(user=leader, ballot_round=self.row)
        return self

    def part(self, holder: int) -> bool:
        user = self.holders[holder]
        return open_with(user, self.row, self.keys[user.pk])

    def tallied(self) -> Vote:
        for holder in range(len(self.holders)):
            self.part(holder)
        return self.fresh()

    def fresh(self) -> Vote:
        self.row = BallotRound.objects.select_related(
            "quality_year__court", "quality_year__edition"
        ).get(pk=self.row.pk)
        return self


@contextmanager
def without_trigger(name: str) -> Iterator[None]:
    """Take a trigger of the rounds away for a moment."""
    with connection.cursor() as cursor, transaction.atomic():
        if connection.vendor == "postgresql":
            # Foreign keys that are checked at the end would keep the table from being altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE courts_ballotround DISABLE TRIGGER {name}")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE courts_ballotround ENABLE TRIGGER {name}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [name])
        (statement,) = cursor.fetchone()
        cursor.execute(f"DROP TRIGGER {name}")
        yield
        cursor.execute(statement)


def people(year: QualityYear, leaders: int = 4) -> Vote:
    """The office, the leading group, two scrutineers."""
    return Vote(
        year=year,
        office=account("office", "yanbian", "office", name="审管办"),
        leaders=[
            account(f"leader{n}", "yanbian", "leader", name=f"委员{n}") for n in range(leaders)
        ],
        holders=[
            account(f"holder{n}", "yanbian", "scrutineer", name=f"监票人{n}") for n in range(2)
        ],
    )
