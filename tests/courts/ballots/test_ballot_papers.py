"""The papers of a round, and what every voter is shown of its arrangement before voting."""

from __future__ import annotations

import re
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from courts.ballots import release_hashes
from courts.ballots.services.keys import back_to_draft, drop_key
from courts.ballots.services.opening import confirm
from courts.ballots.services.rounds import void
from courts.models import BallotRound, QualityYear, Scrutineer, Voter
from scoring.facts import Month
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import account, client_of, year

__all__ = ["year"]

pytestmark = pytest.mark.django_db

State = BallotRound.State
TAGS = re.compile(r"<[^>]+>")
WARNING = "从合计就能算出您的分数"


def shown(vote: Vote, user: object, page: str) -> str:
    """The words of a page, without tags and blanks."""
    address = reverse(f"courts:{page}", args=[vote.year.code, vote.row.code])
    answer = client_of(user).get(address)  # type: ignore[arg-type]
    assert answer.status_code == 200, page
    return re.sub(r"\s+", "", TAGS.sub("", answer.content.decode()))


# --- A small group ---------------------------------------------------------------------------


def test_least_number_three_and_two_confederates(year: QualityYear) -> None:
    """Two who tell each other their marks take them off the sums, and the third's are left.

    No rule ends this: the numbers are what they are. Every voter is warned, and so is whoever
    reads the papers; with the usual least number of a larger roll there is no warning, and two
    confederates are left with the sums of three.
    """
    vote = people(year).draft(min_ballots=3).ask().give().open()
    assert WARNING in shown(vote, vote.leaders[2], "ballot_booth")
    assert WARNING in shown(vote, vote.office, "ballot")
    assert WARNING in shown(vote, vote.holders[0], "ballot_opening_sheet")
    vote.cast_all((3, 0), (1, 1), (2, 3)).closed().confirmed().tallied()
    assert vote.row.sums is not None
    assert [vote.row.sums[0] - 3 - 1, vote.row.sums[1] - 0 - 1] == [2, 3]
    assert WARNING in shown(vote, vote.leaders[2], "ballot_minutes")
    # Beside it: five of five, and the least number of nine.
    vote.leaders += [account(f"more{n}", "yanbian", "leader", name=f"委员{n}") for n in range(4, 9)]
    for month, roll, least, is_warned in ((1, 5, 5, False), (2, 9, 5, True), (3, 9, 6, False)):
        voters = [one.pk for one in vote.leaders[:roll]]
        vote.draft(month=Month(2019, month), voters=voters, min_ballots=least)
        assert (WARNING in shown(vote, vote.office, "ballot")) == is_warned, (roll, least)


def test_a_scrutineer_who_votes_is_named(year: QualityYear) -> None:
    """Refused in rounds of today: organiser, voter and scrutineer are different people there."""
    vote = people(year).opened()
    sheet = shown(vote, vote.office, "ballot_opening_sheet")
    assert "监票人0、监票人1；都不投票" in sheet
    assert "参评人名册（4人）委员0、委员1、委员2、委员3" in sheet
    voter = Voter.objects.get(round=vote.row, name="委员3")
    Scrutineer.objects.filter(round=vote.row, position=1).update(user=voter.user)
    for user, page in (
        (vote.leaders[0], "ballot_booth"),
        (vote.office, "ballot"),
        (vote.office, "ballot_opening_sheet"),
    ):
        assert "监票人监票人1也投票" in shown(vote, user, page), page


# --- The sheets ------------------------------------------------------------------------------


def test_opening_sheet(year: QualityYear) -> None:
    vote = people(year).draft().ask().give()
    sheet = shown(vote, vote.holders[0], "ballot_opening_sheet")
    assert vote.row.fingerprint in sheet
    for name in ("委员0", "委员3", "监票人0", "监票人1", "延吉市人民法院", "至少3票"[2:]):
        assert name in sheet
    for one in release_hashes.release_hashes():
        assert f"{one.sha256}{one.path}" in sheet
    assert release_hashes.list_sha256() in sheet


def test_closing_sheet(year: QualityYear) -> None:
    """Closing hash, fingerprint, number, a line for each who voted; absentees have none."""
    vote = people(year).opened()
    receipts = [vote.cast(leader, (1, 1)) for leader in range(3)]
    vote.closed()
    sheet = shown(vote, vote.office, "ballot_closing_sheet")
    for said in (vote.row.close_hash, vote.row.fingerprint, "3票（名册4人）", "没有投票委员3"):
        assert said in sheet
    signed = sheet[sheet.index("投了票的人：") :]
    for number, name in enumerate(("委员0", "委员1", "委员2"), 1):
        assert f"{number}{name}" in signed
    assert "委员3" not in signed
    hidden = [one.tracker for one in receipts] + [one.head for one in receipts]
    hidden += vote.row.voters.values_list("slot", flat=True)
    assert not [one for one in hidden if one in sheet]


def test_minutes_say_how_many_checked_and_challenged(year: QualityYear) -> None:
    """Two of four voters say that they challenged; who, no page and no event says."""
    vote = people(year).opened().cast_all((3, 0), (1, 1), (2, 2), (0, 1)).closed()
    for leader in range(3):
        confirm(user=vote.leaders[leader], ballot_round=vote.row, has_challenged=leader < 2)
    BallotRound.objects.filter(pk=vote.row.pk).update(check_until=vote.row.opens_at)
    vote.tallied()
    minutes = shown(vote, vote.leaders[0], "ballot_minutes")
    assert "投了票的4人中3人已核对（75%）" in minutes
    assert "其中2人自述投票前做过抽验" in minutes
    assert "抽验" not in shown(vote, vote.office, "ballot")


def test_challenging_is_said_on_the_page_and_taken_back_by_objecting(year: QualityYear) -> None:
    vote = people(year).opened().cast_all((3, 0), (1, 1), (2, 2)).closed()
    client = client_of(vote.leaders[0])
    act = reverse("courts:ballot_act", args=[year.code, vote.row.code])
    assert "我投票前做过抽验" in shown(vote, vote.leaders[0], "ballot_check")
    assert "我投票前做过抽验" not in shown(vote, vote.leaders[3], "ballot_check")
    client.post(act, {"act": "confirm", "challenged": "1"})
    own = Voter.objects.get(round=vote.row, user=vote.leaders[0])
    assert own.has_challenged
    client.post(act, {"act": "object", "reason": "不对"})
    own.refresh_from_db()
    assert (own.has_challenged, own.confirmed_at) == (False, None)


def test_a_second_round_is_said_to_every_voter(year: QualityYear) -> None:
    vote = people(year).draft(month=Month(2019, 6))
    BallotRound.objects.filter(pk=vote.row.pk).update(
        state=State.TALLIED, manifest="m", sums=[6, 5], counted=3
    )
    vote.draft()
    office = client_of(vote.office)
    act = reverse("courts:ballot_act", args=[year.code, vote.row.code])
    assert "第二轮须写明理由" in shown(vote, vote.office, "ballot")
    office.post(act, {"act": "second", "reason": "上半年多人出差"})
    second = account("office2", "yanbian", "office", name="审管办二岗")
    assert "同意这个理由" in shown(vote, second, "ballot")
    assert office.post(act, {"act": "second_agree"}).status_code == 403
    client_of(second).post(act, {"act": "second_agree"})
    assert "第二轮须写明理由" not in shown(vote, vote.office, "ballot")
    vote.row.refresh_from_db()
    from courts.ballots.services.keys import ask_keys

    vote.row = ask_keys(user=vote.office, ballot_round=vote.row)
    vote.give().open()
    for user, page in (
        (vote.leaders[0], "ballot_booth"),
        (vote.leaders[0], "ballot"),
        (vote.office, "ballot_opening_sheet"),
    ):
        said = shown(vote, user, page)
        assert "理由：上半年多人出差（审管办提出，审管办二岗同意）" in said, page


# --- Cards that are worth nothing ------------------------------------------------------------


def test_whoever_holds_a_dropped_card_is_told_to_destroy_it(year: QualityYear) -> None:
    vote = people(year).draft().ask().give()
    told = "监票人0原来的密钥已作废，请当场销毁"
    assert told not in shown(vote, vote.holders[0], "ballot")
    holder = vote.row.scrutineers.get(position=0)
    drop_key(user=vote.office, ballot_round=vote.row, scrutineer=holder.pk, reason="卡片丢失")
    assert told in shown(vote, vote.holders[0], "ballot")
    back_to_draft(user=vote.office, ballot_round=vote.fresh().row, reason="改名册")
    assert "监票人0、监票人1原来的密钥已作废" in shown(vote, vote.office, "ballot")


def test_a_void_round_says_what_is_left_of_it(year: QualityYear) -> None:
    """Not that nothing is left: backups hold the sealed ballots, and cards would open them."""
    vote = people(year).opened().cast_all((3, 0))
    void(user=vote.office, ballot_round=vote.row, reason="改期")
    for user in (vote.leaders[0], vote.holders[0], vote.office):
        page = shown(vote, user, "ballot")
        assert "密文已从系统中删除；备份和日志里仍有密文，没有密钥打不开。" in page
        assert "请当场销毁密钥卡" in page
    # A draft had neither ballots nor cards.
    vote.draft(month=Month(2019, 6))
    void(user=vote.office, ballot_round=vote.row, reason="改期")
    assert "密文" not in shown(vote, vote.office, "ballot")


# --- The hashes ------------------------------------------------------------------------------


def test_release_hashes_as_sha256sum_writes_them() -> None:
    out = StringIO()
    call_command("release_hashes", stdout=out)
    text = out.getvalue()
    assert sha256(text.encode()).hexdigest() == release_hashes.list_sha256()
    lines = [line.split("  ") for line in text.splitlines()]
    paths = [path for _digest, path in lines]
    assert paths == sorted(paths, key=str.encode)
    assert len(set(paths)) == len(paths)
    root = Path(settings.BASE_DIR)
    made = {path for path in paths if path.startswith("ballots/")}
    assert made >= {"ballots/scrutineer.html", "ballots/verify.py", "ballots/worker.js"}
    for digest, path in lines:
        if path not in made:
            assert sha256((root / path).read_bytes()).hexdigest() == digest, path
    # Whatever a page can load is there.
    for folder, pattern in (("static", "*.js"), ("static", "*.css"), ("templates", "*.html")):
        there = {one.relative_to(root).as_posix() for one in (root / folder).rglob(pattern)}
        assert there <= set(paths), folder


def test_offline_files_are_listed_as_they_are_served(year: QualityYear) -> None:
    client = client_of(account("anybody", "yanji", "litigation"))
    for one in release_hashes.offline_files():
        served = client.get(f"/{one.path}")
        assert sha256(served.content).hexdigest() == one.sha256
