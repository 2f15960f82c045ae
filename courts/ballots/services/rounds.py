"""Owns the life of a round: drafted, opened, extended, closed, void."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.protocol import board
from courts.ballots.selectors.drafts import FEWEST_BALLOTS, usual_min_ballots
from courts.ballots.selectors.protocols import earlier_protocol_note
from courts.ballots.selectors.second_rounds import earlier_rounds, participants_obstacle
from courts.ballots.services.held_rounds import (
    BallotError,
    State,
    append,
    check_protocol,
    check_size,
    erase,
    held,
    held_for_office,
    hold_year,
    manifest_of,
    record,
    save,
    stated,
)
from courts.ballots.services.paper import forget_paper
from courts.ballots.services.second_rounds import check_second
from courts.frame.reasons import STILL_DISPUTED
from courts.models import (
    BallotRound,
    BallotTarget,
    Court,
    PaperTally,
    QualityYear,
    RoundOrganizer,
    Scrutineer,
    SealedBallot,
    SecondRound,
    User,
    Voter,
)
from courts.permissions import (
    may_hold_key,
    may_organize_ballots,
    may_organize_round,
    may_use_key,
    may_vote,
)
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month

FEWEST_SCRUTINEERS, MOST_SCRUTINEERS = 2, 3
MOST_UNITS = 1000
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class BallotTargetEntry:
    """Who is to be scored: a court by its code, or a department by its name."""

    court: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """What the office says of a round; accounts by primary key.

    `unit` is the step between two marks, in points; `min_ballots` None: as usual.
    """

    month: Month
    title: str
    targets: Sequence[BallotTargetEntry]
    voters: Sequence[int]
    scrutineers: Sequence[int]
    closes_at: datetime
    unit: Decimal = Decimal("0.5")
    min_ballots: int | None = None
    is_demo: bool = False


@transaction.atomic
def draft_round(*, user: User, year: QualityYear, entry: DraftEntry) -> BallotRound:
    """Prepare a round; one a month, until it is void.

    Raises `BallotError` and `PermissionDenied`.
    """
    if not may_organize_ballots(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以组织投票。"))
    hold_year(year.pk)
    row = BallotRound(quality_year=year, author=user)
    if (
        BallotRound.objects.filter(quality_year=year, month=entry.month.month)
        .exclude(state__in=[State.VOID, State.INCOMPLETE])
        .exists()
    ):
        raise BallotError("wrong", _("这个月份已有一轮投票；作废后才能另建。"))
    row.code = f"{year.code}-{entry.month.month:02d}-{secrets.token_hex(4)}"
    _fill(row, entry)
    RoundOrganizer.objects.create(round=row, user=user)
    record(row, "ballot_draft", user)
    return row


@transaction.atomic
def change_draft(*, user: User, ballot_round: BallotRound, entry: DraftEntry) -> BallotRound:
    """Replace the whole draft; only before the first key is made.

    Raises `BallotError`.
    """
    row = held_for_office(user, ballot_round, State.DRAFT)
    if PaperTally.objects.filter(round=row).exists():
        raise BallotError("state", _("已录入纸质计票结果，不能再改；请先撤销录入。"))
    for rows in (row.targets, row.voters, row.scrutineers):
        rows.all().delete()
    # It was given for other targets and another roll.
    SecondRound.objects.filter(round=row).delete()
    _fill(row, entry)
    record(row, "ballot_draft", user)
    return row


def _fill(row: BallotRound, entry: DraftEntry) -> None:
    if entry.month.year != row.quality_year.year:
        raise BallotError("wrong", _("月份不在本质量年内。"))
    if entry.closes_at <= database_clock.now():
        raise BallotError("wrong", _("截止时间须晚于现在。"))
    row.month, row.title = entry.month.month, stated(entry.title, _("请填写名称。"))
    row.closes_at, row.is_demo = entry.closes_at, entry.is_demo
    row.unit, row.unit_max = entry.unit, _units(row.quality_year, entry.unit)
    voters = _accounts(entry.voters)
    scrutineers = _accounts(entry.scrutineers)
    _check_people(row, voters, scrutineers)
    least = usual_min_ballots(len(voters)) if entry.min_ballots is None else entry.min_ballots
    if not FEWEST_BALLOTS <= least <= len(voters):
        text = _("最少票数须在%(fewest)s与名册人数%(roll)s之间。")
        raise BallotError("wrong", text % {"fewest": FEWEST_BALLOTS, "roll": len(voters)})
    row.min_ballots = least
    check_size(len(entry.targets), row.unit_max)
    save(row)
    targets = list(_targets(row, entry.targets))
    people = [Voter(round=row, user=one, name=name) for one, name in _named(voters)]
    holders = [
        Scrutineer(round=row, user=one, name=name, position=place)
        for place, (one, name) in enumerate(_named(scrutineers))
    ]
    for made in (*targets, *people, *holders):
        made.full_clean()
        made.save()


def _units(year: QualityYear, unit: Decimal) -> int:
    """Into how many units the item's points fall; a whole number of them."""
    found = {
        points
        for item in rulebook_of(year).items
        if item.formula.reads_ballots
        for points in item.points.values()
    }
    if len(found) != 1:
        raise BallotError("wrong", _("规则里没有以投票评分的考核项，或者满分不一。"))
    (points,) = found
    if unit <= 0 or points % unit or not 1 <= points / unit <= MOST_UNITS:
        text = _("评分单位须能整除满分%(points)s分，且最多分为%(most)s个单位。")
        raise BallotError("wrong", text % {"points": points, "most": MOST_UNITS})
    return int(points / unit)


def _accounts(keys: Sequence[int]) -> list[User]:
    users = {
        user.pk: user
        for user in User.objects.filter(pk__in=keys, is_active=True).select_related("court__parent")
    }
    if len(set(keys)) != len(keys) or set(users) != set(keys):
        raise BallotError("wrong", _("名单中有重复或已停用的账号。请去掉后再保存。"))
    return [users[key] for key in keys]


def _check_people(row: BallotRound, voters: Sequence[User], scrutineers: Sequence[User]) -> None:
    year = row.quality_year
    if len(voters) < FEWEST_BALLOTS:
        raise BallotError("wrong", _("参评人至少%(n)s人。请再加参评人。") % {"n": FEWEST_BALLOTS})
    if not FEWEST_SCRUTINEERS <= len(scrutineers) <= MOST_SCRUTINEERS:
        raise BallotError("wrong", _("监票人须为两名或三名。"))
    organizers = _organizers(row)
    for one in voters:
        if not may_vote(one, year):
            raise BallotError(
                "wrong", _("%(name)s不是领导小组成员。请从名册中去掉。") % {"name": one}
            )
        if one.pk in organizers:
            text = _("%(name)s以办公室的身份操作过这轮投票，不能列入参评人名册。")
            raise BallotError("wrong", text % {"name": one})
    for one in scrutineers:
        if one.pk in organizers or not may_hold_key(one, year):
            text = _("%(name)s不能任监票人：监票人不得是审判管理办公室、组织人或系统管理员。")
            raise BallotError("wrong", text % {"name": one})
        if one in voters:
            text = _("%(name)s既是参评人又是监票人；两者须是不同的人。")
            raise BallotError("wrong", text % {"name": one})


def _organizers(row: BallotRound) -> set[int]:
    """The accounts, by key, that acted on the round as the office."""
    earlier = RoundOrganizer.objects.filter(round_id=row.pk).values_list("user_id", flat=True)
    return {row.author_id, *earlier}


def _named(users: Iterable[User]) -> list[tuple[User, str]]:
    """Each with a name of its own: namesakes get a number."""
    taken: set[str] = set()
    found = []
    for user in users:
        name, number = str(user), 1
        while name in taken:
            number += 1
            name = f"{user}（{number}）"
        taken.add(name)
        found.append((user, name))
    return found


def _targets(row: BallotRound, entries: Sequence[BallotTargetEntry]) -> Iterable[BallotTarget]:
    courts = {court.code: court for court in Court.objects.in_month(row.quality_year, row.month)}
    if not entries:
        raise BallotError("wrong", _("请至少列出一个评分对象。"))
    named: set[str] = set()
    for place, entry in enumerate(entries):
        court = courts.get(entry.court)
        name = court.full_name("zh") if court else entry.department.strip()
        if (court is None) == (not entry.department.strip()) or (entry.court and court is None):
            raise BallotError("wrong", _("评分对象须是本地区的法院，或写明名称的部门。"))
        if name in named or len(name) > LONGEST_NAME:
            raise BallotError("wrong", _("评分对象重复，或名称过长：%(name)s") % {"name": name})
        named.add(name)
        yield BallotTarget(round=row, position=place, court=court, name=name)


# --- Opening ---------------------------------------------------------------------------------


@transaction.atomic
def open_round(*, user: User, ballot_round: BallotRound, secure: bool) -> BallotRound:
    """Begin the vote: every key rehearsed, the manifest as frozen, and a connection nobody reads.

    `secure`: the page came by https, or from this very machine. Raises `BallotError`.
    """
    # Two rounds on the same targets that open at once would not see each other.
    hold_year(ballot_round.quality_year_id)
    row = held_for_office(user, ballot_round, State.KEYS)
    if not secure:
        raise BallotError("https", _("须通过HTTPS访问才能开始投票，否则选票页面可能被人调换。"))
    now = database_clock.now()
    if not row.manifest:
        raise BallotError("state", _("还有监票人没有制作密钥。请等他们做完。"))
    check_protocol(row)
    if row.scrutineers.filter(rehearsed_at=None).exists():
        raise BallotError("state", _("还有监票人没有完成演练。请等他们做完。"))
    for one in row.scrutineers.select_related("user__court__parent"):
        if not may_use_key(one.user, row):
            text = _("%(name)s现在不能任监票人，请退回准备并更换。")
            raise BallotError("state", text % {"name": one.name})
    check_second(row)
    if row.closes_at <= now:
        raise BallotError("late", _("截止时间已过，请退回准备并改期。"))
    if manifest_of(row).fingerprint.hex() != row.fingerprint:
        raise BallotError("state", _("公告书与指纹不符，不能开始投票。请告诉系统管理员。"))
    check_size(row.targets.count(), row.unit_max)
    row.state, row.opens_at = State.OPEN, now
    save(row)
    append(row, board.OPEN, row.fingerprint, now)
    record(row, "ballot_open", user, data={"fingerprint": row.fingerprint})
    return row


# --- Until it is closed ----------------------------------------------------------------------


@transaction.atomic
def extend(
    *, user: User, ballot_round: BallotRound, closes_at: datetime, reason: str
) -> BallotRound:
    """Give the voters longer; only while the vote is on.

    Raises `BallotError`.
    """
    row = held_for_office(user, ballot_round, State.OPEN)
    now = database_clock.now()
    reason = stated(reason, _("请说明原因。"))
    # As the chain writes it; the database lets the deadline be no other than the chain's.
    closes_at = closes_at.replace(microsecond=0)
    if row.closes_at <= now:
        raise BallotError("late", _("截止时间已过，不能再延期。"))
    check_protocol(row)
    if closes_at <= row.closes_at:
        raise BallotError("wrong", _("新的截止时间须晚于原来的。"))
    said = f"{closes_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    append(row, board.EXTEND, board.extend_payload(said), now)
    row.closes_at = closes_at
    save(row)
    record(row, "ballot_extend", user, reason)
    return row


@transaction.atomic
def close(*, user: User, ballot_round: BallotRound) -> BallotRound:
    """End the vote, at the deadline or when everybody has voted; too few ballots make it void.

    Raises `BallotError` and `PermissionDenied`.
    """
    row = held(ballot_round, State.OPEN)
    if not may_use_key(user, row):
        if not may_organize_round(user, row):
            raise PermissionDenied(_("只有审判管理办公室或监票人可以截止投票。"))
        RoundOrganizer.objects.get_or_create(round=row, user=user)
    now = database_clock.now()
    if row.closes_at > now and _ballots(row).count() < row.voters.count():
        raise BallotError(
            "state", _("截止时间未到，且还有人没有投票。请等到截止，或者等大家投完。")
        )
    _close(row, user, now)
    return row


@transaction.atomic
def void(*, user: User, ballot_round: BallotRound, reason: str) -> BallotRound:
    """End the round without a result and erase its sealed ballots; never once a part is given."""
    states = (State.DRAFT, State.KEYS, State.OPEN, State.CLOSED)
    row = held_for_office(user, ballot_round, *states)
    _void(row, user, stated(reason, _("请说明作废的原因。")))
    return row


def advance_rounds(*, now: datetime | None = None) -> int:
    """Close what is past its deadline, and void what was objected to; how many rounds moved."""
    moment = now or database_clock.now()
    due = BallotRound.objects.filter(state=State.OPEN, closes_at__lte=moment) | (
        BallotRound.objects.filter(state=State.CLOSED, check_until__lte=moment)
    )
    return sum(advance(row, moment) for row in due.order_by("pk"))


@transaction.atomic
def advance(ballot_round: BallotRound, now: datetime) -> bool:
    """What time alone does to one round; whether it did anything."""
    row = held(ballot_round)
    if row.state == State.OPEN and row.closes_at <= now:
        _close(row, None, now)
        return True
    is_checked = row.state == State.CLOSED and row.check_until and row.check_until <= now
    if is_checked and row.voters.exclude(objection="").exists():
        _void(row, None, STILL_DISPUTED)
        return True
    return False


def _close(row: BallotRound, user: User | None, now: datetime) -> None:
    note = earlier_protocol_note(row)
    if note:
        _void(row, user, note)
        return
    ballots = dict(_ballots(row).values_list("slot", "tracker"))
    if len(ballots) < row.min_ballots:
        text = _("截止时只有%(count)s票，不足最少票数%(least)s票。")
        _void(row, user, text % {"count": len(ballots), "least": row.min_ballots})
        return
    why_never = participants_obstacle(row, earlier_rounds(row))
    if why_never:
        _void(row, user, why_never)
        return
    named = row.voters.filter(slot__in=ballots).values_list("name", flat=True)
    participants = sorted(named)
    last = row.events.order_by("-seq").first()
    kappa = board.closing_hash(
        bytes.fromhex(row.fingerprint), last.hash if last else "", participants, ballots.values()
    )
    append(row, board.CLOSE, board.close_payload(kappa, participants), now)
    row.state, row.close_hash = State.CLOSED, kappa.hex()
    row.check_until = now + timedelta(hours=settings.BALLOT_CHECK_HOURS)
    save(row)
    record(row, "ballot_close", user, data={"ballots": len(ballots), "kappa": row.close_hash})


def _void(row: BallotRound, user: User | None, reason: str) -> None:
    erase(row)
    row.scrutineers.update(nonce="")
    tally = PaperTally.objects.filter(round=row).first()
    if tally is not None:
        forget_paper(row, tally, user)
    row.state, row.void_reason = State.VOID, reason
    save(row)
    record(row, "ballot_void", user, reason)


def _ballots(row: BallotRound) -> QuerySet[SealedBallot]:
    return SealedBallot.objects.filter(round=row, current=True)
