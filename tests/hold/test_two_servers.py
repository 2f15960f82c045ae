"""Two servers on one database: whatever begins at one goes on at the other, by one clock.

Each has a folder of its own, as on two machines; what people do is sent to one and to the other in
turn. The clocks of the machines part by hours, and the database's decides. In the control each goes
by its own, and signs out whoever comes from the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from courts.models import (
    Closing,
    MonthlyReturn,
    QualityYear,
    Reopening,
    SealedBallot,
    SpecialCase,
    User,
)
from courts.reviews.services.reviews import reopen
from tests.courts.ballot_fixtures import people as ballot_people
from tests.courts.returns_fixtures import CLEAN_LITIGATION, bring_to, slot_of
from tests.hold.databases import own_url
from tests.hold.running import NEVER, Browser, serving, session_of
from tests.hold.test_voters import opened, sealed
from tests.pages import PASSWORD, account, stored_year, the_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="a file is one machine's"),
]

HOURS = 3
TRIES = 4
RETURN = "/yanbian-2019/returns/yanji/2019-05/litigation/"
REVIEW, SCORECARD = f"{RETURN}review/", "/yanbian-2019/2019-05/yanji/"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


class Listening(Protocol):
    """A server, or what stands before one."""

    @property
    def port(self) -> int: ...


class Pair:
    """Two servers, and browsers whose cookies both get."""

    def __init__(self, one: Listening, other: Listening) -> None:
        self.servers = (one, other)

    def person(self) -> Person:
        return Person(self.servers)


class Person:
    """A browser that a proxy sends to the server whose number is given."""

    def __init__(self, servers: tuple[Listening, Listening]) -> None:
        self._servers, self.session = servers, requests.Session()
        self.session.headers["Accept-Language"] = "zh-CN"
        # A proxy of the machine would answer in place of the servers.
        self.session.trust_env = False

    def get(self, server: int, address: str) -> requests.Response:
        """The answer where redirects lead to, all on the same server."""
        return self.session.get(self._url(server, address), timeout=NEVER)

    def send(
        self, server: int, page: requests.Response, action: str = "", **given: Any
    ) -> requests.Response:
        """Send the form of the page with this action, or that has these fields, filled in."""
        files, follow = given.pop("files", {}), given.pop("follow", True)
        for form in html.fromstring(page.text).forms:
            own = urlsplit(page.url)._replace(scheme="", netloc="").geturl()
            target = form.get("action") or own
            named = set(form.xpath(".//@name"))
            if target == action or (not action and named >= {*given, *files}):
                typed = [pair for pair in form.form_values() if pair[0] not in given]
                return self.post(server, target, [*typed, *given.items()], files, follow)
        raise AssertionError(f"no form {action}, or none with {[*given, *files]}")

    def post(
        self, server: int, address: str, fields: Any, files: Any = None, follow: bool = True
    ) -> requests.Response:
        """The answer where redirects lead to; with `follow` off the redirect itself."""
        return self.session.post(
            self._url(server, address),
            data=fields,
            files=files,
            timeout=NEVER,
            allow_redirects=follow,
        )

    def sign_in(self, server: int, user: str, password: str = PASSWORD) -> requests.Response:
        """Sign in at this server, on a page of the other."""
        return self.send(server, self.get(1 - server, "/login/"), username=user, password=password)

    def _url(self, server: int, address: str) -> str:
        return f"http://127.0.0.1:{self._servers[server].port}{address}"


@contextmanager
def two(folder: Path, fault: str = "") -> Iterator[Pair]:
    """Two servers; the clock of the second is hours ahead."""
    places = [folder / "one", folder / "other"]
    for place in places:
        place.mkdir(parents=True)
    given: dict[str, Any] = {"workers": 1, "fault": fault}
    given["settings_given"] = {"LOGIN_TRIES": str(TRIES)}
    with (
        serving(own_url(), places[0], **given) as one,
        serving(own_url(), places[1], hours=HOURS, **given) as other,
    ):
        yield Pair(one, other)


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


@pytest.fixture
def people(year: QualityYear) -> dict[str, User]:
    return {
        "desk": account("desk", "yanji", "litigation", name="填报"),
        "office": account("office", "yanbian", "office", name="审管办甲"),
        "office2": account("office2", "yanbian", "office", name="审管办乙"),
        "centre": account("centre", "yanbian", "centre", name="中心"),
        "leader": account("leader", "yanbian", "leader", name="院领导"),
    }


def test_what_begins_at_one_goes_on_at_the_other(
    year: QualityYear, people: dict[str, User], tmp_path: Path
) -> None:
    with two(tmp_path) as pair:
        _sessions(pair)
        a_preview(pair)
        _a_draft_and_a_rank(pair)
        _a_file(pair)
        _a_closed_month(pair)
        _wrong_passwords(pair)
        # What servers write in their folders nobody needs: their logs alone.
        kept = {path.name for path in tmp_path.glob("*/*")}
        assert kept - {"gunicorn.log"} == set()


def _sessions(pair: Pair) -> None:
    desk = pair.person()
    assert desk.sign_in(0, "desk").status_code == 200
    assert "填报" in desk.get(1, RETURN).text
    # Signing out at the other ends it at the first.
    page = desk.get(1, RETURN)
    desk.send(1, page, "/logout/")
    assert desk.get(0, RETURN).url.partition("?")[0].endswith("/login/")


def a_preview(pair: Pair, month: int = 5) -> None:
    """A table that is uploaded at one, and confirmed at the other."""
    address = f"/yanbian-2019/returns/yanji/2019-{month:02}/litigation/upload/"
    desk = pair.person()
    desk.sign_in(1, "desk")
    rows = "\n".join(f"{metric},{value}" for metric, value in CLEAN_LITIGATION.items())
    file = ("五月.csv", f"metric,value\n{rows}\n".encode())
    page = desk.get(0, address)
    desk.send(0, page, address, files={"file": file})
    preview = desk.get(1, address)
    assert "五月.csv" in preview.text
    done = desk.send(1, preview, f"{address}confirm/", agreed="yes")
    assert f"已写入 {len(CLEAN_LITIGATION)} 个数据" in done.text
    row = MonthlyReturn.objects.get(court__code="yanji", month=month, year=2019, side="litigation")
    assert dict(row.figures.values_list("metric", "value")) == CLEAN_LITIGATION


def _a_draft_and_a_rank(pair: Pair) -> None:
    """A remark typed at the one is in the form of the other; verified there, it ranks at once."""
    bring_to("begun", slot_of(stored_year()), {one.username: one for one in User.objects.all()})
    office, leader = pair.person(), pair.person()
    office.sign_in(0, "office2")
    leader.sign_in(0, "leader")
    # The server has the month in its memory by then.
    before = [leader.get(0, SCORECARD).text for _twice in range(2)][1]
    page = html.fromstring(office.get(0, REVIEW).text)
    fields = next(form.fields for form in page.forms if form.get("action") is None)
    given = {name: fields[name] for name in ("_draft", "csrfmiddlewaretoken")}
    sent = office.post(0, "/drafts/", {**given, "_thing": REVIEW, "note": "请核对上诉案件数"})
    assert sent.status_code == 204
    review = office.get(1, REVIEW)
    assert "请核对上诉案件数" in review.text
    office.send(1, review, act="verify", note="")
    after = leader.get(0, SCORECARD).text
    assert "452" not in before
    assert "452" in after


def _a_file(pair: Pair) -> None:
    desk, address = pair.person(), "/yanbian-2019/cases/new/"
    desk.sign_in(0, "desk")
    page = desk.get(0, address)
    done = desk.send(
        0,
        page,
        item="L3.2",
        month="5",
        reasons="洪水",
        files={"attachments": ("证明.pdf", PDF, "application/pdf")},
    )
    case = SpecialCase.objects.get()
    (file,) = case.attachments.all()
    assert done.status_code == 200
    got = desk.get(1, f"/yanbian-2019/cases/{case.pk}/files/{file.pk}/")
    assert got.content == PDF


def _a_closed_month(pair: Pair) -> None:
    office, desk = pair.person(), pair.person()
    office.sign_in(0, "office")
    desk.sign_in(1, "desk")
    march = "/yanbian-2019/returns/yanji/2019-03/litigation/"
    assert "不能填写" not in desk.get(1, march).text
    page = office.get(0, "/yanbian-2019/2019-03/close/")
    given = {"act": "close", "sides": "litigation", "reason": "报表没有交齐，先关账。"}
    office.send(0, page, follow=False, **given)
    # What one server has to say is said by the other.
    assert "已关账，数据已经固定" in office.get(1, "/yanbian-2019/2019-03/close/").text
    assert Closing.objects.count() == 1
    assert "不能填写" in desk.get(1, march).text


def _wrong_passwords(pair: Pair) -> None:
    """Two at each server make the four after which the right one has to wait, at either."""
    tries = [pair.person().sign_in(place % 2, "centre", "wrong") for place in range(TRIES)]
    assert [one.status_code for one in tries] == [200, 200, 200, 429]
    for server in (0, 1):
        assert pair.person().sign_in(server, "centre").status_code == 429


@pytest.mark.nightly
def test_ballots_are_cast_at_either(year: QualityYear, tmp_path: Path) -> None:
    vote = ballot_people(year)
    opened(vote, 12)
    ballots = sealed(vote, [0, 1, 2, 3])
    address = reverse("courts:ballot_cast", args=[vote.year.code, vote.row.code])
    with two(tmp_path) as pair:
        for place, (leader, ballot) in enumerate(zip(vote.leaders, ballots, strict=True)):
            session = session_of(leader)
            first, second = (pair.servers[(place + turn) % 2].port for turn in (0, 1))
            status, receipt = Browser(first, session).ask("POST", address, ballot.body)
            assert (status, receipt["tracker"]) == (200, ballot.tracker)
            # The same ballot again, at the other: taken, and no second ballot.
            status, again = Browser(second, session).ask("POST", address, ballot.body)
            assert (status, again["tracker"]) == (200, ballot.tracker)
    assert SealedBallot.objects.filter(round=vote.row, current=True).count() == 4


def test_the_clock_of_the_database_decides_what_is_open(
    year: QualityYear, people: dict[str, User], tmp_path: Path
) -> None:
    """Reopened for an hour, at a server three hours ahead: it is open until the hour is over."""
    slot = slot_of(year, "yanji")
    bring_to("verified", slot, people)
    until = timezone.now() + timedelta(hours=1)
    reopen(user=people["office"], slot=slot, reason="更正", expires_at=until)
    with two(tmp_path) as pair:
        desk = pair.person()
        desk.sign_in(0, "desk")
        open_at = [_is_open(desk, server) for server in (0, 1)]
        Reopening.objects.update(
            at=timezone.now() - timedelta(hours=2), expires_at=timezone.now() - timedelta(hours=1)
        )
        after = [_is_open(desk, server) for server in (0, 1)]
    assert (open_at, after) == ([True, True], [False, False])


def _is_open(desk: Person, server: int) -> bool:
    page = desk.get(server, RETURN)
    assert page.status_code == 200
    assert page.url.endswith(RETURN), page.url
    return "不能填写" not in page.text


@pytest.mark.nightly
def test_by_clocks_of_their_own_the_other_signs_people_out(
    year: QualityYear, people: dict[str, User], tmp_path: Path
) -> None:
    """The control: a session of an hour is over at once where it is three hours later."""
    with two(tmp_path, fault="own-clock") as pair:
        desk = pair.person()
        desk.sign_in(0, "desk")
        assert desk.get(0, RETURN).url.endswith(RETURN)
        assert "/login/" in desk.get(1, RETURN).url
