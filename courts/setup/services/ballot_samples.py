"""Owns playing rounds without a browser: a sample for verifiers, and the demonstration's vote.

Here alone the server makes keys and seals scores, because they are nobody's: made up, and public.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from courts import database_clock
from courts.accounts.services.accounts import save_account
from courts.ballots.protocol.ballot import seal
from courts.ballots.protocol.canonical import canonical, number_text
from courts.ballots.protocol.group import Q
from courts.ballots.protocol.hashing import digest
from courts.ballots.protocol.keys import card, make_secret, prove_key, prove_ready
from courts.ballots.protocol.tally import open_part as open_sums
from courts.ballots.selectors.rounds import board_of
from courts.ballots.services.casting import CastReceipt, cast
from courts.ballots.services.held_rounds import State, manifest_of
from courts.ballots.services.keys import ask_keys, ask_nonce, give_key, rehearse
from courts.ballots.services.opening import confirm, open_part, sealed_sums
from courts.ballots.services.rounds import (
    BallotTargetEntry,
    DraftEntry,
    close,
    draft_round,
    open_round,
)
from courts.models import BallotRound, QualityYear, User
from courts.permissions import Role
from courts.years.selectors.years import courts_of
from scoring.facts import Month

YEAR_END = 12
DEMO_DAYS = 14
DEMO_VOTERS = ("leader1", "leader2", "leader3")
DEMO_CAST = DEMO_VOTERS[1:]
DEMO_SCRUTINEERS = ("scrutineer1", "scrutineer2")


@dataclass(frozen=True, slots=True)
class Sample:
    """A round played to its end; `sums` in units, as they were voted, for comparison."""

    board: bytes
    sums: tuple[int, ...]
    receipt: CastReceipt


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A key card of the demonstration, for everybody to know."""

    name: str
    username: str
    digits: str
    check: str


def give_keys(ballot_round: BallotRound, keys: Mapping[int, int]) -> None:
    """Hand in these secrets' public keys, by account, and rehearse them."""
    holders = list(ballot_round.scrutineers.select_related("user").order_by("position"))
    for holder in holders:
        key = prove_key(keys[holder.user_id], ballot_round.code, holder.name)
        give_key(user=holder.user, ballot_round=ballot_round, body=canonical(key.wire))
    for holder in holders:
        asked = ask_nonce(user=holder.user, ballot_round=ballot_round)
        phi = bytes.fromhex(asked.fingerprint)
        proof = prove_ready(keys[holder.user_id], phi, asked.nonce, asked.index)
        answer = {"nonce": asked.nonce, "c": number_text(proof.c), "z": number_text(proof.z)}
        rehearse(user=holder.user, ballot_round=ballot_round, body=canonical(answer))


def sealed_for(user: User, ballot_round: BallotRound, scores: Sequence[int]) -> bytes:
    """What a browser would send for these scores, in units."""
    row = BallotRound.objects.get(pk=ballot_round.pk)
    slot = row.voters.get(user=user).slot
    return seal(manifest_of(row), slot, scores).body


def open_with(user: User, ballot_round: BallotRound, key: int) -> bool:
    """Give the part of the scrutineer who holds this secret."""
    row = BallotRound.objects.get(pk=ballot_round.pk)
    manifest = manifest_of(row)
    index = row.scrutineers.get(user=user).position
    sealed, _ballots = sealed_sums(row, manifest)
    part = open_sums(key, index, sealed, manifest, bytes.fromhex(row.close_hash))
    body = canonical({"kappa": row.close_hash, "d": [share.wire for share in part]})
    return open_part(user=user, ballot_round=row, body=body)


def play_sample(*, year: QualityYear, voters: int = 5) -> Sample:
    """Play a whole round over the year's courts: one voter votes twice, two scrutineers open."""
    office, *others = _sample_accounts(year, voters)
    people, holders = others[:voters], others[voters:]
    row = draft_round(
        user=office,
        year=year,
        entry=DraftEntry(
            month=Month(year.year, YEAR_END),
            title=f"{year.year}年度综合评价（样例）",
            targets=[BallotTargetEntry(court=court.code) for court in courts_of(year)],
            voters=[one.pk for one in people],
            scrutineers=[one.pk for one in holders],
            closes_at=database_clock.now() + timedelta(hours=1),
            is_demo=True,
        ),
    )
    ask_keys(user=office, ballot_round=row)
    keys = {one.pk: make_secret() for one in holders}
    give_keys(row, keys)
    row = open_round(user=office, ballot_round=row, secure=True)
    scores: dict[int, list[int]] = {}
    for voter in [*people, people[0]]:
        scores[voter.pk] = [secrets.randbelow(row.unit_max + 1) for _t in row.targets.all()]
        body = sealed_for(voter, row, scores[voter.pk])
        receipt = cast(user=voter, ballot_round=row, body=body)
    close(user=office, ballot_round=row)
    for voter in people:
        confirm(user=voter, ballot_round=row)
    for holder in holders:
        open_with(holder, row, keys[holder.pk])
    row.refresh_from_db()
    sums = tuple(sum(column) for column in zip(*scores.values(), strict=True))
    return Sample(board_of(office, row), sums, receipt)


def _sample_accounts(year: QualityYear, voters: int) -> list[User]:
    roles = [Role.OFFICE, *[Role.LEADER] * voters, *[Role.SCRUTINEER] * 2]
    names = ["办公室", *[f"领导小组成员{n + 1}" for n in range(voters)], "监票人1", "监票人2"]
    made = []
    for place, (role, name) in enumerate(zip(roles, names, strict=True)):
        user = User(username=f"sample-{place}", name=name, court=year.court)
        user.set_unusable_password()
        save_account(account=user, roles=[role], reason="样例")
        made.append(user)
    return made


# --- The demonstration -----------------------------------------------------------------------


def make_demo_ballot(*, year: QualityYear) -> list[DemoCard]:
    """Open a vote among the demo accounts, two of three ballots cast; the cards to open it with.

    Run again it changes nothing and gives the same cards; none where the accounts are missing or
    the month has another round.
    """
    accounts = demo_people(year, ("office", *DEMO_VOTERS, *DEMO_SCRUTINEERS))
    if accounts is None:
        return []
    office = accounts["office"]
    holders = [accounts[name] for name in DEMO_SCRUTINEERS]
    known = BallotRound.objects.filter(quality_year=year, month=YEAR_END).exclude(state=State.VOID)
    row = known.first()
    if row is None:
        row = _demo_round(year, office, [accounts[name] for name in DEMO_VOTERS], holders)
        for number, name in enumerate(DEMO_CAST):
            scores = [10 + (7 * place + 5 * number) % 15 for place in range(row.targets.count())]
            body = sealed_for(accounts[name], row, scores)
            cast(user=accounts[name], ballot_round=row, body=body)
    if not row.is_demo:
        return []
    return [DemoCard(str(one), one.username, *card(_demo_secret(row, one))) for one in holders]


def demo_people(year: QualityYear, names: Sequence[str]) -> dict[str, User] | None:
    """Accounts of the demonstration at this court, by name; None unless all can work."""
    root = year.court
    users = User.objects.filter(court=root, is_active=True).select_related("court__parent")
    for prefix in ("", f"{root.code}-"):
        found = {
            user.username.removeprefix(prefix): user
            for user in users.filter(username__in=[prefix + name for name in names])
        }
        if len(found) == len(names):
            return found
    return None


def _demo_round(
    year: QualityYear, office: User, voters: Sequence[User], holders: Sequence[User]
) -> BallotRound:
    row = draft_round(
        user=office,
        year=year,
        entry=DraftEntry(
            month=Month(year.year, YEAR_END),
            title=f"{year.year}年度综合评价",
            targets=[BallotTargetEntry(court=court.code) for court in courts_of(year)],
            voters=[one.pk for one in voters],
            scrutineers=[one.pk for one in holders],
            closes_at=database_clock.now() + timedelta(days=DEMO_DAYS),
            is_demo=True,
        ),
    )
    ask_keys(user=office, ballot_round=row)
    give_keys(row, {one.pk: _demo_secret(row, one) for one in holders})
    return open_round(user=office, ballot_round=row, secure=True)


def _demo_secret(row: BallotRound, holder: User) -> int:
    """Everybody can work it out, so that every run prints the same card."""
    return 1 + int.from_bytes(digest("demo", row.code, holder.username), "big") % (Q - 1)
