"""Owns reading what a draft of a round is made of: who can stand where, and what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from courts import database_clock
from courts.models import BallotRound, Court, QualityYear, User
from courts.permissions import Role, may_hold_key, may_vote, roles
from courts.years.closed_months import open_courts
from courts.years.court_changes import changes_among

YEAR_END, USUAL_DAYS = 12, 7
FEWEST_BALLOTS, USUAL_BALLOTS = 3, 5


def usual_min_ballots(roll: int) -> int:
    """Five or two thirds of the roll, whichever is more, but never more than the roll."""
    return max(FEWEST_BALLOTS, min(roll, max(USUAL_BALLOTS, -(-2 * roll // 3))))


def is_least_low(least: int, roll: int) -> bool:
    """Whether so few ballots are asked for that voters must be warned: few know the others'."""
    return least < USUAL_BALLOTS or 3 * least < 2 * roll


@dataclass(frozen=True, slots=True)
class Person:
    """An account that can be put on a list."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who can vote, and who can hold a key."""

    voters: tuple[Person, ...]
    scrutineers: tuple[Person, ...]


def candidates(year: QualityYear) -> Candidates:
    """The accounts that the office can put on its lists."""
    root = year.court
    users = list(
        User.objects.filter(court__in=Court.objects.under(root), is_active=True)
        .select_related("court__parent")
        .prefetch_related("groups")
        .order_by("username")
    )
    for user in users:
        user.__dict__["_roles"] = frozenset(group.name for group in user.groups.all())
    # Those who are there for it come first.
    users.sort(key=lambda user: Role.SCRUTINEER not in roles(user))
    return Candidates(
        tuple(Person(user.pk, str(user)) for user in users if may_vote(user, year)),
        tuple(Person(user.pk, str(user)) for user in users if may_hold_key(user, year)),
    )


def offered_courts(year: QualityYear) -> list[tuple[str, str]]:
    """The courts that a round can be about, by code, with their names.

    Not those that had ended by the oldest open month; one that ends later says when.
    """
    found = []
    courts = open_courts(year)
    changes = changes_among(year, courts)
    for court in courts:
        last = changes.last_month(court.pk, year.year)
        until = _("%(court)s（考核到%(month)s月为止）") % {"court": court.name, "month": last}
        found.append((court.code, court.name if last is None else until))
    return found


def draft_values(year: QualityYear, ballot_round: BallotRound | None) -> dict[str, object]:
    """What the form of a draft shows at first: the draft, or what is usual."""
    row = ballot_round
    if row is None:
        people = candidates(year)
        courts = Court.objects.in_month(year, YEAR_END).values_list("code", flat=True)
        return {
            "title": _("%(year)s年度综合评价") % {"year": year.year},
            "month": YEAR_END,
            "unit": "0.5",
            "courts": list(courts),
            "voters": [one.pk for one in people.voters],
            "closes_at": timezone.localtime(database_clock.now()) + timedelta(days=USUAL_DAYS),
        }
    targets = list(row.targets.select_related("court").order_by("position"))
    return {
        "title": row.title,
        "month": row.month,
        "unit": format(row.unit.normalize(), "f"),
        "min_ballots": row.min_ballots,
        "courts": [one.court.code for one in targets if one.court],
        "departments": "\n".join(one.name for one in targets if one.court is None),
        "voters": list(row.voters.values_list("user_id", flat=True)),
        "scrutineers": list(row.scrutineers.values_list("user_id", flat=True)),
        "closes_at": timezone.localtime(row.closes_at),
    }
