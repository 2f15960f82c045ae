"""The promise: nobody who has everything but one key can tell who gave which score.

The attacker here has the database with its log and backups, every request with its body and
headers, and all keys but one. Linking people to ciphertexts is expected; opening one is not.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

import scoring
from courts.ballots.protocol.group import P, inverse, power, small_logs
from courts.ballots.protocol.manifest import Manifest
from courts.ballots.services.held_rounds import manifest_of
from courts.models import QualityYear, Voter
from courts.setup.services.ballot_samples import sealed_for
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import client_of, the_year, year

__all__ = ["year"]

pytestmark = pytest.mark.database

# Every column that a ballot touches, and why it cannot hold one voter's score. A column that is not
# here fails the test: whoever adds one has to say here what it holds.
ALLOWED = {
    "courts_ballotround": {
        "id", "quality_year_id", "month", "code", "title", "state", "author_id", "created_at",
        "is_demo", "void_reason", "keeps_apart",  # what it is
        "unit", "unit_max", "min_ballots", "opens_at", "closes_at", "check_until",  # its rules
        "manifest", "fingerprint", "close_hash",  # public, frozen
        "counted", "sums",  # over all ballots, null before the tally
    },
    "courts_ballottarget": {"id", "round_id", "position", "court_id", "name"},
    "courts_scrutineer": {
        "id", "round_id", "user_id", "position", "name", "nonce", "rehearsed_at",
        "public_key",  # X and its proof
        "partial",  # of the sums over all ballots
    },
    "courts_voter": {
        "id", "round_id", "user_id", "name", "slot", "busy_until", "confirmed_at",
        "objection",  # what the voter writes about the board
        "has_challenged",  # whether a ballot was spoiled and checked, by the voter's own word
    },
    "courts_roundorganizer": {"id", "round_id", "user_id"},  # who acted as the office
    "courts_secondround": {
        "id", "round_id", "reason", "given_by_id", "given_at", "agreed_by_id", "agreed_at",
    },  # why there is a second round
    "courts_vouch": {"id", "round_id", "voter_id", "by_id", "at"},  # who somebody is; voted or not
    "courts_sealedballot": {"id", "round_id", "slot", "tracker", "body", "current"},  # sealed
    "courts_boardevent": {"id", "round_id", "seq", "kind", "payload", "prev", "hash", "at"},
    "courts_papertally": {
        "id", "round_id", "counted", "sums", "entered_by_id", "entered_at", "confirmed_by_id",
        "confirmed_at", "scan", "scan_name", "scan_sha256",  # sums over all, by two people
    },
}  # fmt: skip
VOTES = ((3, 0), (1, 2), (0, 3), (2, 1))


def test_no_column_can_hold_one_voters_score() -> None:
    """Walks the models: those of a ballot column by column, all others for a way to one."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        columns = {field.column for field in model._meta.local_concrete_fields}
        related = {
            field.related_model._meta.db_table
            for field in model._meta.get_fields()
            if field.is_relation and field.concrete and field.related_model is not None
        }
        if table in ALLOWED:
            found[table] = columns
        else:
            assert not related & ALLOWED.keys(), f"{table} points at a ballot: add it to ALLOWED"
            assert not re.search("ballot|voter|scrutin", table), table
    assert found == ALLOWED


def test_ballots_have_no_history_and_no_person() -> None:
    from courts.models import BoardEvent, SealedBallot

    for model in (SealedBallot, BoardEvent):
        assert not hasattr(model, "history")
        names = {field.name for field in model._meta.get_fields()}
        assert not names & {"user", "voter", "name"}


class Watched:
    """Every request of a client, with its headers, body and answer."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def __call__(self, client: Client, url: str, body: bytes) -> Any:
        answer = client.post(url, body, content_type="application/json")
        self.log += [url, body.decode(), json.dumps(dict(client.cookies.items()), default=str)]
        self.log += [answer.content.decode(), str(dict(answer.headers))]
        return answer


@pytest.fixture
def vote(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Vote:
    return people(the_year()).opened()


@pytest.mark.django_db(transaction=True)
def test_dump(vote: Vote, tmp_path: Path) -> None:
    watched = Watched()
    copies = []
    for leader, scores in enumerate(VOTES):
        user = vote.leaders[leader]
        url = reverse("courts:ballot_cast", args=[vote.year.code, vote.row.code])
        answer = watched(client_of(user), url, sealed_for(user, vote.row, scores))
        assert answer.status_code == 200
        copies.append(backup(tmp_path / f"backup-{leader}"))
    vote.closed().confirmed()
    vote.part(0)
    everything = "\n".join([*copies, backup(tmp_path / "last"), *watched.log])
    manifest = manifest_of(vote.row)

    # The attacker links: each person's ciphertexts are there, in order and with their times.
    sealed = dict(ballots_in(everything, manifest))
    assert set(sealed) == set(manifest.slots)
    owners = dict(Voter.objects.values_list("slot", "name"))
    assert set(owners) == set(sealed)

    # But not one bit opens with all keys but one, nor a score, a sum over some, or a difference.
    known = vote.keys[vote.holders[0].pk]
    last = vote.keys[vote.holders[1].pk]
    assert format(last, "x") not in everything
    logs = small_logs(200)
    bits = [pair for ballots in sealed.values() for pair in ballots]
    assert len(bits) == len(VOTES) * 2 * 2
    for a, b in bits:
        opened = b * inverse(power(a, known)) % P
        assert opened not in logs
        assert inverse(opened) not in logs
    for left, right in pairwise(bits):
        a, b = left[0] * inverse(right[0]) % P, left[1] * inverse(right[1]) % P
        assert b * inverse(power(a, known)) % P not in logs
    # With the last key each bit opens at once: the attack above is the right one.
    found = [b * inverse(power(a, known + last)) % P for a, b in bits]
    assert {logs[one] for one in found} == {0, 1}


def ballots_in(text: str, manifest: Manifest) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """What looks like a sealed ballot, wherever it stands in the loot."""
    phi = manifest.fingerprint.hex()
    # Nothing but what a ballot is written in: on the disks one may be cut by the edge of a page.
    form = rf'\{{"e":"{phi}","slot":"([0-9a-f]{{32}})","t":(\[\[\[[0-9a-f",\[\]]*?\]\]\])'
    for match in re.finditer(form, text):
        rows = json.loads(match[2])
        yield match[1], [(int(bit[0], 16), int(bit[1], 16)) for bits in rows for bit in bits]


def backup(path: Path) -> str:
    """Everything the database has on its disks: rows in their order, and the log beside them."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            lines = []
            for table in ALLOWED:
                cursor.execute(f"SELECT ctid, xmin, t::text FROM {table} t")
                lines += [str(row) for row in cursor.fetchall()]
            cursor.execute("SELECT name FROM pg_ls_waldir() ORDER BY modification DESC LIMIT 1")
            newest = cursor.fetchone()[0]
            cursor.execute("SELECT pg_read_binary_file('pg_wal/' || %s)", [newest])
            wal = bytes(cursor.fetchone()[0]).decode("latin-1")
        return "\n".join(lines).replace('""', '"') + wal
    source = Path(str(connection.settings_dict["NAME"]))
    path.mkdir()
    raw = b""
    for file in source.parent.glob(f"{source.name}*"):
        shutil.copy(file, path / file.name)
        raw += (path / file.name).read_bytes()
    with sqlite3.connect(path / source.name) as copy:
        rows = "\n".join(copy.iterdump())
    return rows + raw.decode("latin-1")


@pytest.mark.django_db
def test_swap(year: QualityYear) -> None:
    """A gives 3, 0 and B 0, 3, or the other way round: what everybody sees is the same."""
    results = []
    vote = people(year)
    for month, votes in ((6, ((3, 0), (0, 3))), (12, ((0, 3), (3, 0)))):
        vote.draft(month=scoring.Month(2019, month)).ask().give().open()
        vote.cast_all(*votes, (2, 2)).closed().confirmed().tallied()
        shown = {
            "sums": vote.row.sums,
            "counted": vote.row.counted,
            "roll": list(vote.row.voters.values_list("name", flat=True)),
            "kinds": list(vote.row.events.values_list("kind", flat=True)),
            "ballots": vote.row.ballots.count(),
        }
        results.append(shown)
    assert results[0] == results[1]
    assert results[0]["sums"] == [5, 5]


@pytest.mark.django_db
def test_a_dump_for_developers_has_no_more(year: QualityYear, tmp_path: Path) -> None:
    vote = people(year).opened()
    vote.cast(0, (3, 1))
    path = tmp_path / "dump.json"
    call_command("dumpdata", "courts", output=str(path), verbosity=0)
    rows = json.loads(path.read_text("utf-8"))
    (ballot,) = [row["fields"] for row in rows if row["model"] == "courts.sealedballot"]
    assert set(ballot) == {"round", "slot", "tracker", "body", "current"}
    assert set(json.loads(ballot["body"])) == {"e", "slot", "t"}
