"""Tests of the registry of open work: every kind of it, for whom, and that queries do not grow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.cases.services.special_cases import apply_for, verify_case
from courts.closings.selectors.snapshots import compose, inputs_of
from courts.models import (
    Acceptance,
    AccountMaking,
    AccountProposal,
    AccountReview,
    Action,
    ActionAnswer,
    ActionMeasure,
    ApiToken,
    BallotRound,
    Bulletin,
    BulletinSignature,
    Consultation,
    ConsultationAnswer,
    Court,
    EntryOnBehalf,
    Handover,
    Motion,
    Objection,
    ObjectionTerm,
    PaperTally,
    Proposal,
    QualityYear,
    RegisterLine,
    Restatement,
    RulebookEdition,
    Scrutineer,
    SentExtract,
    Snapshot,
    User,
    Voter,
    WordTemplate,
)
from courts.permissions import OFFICE_KINDS
from courts.returns.services.behalf import enter_on_behalf, object_to_entry
from courts.returns.services.comments import open_follow_up
from courts.returns.services.returns import CellEntry
from courts.returns.services.unlocks import request_unlock
from courts.reviews.services.reviews import reopen
from courts.years.closings import forget_closings
from courts.years.open_work import (
    KINDS,
    Asked,
    OpenItem,
    OpenWork,
    awaited_work,
    kind,
    open_work,
    open_work_of_years,
)
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from tests.courts.extract_fixtures import extract
from tests.courts.issue_fixtures import issue_of
from tests.courts.returns_fixtures import bring_to, row_of, shanghai, slot_of
from tests.pages import account, client_of, more_courts, year_after

pytestmark = pytest.mark.django_db

NOW = shanghai("2020-03-02")
People = dict[str, User]


@pytest.fixture
def staff(people: People) -> People:
    """The people of the returns, and those who vote or hold a key."""
    more = {
        name: account(name, "yanbian", role, name=name)
        for name, role in (("voter", "leader"), ("voted", "leader"), ("holder", "scrutineer"))
    }
    return people | more


def month_of(year: QualityYear, number: int) -> Month:
    return Month(year.year, number)


def a_round(year: QualityYear, staff: People, number: int, state: str) -> BallotRound:
    """A round of that month with two voters, one of whom voted, and one scrutineer."""
    now = timezone.now()
    whole = {"manifest": "{}", "fingerprint": "f", "opens_at": now}
    row = BallotRound.objects.create(
        quality_year=year,
        month=number,
        code=f"{year.code}-{number}-{state}",
        title=f"{number}月评价",
        state=state,
        unit="0.5",
        unit_max=24,
        min_ballots=3,
        author=staff["office"],
        closes_at=now + timedelta(days=3),
        **(whole if state in ("open", "closed") else {}),
        **(
            {"close_hash": "h", "check_until": now + timedelta(days=1)} if state == "closed" else {}
        ),
    )
    for name in ("voter", "voted"):
        Voter.objects.create(round=row, user=staff[name], name=name, slot=f"{row.pk}-{name}")
    if state == "closed":
        row.events.create(seq=0, kind="close", payload="[]", prev="", hash="h", at=now)
    row.ballots.create(slot=f"{row.pk}-voted", tracker=f"{row.pk}", body="x")
    Scrutineer.objects.create(round=row, user=staff["holder"], position=0, name="holder")
    return row


def a_tallied_paper(year: QualityYear, staff: People, number: int) -> BallotRound:
    """A round whose sums were typed in from paper by one of the office."""
    row = a_round(year, staff, number, "draft")
    PaperTally.objects.create(
        round=row,
        counted=3,
        sums=[1],
        entered_by=staff["office"],
        entered_at=timezone.now(),
        scan=b"x",
        scan_name="x.pdf",
        scan_sha256="0" * 64,
    )
    return row


def sent_and_signed(year: QualityYear, staff: People) -> None:
    """An extract that a system sent, and an acceptance that one of the leading group signed."""
    token = ApiToken.objects.create(
        court=year.court,
        name="数据集中管理平台",
        sees="prefecture",
        sends="litigation",
        sha256=f"{year.year:064d}",
        made_by=staff["admin"],
        made_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=30),
    )
    SentExtract.objects.create(
        quality_year=year,
        token=token,
        side="litigation",
        name="e.csv",
        content=b"x",
        sha256="0" * 64,
        figures=1,
        sent_at=timezone.now(),
    )
    Acceptance.objects.create(
        quality_year=year,
        number=1,
        content_sha256="0" * 64,
        digest="0" * 64,
        archive=b"x",
        made_by=staff["office"],
        made_at=timezone.now(),
        first_by=staff["leader"],
        first_at=timezone.now(),
    )


def leave_actions(year: QualityYear, staff: People) -> None:
    """An overdue action with a visit planned, one that was answered, one to close, an alarm."""
    now, today = timezone.now(), timezone.localdate()
    court = Court.objects.get(code="yanji")
    actions = [
        Action.objects.create(
            quality_year=year,
            number=number,
            court=court,
            side="litigation",
            subject="L1",
            month=6,
            asks="逐案评查",
            due_on=today - timedelta(days=3),
            visit_on=visit,
            state=state,
            opened_by=staff["office"],
            opened_at=now,
        )
        for number, state, visit in (
            (1, "ordered", today),
            (2, "answered", None),
            (3, "accepted", None),
        )
    ]
    checked = {"outcome": "accepted", "checked_by": staff["office2"], "checked_at": now}
    for action, more in ((actions[1], {}), (actions[2], checked | {"check_note": "属实"})):
        ActionAnswer.objects.create(
            action=action, number=1, text="已查", by=staff["desk"], at=now, **more
        )
    ActionMeasure.objects.create(
        action=actions[1], text="评议", owner="李", due_on=today + timedelta(days=5)
    )
    Proposal.objects.create(
        quality_year=year,
        rule="cap",
        court=court,
        side="litigation",
        subject="L1",
        month=6,
        state="postponed",
        until=today,
        reason="等数据",
        by=staff["office"],
        at=now,
    )


def leave_accounts(year: QualityYear, staff: People) -> None:
    """An account to make, one to confirm, a list to look through again, work to take over."""
    now = timezone.now()
    AccountProposal.objects.create(
        court=Court.objects.get(code="yanji"),
        username=f"new-{year.year}",
        name="新人",
        roles=["litigation"],
        proposed_by=staff["office"],
        proposed_at=now,
    )
    AccountMaking.objects.create(
        account=staff["nobody"], by=staff["admin in an office"], kind="made", at=now
    )
    AccountReview.objects.create(
        court=year.court,
        by=staff["office"],
        at=now - timedelta(days=366),
        accounts=20,
        note="都在岗",
    )
    Handover.objects.create(
        account=staff["idle"],
        successor=staff["desk"],
        by=staff["admin"],
        at=now,
        reason="调离",
    )


def leave_lines(year: QualityYear) -> None:
    """Two overturned cases that wait for the desk, one each for office and centre, one at its end;
    of another court one that no longer says anything, and one that waits without a deadline."""
    rows = (
        *((number, "yanji", "overturned", "entered", number) for number in (1, 2)),
        (3, "yanji", "overturned", "explained", 3),
        (1, "yanji", "petitions", "received", 1),
        (4, "yanji", "overturned", "closed", None),
        (1, "tumen", "overturned", "entered", 1),
        (2, "tumen", "overturned", "entered", None),
    )
    for number, court, register, state, days in rows:
        due = timezone.localdate() + timedelta(days=days) if days else None
        RegisterLine.objects.create(
            quality_year=year,
            register=register,
            court=Court.objects.get(code=court),
            number=number,
            state=state,
            due_on=due,
            salt="00",
            digest="0",
            opened_at=timezone.now(),
            erased_at=timezone.now() if (court, number) == ("tumen", 1) else None,
        )


def leave_open(year: QualityYear, staff: People) -> None:
    """One thing of every kind, by the ordinary way, in returns of Yanji's litigation desk."""

    def slot(number: int) -> Slot:
        return slot_of(year, month=month_of(year, number))

    with time_machine.travel(NOW - timedelta(days=1)):
        bring_to("returned", slot(1), staff)
        bring_to("verified", slot(2), staff)
        reopen(
            user=staff["office"],
            slot=slot(2),
            reason="核对旧存",
            expires_at=NOW + timedelta(days=2),
        )
        bring_to("submitted", slot(3), staff)
        extract(year, ("yanji", str(month_of(year, 3)), "appeals_filed", 451))
        open_follow_up(user=staff["office"], slot=slot(3), metric="appeals_filed", note="偏大")
        cell = row_of(slot(3)).figures.get(metric="effective_judgments")
        cells = [CellEntry("effective_judgments", 2499, cell.version)]
        enter_on_behalf(user=staff["office"], slot=slot(3), cells=cells, reason="系统抽取")
        entry = EntryOnBehalf.objects.get(monthly_return=row_of(slot(3)))
        object_to_entry(user=staff["desk"], slot=slot(3), entry=entry.pk, objection="不对")
        bring_to("verified", slot(4), staff)
        request_unlock(user=staff["desk"], slot=slot(4), reason="漏录")
        court = Court.objects.select_related("parent").get(code="yanji")
        given: dict[str, Any] = {"court": court, "item": "L3.2", "reasons": "系列案件"}
        apply_for(user=staff["desk"], year=year, month=5, **given)
        case = apply_for(user=staff["desk"], year=year, month=6, **given)
        for name, office in (("office", "office"), ("centre", "centre")):
            case = verify_case(
                user=staff[name], case=case, office=office, note="属实", seen=case.version
            )
        RulebookEdition.objects.create(
            court=year.court,
            code=year.code,
            title=f"{year.code}修订",
            sha256=f"{year.year:064d}",
            sources=year.edition.sources,
            state="proposed",
            author=staff["office"],
            proposed_by=staff["office"],
            proposed_at=timezone.now(),
        )
        for kind in Motion.Kind:
            Motion.objects.create(
                quality_year=year,
                kind=kind,
                side="litigation" if kind in OFFICE_KINDS else "",
                data={"cells": [], "file": "figures.csv"},
                moved_by=staff["office"],
                moved_at=timezone.now(),
            )
        leave_issues(year, staff)
        leave_actions(year, staff)
        leave_accounts(year, staff)
        leave_lines(year)
        sent_and_signed(year, staff)
    with time_machine.travel(NOW):
        a_round(year, staff, 12, "open")
        a_round(year, staff, 11, "keys")
        a_round(year, staff, 10, "draft")
        a_round(year, staff, 9, "closed")
        # All three voted in this one, looked at it and found it right: it can be opened.
        checked = a_round(year, staff, 8, "closed")
        Voter.objects.create(round=checked, user=staff["leader"], name="l", slot="l")
        for name in (f"{checked.pk}-voter", "l"):
            checked.ballots.create(slot=name, tracker=f"{checked.pk}-{name}", body="x")
        checked.voters.update(confirmed_at=NOW)
        a_tallied_paper(year, staff, 7)


def a_snapshot(year: QualityYear, by: User, month: int) -> Snapshot:
    """A month of litigation as its snapshot has it; nothing of it is locked without a closing."""
    now = timezone.now()
    parts = compose(inputs_of(year, month_of(year, month)), ["litigation"], [], data_at=now)
    return Snapshot.objects.create(
        quality_year=year,
        month=month,
        sides="litigation",
        number=1,
        text=parts.text,
        sha256=parts.sha256,
        made_at=now,
        made_by=by,
    )


def leave_issues(year: QualityYear, staff: People) -> None:
    """A month to ask about, one asked about with a contested line, an issue at each step after
    that, an objection, a template, a restatement: of litigation, by the first of the office."""
    now, office = timezone.now(), staff["office"]
    a_snapshot(year, office, 1)
    asked = Consultation.objects.create(
        snapshot=a_snapshot(year, office, 2),
        silence="confirms",
        opened_by=office,
        opened_at=now,
        # Open by the clock of the database too.
        ends_at=now + timedelta(days=36_500),
    )
    ConsultationAnswer.objects.create(
        consultation=asked,
        court=Court.objects.get(code="yanji"),
        side="litigation",
        line="item/L1",
        verdict="contested",
        note="不对",
        by=staff["desk"],
        at=now,
    )
    issues = []
    for month in (3, 4, 5):
        snapshot = a_snapshot(year, office, month)
        Consultation.objects.create(
            snapshot=snapshot,
            silence="confirms",
            opened_by=office,
            opened_at=now - timedelta(days=3),
            ends_at=now - timedelta(hours=1),
        )
        issues.append(issue_of(snapshot, office, number=month))
    _draft, ready, issue = issues
    for one in (ready, issue):
        BulletinSignature.objects.create(
            bulletin=one, side="litigation", by=staff["office2"], at=now
        )
    Bulletin.objects.filter(pk=ready.pk).update(state="signed")
    Bulletin.objects.filter(pk=issue.pk).update(
        state="published", published_by=staff["office2"], published_at=now
    )
    Snapshot.objects.filter(pk=issue.snapshot_id).update(published_at=now)
    ObjectionTerm.objects.create(bulletin=issue, until=now + timedelta(days=36_500))
    Objection.objects.create(
        bulletin=issue,
        court=Court.objects.get(code="yanji"),
        side="litigation",
        line="item/L1",
        text="少计",
        by=staff["desk"],
        at=now,
    )
    WordTemplate.objects.create(
        quality_year=year,
        name="template.docx",
        content=b"x",
        size=1,
        sha256="0" * 64,
        reason="换版头",
        uploaded_by=office,
        uploaded_at=now,
    )
    Restatement.objects.create(
        quality_year=year,
        kind="figure",
        sides="litigation",
        reason="漏计",
        proposed_by=office,
        proposed_at=now,
    )


def counts(work: OpenWork) -> Mapping[str, int]:
    return {group.code: group.count for group in work}


# What an office has of the actions of its side.
OF_ACTIONS = {f"action_{name}": 1 for name in ("check", "close", "visit", "overdue")} | {
    "proposal_due": 1
}

# What waits for whom after `leave_open`, written down by hand. Twelve months are over and Yanji's
# desk has handed in, or had sent back or reopened, four of them: eight are due. The enforcement
# desk has all twelve to hand in. Each office misses nine courts × twelve months less those three
# that were handed in (the one sent back is missing again): 105 and 108. Two closed months have no
# issue: the one to ask about, and the one that was.
EXPECTED: dict[str, dict[str, int]] = {
    "desk": {
        "return_returned": 1,
        "return_due": 8,
        "return_reopened": 1,
        "difference_explain": 1,
        "mark": 1,
        "consultation_answer": 1,
        "action_answer": 1,
        "action_measure": 1,
        "register_desk": 1,
        "handover": 1,
    },
    "other side": {"return_due": 12},
    "other court": {"return_due": 12, "consultation_answer": 1, "register_desk": 1},
    "office": {
        "review": 1,
        "unlock": 1,
        "objection": 1,
        "sent_extract": 1,
        "difference_settle": 1,
        "case_verify": 1,
        "ballot_step": 1,
        "missing": 105,
        "mark": 1,
        "consultation_open": 1,
        "consultation_settle": 1,
        "bulletin_draft": 2,
        "objection_answer": 1,
        **OF_ACTIONS,
        "register_office": 1,
        "account_review": 1,
    },
    "office2": {
        "review": 1,
        "unlock": 1,
        "objection": 1,
        "sent_extract": 1,
        "difference_settle": 1,
        "case_verify": 1,
        "ballot_step": 2,
        "edition": 1,
        "missing": 105,
        "mark": 1,
        **{f"motion_{kind}": 1 for kind in Motion.Kind},
        "consultation_open": 1,
        "consultation_settle": 1,
        "bulletin_draft": 2,
        "bulletin_sign": 1,
        "bulletin_publish": 1,
        "objection_answer": 1,
        "restatement_approve": 1,
        "word_template": 1,
        **OF_ACTIONS,
        "register_office": 1,
        "account_review": 1,
    },
    "centre": {
        "case_verify": 1,
        "edition": 1,
        "missing": 108,
        "motion_reading": 1,
        "motion_targets": 1,
        "motion_caps": 1,
        "motion_supplement": 1,
        "motion_courts": 1,
        "word_template": 1,
        "register_office": 1,
    },
    "party": {"case_decide": 1},
    "voter": {"ballot_vote": 1, "ballot_confirm": 1, "acceptance": 1},
    "voted": {"ballot_confirm": 1, "acceptance": 1},
    "holder": {"ballot_key": 1, "ballot_part": 1},
    "leader": {},
    "admin": {"account_proposal": 1, "account_confirm": 1},
    "admin in an office": {"account_proposal": 1},
    "admin at the desk": {"account_proposal": 1, "account_confirm": 1},
    "superuser": {},
    "nobody": {},
    "idle": {},
    # Elsewhere July's litigation return of one of two courts is there.
    "far office": {"ballot_step": 1, "missing": 23},
    "far desk": {"return_due": 11},
}


@pytest.mark.database
def test_every_kind_is_found_and_by_those_alone_it_is_for(year: QualityYear, staff: People) -> None:
    leave_open(year, staff)
    with time_machine.travel(NOW, tick=False):
        found = {name: counts(open_work(staff[name])) for name in EXPECTED}
        everything = open_work_of_years([year])
        items = everything.items
    assert found == EXPECTED
    # No office gives points by these rules; tests/courts/assessments finds what then waits.
    assert {group.code for group in everything} == set(KINDS) - {"assess"}
    # Every item says where it is done, and since when it waits.
    for item in items:
        assert item.address.startswith("/")
        assert item.what
        assert item.since is not None, item
        # What was made a moment ago was made while the clock ran.
        assert item.since <= NOW + timedelta(minutes=10), item


def test_both_years_are_gathered(year: QualityYear, staff: People) -> None:
    after = year_after(year)
    leave_open(year, staff)
    with time_machine.travel(NOW, tick=False):
        work = open_work(staff["office"])
        # January and February of the next year are over: nine courts' two returns.
        missing = next(group for group in work if group.code == "missing")
        assert [(one.year, one.count) for one in missing.years] == [(year, 105), (after, 18)]
        assert [one.address for one in missing.years] == [
            f"/{one.code}/completeness/#remind" for one in (year, after)
        ]
        assert [item.address for item in work.of("review")] == [
            "/yanbian-2019/returns/yanji/2019-03/litigation/review/"
        ]
        assert counts(work.outside(after))["review"] == 1
        assert "review" not in counts(work.outside(year))


@pytest.mark.parametrize(
    "name",
    [
        # Somebody of a court, and all there is; what others see is of the same kinds.
        pytest.param(name, marks=[] if name in ("desk", "") else pytest.mark.nightly)
        for name in ("desk", "office2", "party", "voter", "holder", "")
    ],
)
def test_queries_grow_with_nothing(name: str, year: QualityYear, staff: People) -> None:
    leave_open(year, staff)

    def number(years: list[QualityYear]) -> int:
        # Roles are looked up once an account; what is counted is the rest.
        user = User.objects.select_related("court__parent").get(username=name) if name else None
        for one in years:
            forget_closings(one)
        with CaptureQueriesContext(connection) as found:
            work = open_work(user, NOW) if user else open_work_of_years(years, NOW)
            assert work
        return len(found)

    before = number([year])
    after = year_after(year)
    more_courts(year, 12)
    with time_machine.travel(NOW):
        for month in (5, 6, 7):
            bring_to("returned", slot_of(year, month=Month(2019, month)), staff)
            other = slot_of(year, "tumen", Month(2019, month))
            bring_to("submitted", other, staff | {"desk": staff["other court"]})
        bring_to("submitted", slot_of(after, month=Month(2020, 1)), staff)
        extract(after, ("yanji", "2020-01", "appeals_filed", 451))
        a_round(after, staff, 1, "open")
    assert number([year, after]) == before
    assert before <= 50


def test_a_courts_home_reads_what_its_parts_ask_once(year: QualityYear, staff: People) -> None:
    """Months, what waits, what others owe, standing and menu: each table once, cold, all open."""
    leave_open(year, staff)
    client = client_of(staff["desk"])
    address = "/yanbian-2019/returns/yanji/"

    def asked() -> list[str]:
        with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in found]

    before = asked()
    assert len(before) <= 58
    assert [sql for sql in before if before.count(sql) > 1] == []
    more_courts(year, 12)
    for month in (5, 6, 7):
        with time_machine.travel(NOW):
            bring_to("returned", slot_of(year, month=Month(2019, month)), staff)
    assert len(asked()) == len(before)


def test_nobody_learns_who_has_not_voted(year: QualityYear, staff: People) -> None:
    a_round(year, staff, 12, "open")
    for asks in (open_work_of_years([year]), open_work(staff["voter"])):
        (item,) = asks.of("ballot_vote")
        assert "voter" not in f"{item.what}{item.note}{item.by}"
    for name in ("voted", "office", "holder", "leader", "centre"):
        assert open_work(staff[name]).of("ballot_vote") == ()


def test_a_court_that_is_left_out_owes_nothing(year: QualityYear, staff: People) -> None:
    leave_open(year, staff)
    year.left_out.add(Court.objects.get(code="yanji"))
    with time_machine.travel(NOW, tick=False):
        # What a colleague left to take over is no court's.
        assert counts(open_work(staff["desk"])) == {"handover": 1}
        left = counts(open_work(staff["office"]))
    # A file of a system is of the whole year.
    assert left == {
        "ballot_step": 1,
        "missing": 96,
        "consultation_open": 1,
        "bulletin_draft": 2,
        "sent_extract": 1,
        "account_review": 1,
    }


def test_lines_of_registers_wait_by_court_and_state(year: QualityYear, staff: People) -> None:
    """However many lines there are, one item says how many, until when the first, and where."""
    with time_machine.travel(NOW, tick=False):
        leave_lines(year)
        (own,) = open_work(staff["desk"]).of("register_desk")
        assert own.address == "/yanbian-2019/registers/overturned/?court=yanji&state=entered"
        assert own.what == "延吉法院 诉讼 发改指案件：待承办人说明 2条"
        # The first is due on 3 March, and was on time until that day ended.
        assert own.until == shanghai("2020-03-04", "00:00:00")
        (late,) = open_work(staff["other court"]).of("register_desk")
        assert (late.until, late.what.endswith("1条")) == (None, True)
        # The desk waits for the office, at its own court alone; the office for both desks.
        awaits = awaited_work(staff["desk"], open_work(staff["desk"]))
        assert [one.what for one in awaits.of("register_office")] == [
            "延吉法院 诉讼 发改指案件：待评查 1条"
        ]
        awaits = awaited_work(staff["office"], open_work(staff["office"]))
        assert len(awaits.of("register_desk")) == 2


def test_a_due_return_says_until_when(year: QualityYear, staff: People) -> None:
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
    with time_machine.travel(shanghai("2019-05-05"), tick=False):
        due = open_work(staff["desk"]).of("return_due")
        # April is still open, and what ended first stands first.
        assert [str(item.month) for item in due] == ["2019-01", "2019-02", "2019-03", "2019-04"]
        assert due[-1].until == shanghai("2019-05-09", "00:00:00")
        assert (due[-1].note, due[-1].is_past(timezone.now())) == ("", False)
        assert "解锁" in due[0].note
        assert due[0].is_past(timezone.now())
        assert due[-1].since == shanghai("2019-05-01", "00:00:00")


def test_a_kind_is_registered_once(year: QualityYear) -> None:
    with pytest.raises(ValueError, match="named review already"):
        kind("review", "", whom="", order=1, page="courts:home")(lambda _asked: ())


def test_a_new_kind_is_gathered_with_the_others(
    year: QualityYear, staff: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courts.years.open_work.KINDS", dict(KINDS))

    @kind("made", "测试", whom="监票人", order=0, page="courts:ballots")
    def made(asked: Asked) -> list[OpenItem]:
        assert asked.user is not None
        return [OpenItem("courts:ballots", (year.code,), asked.years[0], None, title="某事")]

    with time_machine.travel(shanghai("2019-01-15"), tick=False):
        (group,) = open_work(staff["holder"])
    assert (group.code, group.count, group.items[0].what) == ("made", 1, "某事")
    assert group.years[0].address == "/yanbian-2019/ballots/"
