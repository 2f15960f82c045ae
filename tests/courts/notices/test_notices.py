"""Notices: who is told of what, once; inbox, muting, calendar, and what leaves the system."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone, translation

from courts.cases.services.special_cases import apply_for, verify_case
from courts.frame import events
from courts.models import (
    Court,
    Notice,
    NoticeKind,
    NoticeMute,
    OutboxMessage,
    QualityYear,
    User,
)
from courts.notices.selectors.calendars import DueDay, as_file, deadlines
from courts.notices.selectors.inbox import inbox, unread_count
from courts.notices.services import outbox
from courts.notices.services.outbox import filled, send_waiting
from courts.notices.services.telling import tell
from courts.notices.services.watch import tell_what_waits
from courts.returns.services.unlocks import request_unlock
from courts.reviews.services.deadlines import decide_unlock
from courts.reviews.services.reviews import reopen
from tests.courts.desks.test_open_work import a_round, staff
from tests.courts.returns_fixtures import bring_to, shanghai, slot_of
from tests.pages import account, client_of

__all__ = ["staff"]

pytestmark = pytest.mark.django_db
People = dict[str, User]
NOW = shanghai("2020-03-02")


def told(kind: str = "") -> dict[str, int]:
    """How many notices everybody has, by username."""
    found: dict[str, int] = {}
    for row in Notice.objects.filter(**({"kind": kind} if kind else {})).select_related("user"):
        found[row.user.username] = found.get(row.user.username, 0) + 1
    return found


def test_a_clerk_learns_of_a_returned_figure_without_opening_the_page(
    year: QualityYear, people: People
) -> None:
    """Both of the desk are told, nobody else; read by opening, in three languages."""
    slot = slot_of(year)
    bring_to("returned", slot, people)
    assert told() == {"desk": 1, "desk2": 1}
    browser = client_of(people["desk"])
    page = browser.get("/ranking/", follow=True).content.decode()
    assert '<span class="notices-count">1</span>' in page
    row = Notice.objects.get(user=people["desk"])
    assert row.address == f"/yanbian-2019/returns/yanji/{slot.month}/litigation/"
    for language, words in (
        ("zh-hans", "延吉法院"),
        ("ko", "연길시인민법원"),
        ("en", "Returns sent back"),
    ):
        with translation.override(language):
            (group,) = inbox(people["desk"]).groups
            assert words in f"{group.label} {group.lines[0].text}"
    # What the office wrote stays on the return.
    assert "reason" not in json.dumps(row.data)
    opened = browser.post(f"/notices/{row.pk}/")
    assert opened.headers["Location"] == row.address
    assert unread_count(people["desk"]) == 0
    assert "notices-count" not in browser.get("/notices/").content.decode()
    assert client_of(people["desk2"]).post(f"/notices/{row.pk}/").status_code == 404
    assert unread_count(people["desk2"]) == 1
    client_of(people["desk2"]).post("/notices/")
    assert unread_count(people["desk2"]) == 0


def test_what_offices_do_is_told_to_the_desk(year: QualityYear, people: People) -> None:
    slot = slot_of(year)
    with time_machine.travel(NOW):
        bring_to("verified", slot, people)
        assert told("verified") == {"desk": 1, "desk2": 1}
        reopen(
            user=people["office"],
            slot=slot,
            reason="核对旧存",
            expires_at=NOW + timedelta(days=2),
        )
        assert told("unlocked") == {"desk": 1, "desk2": 1}
        other = slot_of(year, month=slot.month._replace(month=4))
        bring_to("verified", other, people)
        request_unlock(user=people["desk"], slot=other, reason="漏录")
        decide_unlock(
            user=people["office"], slot=other, grant=False, note="已关账", open_until=None
        )
    texts = [line.text for group in inbox(people["desk"]).groups for line in group.lines]
    assert any("解锁申请未获同意" in text for text in texts)
    assert "核对旧存" not in str(texts)
    assert Notice.objects.exclude(user__court__code="yanji").count() == 0


def test_cases_and_objections_find_their_people(year: QualityYear, people: People) -> None:
    court = Court.objects.select_related("parent").get(code="yanji")
    with time_machine.travel(NOW):
        case = apply_for(
            user=people["desk"], year=year, month=6, court=court, item="L3.2", reasons="系列案件"
        )
        verify_case(
            user=people["office"], case=case, office="office", note="属实", seen=case.version
        )
        assert told() == {}
        place = {"court": "yanji", "month": "2019-06"}
        events.record(
            action="decline_case",
            year=year,
            actor=people["party"],
            reason="不属特殊情况",
            data={"case": case.pk, "item": "L3.2", **place},
        )
        # The special case has no side of its own in the act: both desks of the court are told.
        assert told("decided") == {"desk": 1, "desk2": 1, "other side": 1}
        events.record(
            action="object_to_entry",
            year=year,
            actor=people["desk"],
            reason="不对",
            data={"side": "litigation", **place},
        )
    assert told("objected") == {"office": 1, "office2": 1}
    for name in ("office", "desk"):
        assert "不" not in json.dumps(
            list(Notice.objects.filter(user=people[name]).values_list("data", flat=True))
        )


def test_everybody_is_told_of_issues_but_who_published(year: QualityYear, people: People) -> None:
    events.record(
        action="publish_bulletin",
        year=year,
        actor=people["centre"],
        data={"bulletin": 1, "month": "2019-06", "side": "both"},
    )
    events.record(
        action="approve_restatement", year=year, actor=people["office"], data={"restatement": 1}
    )
    readers = {"desk", "desk2", "other side", "other court", "office", "office2", "leader", "party"}
    assert told("bulletin").keys() == readers
    assert told("restated").keys() == (readers | {"centre"}) - {"office"}


def test_what_time_brings_is_told_once(year: QualityYear, staff: People) -> None:
    """Three days before the deadline, not four; the open vote to whoever has not voted."""
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
    early, soon = shanghai("2019-05-05", "20:00:00"), shanghai("2019-05-06", "12:00:00")
    with time_machine.travel(early, tick=False):
        tell_what_waits(early)
        assert told("deadline") == {}
    with time_machine.travel(soon, tick=False):
        tell_what_waits(soon)
        # April's return, until the end of 8 May: earlier months are past, not soon.
        assert told("deadline") == {"desk": 1, "desk2": 1, "other side": 1, "other court": 1}
        assert tell_what_waits(soon) == 0
        (line,) = inbox(staff["desk"]).groups[0].lines
        assert "2019年4月" in line.text
        assert "5月8日" in line.text
    with time_machine.travel(NOW):
        a_round(year, staff, 12, "open")
        tell_what_waits(NOW)
    assert told("ballot") == {"voter": 1}
    row = Notice.objects.get(kind="ballot")
    assert "voter" not in json.dumps(row.data) + row.key + row.address


def test_a_muted_kind_is_told_no_more(year: QualityYear, people: People) -> None:
    desk = people["desk"]
    tell([desk], kind="verified", key="a", address="/")
    wanted = [kind for kind in NoticeKind.values if kind != "verified"]
    browser = client_of(desk)
    browser.post("/notices/", {"act": "mute", "kinds": wanted})
    assert [row.kind for row in NoticeMute.objects.filter(user=desk)] == ["verified"]
    assert unread_count(desk) == 0
    assert tell([desk], kind="verified", key="b", address="/") == 0
    assert tell([desk], kind="returned", key="c", address="/") == 1
    assert tell([desk], kind="returned", key="c", address="/") == 0
    assert [group.kind for group in inbox(desk).groups] == ["returned"]
    browser.post("/notices/", {"act": "mute", "kinds": NoticeKind.values})
    assert not NoticeMute.objects.filter(user=desk).exists()


def test_a_calendar_has_the_deadlines_and_names_no_court(year: QualityYear, people: People) -> None:
    """RFC 5545: CRLF, at most 75 octets a line, a blank before what goes on."""
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
    with time_machine.travel(NOW, tick=False):
        bring_to("returned", slot_of(year), people)
        answer = client_of(people["desk"]).get("/notices/deadlines.ics")
        found = deadlines(people["desk"], NOW)
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == len(found)
    assert len([one for one in found if "填报期限" in one.text]) == 12
    # January's return ends on 8 February.
    assert "DTSTART;VALUE=DATE:20190208\r\nDTEND;VALUE=DATE:20190209\r\n" in text
    assert "延吉" not in text.replace("\r\n ", "")
    long = as_file([DueDay("k", date(2019, 2, 8), "期限；a,b;c" * 30)], NOW)
    assert all(len(line) <= 75 for line in long.split(b"\r\n"))
    assert ("SUMMARY:" + "期限；a\\,b\\;c" * 30) in long.replace(b"\r\n ", b"").decode()


def test_a_sheet_reminds_each_court_of_what_it_owes(year: QualityYear, people: People) -> None:
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
    with time_machine.travel(shanghai("2019-02-20")):
        text = client_of(people["office"]).get("/yanbian-2019/reminders/").content.decode()
        assert text.count('class="card reminder"') == 9
        assert "催办单：延吉法院" in text
        assert text.count("待报报表") == 9
        enforcement = client_of(people["centre"]).get("/yanbian-2019/reminders/")
        assert "执行" in enforcement.content.decode()


# --- What leaves the system --------------------------------------------------------------------


class Gateway(HTTPServer):
    """An address that takes JSON; it answers with what it is told to."""

    status = 200
    bodies: list[Any]


class Taking(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway(("127.0.0.1", 0), Taking)
    server.bodies = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.NOTICES_WEBHOOK = f"http://127.0.0.1:{server.server_port}/hook"
    settings.NOTICES_WEBHOOK_JSON = '{"msgtype": "text", "text": {"content": "{text} {address}"}}'
    settings.NOTICES_ADDRESS = "https://quality.example"
    yield server
    server.shutdown()
    server.server_close()


def test_nothing_leaves_unless_configured(year: QualityYear, people: People) -> None:
    bring_to("returned", slot_of(year), people)
    assert not OutboxMessage.objects.exists()
    assert send_waiting(timezone.now()) == 0


def test_mail_names_the_kind_alone(year: QualityYear, people: People, settings: Any) -> None:
    settings.NOTICES_BY_EMAIL = True
    settings.NOTICES_ADDRESS = "https://quality.example"
    User.objects.filter(pk=people["desk"].pk).update(email="desk@court.example")
    bring_to("returned", slot_of(year), people)
    assert OutboxMessage.objects.count() == 1
    assert send_waiting(timezone.now()) == 1
    assert send_waiting(timezone.now()) == 0
    (message,) = mail.outbox
    assert message.to == ["desk@court.example"]
    assert "报表被退回" in message.body
    assert "https://quality.example" in message.body
    for secret in ("延吉", "yanji", "2019", "诉讼", "desk2"):
        assert secret not in f"{message.subject}{message.body}"


def test_the_webhook_is_tried_again_and_given_up(
    year: QualityYear, gateway: Gateway, settings: Any
) -> None:
    """Failures wait one minute, then two, then four; a redirect is a failure; ten are enough."""
    desk = account("desk", "yanji", "litigation")
    tell([desk], kind="returned", key="k", address="/", data={"court": "yanji"})
    now = timezone.now()
    gateway.status = 500
    assert send_waiting(now) == 0
    row = OutboxMessage.objects.get()
    assert (row.tries, row.state, row.error) == (1, "waiting", "HTTPError")
    assert send_waiting(now + timedelta(seconds=59)) == 0
    assert len(gateway.bodies) == 1
    gateway.status = 302
    assert send_waiting(now + timedelta(seconds=60)) == 0
    row.refresh_from_db()
    assert (row.tries, row.next_at) == (2, now + timedelta(seconds=180))
    gateway.status = 200
    assert send_waiting(now + timedelta(seconds=180)) == 1
    row.refresh_from_db()
    assert (row.state, row.error) == ("sent", "")
    said = "审判执行质量年：有一条新提醒（报表被退回），请登录查看。 https://quality.example"
    assert gateway.bodies == [{"msgtype": "text", "text": {"content": said}}] * 3
    assert "yanji" not in json.dumps(gateway.bodies)

    tell([desk], kind="returned", key="other", address="/")
    settings.NOTICES_WEBHOOK = "file:///etc/passwd"
    last = OutboxMessage.objects.get(state="waiting")
    OutboxMessage.objects.filter(pk=last.pk).update(tries=outbox.MOST_TRIES - 1)
    send_waiting(timezone.now() + timedelta(seconds=1))
    last.refresh_from_db()
    assert (last.state, last.error) == ("given_up", "ValueError")


def test_a_template_keeps_its_shape() -> None:
    said = {"text": 'a "quote" {kind}', "kind": "returned", "account": "desk", "address": ""}
    body = filled('{"to": ["{account}"], "n": 1, "text": "{text}"}', said)
    assert json.loads(body) == {"to": ["desk"], "n": 1, "text": 'a "quote" returned'}
    with pytest.raises(ValueError, match="Expecting"):
        filled("{text}", said)
