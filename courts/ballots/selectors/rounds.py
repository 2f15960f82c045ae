"""Owns reading rounds of the ballot: how far they are, what each account meets, the board.

Before the closing only the number of ballots is told, never whose; before the tally no sum exists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.protocol import board
from courts.ballots.protocol.canonical import parse
from courts.ballots.selectors.protocols import earlier_protocol_note
from courts.ballots.selectors.replacements import (
    Hold,
    ResetLine,
    hold_of,
    replaced_count,
    reset_lines,
)
from courts.ballots.selectors.results import BallotTargetLine, PaperLine, paper_line, target_lines
from courts.ballots.selectors.safeguards import Safeguards, safeguards_of
from courts.models import (
    BallotRound,
    BoardEvent,
    PaperTally,
    Scrutineer,
    SealedBallot,
    Voter,
)
from courts.permissions import (
    Account,
    Part,
    ballot_parts,
    may_cast,
    may_organize_ballots,
    may_print_sheets,
    may_see_board,
)
from courts.years.selectors.periods import years_of
from scoring.facts import Month

State = BallotRound.State
# Closed, and no part, some or none of them given.
OPENED = (State.CLOSED, State.INCOMPLETE)
VOIDABLE = (State.DRAFT, State.KEYS, State.OPEN, State.CLOSED)
# 实施、推进、效果、总结: a guide in the booth, nothing that is sent.
ASPECTS = 4


class NoRoundError(LookupError):
    """The address names no round of the account's prefecture."""


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
    challenged: int
    objections: int
    is_past: bool
    targets: tuple[BallotTargetLine, ...]
    roll: tuple[RollLine, ...]
    scrutineers: tuple[ScrutineerLine, ...]
    own_vote: OwnVote | None
    own_key: ScrutineerLine | None
    paper: PaperLine | None
    obstacle: str
    may_see_board: bool
    may_print_sheets: bool
    replaced: int
    may_cast: bool
    hold: Hold | None
    resets: tuple[ResetLine, ...]
    safeguards: Safeguards
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
    def participants(self) -> tuple[str, ...]:
        """Who voted, by name; known from the closing on."""
        return tuple(line.name for line in self.roll if line.has_voted)

    @property
    def checked(self) -> int:
        """How many of those who voted have confirmed."""
        return sum(line.has_confirmed for line in self.roll if line.has_voted)

    @property
    def checked_percent(self) -> int:
        """The share of those who voted and have confirmed, in whole per cent, rounded down."""
        return 100 * self.checked // len(self.participants) if self.participants else 0

    @property
    def has_opening_sheet(self) -> bool:
        """Whether there is a fingerprint to put on the notice board."""
        return bool(self.round.fingerprint) and self.state != State.VOID

    @property
    def may_open(self) -> bool:
        """Whether a scrutineer who has not opened yet may do it now."""
        has_opened = self.own_key is None or self.own_key.has_opened
        return self.state in OPENED and not self.obstacle and not has_opened

    @property
    def may_void(self) -> bool:
        """Whether the office can still end the round without a result: until a part is given."""
        return self.is_office and self.state in VOIDABLE

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
    """The round of an address; `NoRoundError`, or `PermissionDenied` when it has no part in it.

    Once tallied a round is open to everybody of the year.
    """
    if not any(year.code == year_code for year in years_of(user)):
        raise NoRoundError(_("没有这个质量年。请从首页重新打开。"))
    row = (
        BallotRound.objects.filter(quality_year__code=year_code, code=code)
        .select_related("quality_year__court", "quality_year__edition", "author")
        .first()
    )
    if row is None:
        raise NoRoundError(_("没有这轮投票。请从列表里重新打开。"))
    parts = ballot_parts(user, row)
    if not parts and not may_see_board(user, row, parts):
        raise PermissionDenied(_("这轮投票只对参评人、监票人和审判管理办公室开放。"))
    return row


def round_page(user: Account, ballot_round: BallotRound, now: datetime | None = None) -> RoundPage:
    """Everything that a page of the round shows this account. A constant number of queries."""
    row, moment = ballot_round, now or database_clock.now()
    voters = list(row.voters.order_by("name"))
    holders = list(row.scrutineers.order_by("position"))
    lines = [_scrutineer(one) for one in holders]
    places = [one.user_id for one in holders]
    ballots = dict(_current(row).values_list("slot", "tracker"))
    parts = ballot_parts(user, row)
    own = next((voter for voter in voters if voter.user_id == user.pk), None)
    may_vote_now = own is not None and row.state == State.OPEN and may_cast(user, row)
    has_key = Part.SCRUTINEER in parts
    is_ended = row.state in {*OPENED, State.TALLIED}
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
        challenged=sum(voter.has_challenged for voter in voters if voter.slot in ballots),
        objections=sum(bool(voter.objection) for voter in voters),
        is_past=row.closes_at <= moment,
        targets=target_lines(row),
        roll=tuple(
            RollLine(
                name=voter.name,
                has_voted=voter.slot in ballots if is_ended and not paper else None,
                has_confirmed=voter.confirmed_at is not None,
                objection=voter.objection,
            )
            for voter in voters
        ),
        scrutineers=tuple(lines),
        own_vote=_own_vote(row, own, ballots) if own else None,
        own_key=lines[places.index(user.pk)] if has_key and user.pk in places else None,
        paper=paper_line(row, paper) if paper else None,
        obstacle=opening_obstacle(row, voters, ballots, moment) if row.state in OPENED else "",
        may_see_board=may_see_board(user, row, parts) and bool(row.close_hash),
        may_print_sheets=may_print_sheets(row, parts),
        replaced=replaced_count(row),
        may_cast=may_vote_now,
        hold=hold_of(row, own, moment) if own and may_vote_now else None,
        resets=reset_lines(row, own) if own and may_vote_now else (),
        safeguards=safeguards_of(row, voters, holders),
        earlier_protocol=earlier_protocol_note(row),
    )


def opening_obstacle(
    row: BallotRound, voters: Sequence[Voter], cast: Collection[str], now: datetime
) -> str:
    """Why nothing may be opened yet; empty when it may. `cast`: the slots that have a ballot.

    Only who voted can find a tracker, so only they count among the least number who must.
    """
    if any(voter.objection for voter in voters):
        return _("有异议尚未解决，不能开票；核对期结束时仍未撤回，这轮投票作废。")
    found = sum(voter.confirmed_at is not None for voter in voters if voter.slot in cast)
    if found < row.min_ballots:
        text = _("投了票的人中已核对%(count)s人，至少需要%(least)s人，才能开票。")
        return text % {"count": found, "least": row.min_ballots}
    confirmed = sum(voter.confirmed_at is not None for voter in voters)
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


def board_of(user: Account, ballot_round: BallotRound) -> bytes:
    """board.json of a closed or tallied round; the parts and sums are in it once all are there."""
    row = ballot_round
    if not may_see_board(user, row, ballot_parts(user, row)):
        raise PermissionDenied(_("投票截止之后才有公示板；计票之前只对参加人开放。"))
    if not row.close_hash:
        raise NoRoundError(_("纸质投票没有公示板。"))
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
        raise NoRoundError(_("这轮投票没有纸质计票。"))
    is_office = may_organize_ballots(user, ballot_round.quality_year)
    if not is_office and ballot_round.state != State.TALLIED:
        raise PermissionDenied(_("计票之前只有审判管理办公室可以查看扫描件。"))
    return tally.scan_name, bytes(tally.scan)


def _current(row: BallotRound) -> QuerySet[SealedBallot]:
    return SealedBallot.objects.filter(round=row, current=True)


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
