"""The pages of the ballot: every state for every part, a next step for whoever has one."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courts.ballots.services.opening import object_to, withdraw_objection
from courts.ballots.services.rounds import BallotTargetEntry, extend
from courts.models import BallotRound, QualityYear
from scoring.facts import Month
from tests.courts.ballot_fixtures import Vote, people
from tests.courts.ballots.test_ballot_api import STATES, brought_to
from tests.pages import account, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

# By state, what office, voter and scrutineer are asked to do next.
NEXT = {
    "draft": ("请监票人制作密钥", "还在准备", "还在准备"),
    "keys": ("等待监票人制作密钥", "监票人正在制作密钥", "请制作您的密钥"),
    "frozen": ("然后开始投票", "监票人正在制作密钥", "已经做好并演练过"),
    "open": ("投票进行中", "可以改投", "投票进行中"),
    "closed": ("可以开票，等待监票人", "您已核对", "开票</a>"),
    "opening": ("等待其余监票人", "不能作废", "开票</a>"),
    "tallied": ("已经计票", "已经计票", "已经计票"),
    "void": ("已作废", "已作废", "已作废"),
}


def address(vote: Vote, page: str = "ballot") -> str:
    return reverse(f"courts:{page}", args=[vote.year.code, vote.row.code])


def people_of(vote: Vote) -> list[Client]:
    return [client_of(user) for user in (vote.office, vote.leaders[0], vote.holders[0])]


@pytest.mark.parametrize("state", STATES)
def test_what_is_next(year: QualityYear, state: str) -> None:
    vote = brought_to(people(year), state)
    for client, expected in zip(people_of(vote), NEXT[state], strict=True):
        page = client.get(address(vote)).content.decode()
        assert expected in page
        assert ("8.00" in page) == (state == "tallied")
        is_ended = state in {"closed", "opening", "tallied"}
        assert (address(vote, "ballot_check") in page) == is_ended
        check = client.get(address(vote, "ballot_check"))
        assert check.status_code == (200 if is_ended else 403)
        # The browser computes them from the board: no page tells a voter what to look for.
        told = page + check.content.decode()
        assert not [one for one in vote.row.ballots.all() if one.tracker in told]
        assert ("已投票</span>" in page) is False or state in {"closed", "opening", "tallied"}
    office, voter, holder = people_of(vote)
    assert voter.get(address(vote, "ballot_booth")).status_code == 200
    assert office.get(address(vote, "ballot_booth")).status_code == 403
    for page_name in ("ballot_keys", "ballot_opening"):
        assert holder.get(address(vote, page_name)).status_code == 200
        assert voter.get(address(vote, page_name)).status_code == 403


def test_inputs_of_the_booth_have_no_name_and_no_form(year: QualityYear) -> None:
    vote = brought_to(people(year), "open")
    page = client_of(vote.leaders[0]).get(address(vote, "ballot_booth")).content.decode()
    booth = page[page.index("data-booth") : page.index("data-receipt")]
    assert "<form" not in booth
    assert "name=" not in booth
    assert booth.count("data-score") == 2


def test_the_office_prepares_and_changes_a_round(year: QualityYear) -> None:
    vote = people(year)
    client = client_of(vote.office)
    new = reverse("courts:ballot_new", args=[year.code])
    data = {
        "title": "年终评价",
        "month": "12",
        "closes_at": "2199-12-31T12:00",
        "unit": "0.5",
        "courts": ["yanji", "antu"],
        "departments": "民一庭\n",
        "voters": [one.pk for one in vote.leaders],
        "scrutineers": [vote.holders[0].pk],
    }
    assert "监票人须为两名或三名" in client.post(new, data).content.decode()
    data["scrutineers"] = [one.pk for one in vote.holders]
    made = client.post(new, data)
    vote.row = BallotRound.objects.get()
    assert made.headers["Location"] == address(vote)
    assert vote.row.targets.count() == 3
    client.post(address(vote, "ballot_edit"), data | {"title": "改名"})
    assert BallotRound.objects.get().title == "改名"
    client.post(address(vote, "ballot_act"), {"act": "ask_keys"})
    assert BallotRound.objects.get().state == "keys"


def test_opening_a_round_needs_https_away_from_this_machine(year: QualityYear, settings) -> None:
    settings.ALLOWED_HOSTS = ["quality.example", "testserver", "localhost"]
    vote = brought_to(people(year), "frozen")
    client = client_of(vote.office)
    act = address(vote, "ballot_act")
    refused = client.post(act, {"act": "open"}, HTTP_HOST="quality.example", follow=True)
    assert "须通过HTTPS" in refused.content.decode()
    assert vote.fresh().row.state == "keys"
    client.post(act, {"act": "open"}, HTTP_HOST="quality.example", secure=True)
    assert vote.fresh().row.state == "open"


def test_paper_through_the_pages(year: QualityYear) -> None:
    vote = people(year).draft()
    client = client_of(vote.office)
    scan = SimpleUploadedFile("tally.pdf", b"%PDF-1.4 scan")
    data = {"counted": "4", "target-0": "44", "target-1": "20", "scan": scan}
    assert client.post(address(vote, "ballot_paper"), data).status_code == 302
    second = client_of(account("office2", "yanbian", "office"))
    assert "44.00、20.00" in second.get(address(vote)).content.decode()
    second.post(address(vote, "ballot_act"), {"act": "confirm_paper"})
    page = client.get(address(vote)).content.decode()
    assert "纸质计票" in page
    assert "11.00" in page


COURTS_OF = {6: ("yanji", "tumen"), 12: ("antu", "dunhua", "helong")}


def test_queries_do_not_grow_with_voters_and_targets(year: QualityYear) -> None:
    counts = []
    vote = people(year)
    for month in (6, 12):
        # Other courts: it is no second round, which would need the same roll.
        targets = [BallotTargetEntry(court=code) for code in COURTS_OF[month]]
        vote.draft(month=Month(2019, month), targets=targets).ask().give().open()
        vote.cast_all(*([0] * len(targets), [1] * len(targets), [2] * len(targets)))
        client = client_of(vote.office)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(vote))
        counts.append(len(queries))
        vote.leaders += [account(f"more{month}{n}", "yanbian", "leader") for n in range(3)]
    assert counts[0] == counts[1] <= 30


def test_the_scorecard_leads_to_the_board(made_year: QualityYear) -> None:
    client = client_of(account("leader", "yanbian", "leader"))
    page = client.get(reverse("courts:scorecard", args=["yanbian-2019", "2019-12", "yanji"]))
    assert reverse("courts:ballots", args=["yanbian-2019"]) in page.content.decode()


def test_the_scorecard_leads_to_the_round_its_points_come_from(made_year: QualityYear) -> None:
    """The latest tallied one up to the month; a later month's or an untallied one is no source."""
    vote = people(made_year)
    rounds = {}
    for month in (6, 11):
        vote.draft(month=Month(2019, month)).ask().give().open()
        vote.cast_all((3, 0), (1, 1), (2, 2))
        rounds[month] = address(vote)
        if month == 6:
            vote.closed().confirmed().tallied()
    client = client_of(account("party", "yanbian", "party"))

    def card(month: str) -> str:
        place = reverse("courts:scorecard", args=["yanbian-2019", month, "yanji"])
        return client.get(place).content.decode()

    assert rounds[6] in card("2019-12")
    assert rounds[11] not in card("2019-12")
    vote.closed().confirmed().tallied()
    assert rounds[11] in card("2019-12")
    assert rounds[6] not in card("2019-12")


def test_minutes_say_the_course_and_nobodys_vote(year: QualityYear) -> None:
    vote = people(year).opened()
    extend(
        user=vote.office,
        ballot_round=vote.row,
        closes_at=vote.row.closes_at + timedelta(days=1),
        reason="会议改期",
    )
    # A vote that was replaced, an objection that was taken back, and one who stayed away.
    receipts = [vote.cast(*one) for one in ((0, (1, 0)), (1, (1, 1)), (2, (2, 2)), (0, (3, 0)))]
    vote.closed()
    object_to(user=vote.leaders[1], ballot_round=vote.row, text="名单里多了一人")
    withdraw_objection(user=vote.leaders[1], ballot_round=vote.row)
    vote.confirmed().tallied()
    client = client_of(vote.leaders[0])
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address(vote, "ballot_minutes")).content.decode()
    page = page.replace("</span><span>", "")
    assert len(queries) <= 34
    board = client.get(address(vote, "ballot_board")).content
    for said in (
        vote.row.fingerprint,
        vote.row.close_hash,
        sha256(board).hexdigest(),
        *(f"监票人{n}" for n in range(2)),
        "会议改期",
        "名单里多了一人",
        "本人撤回",
        "没有投票",
        # 6 and 3 units of four points; three ballots.
        "24.00",
        "8.00",
        "12.00",
        "4.00",
    ):
        assert said in page
    absent = page[page.index("没有投票") :]
    assert "委员3" in absent[: absent.index("</tr>")]
    assert "委员0" not in absent[: absent.index("</tr>")]
    slots = vote.row.voters.values_list("slot", flat=True)
    hidden = [one.tracker for one in receipts] + [one.head for one in receipts] + list(slots)
    assert not [one for one in hidden if one in page]


def test_minutes_of_a_vote_on_paper(year: QualityYear) -> None:
    vote = people(year).draft()
    data = {"counted": "4", "target-0": "44", "target-1": "20"}
    scan = SimpleUploadedFile("tally.pdf", b"%PDF-1.4 scan")
    client_of(vote.office).post(address(vote, "ballot_paper"), data | {"scan": scan})
    second = client_of(account("office2", "yanbian", "office", name="审管办二岗"))
    second.post(address(vote, "ballot_act"), {"act": "confirm_paper"})
    page = client_of(vote.leaders[0]).get(address(vote, "ballot_minutes")).content.decode()
    assert "纸质投票" in page
    assert "审管办二岗" in page
    assert sha256(b"%PDF-1.4 scan").hexdigest() in page
    assert "11.00" in page
    assert "verify.py" not in page


def test_the_latest_round_stands_first(year: QualityYear) -> None:
    vote = people(year)
    for month in (6, 12, 9):
        vote.draft(month=Month(2019, month))
    page = client_of(vote.office).get(reverse("courts:ballots", args=[year.code]))
    months = [line.month.month for line in page.context["rounds"]]
    assert months == [9, 12, 6]


def test_the_list_counts_the_whole_roll_for_everybody(year: QualityYear) -> None:
    """A filter for the own rounds does not narrow what is counted: two of four have voted."""
    vote = people(year).opened().cast_all((3, 0), (1, 2))
    for user in (vote.office, vote.leaders[0], vote.leaders[3], vote.holders[0]):
        page = client_of(user).get(f"/{year.code}/ballots/").content.decode()
        assert "2/4 票" in page
