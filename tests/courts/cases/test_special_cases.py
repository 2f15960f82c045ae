"""Tests of special cases (附件1·五): the course of an application, and what a decision does."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from courts.cases.services.special_cases import (
    PartyMeeting,
    apply_for,
    decide_case,
    decline_case,
    refuse_case,
    revoke_case,
    set_case_days,
    verify_case,
    withdraw_case,
)
from courts.figures.selectors.decisions import decisions_of
from courts.files import attachments
from courts.files.attachments import AttachmentError, GivenFile, kind_of
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import CaseAttachment, Court, Event, QualityYear, SpecialCase, User
from courts.scores.selectors import scores
from scoring.facts import Month
from tests.at_once import at_once
from tests.pages import account, client_of, give, more_courts

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019"
DECEMBER, NOVEMBER = Month(2019, 12), Month(2019, 11)
PDF, PNG = b"%PDF-1.7 made for a test", b"\x89PNG\r\n\x1a\n made for a test"
MEETING = PartyMeeting(date(2020, 1, 8), "2020年第1次党组会")
People = dict[str, User]


def court(code: str = "yanji") -> Court:
    return Court.objects.select_related("parent").get(code=code)


@pytest.fixture
def scored(year: QualityYear) -> QualityYear:
    """Yanji a little under last year's appeals in December, and in November."""
    # 1085 appeals filed in 2018: (1085 - 1030) / 1085 = 5.069 % fewer, 0.2 points each: 1.01.
    give(year, ("yanji", "2019-12", "appeals_filed", 1030))
    give(year, ("yanji", "2019-11", "appeals_filed", 900))
    return year


def applied(user: User, year: QualityYear, **changes: Any) -> SpecialCase:
    given: dict[str, Any] = {
        "court": court(),
        "item": "L3.2",
        "month": 12,
        "reasons": "一批系列案件集中上诉",
    }
    return apply_for(user=user, year=year, **given | changes)


def verified(people: People, case: SpecialCase) -> SpecialCase:
    """The case with the words of both offices."""
    for name, office in (("office", "office"), ("centre", "centre")):
        case = verify_case(
            user=people[name], case=case, office=office, note="属实", seen=case.version
        )
    return case


def decided(people: People, case: SpecialCase, points: str = "2.50") -> SpecialCase:
    return decide_case(
        user=people["party"],
        case=case,
        points=Decimal(points),
        meeting=MEETING,
        seen=case.version,
    )


def office_file(mark: bytes, *, more: bytes = b"") -> bytes:
    """The least of an Office file: an archive with a list of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types>" + mark + more + b"</Types>")
    return buffer.getvalue()


DOCX, XLSX = (
    office_file(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    ),
    office_file(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
)


class TestCourse:
    def test_applied_verified_by_both_decided(self, scored: QualityYear, people: People) -> None:
        case = applied(people["desk"], scored)
        assert (case.state, case.side) == ("applied", "litigation")
        case = verify_case(user=people["centre"], case=case, office="centre", note="齐全", seen=1)
        # One office alone does not open the way to a decision.
        assert case.state == "applied"
        case = verify_case(user=people["office"], case=case, office="office", note="属实", seen=2)
        assert case.state == "verified"
        case = decided(people, case)
        case.refresh_from_db()
        assert (case.state, case.points, case.computed) == (
            "decided",
            Decimal("2.50"),
            Decimal("1.01"),
        )
        # What scores read and snapshots freeze is the same whoever reads, in whatever language.
        told = decisions_of(scored, [DECEMBER])
        assert "，" in told[case.court_id, 12]["L3.2"].reference
        with translation.override("en"):
            assert decisions_of(scored, [DECEMBER]) == told
        acts = Event.objects.filter(action__endswith="_case").order_by("pk")
        assert list(acts.values_list("action", "actor__username")) == [
            ("apply_case", "desk"),
            ("verify_case", "centre"),
            ("verify_case", "office"),
            ("decide_case", "party"),
        ]
        assert acts[3].data["computed"] == "1.01"
        assert acts[3].data["points"] == "2.50"

    @pytest.mark.parametrize("office", ["office", "centre"])
    def test_either_office_refuses_with_reasons(
        self, scored: QualityYear, people: People, office: str
    ) -> None:
        case = applied(people["desk"], scored)
        with pytest.raises(ReturnError, match="原因"):
            refuse_case(user=people[office], case=case, office=office, note=" ", seen=1)
        case = refuse_case(user=people[office], case=case, office=office, note="不属实", seen=1)
        assert (case.state, case.closing_note) == ("refused", "不属实")
        # What came to nothing can be applied for anew.
        assert applied(people["desk"], scored).state == "applied"

    @pytest.mark.parametrize("stage", ["applied", "verified"])
    def test_withdrawn_before_it_is_decided(
        self, scored: QualityYear, people: People, stage: str
    ) -> None:
        case = applied(people["desk"], scored)
        if stage == "verified":
            case = verified(people, case)
        # The other person of the same desk may, too: the application is the court's.
        case = withdraw_case(user=people["desk2"], case=case, note="数据已更正", seen=case.version)
        assert case.state == "withdrawn"

    def test_not_withdrawn_once_decided(self, scored: QualityYear, people: People) -> None:
        case = decided(people, verified(people, applied(people["desk"], scored)))
        with pytest.raises(StateError):
            withdraw_case(user=people["desk"], case=case, note="x", seen=case.version)

    def test_the_party_group_may_leave_the_points_as_they_are(
        self, scored: QualityYear, people: People
    ) -> None:
        case = verified(people, applied(people["desk"], scored))
        case = decline_case(
            user=people["party"], case=case, meeting=MEETING, note="证据不足", seen=case.version
        )
        assert (case.state, case.points) == ("declined", None)
        assert points(scored) == "1.01"

    def test_a_later_meeting_takes_a_decision_back(
        self, scored: QualityYear, people: People
    ) -> None:
        case = decided(people, verified(people, applied(people["desk"], scored)))
        earlier = PartyMeeting(MEETING.on - timedelta(days=1), "2020年第0次")
        with pytest.raises(ReturnError, match="不能早于"):
            revoke_case(
                user=people["party"], case=case, meeting=earlier, note="有误", seen=case.version
            )
        later = PartyMeeting(MEETING.on + timedelta(days=7), "2020年第2次党组会")
        case = revoke_case(
            user=people["party"], case=case, meeting=later, note="有误", seen=case.version
        )
        # The points that were decided stay readable; what counts is computed again.
        assert (case.state, case.points, points(scored)) == ("revoked", Decimal("2.50"), "1.01")
        event = Event.objects.get(action="revoke_case")
        assert event.data["before"]["meeting"] == MEETING.number
        assert applied(people["desk"], scored).state == "applied"

    def test_only_once_for_an_item_and_month(self, scored: QualityYear, people: People) -> None:
        applied(people["desk"], scored)
        with pytest.raises(ReturnError, match="已有申请"):
            applied(people["desk2"], scored)
        assert applied(people["desk"], scored, month=11).month == 11

    @pytest.mark.parametrize(
        ("points", "message"),
        [
            ("-0.01", "之间"),
            ("3.01", "之间"),
            ("1.001", "两位"),
            ("NaN", "之间"),
            ("Infinity", "之间"),
        ],
    )
    def test_points_are_those_the_item_can_bring(
        self, scored: QualityYear, people: People, points: str, message: str
    ) -> None:
        # 附件1: L3.2 brings 3 points at most.
        case = verified(people, applied(people["desk"], scored))
        with pytest.raises(ReturnError, match=message):
            decided(people, case, points)
        case.refresh_from_db()
        assert (case.state, case.points) == ("verified", None)

    def test_a_meeting_that_has_not_been_decides_nothing(
        self, scored: QualityYear, people: People
    ) -> None:
        case = verified(people, applied(people["desk"], scored))
        tomorrow = PartyMeeting(timezone.localdate() + timedelta(days=1), "下一次")
        for meeting in (tomorrow, PartyMeeting(date(2020, 1, 8), " ")):
            with pytest.raises(ReturnError):
                decide_case(
                    user=people["party"],
                    case=case,
                    points=Decimal(2),
                    meeting=meeting,
                    seen=case.version,
                )

    def test_due_as_many_days_after_as_the_office_set(
        self, scored: QualityYear, people: People
    ) -> None:
        set_case_days(user=people["office"], year=scored, days=10, seen=None, reason="统一要求")
        with time_machine.travel("2020-01-05 23:30:00+08:00", tick=False):
            case = applied(people["desk"], scored)
        assert case.due_on == date(2020, 1, 15)
        with pytest.raises(StaleError):
            set_case_days(user=people["office"], year=scored, days=5, seen=None, reason="再改")
        assert Event.objects.get(action="set_case_days").data == {"before": None, "after": 10}

    def test_what_cannot_be_applied_for(self, scored: QualityYear, people: People) -> None:
        for changes in ({"item": "X1"}, {"item": "GM"}, {"month": 13}, {"reasons": " "}):
            with pytest.raises(ReturnError):
                applied(people["desk"], scored, **changes)
        assert not SpecialCase.objects.exists()


class TestWhoMay:
    def test_apply(self, scored: QualityYear, people: People) -> None:
        for name, user in people.items():
            if name in ("desk", "desk2"):
                continue
            with pytest.raises(PermissionDenied):
                applied(user, scored)
        # The other desk applies for items of its own side.
        assert applied(people["other side"], scored, item="Q1").side == "enforcement"

    def test_verify_and_refuse(self, scored: QualityYear, people: People) -> None:
        case = applied(people["desk"], scored)
        for name, user in people.items():
            for office in ("office", "centre"):
                allowed = {"office": "office", "office2": "office", "centre": "centre"}
                if allowed.get(name) == office:
                    continue
                for act in (verify_case, refuse_case):
                    with pytest.raises(PermissionDenied):
                        act(user=user, case=case, office=office, note="x", seen=1)

    def test_withdraw(self, scored: QualityYear, people: People) -> None:
        case = applied(people["desk"], scored)
        for name, user in people.items():
            if name not in ("desk", "desk2"):
                with pytest.raises(PermissionDenied):
                    withdraw_case(user=user, case=case, note="x", seen=1)

    def test_decide_decline_and_revoke(self, scored: QualityYear, people: People) -> None:
        case = verified(people, applied(people["desk"], scored))
        for name, user in people.items():
            if name == "party":
                continue
            with pytest.raises(PermissionDenied):
                decide_case(
                    user=user, case=case, points=Decimal(2), meeting=MEETING, seen=case.version
                )
            for act in (decline_case, revoke_case):
                with pytest.raises(PermissionDenied):
                    act(user=user, case=case, meeting=MEETING, note="x", seen=case.version)

    def test_nobody_speaks_for_both_offices(self, scored: QualityYear, people: People) -> None:
        both = account("both", "yanbian", "office", "centre")
        case = applied(people["desk"], scored)
        case = verify_case(user=both, case=case, office="office", note="属实", seen=1)
        with pytest.raises(PermissionDenied, match="不同的人"):
            verify_case(user=both, case=case, office="centre", note="属实", seen=2)

    def test_who_applied_neither_verifies_nor_decides(self, scored: QualityYear) -> None:
        all_of_it = account("all", "yanbian", "litigation", "office", "centre", "party")
        give(scored, ("yanbian", "2019-12", "appeals_filed", 90))
        case = applied(all_of_it, scored, court=court("yanbian"))
        with pytest.raises(PermissionDenied):
            verify_case(user=all_of_it, case=case, office="office", note="x", seen=1)
        SpecialCase.objects.update(state="verified")
        with pytest.raises(PermissionDenied, match="申请人"):
            decide_case(user=all_of_it, case=case, points=Decimal(1), meeting=MEETING, seen=1)

    def test_who_verified_does_not_decide(self, scored: QualityYear, people: People) -> None:
        two = account("two", "yanbian", "centre", "party")
        case = applied(people["desk"], scored)
        case = verify_case(user=two, case=case, office="centre", note="x", seen=1)
        case = verify_case(user=people["office"], case=case, office="office", note="x", seen=2)
        with pytest.raises(PermissionDenied, match="核实人"):
            decide_case(user=two, case=case, points=Decimal(1), meeting=MEETING, seen=3)


def points(year: QualityYear, month: Month = DECEMBER, **how: Any) -> str:
    board = scores.scoreboard(year, month, **how)
    return str(board.court("yanji").item("L3.2").points)


class TestScores:
    def test_points_of_that_item_and_month_are_replaced_figures_never(
        self, scored: QualityYear, people: People
    ) -> None:
        before = scores.scoreboard(scored, DECEMBER).court("yanji")
        decided(people, verified(people, applied(people["desk"], scored)))
        board = scores.scoreboard(scored, DECEMBER).court("yanji")
        item = board.item("L3.2")
        assert item.computed is not None
        assert (item.status.value, str(item.points), str(item.computed.points)) == (
            "decided",
            "2.50",
            "1.01",
        )
        # What is between the two is added to the half, and nothing else.
        assert board.litigation - before.litigation == Decimal("1.49")
        assert points(scored, decided=False) == "1.01"
        # November keeps what its figures come to.
        assert scores.scoreboard(scored, NOVEMBER).court("yanji").item("L3.2").computed is None

    def test_other_courts_see_their_rank_move(self, scored: QualityYear, people: People) -> None:
        # Tumen, 94 appeals in 2018: (94 - 87) / 94 = 7.447 %, 1.49 points, ahead of Yanji's 1.01.
        from courts.models import Figure

        base = Figure.objects.get(
            monthly_return__court__code="tumen",
            monthly_return__year=2018,
            monthly_return__month=12,
            metric="appeals_filed",
        ).value
        assert base is not None
        give(scored, ("tumen", "2019-12", "appeals_filed", base - base * 7 // 94))
        rows = {row.code: row for row in scores.ranking(scored, DECEMBER)}
        assert rows["tumen"].undecided is None
        first = rows["tumen"].rank
        assert first is not None
        assert rows["yanji"].rank == first + 1
        decided(people, verified(people, applied(people["desk"], scored)))
        rows = {row.code: row for row in scores.ranking(scored, DECEMBER)}
        assert (rows["yanji"].rank, rows["tumen"].rank) == (first, first + 1)
        bare = rows["tumen"].undecided
        assert bare is not None
        assert (bare.rank, rows["tumen"].is_moved, rows["antu"].is_moved) == (first, True, False)

    def test_an_item_without_points_gets_those_decided(
        self, year: QualityYear, people: People
    ) -> None:
        give(year, ("yanji", "2019-12", "appeal_revised", 1))
        case = decided(people, verified(people, applied(people["desk"], year)))
        assert case.computed is None
        item = scores.scoreboard(year, DECEMBER).court("yanji").item("L3.2")
        assert (item.status.value, str(item.points)) == ("decided", "2.50")


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [(PDF, "pdf"), (PNG, "png"), (b"\xff\xd8\xff\xe0", "jpeg"), (DOCX, "docx"), (XLSX, "xlsx")],
    )
    def test_known_by_their_bytes(self, content: bytes, kind: str) -> None:
        assert kind_of(content) == kind

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "空"),
            (b"MZ\x90\x00", "只能是"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只能是"),
            (b"<html>", "只能是"),
            (b"PK\x03\x04 no archive", "只能是"),
            (office_file(b"presentationml.presentation.main+xml"), "只能是"),
            (
                office_file(
                    b"wordprocessingml.document.main+xml", more=b"vnd.ms-office.vbaProject"
                ),
                "宏",
            ),
            (b"%PDF-" + b"0" * (5 * 1024 * 1024), "5 MB"),
        ],
    )
    def test_refused_whatever_their_name(
        self, content: bytes, message: str, scored: QualityYear, people: People
    ) -> None:
        with pytest.raises(AttachmentError, match=message):
            kind_of(content)
        with pytest.raises(ReturnError, match=r"说明\.pdf"):
            applied(people["desk"], scored, files=[GivenFile("说明.pdf", content)])
        assert not SpecialCase.objects.exists()

    def test_an_archive_that_lies_about_its_size_is_not_unpacked(self) -> None:
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", b"0" * 50_000_000)
        with pytest.raises(AttachmentError):
            kind_of(bomb.getvalue())

    @pytest.mark.parametrize(
        "parts",
        [
            pytest.param([("word/big.xml", 101 * 1024 * 1024)], id="one-huge"),
            pytest.param([(f"word/{n}.xml", 21 * 1024 * 1024) for n in range(5)], id="together"),
            pytest.param([(f"word/{n}.xml", 0) for n in range(2_001)], id="very-many"),
        ],
    )
    def test_a_file_that_would_fill_its_readers_machine_is_refused(
        self, parts: list[tuple[str, int]]
    ) -> None:
        mark = b"wordprocessingml.document.main+xml"
        bomb = io.BytesIO(office_file(mark))
        with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, size in parts:
                archive.writestr(name, b"0" * size)
        # As it is sent it is small, and its kind is one of the known.
        assert len(bomb.getvalue()) < attachments.MOST_BYTES
        with pytest.raises(AttachmentError, match="解开后太大"):
            kind_of(bomb.getvalue())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(attachments, "_check_unpacked", lambda _archive: None)
            assert kind_of(bomb.getvalue()) == "docx"

    def test_an_archive_that_names_a_smaller_size_is_refused(self) -> None:
        mark = b"wordprocessingml.document.main+xml"
        honest = io.BytesIO(office_file(mark))
        with zipfile.ZipFile(honest, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/big.xml", b"0" * 3_000_000)
        size = (3_000_000).to_bytes(4, "little")
        lying = honest.getvalue().replace(size, (10).to_bytes(4, "little"))
        assert kind_of(honest.getvalue()) == "docx"
        with pytest.raises(AttachmentError):
            kind_of(lying)

    def test_at_most_five_and_each_once(self, scored: QualityYear, people: People) -> None:
        many = [GivenFile(f"{n}.pdf", PDF + bytes([n])) for n in range(6)]
        with pytest.raises(ReturnError, match="5个"):
            applied(people["desk"], scored, files=many)
        with pytest.raises(ReturnError, match="只需附一次"):
            applied(people["desk"], scored, files=[GivenFile("a", PDF), GivenFile("b", PDF)])
        assert not SpecialCase.objects.exists()
        assert not CaseAttachment.objects.exists()

    def test_kept_byte_for_byte_and_saved_never_shown(
        self, scored: QualityYear, people: People
    ) -> None:
        file = GivenFile("C:\\材料\\说明.html", PDF)
        case = applied(people["desk"], scored, files=[file])
        row = case.attachments.get()
        assert (row.name, row.kind, row.size) == ("说明.html", "pdf", len(PDF))
        response = client_of(people["office"]).get(f"{ROOT}/cases/{case.pk}/files/{row.pk}/")
        assert response.content == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        other = client_of(people["other court"]).get(f"{ROOT}/cases/{case.pk}/files/{row.pk}/")
        assert other.status_code == 403
        gone = client_of(people["office"]).get(f"{ROOT}/cases/{case.pk}/files/{row.pk + 1}/")
        assert gone.status_code == 404


class TestDatabase:
    @pytest.mark.database
    @pytest.mark.parametrize(
        "changes",
        [
            {"state": "gone"},
            {"state": "decided"},
            {"points": "1.00"},
            {"state": "refused"},
            {"meeting": "一次"},
            {"side": "both"},
            {"month": 0},
            {"reasons": ""},
            {"points": "-1.00", "state": "revoked"},
        ],
    )
    def test_refuses_what_cannot_be(
        self, scored: QualityYear, people: People, changes: dict[str, Any]
    ) -> None:
        case = applied(people["desk"], scored)
        with pytest.raises(IntegrityError), transaction.atomic():
            SpecialCase.objects.filter(pk=case.pk).update(**changes)

    @pytest.mark.database
    def test_one_standing_application(self, scored: QualityYear, people: People) -> None:
        case = applied(people["desk"], scored)
        case.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            SpecialCase.objects.bulk_create([case])


def page(user: User, address: str) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


class TestPages:
    def apply(self, user: User, **changes: Any) -> Any:
        sent = {"item": "L3.2", "month": "12", "reasons": "一批系列案件集中上诉"} | changes
        return client_of(user).post(f"{ROOT}/cases/new/", sent)

    def test_from_application_to_decision(self, scored: QualityYear, people: People) -> None:
        files = [SimpleUploadedFile("清单.xlsx", XLSX), SimpleUploadedFile("说明.pdf", PDF)]
        response = self.apply(people["desk"], attachments=files)
        case = SpecialCase.objects.get()
        address = f"{ROOT}/cases/{case.pk}/"
        assert response["Location"] == address
        assert case.attachments.count() == 2
        for name, office in (("office", "office"), ("centre", "centre")):
            case.refresh_from_db()
            sent = {"act": "verify", "office": office, "note": "属实", "seen": case.version}
            client_of(people[name]).post(address, sent)
        party = people["party"]
        assert client_of(party).get("/")["Location"] == f"{ROOT}/cases/"
        # Points are tried first: nothing is decided by looking.
        tried = page(party, f"{address}?points=2.5")
        assert "如果决定 2.5 分" in tried
        case.refresh_from_db()
        assert case.state == "verified"
        sent = {
            "act": "decide",
            "points": "2.50",
            "meeting_on": "2020-01-08",
            "meeting": "2020年第1次党组会",
            "seen": case.version,
        }
        assert client_of(party).post(address, sent).status_code == 302
        text = page(people["desk"], address)
        for words in ("1.01", "2.50", "2020年第1次党组会", "决定对总分和名次的影响"):
            assert words in text
        assert "2.50" in page(people["desk"], f"{ROOT}/2019-12/yanji/")
        assert "按数据计" in page(people["other court"], f"{ROOT}/2019-12/")

    def test_what_is_wrong_is_said_and_changes_nothing(
        self, scored: QualityYear, people: People
    ) -> None:
        desk = people["desk"]
        for changes, words in (
            ({"item": "Q1"}, "请从列表中选择考核项"),
            ({"month": "3"}, "请选择有数据的月份"),
            ({"reasons": ""}, "请写明申请理由"),
            ({"attachments": SimpleUploadedFile("a.pdf", b"MZ")}, "a.pdf"),
            ({"attachments": SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * 6_000_000)}, "5 MB"),
        ):
            response = self.apply(desk, **changes)
            assert response.status_code == 200
            assert words in response.content.decode()
        assert not SpecialCase.objects.exists()

    def test_a_page_that_is_behind_is_told_so(self, scored: QualityYear, people: People) -> None:
        case = applied(people["desk"], scored)
        verify_case(user=people["centre"], case=case, office="centre", note="x", seen=1)
        sent = {"act": "verify", "office": "office", "note": "属实", "seen": 1}
        response = client_of(people["office"]).post(f"{ROOT}/cases/{case.pk}/", sent)
        assert "又有变动" in response.content.decode()
        assert case.verifications.count() == 1

    def test_other_courts_see_nothing_of_it(self, scored: QualityYear, people: People) -> None:
        case = applied(people["desk"], scored)
        other = client_of(people["other court"])
        assert other.get(f"{ROOT}/cases/{case.pk}/").status_code == 403
        assert "L3.2" not in page(people["other court"], f"{ROOT}/cases/").split("<table")[-1]
        sent = {"act": "withdraw", "note": "x", "seen": 1}
        assert other.post(f"{ROOT}/cases/{case.pk}/", sent).status_code == 403
        assert client_of(people["far office"]).get(f"{ROOT}/cases/").status_code == 404

    def test_precedents_are_for_those_who_decide(self, scored: QualityYear, people: People) -> None:
        decided(people, verified(people, applied(people["desk"], scored, month=11)))
        case = verified(people, applied(people["desk"], scored))
        address = f"{ROOT}/cases/{case.pk}/"
        assert "这一项以前的决定" in page(people["party"], address)
        assert "这一项以前的决定" not in page(people["desk"], address)

    def test_list_is_filtered_and_exported(self, scored: QualityYear, people: People) -> None:
        decided(people, verified(people, applied(people["desk"], scored)))
        applied(people["other side"], scored, item="Q1")
        office = client_of(people["office"])
        file = office.get(f"{ROOT}/cases/?state=decided&_export=csv")
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert [row[3] for row in rows if row and row[0] == "yanji"] == ["L3.2"]
        row = next(row for row in rows if row and row[0] == "yanji")
        assert row[11:14] == ["1.01", "2.50", "2020年第1次党组会"]
        book = openpyxl.load_workbook(io.BytesIO(office.get(f"{ROOT}/cases/?_export=xlsx").content))
        sheet = book.active
        assert sheet is not None
        assert sum(cell == "yanji" for ((cell, *_),) in [(r,) for r in sheet.values]) == 2

    def test_ranking_export_has_both(self, scored: QualityYear, people: People) -> None:
        ranking = f"{ROOT}/2019-12/?_export=csv"
        office = client_of(people["office"])
        before = office.get(ranking).content.decode("utf-8-sig")
        assert "按数据计总分" not in before
        decided(people, verified(people, applied(people["desk"], scored)))
        text = office.get(ranking).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        head = next(row for row in rows if "按数据计总分" in row)
        line = dict(zip(head, next(row for row in rows if "yanji" in row), strict=True))
        # 1.01 and 2.50 points, each in a half that weighs one half: 0.505 and 1.25.
        assert (line["按数据计总分"], line["总分"]) == ("0.51", "1.25")

    def test_desk_and_home_say_what_waits(self, scored: QualityYear, people: People) -> None:
        set_case_days(user=people["office"], year=scored, days=3, seen=None, reason="要求")
        with time_machine.travel("2020-01-05 12:00:00+08:00", tick=False):
            case = applied(people["desk"], scored)
        assert "其中 1 份已超过核实期限" in page(people["office"], f"{ROOT}/desk/")
        assert "等您办理" in page(people["centre"], f"{ROOT}/cases/")
        assert "等您办理" not in page(people["leader"], f"{ROOT}/cases/")
        home = page(people["desk"], f"{ROOT}/returns/yanji/")
        assert f"{ROOT}/cases/{case.pk}/" in home

    def test_days_are_the_office_s(self, scored: QualityYear, people: People) -> None:
        days = f"{ROOT}/cases/days/"
        sent = {"days": "10", "reason": "统一要求", "seen": ""}
        assert client_of(people["centre"]).post(days, sent).status_code == 403
        assert client_of(people["office"]).post(days, sent).status_code == 302
        scored.refresh_from_db()
        assert scored.case_days == 10
        for wrong in ("0", "91", "x", "", "10"):
            sent = {"days": wrong, "reason": "x", "seen": "10"}
            assert client_of(people["office"]).post(days, sent).status_code == 200
        scored.refresh_from_db()
        assert scored.case_days == 10
        sent = {"act": "remove", "reason": "取消", "seen": "10"}
        said = client_of(people["office"]).post(days, sent, follow=True).content.decode()
        assert "核实期限（10天）已取消" in said
        scored.refresh_from_db()
        assert scored.case_days is None

    def test_queries_do_not_grow(self, scored: QualityYear, people: People) -> None:
        addresses = (f"{ROOT}/cases/", f"{ROOT}/desk/", f"{ROOT}/returns/yanji/")
        case = verified(people, applied(people["desk"], scored))
        # One that waits beside one that was verified.
        applied(people["desk"], scored, item="L5.1")
        one = f"{ROOT}/cases/{case.pk}/"

        def count(user: User, address: str) -> int:
            client = client_of(user)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        users = {"desk": people["desk"], "office": people["office"]}
        watched = [(users["office"], address) for address in (*addresses, one)]
        watched.append((users["desk"], f"{ROOT}/cases/"))
        before = [count(*pair) for pair in watched]
        more_courts(scored, 20)
        for item in ("L1", "L2.1", "L3.1", "L4.1"):
            for month in (11, 12):
                verified(people, applied(people["desk"], scored, item=item, month=month))
        assert [count(*pair) for pair in watched] == before


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def both(self, acts: Sequence[Callable[[], Any]]) -> list[str]:
        """Do them at the same time; what came of each."""

        def told(act: Callable[[], Any]) -> str:
            try:
                act()
            except (ReturnError, PermissionDenied) as error:
                return type(error).__name__
            return "done"

        return sorted(at_once([partial(told, act) for act in acts]))

    @pytest.fixture
    def staff(self, year: QualityYear) -> People:
        return {
            "desk": account("desk", "yanji", "litigation"),
            "office": account("office", "yanbian", "office"),
            "centre": account("centre", "yanbian", "centre"),
            "party": account("party", "yanbian", "party"),
            "party2": account("party2", "yanbian", "party"),
        }

    def word(self, user: User, case: SpecialCase, office: str) -> Callable[[], SpecialCase]:
        return lambda: verify_case(user=user, case=case, office=office, note="x", seen=1)

    def test_two_applications_for_the_same(self, year: QualityYear, staff: People) -> None:
        found = self.both([lambda: applied(staff["desk"], year)] * 2)
        assert found == ["ReturnError", "done"]
        assert SpecialCase.objects.count() == 1

    def test_two_offices_and_two_decisions(self, year: QualityYear, staff: People) -> None:
        case = applied(staff["desk"], year)
        words = [self.word(staff[office], case, office) for office in ("office", "centre")]
        # Whoever comes second sees a page that is behind, and looks again.
        assert self.both(words) == ["StaleError", "done"]
        case.refresh_from_db()
        missing = {"office", "centre"} - set(case.verifications.values_list("office", flat=True))
        office = missing.pop()
        case = verify_case(user=staff[office], case=case, office=office, note="x", seen=2)

        def decide(name: str, given: str) -> Callable[[], Any]:
            return lambda: decide_case(
                user=staff[name], case=case, points=Decimal(given), meeting=MEETING, seen=3
            )

        assert self.both([decide("party", "1"), decide("party2", "2")]) == ["StaleError", "done"]
        assert Event.objects.filter(action="decide_case").count() == 1
