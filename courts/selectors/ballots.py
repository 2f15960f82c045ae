"""Owns reading rounds of the ballot: how far they are, what each account meets, the board.

Before the closing only the number of ballots is told, never whose; before the tally no sum exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courts.ballots import board
from courts.ballots.canonical import parse
from courts.models import (
    BallotRound,
    BoardEvent,
    Court,
    PaperTally,
    QualityYear,
    Scrutineer,
    SealedBallot,
    User,
    Voter,
)
from courts.permissions import (
    Account,
    Part,
    Role,
    ballot_parts,
    may_cast,
    may_hold_key,
    may_organize_ballots,
    may_see_board,
    may_vote,
    roles,
)
from courts.selectors.ballot_protocol import earlier_protocol_note
from courts.selectors.ballot_replacements import (
    Hold,
    ResetLine,
    hold_of,
    replaced_count,
    reset_lines,
)
from courts.selectors.periods import years_of
from scoring.facts import Month
from scoring.rounding import to_text

State = BallotRound.State
YEAR_END, USUAL_DAYS = 12, 7
# 实施、推进、效果、总结: a guide in the booth, nothing that is sent.
ASPECTS = 4


class RoundNotFound(LookupError):  # noqa: N818
    """The address names no round of the account's prefecture."""


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


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Who is scored; sum and mean in points, once tallied."""

    position: int
    court: str
    name: str
    sum_points: str | None
    mean_points: str | None


@dataclass(frozen=True, slots=True)
class RollLine:
    """A name on the roll; `has_voted` is None until the vote is closed."""

    name: str
    has_voted: bool | None
    has_confirmed: bool
    objection: str


@dataclass(frozen=True, slots=True)
class ScrutineerLine:
    """How far a scrutineer is."""

    pk: int
    index: int
    name: str
    has_key: bool
    has_rehearsed: bool
    has_opened: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter keeps."""

    tracker: str
    fingerprint: str
    head: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnVote:
    """The voter's own part."""

    name: str
    slot: str
    receipt: Receipt | None
    confirmed_at: datetime | None
    objection: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A vote on paper: who typed it in, who confirmed it."""

    counted: int
    sums: tuple[str, ...]
    entered_by: str
    entered_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    scan_name: str
    scan_sha256: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round as one account meets it."""

    round: BallotRound
    month: Month
    state: str
    state_label: str
    parts: frozenset[str]
    unit: str
    points: str
    count: int
    electorate: int
    confirmed: int
    objections: int
    is_past: bool
    targets: tuple[TargetLine, ...]
    roll: tuple[RollLine, ...]
    scrutineers: tuple[ScrutineerLine, ...]
    own_vote: OwnVote | None
    own_key: ScrutineerLine | None
    paper: PaperLine | None
    obstacle: str
    may_see_board: bool
    replaced: int
    may_cast: bool
    hold: Hold | None
    resets: tuple[ResetLine, ...]
    earlier_protocol: str

    @property
    def aspect_points(self) -> str:
        """What each of the four aspects is worth, as a guide."""
        whole = self.round.unit * self.round.unit_max
        return format((whole / ASPECTS).normalize(), "f")

    @property
    def fingerprint_groups(self) -> tuple[str, ...]:
        """As it is compared with paper: in fours."""
        return _in_fours(self.round.fingerprint)

    @property
    def closing_groups(self) -> tuple[str, ...]:
        """The closing hash, as it is read aloud: in fours."""
        return _in_fours(self.round.close_hash)

    @property
    def is_tallied(self) -> bool:
        return self.state == State.TALLIED

    @property
    def absent(self) -> tuple[str, ...]:
        """Who did not vote; known from the closing on."""
        return tuple(line.name for line in self.roll if line.has_voted is False)

    @property
    def is_office(self) -> bool:
        return Part.OFFICE in self.parts

    @property
    def has_all_keys(self) -> bool:
        return all(one.has_key for one in self.scrutineers)

    @property
    def is_rehearsed(self) -> bool:
        return self.has_all_keys and all(one.has_rehearsed for one in self.scrutineers)

    @property
    def may_close(self) -> bool:
        """Whether the vote can be ended now."""
        return self.state == State.OPEN and (self.is_past or self.count == self.electorate)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is, in numbers alone."""

    state: str
    count: int
    electorate: int
    closes_at: datetime
    fingerprint: str
    confirmed: int
    objections: int


def _in_fours(text: str) -> tuple[str, ...]:
    return tuple(text[place : place + 4] for place in range(0, len(text), 4))


def find_round(user: Account, year_code: str, code: str) -> BallotRound:
    """The round of an address; `RoundNotFound`, or `PermissionDenied` when it has no part in it.

    Once tallied a round is open to everybody of the year.
    """
    if not any(year.code == year_code for year in years_of(user)):
        raise RoundNotFound(_("没有这个质量年。"))
    row = (
        BallotRound.objects.filter(quality_year__code=year_code, code=code)
        .select_related("quality_year__court", "quality_year__edition", "author")
        .first()
    )
    if row is None:
        raise RoundNotFound(_("没有这轮投票。"))
    parts = ballot_parts(user, row)
    if not parts and not may_see_board(user, row, parts):
        raise PermissionDenied(_("这轮投票只对选举人、监票人和审判管理办公室开放。"))
    return row


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


def round_page(user: Account, ballot_round: BallotRound, now: datetime | None = None) -> RoundPage:
    """Everything that a page of the round shows this account. A constant number of queries."""
    row, moment = ballot_round, now or timezone.now()
    voters = list(row.voters.order_by("name"))
    holders = [_scrutineer(one) for one in row.scrutineers.order_by("position")]
    places = list(row.scrutineers.order_by("position").values_list("user_id", flat=True))
    ballots = dict(_current(row).values_list("slot", "tracker"))
    parts = ballot_parts(user, row)
    own = next((voter for voter in voters if voter.user_id == user.pk), None)
    may_vote_now = own is not None and row.state == State.OPEN and may_cast(user, row)
    has_key = Part.SCRUTINEER in parts
    is_ended = row.state in {State.CLOSED, State.TALLIED}
    paper = (
        PaperTally.objects.filter(round=row).select_related("entered_by", "confirmed_by").first()
    )
    return RoundPage(
        round=row,
        month=Month(row.quality_year.year, row.month),
        state=row.state,
        state_label=str(row.get_state_display()),
        parts=frozenset(part.value for part in parts),
        unit=format(row.unit.normalize(), "f"),
        points=format((row.unit * row.unit_max).normalize(), "f"),
        count=row.counted if row.counted is not None else len(ballots),
        electorate=len(voters),
        confirmed=sum(voter.confirmed_at is not None for voter in voters),
        objections=sum(bool(voter.objection) for voter in voters),
        is_past=row.closes_at <= moment,
        targets=_targets(row),
        roll=tuple(
            RollLine(
                name=voter.name,
                has_voted=voter.slot in ballots if is_ended and not paper else None,
                has_confirmed=voter.confirmed_at is not None,
                objection=voter.objection,
            )
            for voter in voters
        ),
        scrutineers=tuple(holders),
        own_vote=_own_vote(row, own, ballots) if own else None,
        own_key=holders[places.index(user.pk)] if has_key and user.pk in places else None,
        paper=_paper(row, paper) if paper else None,
        obstacle=opening_obstacle(row, voters, moment) if row.state == State.CLOSED else "",
        may_see_board=may_see_board(user, row, parts) and bool(row.close_hash),
        replaced=replaced_count(row),
        may_cast=may_vote_now,
        hold=hold_of(row, own, moment) if own and may_vote_now else None,
        resets=reset_lines(row, own) if own and may_vote_now else (),
        earlier_protocol=earlier_protocol_note(row),
    )


def opening_obstacle(row: BallotRound, voters: list[Voter], now: datetime) -> str:
    """Why nothing may be opened yet; empty when it may."""
    confirmed = sum(voter.confirmed_at is not None for voter in voters)
    if any(voter.objection for voter in voters):
        return _("有异议尚未解决，不能开票；核对期结束时仍未撤回，这轮投票作废。")
    if confirmed < row.min_ballots:
        text = _("已核对%(count)s人，至少需要%(least)s人，才能开票。")
        return text % {"count": confirmed, "least": row.min_ballots}
    if confirmed < len(voters) and (row.check_until is None or now < row.check_until):
        return _("核对期尚未结束，还有人没有核对，暂不能开票。")
    return ""


def progress(ballot_round: BallotRound) -> Progress:
    """How far the round is: numbers, no names."""
    voters = ballot_round.voters.aggregate(
        all=Count("pk"),
        confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
        objections=Count("pk", filter=~Q(objection="")),
    )
    return Progress(
        state=ballot_round.state,
        count=_current(ballot_round).count(),
        electorate=voters["all"],
        closes_at=ballot_round.closes_at,
        fingerprint=ballot_round.fingerprint,
        confirmed=voters["confirmed"],
        objections=voters["objections"],
    )


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


def board_of(user: Account, ballot_round: BallotRound) -> bytes:
    """board.json of a closed or tallied round; the parts and sums are in it once all are there."""
    row = ballot_round
    if not may_see_board(user, row, ballot_parts(user, row)):
        raise PermissionDenied(_("投票截止之后才有公示板；计票之前只对参加人开放。"))
    if not row.close_hash:
        raise RoundNotFound(_("纸质投票没有公示板。"))
    events = list(BoardEvent.objects.filter(round=row).order_by("seq"))
    links = [board.BoardEvent(one.seq, one.kind, one.payload, one.prev, one.hash) for one in events]
    bodies = _current(row).order_by("slot").values_list("body", flat=True)
    is_tallied = row.state == State.TALLIED
    return board.write_board(
        parse(row.manifest.encode()),
        [parse(body.encode()) for body in bodies],
        links,
        parse(events[-1].payload.encode())[1],
        row.scrutineers.order_by("position").values_list("partial", flat=True)
        if is_tallied
        else (),
        row.sums or (),
    )


def manifest_text(ballot_round: BallotRound) -> str:
    """The frozen manifest, canonical; empty while a key is missing."""
    return ballot_round.manifest


def scan_of(user: Account, ballot_round: BallotRound) -> tuple[str, bytes]:
    """Name and bytes of the scanned tally: for the office, and for everybody once tallied."""
    tally = PaperTally.objects.filter(round=ballot_round).first()
    if tally is None:
        raise RoundNotFound(_("这轮投票没有纸质计票。"))
    is_office = may_organize_ballots(user, ballot_round.quality_year)
    if not is_office and ballot_round.state != State.TALLIED:
        raise PermissionDenied(_("计票之前只有审判管理办公室可以查看扫描件。"))
    return tally.scan_name, bytes(tally.scan)


def _current(row: BallotRound) -> QuerySet[SealedBallot]:
    return SealedBallot.objects.filter(round=row, current=True)


def _targets(row: BallotRound) -> tuple[TargetLine, ...]:
    lines = []
    for target in row.targets.select_related("court").order_by("position"):
        total, mean = None, None
        if row.state == State.TALLIED and row.sums is not None and row.counted:
            points = Fraction(row.sums[target.position]) * Fraction(row.unit)
            total, mean = to_text(points), to_text(points / row.counted)
        court = target.court.code if target.court else ""
        lines.append(TargetLine(target.position, court, target.name, total, mean))
    return tuple(lines)


def _scrutineer(one: Scrutineer) -> ScrutineerLine:
    return ScrutineerLine(
        pk=one.pk,
        index=one.position,
        name=one.name,
        has_key=one.public_key is not None,
        has_rehearsed=one.rehearsed_at is not None,
        has_opened=one.partial is not None,
    )


def _own_vote(row: BallotRound, voter: Voter, ballots: Mapping[str, str]) -> OwnVote:
    tracker = ballots.get(voter.slot)
    receipt = None
    if tracker is not None:
        payload = board.ballot_payload(voter.slot, tracker)
        event = row.events.get(kind=board.BALLOT, payload=payload)
        receipt = Receipt(tracker, row.fingerprint, event.hash, event.at)
    return OwnVote(voter.name, voter.slot, receipt, voter.confirmed_at, voter.objection)


def _paper(row: BallotRound, tally: PaperTally) -> PaperLine:
    return PaperLine(
        counted=tally.counted,
        sums=tuple(to_text(Decimal(units) * row.unit) for units in tally.sums),
        entered_by=str(tally.entered_by),
        entered_at=tally.entered_at,
        confirmed_by=str(tally.confirmed_by or ""),
        confirmed_at=tally.confirmed_at,
        scan_name=tally.scan_name,
        scan_sha256=tally.scan_sha256,
    )


def draft_values(year: QualityYear, ballot_round: BallotRound | None) -> dict[str, object]:
    """What the form of a draft shows at first: the draft, or what is usual."""
    row = ballot_round
    if row is None:
        people = candidates(year)
        courts = Court.objects.of_year(year).values_list("code", flat=True)
        return {
            "title": _("%(year)s年度综合评价") % {"year": year.year},
            "month": YEAR_END,
            "unit": "0.5",
            "courts": list(courts),
            "voters": [one.pk for one in people.voters],
            "closes_at": timezone.localtime() + timedelta(days=USUAL_DAYS),
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
