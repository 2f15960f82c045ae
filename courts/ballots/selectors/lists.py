"""Owns reading the list of a year's rounds, as an account may open them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from courts.models import BallotRound, QualityYear, Scrutineer, Voter
from courts.permissions import Account, may_organize_ballots
from scoring.facts import Month

State = BallotRound.State


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the list; `count` ballots of `electorate`."""

    code: str
    title: str
    month: Month
    state: str
    state_label: str
    closes_at: datetime
    count: int
    electorate: int
    is_paper: bool
    is_demo: bool


def rounds(user: Account, year: QualityYear) -> tuple[RoundLine, ...]:
    """The rounds of a year that the account may open, latest first. One query."""
    rows = BallotRound.objects.filter(quality_year=year)
    if not may_organize_ballots(user, year):
        # By key, not by a join: what is counted below would be the own line of it alone.
        own = Q(pk__in=_rounds_of(Voter, user)) | Q(pk__in=_rounds_of(Scrutineer, user))
        rows = rows.filter(Q(state=State.TALLIED) | own & ~Q(state=State.DRAFT))
    rows = rows.annotate(
        cast=Count("ballots", filter=Q(ballots__current=True), distinct=True),
        electorate=Count("voters", distinct=True),
        on_paper=Count("paper_tally", distinct=True),
    )
    # Said again: what is grouped forgets the model's order.
    rows = rows.order_by("-created_at", "-pk")
    return tuple(
        RoundLine(
            code=row.code,
            title=row.title,
            month=Month(year.year, row.month),
            state=row.state,
            state_label=str(row.get_state_display()),
            closes_at=row.closes_at,
            count=row.counted if row.counted is not None else row.cast,
            electorate=row.electorate,
            is_paper=bool(row.on_paper),
            is_demo=row.is_demo,
        )
        for row in rows
    )


def _rounds_of(model: type[Voter | Scrutineer], user: Account) -> QuerySet:
    return model._default_manager.filter(user_id=user.pk or 0).values("round")
