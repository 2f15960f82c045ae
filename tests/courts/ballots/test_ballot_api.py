"""What the pages of the ballot send and ask: by role and by state of the round, and to the byte."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courts.ballots.protocol.board import read_board
from courts.ballots.protocol.canonical import canonical, number_text
from courts.ballots.protocol.keys import make_secret, prove_key, prove_ready
from courts.ballots.protocol.tally import open_part
from courts.ballots.services.held_rounds import manifest_of
from courts.ballots.services.opening import sealed_sums
from courts.ballots.services.paper import confirm_paper, enter_paper
from courts.ballots.services.rounds import void
from courts.ballots.verifier import FILE
from courts.models import QualityYear, SealedBallot
from courts.permissions import Role
from courts.setup.services.ballot_samples import sealed_for
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import account, client_of, elsewhere

pytestmark = pytest.mark.django_db

STATES = ("draft", "keys", "frozen", "open", "closed", "opening", "tallied", "void")
WHO = (
    "office", "voter", "scrutineer", "leader", "party", "centre", "desk", "admin", "stranger"
)  # fmt: skip
# By state: what each of WHO gets. o: 200, f: 403, n: 404, c: 409, b: 400.
READS: Mapping[str, Mapping[str, str]] = {
    "ballot_state": dict.fromkeys(STATES, "ooofffffn") | {"tallied": "oooooooon"},
    "ballot_manifest": {
        "draft": "nnnfffffn",
        "keys": "nnnfffffn",
        "frozen": "ooofffffn",
        "open": "ooofffffn",
        "closed": "ooofffffn",
        "opening": "ooofffffn",
        "tallied": "oooooooon",
        "void": "ooofffffn",
    },
    "ballot_board": dict.fromkeys(STATES, "ffffffffn")
    | {"closed": "ooofffffn", "opening": "ooofffffn", "tallied": "oooooooon"},
    "ballot_scan": dict.fromkeys(STATES, "nnnfffffn") | {"tallied": "nnnnnnnnn"},
}
# What an empty object gets: 400 where the act itself would be allowed.
WRITES: Mapping[str, Mapping[str, str]] = {
    "ballot_key": dict.fromkeys(STATES, "cccfffffn")
    | {"keys": "ffbfffffn", "frozen": "ffbfffffn", "tallied": "ccccccccn"},
    "ballot_nonce": dict.fromkeys(STATES, "cccfffffn")
    | {"keys": "ffcfffffn", "frozen": "ffofffffn", "tallied": "ccccccccn"},
    "ballot_rehearsal": dict.fromkeys(STATES, "cccfffffn")
    | {"keys": "ffcfffffn", "frozen": "ffbfffffn", "tallied": "ccccccccn"},
    "ballot_cast": dict.fromkeys(STATES, "fcffffffn") | {"open": "fbffffffn"},
    "ballot_partial": dict.fromkeys(STATES, "ffcfffffn")
    | {"closed": "ffbfffffn", "opening": "ffbfffffn"},
}
# In which states there is which sheet for the notice board.
SHEETS = {
    "ballot_opening_sheet": {"frozen", "open", "closed", "opening", "tallied"},
    "ballot_closing_sheet": {"closed", "opening", "tallied"},
}
LETTERS = {200: "o", 400: "b", 403: "f", 404: "n", 409: "c"}


def brought_to(vote: Vote, state: str) -> Vote:
    """A round in this state: `frozen` has its keys, `opening` one of two parts."""
    vote.draft()
    if state == "draft":
        return vote
    vote.ask()
    if state == "keys":
        return vote
    vote.give()
    if state == "frozen":
        return vote
    vote.open().cast_all((3, 0), (1, 1), (2, 2))
    if state == "void":
        void(user=vote.office, ballot_round=vote.row, reason="样例")
    if state in {"closed", "opening", "tallied"}:
        vote.closed().confirmed()
    if state in {"opening", "tallied"}:
        vote.part(1)
    if state == "tallied":
        vote.part(0)
    return vote.fresh()


def clients_of(vote: Vote) -> dict[str, Client]:
    elsewhere(vote.year)
    users = {
        "office": vote.office,
        "voter": vote.leaders[0],
        "scrutineer": vote.holders[0],
        "leader": account("new-leader", "yanbian", "leader"),
        "party": account("party", "yanbian", "party"),
        "centre": account("centre", "yanbian", "centre"),
        "desk": account("desk", "yanji", "litigation"),
        "admin": account("admin", "yanbian", "admin"),
        "stranger": account("stranger", "tonghua", "office"),
    }
    return {who: client_of(users[who]) for who in WHO}


def address(vote: Vote, name: str) -> str:
    return reverse(f"courts:{name}", args=[vote.year.code, vote.row.code])


def post(client: Client, address: str, data: object) -> Any:
    body = data if isinstance(data, bytes) else canonical(data)
    return client.post(address, body, content_type="application/json")


# What lies between two of these differs from them in little; by night all.
EVERYDAY = {"draft", "open", "closed", "tallied"}


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(state, marks=[] if state in EVERYDAY else pytest.mark.nightly)
        for state in STATES
    ],
)
def test_who_gets_what_when(year: QualityYear, state: str) -> None:
    vote = brought_to(people(year), state)
    clients = clients_of(vote)
    for name, expected in READS.items():
        answers = {who: client.get(address(vote, name)) for who, client in clients.items()}
        found = "".join(LETTERS[answer.status_code] for answer in answers.values())
        assert found == expected[state], name
        for answer in answers.values():
            told = answer.content.decode().partition('"sums":')[2]
            assert told in ({"[6,3]}", ""} if state == "tallied" else {"null}", ""})
            assert "no-store" in answer.headers["Cache-Control"]
    minutes = [client.get(address(vote, "ballot_minutes")) for client in clients.values()]
    found = "".join(LETTERS[answer.status_code] for answer in minutes)
    assert found == ("oooooooon" if state == "tallied" else "nnnfffffn")
    for name, states in SHEETS.items():
        sheets = [client.get(address(vote, name)) for client in clients.values()]
        found = "".join(LETTERS[answer.status_code] for answer in sheets)
        there = "oooooooon" if state == "tallied" else "ofofffffn"
        assert found == (there if state in states else "nnnfffffn"), name
    for name, letters in WRITES.items():
        answers = {who: post(client, address(vote, name), {}) for who, client in clients.items()}
        assert "".join(LETTERS[one.status_code] for one in answers.values()) == letters[state], name
    assert vote.fresh().row.state == (
        "keys" if state == "frozen" else state.replace("opening", "incomplete")
    )


def test_scrutineers_are_like_the_party_everywhere_else(year: QualityYear) -> None:
    """Their role alone opens no door of the rest."""
    from courts.models import SideRole
    from courts.permissions import ADMIN_RULES

    assert not SideRole.objects.filter(group__name=Role.SCRUTINEER).exists()
    assert not any(Role.SCRUTINEER in rules for rules in ADMIN_RULES.values())


def test_before_the_closing_nothing_tells_who_voted(year: QualityYear) -> None:
    vote = brought_to(people(year), "open")
    client = client_of(vote.office)
    told = client.get(address(vote, "ballot_state")).json()
    assert (told["count"], told["electorate"], told["state"]) == (3, 4, "open")
    assert set(told) == {
        "state", "count", "electorate", "deadline", "fingerprint", "confirmed", "objections"
    }  # fmt: skip
    slots = set(vote.row.voters.values_list("slot", flat=True))
    assert not any(slot in json.dumps(told) for slot in slots)


# --- A whole round over the wire ---------------------------------------------------------------


def test_a_whole_round_over_the_wire(year: QualityYear) -> None:
    """Six units each: 3 + 1 + 2 and 1 + 2 + 3."""
    vote = people(year).draft().ask()
    keys = [make_secret() for _one in vote.holders]
    holders = [client_of(user) for user in vote.holders]
    for k, (client, secret) in enumerate(zip(holders, keys, strict=True)):
        name = vote.holders[k].name
        sent = post(
            client, address(vote, "ballot_key"), prove_key(secret, vote.row.code, name).wire
        )
        assert sent.json()["k"] == k
    phi = sent.json()["fingerprint"]
    for k, (client, secret) in enumerate(zip(holders, keys, strict=True)):
        asked = post(client, address(vote, "ballot_nonce"), {}).json()
        assert (asked["k"], asked["fingerprint"]) == (k, phi)
        proof = prove_ready(secret, bytes.fromhex(phi), asked["nonce"], k)
        answer = {"nonce": asked["nonce"], "c": number_text(proof.c), "z": number_text(proof.z)}
        assert post(client, address(vote, "ballot_rehearsal"), answer).json() == {"rehearsed": True}
    vote.fresh().open()
    for leader, scores in enumerate([(3, 1), (1, 2), (2, 3)]):
        client = client_of(vote.leaders[leader])
        body = sealed_for(vote.leaders[leader], vote.row, scores)
        receipt = post(client, address(vote, "ballot_cast"), body).json()
        assert set(receipt) == {"tracker", "fingerprint", "head", "at", "again"}
        assert (receipt["fingerprint"], receipt["again"]) == (phi, False)
        assert post(client, address(vote, "ballot_cast"), body).json()["again"] is True
    vote.closed().confirmed()
    sealed, _count = sealed_sums(vote.row, manifest_of(vote.row))
    for k, (client, secret) in enumerate(zip(holders, keys, strict=True)):
        kappa = bytes.fromhex(vote.row.close_hash)
        part = open_part(secret, k, sealed, manifest_of(vote.row), kappa)
        opened = {"kappa": vote.row.close_hash, "d": [share.wire for share in part]}
        assert post(client, address(vote, "ballot_partial"), opened).json() == {"tallied": k == 1}
    raw = client_of(vote.leaders[3]).get(address(vote, "ballot_board")).content
    assert read_board(raw).sums == (6, 6)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{}", "application/json", 400, "invalid"),
        (b"{", "application/json", 400, "invalid"),
        (b"\xff", "application/json", 400, "invalid"),
        (b'{"e":1,"e":1}', "application/json", 400, "invalid"),
        (b"{}", "text/plain", 400, "invalid"),
        (b"slot=1", "application/x-www-form-urlencoded", 400, "invalid"),
        (b" " * 1_000_001, "application/json", 413, "too_large"),
        (b" " * 6_000_000, "application/json", 413, "too_large"),
    ],
)
def test_refused_bodies(year: QualityYear, body: bytes, kind: str, status: int, code: str) -> None:
    vote = people(year).opened()
    client = client_of(vote.leaders[0])
    answer = client.post(address(vote, "ballot_cast"), body, content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert not SealedBallot.objects.exists()


def test_a_cast_needs_the_token_of_the_page(year: QualityYear) -> None:
    vote = people(year).opened()
    client = Client(enforce_csrf_checks=True)
    client.force_login(vote.leaders[0])
    body = sealed_for(vote.leaders[0], vote.row, (3, 0))
    assert post(client, address(vote, "ballot_cast"), body).status_code == 403
    assert not SealedBallot.objects.exists()


def test_addresses_of_nothing(year: QualityYear) -> None:
    vote = people(year).draft()
    client = client_of(vote.office)
    for arguments in (["yanbian-2019", "nothing"], ["yanbian-2018", vote.row.code]):
        assert client.get(reverse("courts:ballot_state", args=arguments)).status_code == 404


def test_verify_script_and_its_hash(year: QualityYear) -> None:
    client = client_of(account("anybody", "yanji", "litigation"))
    script = client.get(reverse("courts:ballot_verifier"))
    assert script.content == FILE.read_bytes()
    expected = hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert script.headers["X-Content-SHA256"] == expected
    line = client.get(reverse("courts:ballot_verifier_hash")).content.decode()
    assert line == f"{expected}  verify.py\n"


def test_the_worker_is_a_classic_script(year: QualityYear) -> None:
    """No module: the oldest browsers know none in workers, and it asks for no other script."""
    vote = people(year)
    answer = client_of(vote.leaders[0]).get(reverse("courts:ballot_worker"))
    script = answer.content.decode()
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["X-Content-SHA256"] == hashlib.sha256(answer.content).hexdigest()
    assert not re.search(r"^\s*(?:import|export)\b|importScripts", script, re.MULTILINE)
    assert script.startswith('"use strict";')


def test_the_offline_file_and_its_hash(year: QualityYear) -> None:
    client = client_of(account("anybody", "yanji", "litigation"))
    served = client.get(reverse("courts:ballot_scrutineer"))
    assert served.headers["Content-Disposition"] == 'attachment; filename="scrutineer.html"'
    expected = hashlib.sha256(served.content).hexdigest()
    assert served.headers["X-Content-SHA256"] == expected
    line = client.get(reverse("courts:ballot_scrutineer_hash")).content.decode()
    assert line == f"{expected}  scrutineer.html\n"
    vote = brought_to(people(year), "closed")
    for name, user in (("ballot", vote.office), ("ballot_opening", vote.holders[0])):
        page = client_of(user).get(address(vote, name)).content.decode()
        assert expected in page
        assert reverse("courts:ballot_scrutineer") in page


def test_the_scan_of_a_vote_on_paper(year: QualityYear) -> None:
    vote = people(year).draft()
    enter_paper(
        user=vote.office,
        ballot_round=vote.row,
        counted=4,
        points={0: Decimal(44), 1: Decimal(20)},
        scan=b"%PDF-1.4 scan",
        scan_name="../计票表.pdf",
    )
    voter, office = client_of(vote.leaders[0]), client_of(vote.office)
    assert voter.get(address(vote, "ballot_scan")).status_code == 403
    found = office.get(address(vote, "ballot_scan"))
    assert (found.content, found.headers["Content-Type"]) == (b"%PDF-1.4 scan", "application/pdf")
    assert found.headers["Content-Disposition"] == 'attachment; filename="tally.pdf"'
    confirm_paper(user=account("office2", "yanbian", "office"), ballot_round=vote.row)
    assert voter.get(address(vote, "ballot_scan")).status_code == 200
    assert voter.get(address(vote, "ballot_board")).status_code == 404
