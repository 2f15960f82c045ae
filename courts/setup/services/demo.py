"""Owns the demonstration: a year of made-up figures, plainly marked, and accounts to look around.

For development only: the accounts share one public password. Made-up figures never stand beside
real ones of the same year, and nothing that is there already is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median_low

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

import scoring
from courts import database_clock
from courts.accounts.services.accounts import save_account
from courts.figures.selectors.facts import DEMO_DOCUMENT, YEAR_END, facts_of_months
from courts.frame import events
from courts.models import (
    AppraisalTarget,
    Court,
    Figure,
    MonthlyReturn,
    QualityYear,
    Submission,
    User,
)
from courts.permissions import Basis, Role
from courts.setup.services.demo_figures import MadeYear, make_year
from courts.setup.services.demo_lines import make_lines
from courts.setup.services.demo_scenes import Scenes
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import CourtFacts, Month
from scoring.schema import Level, Rulebook, Side

PASSWORD = "quality-year"  # noqa: S105  for everybody to know
ACTION = "demo"
LEADERS = 7
SCRUTINEERS = 2
BATCH = 2_000
# Hours into the next month when a return is handed in, and when it is verified.
SUBMITTED_AFTER, VERIFIED_AFTER = timedelta(days=2, hours=9), timedelta(days=4, hours=15)

# Every so many returns one comes later, past the deadline.
LATE_EVERY, LATE_FROM, LATE_BY = 31, 11, timedelta(days=9)

VERIFIERS = {Side.LITIGATION: Role.OFFICE, Side.ENFORCEMENT: Role.CENTRE}
DESKS = {Side.LITIGATION: Role.LITIGATION, Side.ENFORCEMENT: Role.ENFORCEMENT}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration; `is_new` when this run made it."""

    username: str
    name: str
    role: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What a run added; `has_real` when real figures of the year kept the made-up ones out."""

    accounts: tuple[DemoAccount, ...]
    returns: int
    figures: int
    has_real: bool


@dataclass(frozen=True, slots=True)
class _Desk:
    username: str
    name: str
    role: Role
    court: Court
    is_staff: bool = False


def make_demo(*, year: QualityYear) -> DemoResult:
    """Add what is missing of the demonstration."""
    with transaction.atomic():
        QualityYear.objects.select_for_update().get(pk=year.pk)
        accounts, users = _accounts(year)
        returns = MonthlyReturn.objects.filter(
            court__in=[court.pk for court in courts_of(year)], year=year.year
        )
        if returns.exists():
            has_real = returns.filter(is_demo=False).exists()
            return DemoResult(accounts, 0, 0, has_real)
        rulebook = rulebook_of(year)
        last = Month(year.year, YEAR_END)
        facts = facts_of_months(year, [last], Basis.VERIFIED)[last]
        made = make_year(rulebook, facts)
        stored = _store_returns(year, made, users)
        figures = _store_figures(rulebook, made, stored)
        _store_targets(year, rulebook, _with_december(facts, made, last), last)
        lines = make_lines(year, made, database_clock.now())
        data = {"returns": len(stored), "figures": figures, "lines": lines}
        events.record(action=ACTION, year=year, data=data)
        Scenes(year, last, users, _central(users)).play()
        return DemoResult(accounts, len(stored), figures, has_real=False)


# --- Accounts --------------------------------------------------------------------------------


def _accounts(year: QualityYear) -> tuple[tuple[DemoAccount, ...], Mapping[str, User]]:
    """Every account of the demonstration, made where there is none of the name."""
    desks = _desks(year)
    known = {
        user.username: user
        for user in User.objects.filter(username__in=[d.username for d in desks])
    }
    # Hashing is slow on purpose; a password that is public anyway needs it only once.
    password = make_password(PASSWORD)
    accounts, users = [], {}
    for desk in desks:
        is_new = desk.username not in known
        if is_new:
            user = User(
                username=desk.username,
                name=desk.name,
                court=desk.court,
                is_staff=desk.is_staff,
                password=password,
            )
            save_account(account=user, roles=[desk.role], reason=_("演示账号"))
            known[desk.username] = user
        users[desk.username] = known[desk.username]
        accounts.append(DemoAccount(desk.username, desk.name, str(desk.role.label), is_new))
    return tuple(accounts), users


def _desks(year: QualityYear) -> list[_Desk]:
    """Who sits where, named by function. A second prefecture's offices carry its code in front."""
    root = year.court
    courts = Court.objects.under(root)
    sides = {Role.LITIGATION: "诉讼报表岗", Role.ENFORCEMENT: "执行报表岗"}
    desks = [
        _Desk(f"{court.code}-{role.value}", f"{court.short_name}{name}", role, court)
        for court in courts
        for role, name in sides.items()
    ]
    central = [
        ("office", "审判管理办公室一岗", Role.OFFICE, True),
        ("office2", "审判管理办公室二岗", Role.OFFICE, True),
        ("centre", "执行指挥中心一岗", Role.CENTRE, True),
        ("centre2", "执行指挥中心二岗", Role.CENTRE, True),
        *(
            (f"leader{number}", f"领导小组成员{number}", Role.LEADER, False)
            for number in range(1, LEADERS + 1)
        ),
        ("party", "院党组", Role.PARTY, False),
        *(
            (f"scrutineer{number}", f"监票人{number}", Role.SCRUTINEER, False)
            for number in range(1, SCRUTINEERS + 1)
        ),
        ("admin", "系统管理员", Role.ADMIN, True),
    ]
    names = [username for username, *_rest in central]
    taken = User.objects.filter(username__in=names).exclude(court=root).exists()
    prefix = f"{root.code}-" if taken else ""
    return desks + [
        _Desk(prefix + username, name, role, root, is_staff)
        for username, name, role, is_staff in central
    ]


# --- Figures ---------------------------------------------------------------------------------


def _store_returns(
    year: QualityYear, made: Sequence[MadeYear], users: Mapping[str, User]
) -> dict[tuple[str, Month, Side], MonthlyReturn]:
    """A verified return for each court, month and side, handed in and verified by two people."""
    courts = {court.code: court for court in courts_of(year)}
    verifiers = dict(zip(VERIFIERS, _central(users), strict=True))
    rows: dict[tuple[str, Month, Side], MonthlyReturn] = {}
    for of_court in made:
        for month in of_court.months:
            ended = _end_of(month)
            for side, role in DESKS.items():
                rows[of_court.court, month, side] = MonthlyReturn(
                    court_id=courts[of_court.court].pk,
                    year=month.year,
                    month=month.month,
                    side=side.value,
                    state=MonthlyReturn.State.VERIFIED,
                    origin=MonthlyReturn.Origin.ENTRY,
                    is_demo=True,
                    version=1,
                    submitted_by=users[f"{of_court.court}-{role.value}"],
                    submitted_at=ended + _delay(len(rows)) + SUBMITTED_AFTER,
                    verified_by=verifiers[side],
                    verified_at=ended + _delay(len(rows)) + VERIFIED_AFTER,
                )
    bulk_create_with_history(
        list(rows.values()),
        MonthlyReturn,
        batch_size=BATCH,
        default_change_reason=DEMO_DOCUMENT,
    )
    return rows


def _central(users: Mapping[str, User]) -> tuple[User, ...]:
    """Who verifies litigation, and who enforcement."""
    return tuple(
        next(user for name, user in users.items() if name.endswith(role.value))
        for role in VERIFIERS.values()
    )


def _delay(place: int) -> timedelta:
    """Few returns come late, so that there is something to remind of."""
    return LATE_BY if place % LATE_EVERY == LATE_FROM else timedelta()


def _store_figures(
    rulebook: Rulebook,
    made: Sequence[MadeYear],
    returns: Mapping[tuple[str, Month, Side], MonthlyReturn],
) -> int:
    figures = [
        Figure(
            monthly_return=returns[of_court.court, month, rulebook.metrics[code].side],
            metric=code,
            value=value,
        )
        for of_court in made
        for month, values in of_court.months.items()
        for code, value in values.items()
    ]
    bulk_create_with_history(figures, Figure, batch_size=BATCH, default_change_reason=DEMO_DOCUMENT)
    handed_in: dict[int, dict[str, int | None]] = {}
    for figure in figures:
        handed_in.setdefault(figure.monthly_return_id, {})[figure.metric] = figure.value
    Submission.objects.bulk_create(
        Submission(
            monthly_return=row,
            number=1,
            by=row.submitted_by,
            at=row.submitted_at or database_clock.now(),
            figures=handed_in[row.pk],
        )
        for row in returns.values()
    )
    return len(figures)


def _end_of(month: Month) -> datetime:
    """Midnight after the month's last day, where the court is."""
    year, number = (month.year + 1, 1) if month.month == YEAR_END else (month.year, month.month + 1)
    return timezone.make_aware(datetime(year, number, 1))  # noqa: DTZ001


# --- Targets ---------------------------------------------------------------------------------


def _store_targets(
    year: QualityYear, rulebook: Rulebook, facts: Sequence[CourtFacts], last: Month
) -> None:
    """Where the year has no target: for each level what half of its courts reach by December."""
    if AppraisalTarget.objects.filter(quality_year=year).exists():
        return
    board = scoring.score(rulebook, last, facts)
    targets = []
    for item in rulebook.appraisal_items:
        for level in Level:
            values = [
                score.value
                for card in board.scorecards
                if card.level is level
                for score in card.items
                if score.item.code == item and score.value is not None
            ]
            if values:
                percent = Decimal(scoring.to_text(median_low(values)))
                targets.append(
                    AppraisalTarget(
                        quality_year=year,
                        item=item,
                        level=level.value,
                        percent=percent,
                        document=DEMO_DOCUMENT,
                    )
                )
    bulk_create_with_history(targets, AppraisalTarget, default_change_reason=DEMO_DOCUMENT)


def _with_december(
    facts: Sequence[CourtFacts], made: Sequence[MadeYear], last: Month
) -> list[CourtFacts]:
    return [
        CourtFacts(court=old.court, level=old.level, current=new.months[last])
        for old, new in zip(facts, made, strict=True)
    ]
