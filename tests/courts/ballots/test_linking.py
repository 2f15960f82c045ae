"""The ballot against its own administrator: who gave which score stays a guess.

The attacker (`linking`) has every trace of the disks: rows in their places with the numbers of
their transactions, dumps around every vote, a base backup, the database's log, the web log, and
all keys but one. Beside the ballot runs a naive twin: receipts in one table, marks in another,
random keys, no times. The attack must link the twin whole, and the ballot no better than chance.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from courts.ballots.protocol.ballot import seal_openly
from courts.ballots.protocol.bits import weights
from courts.ballots.protocol.group import P, inverse, power, small_logs
from courts.ballots.services.held_rounds import manifest_of
from courts.ballots.services.rounds import BallotTargetEntry
from courts.models import BoardEvent, Event, SealedBallot, Voter
from scoring.facts import Month
from tests.courts.ballot_fixtures import Vote, people
from tests.courts.ballots.linking import (
    NEVER_BY_CHANCE,
    Loot,
    Read,
    Record,
    guesses,
    hits,
    leaning,
    links,
    luck,
)
from tests.courts.ballots.looting import Looter, asked, disks, flushed
from tests.hold.scale import SEED, chance, many
from tests.pages import client_of, the_year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

VOTERS = 12
# A month each, as a year has them.
ROUNDS = many(12, 1)
TWIN = (
    "CREATE TABLE twin_receipt (id {key} PRIMARY KEY, voter text)",
    ("CREATE TABLE twin_marks (id {key} PRIMARY KEY, marks text)"),
)
# Nobody has it by chance: five standard deviations.
FAR = 5.0
# Every channel there is on a database, so that none is lost without being missed.
CHANNELS = {"postgresql": {"place", "dumps", "xmin", "log"}, "sqlite": {"place", "dumps"}}

EVERYWHERE = {"postgresql": ("disk", "dump", "log"), "sqlite": ("disk", "dump")}


# --- The naive twin --------------------------------------------------------------------------


@contextmanager
def twin() -> Iterator[Looter]:
    key = "uuid" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        for statement in TWIN:
            cursor.execute(statement.format(key=key))
    try:
        yield Looter("twin_receipt", "twin_marks")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE twin_receipt")
            cursor.execute("DROP TABLE twin_marks")


def attack_twin(votes: Sequence[tuple[str, int]], trial: str) -> dict[str, dict[str, int]]:
    """Let people vote in two tables that do not know each other, and attack that."""
    keys = chance(f"twin {trial}")

    def key() -> str:
        return str(UUID(int=keys.getrandbits(128)))

    with twin() as looter:
        looter.start()
        for name, score in votes:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO twin_receipt VALUES (%s, %s)", [key(), name])
                cursor.execute("INSERT INTO twin_marks VALUES (%s, %s)", [key(), f"marks {score}"])
            looter.dump()
        flushed()
        receipts, marks = (looter.traces(table) for table in (looter.people, looter.marks))
        loot = Loot(
            people=[
                Record(str(name), receipts[one])
                for one, name in asked("SELECT id, voter FROM twin_receipt ORDER BY id")
            ],
            marks=[
                Record(str(text), marks[one])
                for one, text in asked("SELECT id, marks FROM twin_marks ORDER BY id")
            ],
            scores=[score for _name, score in votes],
        )
        return guesses(loot, lambda content: int(content.removeprefix("marks ")))


# --- The ballot ------------------------------------------------------------------------------


@dataclass
class Attacked:
    """A round that was voted in while somebody watched, up to its result."""

    vote: Vote
    looter: Looter
    loot: Loot
    # Numbers that would open a ballot, as they could stand on a disk.
    openers: list[str | bytes]

    def reader(self, holders: Sequence[int]) -> Read:
        """What opens a ballot with these scrutineers' keys, and the part the others gave."""
        manifest = manifest_of(self.vote.row)
        known = sum(self.vote.keys[self.vote.holders[one].pk] for one in holders)
        others = set(range(len(self.vote.holders))) - set(holders)
        given = [
            int(share[0], 16)
            for one in self.vote.row.scrutineers.filter(position__in=others)
            for share in one.partial or []
        ]
        # Nothing, and what the others gave of the sum: as if it were of one ballot.
        parts = [1, *(inverse(one) for one in given)]
        logs, counts = small_logs(1), weights(manifest.unit_max)

        def read(body: str) -> int | None:
            score = 0
            (bits,) = json.loads(body)["t"]
            for bit, count in zip(bits, counts, strict=True):
                a, b = int(bit[0], 16), int(bit[1], 16)
                opened = b * inverse(power(a, known)) % P
                found = [logs[one] for part in parts if (one := opened * part % P) in logs]
                if not found:
                    return None
                score += found[0] * count
            return score

        return read


def attack_ballot(vote: Vote, votes: Sequence[tuple[int, int]], month: int) -> Attacked:
    """Let leaders vote, the first of them twice, and gather what is left of it anywhere."""
    target = [BallotTargetEntry(department=f"部门{month}")]
    vote.draft(month=Month(2019, month), targets=target, unit=Decimal(1)).ask().give().open()
    manifest = manifest_of(vote.row)
    looter = Looter("courts_boardevent", "courts_sealedballot")
    looter.start()
    web: dict[str, dict[str, float]] = {}
    openers: list[str | bytes] = []
    address = reverse("courts:ballot_cast", args=[vote.year.code, vote.row.code])
    acts = Event.objects.count()
    first, changed = votes[0]
    for number, (leader, score) in enumerate([(first, manifest.unit_max - changed), *votes]):
        user = vote.leaders[leader]
        slot = vote.row.voters.get(user=user).slot
        ballot, randomness = seal_openly(manifest, slot, [score])
        openers += [format(randomness[0], "x"), randomness[0].to_bytes(32, "big")]
        client = client_of(user)
        began = time.perf_counter()
        answer = client.post(address, ballot.body, content_type="application/json")
        assert answer.status_code == 200, answer.content.decode()
        web[ballot.body.decode()] = {
            "request": float(number),
            "time taken": time.perf_counter() - began,
            "bytes sent": float(len(ballot.body)),
            "bytes answered": float(len(answer.content)),
        }
        looter.dump()
    # The record of acts, whose seals stand in a chain, has nothing of a vote.
    assert Event.objects.count() == acts
    vote.closed().confirmed()
    vote.part(1)
    flushed()
    tidied()
    last = vote.keys[vote.holders[1].pk]
    openers += [format(last, "x"), last.to_bytes(32, "big")]
    return Attacked(vote, looter, loot_of(vote, looter, web, votes), openers)


def loot_of(
    vote: Vote,
    looter: Looter,
    web: Mapping[str, Mapping[str, float]],
    votes: Sequence[tuple[int, int]],
) -> Loot:
    rows, events = looter.traces(looter.marks), looter.traces(looter.people)
    owners = dict(Voter.objects.filter(round=vote.row).values_list("slot", "name"))
    ballots = list(SealedBallot.objects.filter(round=vote.row, current=True))
    known = vote.keys[vote.holders[0].pk]
    trackers = {ballot.tracker for ballot in ballots}
    receipts = []
    features: dict[str, dict[str, float]] = {}
    for event in BoardEvent.objects.filter(round=vote.row, kind="ballot").order_by("hash"):
        slot, tracker = json.loads(event.payload)
        if tracker in trackers:
            receipts.append(Record(owners[slot], events[event.pk]))
            features[tracker] = {"chain": float(event.seq), "link": float(int(event.hash, 16))}
    size = "pg_column_size(body)" if connection.vendor == "postgresql" else "length(body)"
    stored = dict(asked(f"SELECT tracker, {size} FROM courts_sealedballot"))
    for ballot in ballots:
        (bits,) = json.loads(ballot.body)["t"]
        half = [int(b, 16) * inverse(power(int(a, 16), known)) % P for a, b, *_proof in bits]
        features[ballot.body] = {
            **features.pop(ballot.tracker),
            **web[ballot.body],
            "bytes stored": float(stored[ballot.tracker]),
            "tracker": float(int(ballot.tracker, 16)),
            **{f"half opened {place}": one / P for place, one in enumerate(half)},
            **{f"challenge {place}": float(int(bit[2], 16)) for place, bit in enumerate(bits)},
        }
    return Loot(
        people=receipts,
        marks=[Record(ballot.body, rows[ballot.pk]) for ballot in ballots],
        scores=[score for _leader, score in votes],
        features=features,
        owners={ballot.body: owners[ballot.slot] for ballot in ballots},
    )


def tidied() -> None:
    """What runs by itself: the project's housekeeping, and the database's own."""
    call_command("housekeeping", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE courts_sealedballot, courts_boardevent, courts_voter")


@pytest.fixture
def vote(transactional_db: None) -> Vote:
    return people(the_year(), leaders=VOTERS)


def test_the_administrator_links_the_twin_and_not_the_ballot(
    vote: Vote, tmp_path: Path, record_property: Any
) -> None:
    found: Counter[str] = Counter()
    leans: defaultdict[str, float] = defaultdict(float)
    for month in range(1, ROUNDS + 1):
        draw = chance(f"linking {month}")
        scores = draw.sample(range(VOTERS + 1), VOTERS)
        order = draw.sample(range(VOTERS), VOTERS)
        votes = list(zip(order, scores, strict=True))
        given = {str(vote.leaders[leader]): score for leader, score in votes}

        by_twin = attack_twin([(str(vote.leaders[one]), s) for one, s in votes], f"{month}")
        assert {name: hits(one, given) for name, one in by_twin.items()} == dict.fromkeys(
            CHANNELS[connection.vendor], VOTERS
        )

        attacked = attack_ballot(vote, votes, month)
        linked = links(attacked.loot)
        assert set(linked) == {*CHANNELS[connection.vendor], "sequence", "owner"}
        # Whose ballot is whose is no secret, and each channel tells it; what is in it, is.
        owners = attacked.loot.owners
        for channel in linked:
            told = {name: owners[mark.content] for name, mark in linked[channel].items()}
            assert told == {name: name for name in given}, channel
        with_all = guesses(attacked.loot, attacked.reader([0, 1]))
        assert {hits(one, given) for one in with_all.values()} == {VOTERS}
        # A feature that tells something would be seen: the order of the scores is found by it.
        telling = {
            mark.content: {"telling": float(given[owners[mark.content]])}
            for mark in attacked.loot.marks
        }
        seen = guesses(
            Loot(attacked.loot.people, attacked.loot.marks, scores, telling, owners),
            attacked.reader([0]),
        )
        assert hits(seen["owner, telling rising"], given) == VOTERS

        for name, guessed in guesses(attacked.loot, attacked.reader([0])).items():
            found[name] += hits(guessed, given)
            leans[name] += leaning(guessed, given)
        look_for_what_opens(attacked, tmp_path / str(month))

    assert len(found) > 50
    better = {name: n for name, n in found.items() if luck(n, ROUNDS) < NEVER_BY_CHANCE}
    assert better == {}, f"linked better than chance in {ROUNDS} rounds of {VOTERS}"
    far = {name: lean * ((VOTERS - 1) / ROUNDS) ** 0.5 for name, lean in leans.items()}
    assert {name: lean for name, lean in far.items() if abs(lean) > FAR} == {}
    best, most = found.most_common(1)[0]
    line = (
        f"linking ({connection.vendor}, seed {SEED}): {ROUNDS} rounds of {VOTERS}, {len(found)} "
        f"guesses a round; twin linked whole by {sorted(CHANNELS[connection.vendor])}; ballot: "
        f"best {most} of {ROUNDS * VOTERS} ({best}), by chance about {ROUNDS} each"
    )
    record_property("hold", line)


def look_for_what_opens(attacked: Attacked, folder: Path) -> None:
    """No number that opens a ballot stands on any disk; ballots, which everybody has, do."""
    holding = set()
    ballot = attacked.loot.marks[0].content
    # Part of an element: databases cut long values, and compress texts, but not so short a way.
    piece = json.loads(ballot)["slot"].encode()
    for kind, content in disks(attacked.looter, folder):
        for opener in attacked.openers:
            assert (opener.encode() if isinstance(opener, str) else opener) not in content, kind
        if piece in content:
            holding.add(kind)
    # What is looked for would be found: the ballot itself is.
    assert holding >= set(EVERYWHERE[connection.vendor])


def test_the_measure_of_chance() -> None:
    """What the thresholds mean, worked out apart: fixed points of permutations of four."""
    assert luck(0, 1) == 1
    assert round(luck(1, 1), 3) == 0.632  # 1 − 1/e
    assert luck(9, 1) < 2e-6 < luck(8, 1)
    assert hits({"a": 1, "b": 3}, {"a": 1, "b": 2}) == 1
    given = {"a": 1, "b": 2, "c": 3}
    assert leaning(given, given) == 1
    assert leaning({"a": 3, "b": 2, "c": 1}, given) == -1
