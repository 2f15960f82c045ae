"""Owns reading what other systems sent for a year and nobody has looked through yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courts.models import QualityYear, SentExtract
from courts.models.sides import parted
from courts.permissions import Account, may_take_sent
from courts.wording.explanations import sides_label
from courts.years.selectors.years import rulebook_of


@dataclass(frozen=True, slots=True)
class SentLine:
    """One file of a system that waits; `may_take` says whether it is for this account."""

    pk: int
    system: str
    name: str
    sha256: str
    side_label: str
    figures: int
    at: datetime
    may_take: bool


def waiting_extracts(user: Account, year: QualityYear) -> tuple[SentLine, ...]:
    """What systems sent for the year that waits to be looked through. One query."""
    rows = SentExtract.objects.filter(quality_year=year, state=SentExtract.State.WAITING)
    rulebook = rulebook_of(year)
    return tuple(
        SentLine(
            pk=row.pk,
            system=row.token.name,
            name=row.name,
            sha256=row.sha256,
            side_label=sides_label(rulebook, parted(row.side)),
            figures=row.figures,
            at=row.sent_at,
            may_take=may_take_sent(user, year, sides_of(row)),
        )
        for row in rows.select_related("token").defer("content")
    )


def sides_of(sent: SentExtract) -> frozenset[str]:
    """The sides whose figures a file has."""
    return frozenset(parted(sent.side))
