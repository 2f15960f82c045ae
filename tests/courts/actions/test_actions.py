"""Supervision end to end: alarm, action, answer, check, closing, effect, papers, rights."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from courts.actions.selectors.actions import action_page, find_action
from courts.actions.selectors.alarms import Alarm, alarms
from courts.actions.selectors.effects import effects_of
from courts.actions.selectors.sentences import alarm_sentence
from courts.actions.selectors.told import told_of_month, told_of_year
from courts.actions.services.actions import (
    Order,
    add_measure,
    answer_action,
    check_answer,
    close_action,
    finish_measure,
    open_action,
    record_visit,
    set_cause,
)
from courts.actions.services.proposals import decline, put_off, take_up
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import (
    Action,
    ActionFile,
    Court,
    Event,
    Proposal,
    QualityYear,
    RegisterLine,
    RegisterTally,
    User,
)
from courts.outlooks.marks import events_of
from courts.scores.selectors.scores import ranking
from courts.years.open_work import awaited_work, open_work
from courts.years.selectors.periods import Period, open_period
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from tests.pages import account, client_of, give, made_year, year

__all__ = ["made_year", "year"]

pytestmark = pytest.mark.django_db

People = dict[str, User]
ROOT = "/yanbian-2019/actions/"
PDF = b"%PDF-1.4\n%made up\n"


@pytest.fixture
def people(year: QualityYear) -> People:
    return {
        "office": account("office", "yanbian", "office", name="审管办"),
        "other": account("other", "yanbian", "office", name="审管办乙"),
        "centre": account("centre", "yanbian", "centre", name="指挥中心"),
        "leader": account("leader", "yanbian", "leader"),
        "desk": account("desk", "yanji", "litigation", name="延吉立案"),
        "enforcement": account("enforcement", "yanji", "enforcement"),
        "elsewhere": account("elsewhere", "tumen", "litigation"),
    }


def period_of(people: People, month: int) -> Period:
    return open_period(people["office"], "yanbian-2019", f"2019-{month:02}", "verified")


def alarm_of(people: People, month: int, court: str, rule: str = "cap") -> Alarm:
    found = alarms(period_of(people, month), timezone.now())
    return next(one for one in found if (one.kind.code, one.court.code) == (rule, court))


def soon(days: int = 30) -> date:
    return timezone.localdate() + timedelta(days=days)


def order(**more: Any) -> Order:
    values: dict[str, Any] = {
        "court": "yanji",
        "side": "litigation",
        "month": 6,
        "asks": "逐案评查",
        "due_on": soon(),
        "subject": "L1",
    }
    return Order(**(values | more))


def ordered(people: People, year: QualityYear, **more: Any) -> Action:
    return open_action(user=people["office"], year=year, order=order(**more))


def test_from_an_alarm_to_its_effect_on_the_pages(made_year: QualityYear, people: People) -> None:
    """The office takes an alarm up, the court answers with a file, the office checks and closes."""
    office, desk = client_of(people["office"]), client_of(people["desk"])
    page = office.get(f"{ROOT}proposals/?month=6").content.decode()
    assert "至今113件，全年上限226件" in page
    # The scorecard's cell leads to a new action about that item, and so does the header.
    card = office.get("/yanbian-2019/2019-06/yanji/").content.decode()
    assert f"{ROOT}new/?court=yanji&amp;subject=L1&amp;month=6" in card
    new = office.get(f"{ROOT}new/?court=yanji&subject=L1&month=6").content.decode()
    assert '<option value="L1" selected>' in new
    sent = {
        "act": "take_up",
        "key": "cap:yanji:litigation:L1",
        "seen": 0,
        "asks": "逐案评查已发改指的案件",
        "due_on": soon().isoformat(),
        "department": "民一庭",
    }
    answer = office.post(f"{ROOT}proposals/?month=6", sent)
    action = Action.objects.get()
    address = f"{ROOT}{action.pk}/"
    assert answer.headers["Location"] == address
    assert (action.number, action.department, action.proposal is not None) == (1, "民一庭", True)
    # The same alarm is no longer open, and cannot be taken up again.
    again = office.post(f"{ROOT}proposals/?month=6", sent).content.decode()
    assert "已有他人先行处理" in again
    assert "已采纳" in again
    assert Action.objects.count() == 1

    shown = desk.get(address).content.decode()
    assert "至今113件，全年上限226件" in shown
    home = desk.get("/yanbian-2019/returns/yanji/").content.decode()
    assert "待答复的督导" in home
    assert (
        desk.post(address, {"act": "cause", "seen": 1, "cause": "裁判尺度不一"}).status_code == 302
    )
    given = {"act": "measure", "seen": 2, "text": "类案评议", "owner": "李庭长", "due_on": soon()}
    assert desk.post(address, given).status_code == 302
    file = SimpleUploadedFile("说明.pdf", PDF)
    answered = {"act": "answer", "seen": 3, "text": "已逐案评查。", "attachments": file}
    assert desk.post(address, answered).status_code == 302
    held = ActionFile.objects.get()
    taken = office.get(f"{address}files/{held.pk}/")
    assert (taken.content, taken.headers["Content-Type"]) == (PDF, "application/pdf")
    assert "待检查的整改答复" in office.get("/yanbian-2019/desk/").content.decode()
    # A text sent over another version is refused and stands in the page.
    stale = office.post(address, {"act": "accept", "seen": 3, "note": "属实"}).content.decode()
    assert "已有变动" in stale
    assert office.post(address, {"act": "accept", "seen": 4, "note": "属实"}).status_code == 302
    early = office.post(address, {"act": "close", "seen": 5, "note": "办结"}).content.decode()
    assert "还有整改措施没有完成" in early
    measure = action.measures.get()
    done = {"act": "finish", "seen": 5, "measure": measure.pk, "note": "已评议"}
    assert desk.post(address, done | {"done_on": timezone.localdate()}).status_code == 302
    assert office.post(address, {"act": "close", "seen": 6, "note": "整改到位"}).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.closing_note) == ("closed", "整改到位")
    last = client_of(people["leader"]).get(address).content.decode()
    for said in ("整改到位", "类案评议", "效果", "裁判尺度不一"):
        assert said in last, said
    names = [event.action for event in Event.objects.order_by("pk") if "action" in event.data]
    assert names == [
        *("open_action", "set_cause", "add_measure", "answer_action", "accept_answer"),
        *("finish_measure", "close_action"),
    ]
    assert Event.objects.filter(action="take_up_proposal").count() == 1
    listed = office.get(f"{ROOT}?_export=csv").content.decode("utf-8-sig")
    assert "逐案评查已发改指的案件" in listed
    # What is printed says the same, in every kind of file.
    for kind in ("docx", "pdf", "html"):
        for paper in ("order", "reply"):
            answer = office.get(f"{address}{paper}.{kind}")
            assert answer.status_code == 200, (paper, kind)
    html = office.get(f"{address}reply.html").content.decode()
    assert "类案评议" in html
    assert "李庭长" in html
    with zipfile.ZipFile(io.BytesIO(office.get(f"{address}order.docx").content)) as word:
        assert "督办单" in word.read("word/document.xml").decode()
    assert office.get(f"{address}order.exe").status_code == 404
    assert office.get(f"{address}other.pdf").status_code == 404


def test_an_alarm_is_put_off_until_its_day_or_declined(
    made_year: QualityYear, people: People
) -> None:
    alarm = alarm_of(people, 6, "yanji")
    common: dict[str, Any] = {"user": people["office"], "year": made_year, "alarm": alarm}
    with pytest.raises(PermissionDenied):
        put_off(**common | {"user": people["centre"]}, until=soon(), reason="等数据", seen=0)
    with pytest.raises(ReturnError, match="今天以后"):
        put_off(**common, until=soon(0), reason="等数据", seen=0)
    row = put_off(**common, until=soon(3), reason="等数据", seen=0)
    assert (row.state, row.figures["cases"], row.figures["cap"]) == ("postponed", 113, 226)
    office = client_of(people["office"])
    address = f"{ROOT}proposals/?month=6"
    assert "等数据" in office.get(address).content.decode()
    assert not open_work(people["office"], codes=("proposal_due",))
    later = timezone.now() + timedelta(days=3)
    assert len(open_work(people["office"], later, codes=("proposal_due",)).items) == 1
    assert not open_work(people["centre"], later, codes=("proposal_due",))
    # No court hears of it, neither as its own work nor as what it waits for.
    own = open_work(people["desk"], later, codes=("proposal_due",))
    assert not own
    assert not awaited_work(people["desk"], own, later).of("proposal_due")
    with pytest.raises(StaleError):
        decline(**common, reason="属正常", seen=0)
    declined = decline(**common, reason="属正常", seen=1)
    assert (declined.state, declined.until, declined.version) == ("declined", None, 2)
    # Somebody who saw it declined can still take it up; then it is settled.
    action = take_up(**common, order=order(), seen=2)
    assert action.proposal == Proposal.objects.get()
    with pytest.raises(StateError):
        decline(**common, reason="x", seen=3)


def test_every_rule_raises_its_alarm(made_year: QualityYear, people: People) -> None:
    """C1 of Yanji misses 90 % in two months; appeals leap; returns and a register are behind."""
    give(
        made_year,
        *(
            ("yanji", month, metric, value)
            for month, whole in (("2019-01", 40), ("2019-02", 80))
            for metric, value in (
                ("actually_closed_in_time", whole // 4),
                ("actually_closed", whole),
                ("open_past_limit", 0),
            )
        ),
        ("yanji", "2019-12", "appeals_filed", 2500),
        ("yanji", "2019-12", "first_instance_closed", 90000),
    )
    QualityYear.objects.filter(pk=made_year.pk).update(deadline_day=8)
    assert not Proposal.objects.exists()

    def of_yanji(month: int) -> dict[tuple[str, str], Any]:
        found = alarms(period_of(people, month), timezone.now())
        mine = [one for one in found if one.court.code == "yanji"]
        return {(one.kind.code, one.subject): one for one in mine}

    second = of_yanji(2)
    missed = second["target", "C1"].values
    assert (missed["months"], missed["value"], missed["target"]) == (2, "25.00", "90.00")
    # One month below the target is no alarm yet.
    assert ("target", "C1") not in of_yanji(1)
    late = second["overdue", ""]
    assert (late.values["month"], late.values["days"] > 2000) == (1, True)
    # 2500 appeals where the whole year before had 1085.
    leap = of_yanji(12)["unlikely", "appeals_filed"].values
    assert leap["high"] < 2500 == leap["value"]
    # A register nobody keeps differs from nothing; one line of another court, and it does.
    assert not any(code == "register" for code, _subject in of_yanji(12))
    tumen = Court.objects.get(code="tumen")
    line = RegisterLine.objects.create(
        quality_year=made_year,
        register="overturned",
        court=tumen,
        number=1,
        state="entered",
        month=1,
        salt="s",
        digest="d",
        opened_at=timezone.now(),
    )
    RegisterTally.objects.create(
        line=line,
        quality_year=made_year,
        register="overturned",
        court=tumen,
        metric="appeal_revised",
        month=1,
    )
    differing = of_yanji(12)["register", "appeal_revised"].values
    assert (differing["lines"], differing["figure"] > 0) == (0, True)
    with override("en"):
        for alarm in of_yanji(12).values():
            said = alarm_sentence(alarm.values, rulebook_of(made_year))
            assert said
    assert alarm_sentence({"rule": "luck"}, rulebook_of(made_year)) == ""


def test_a_court_that_loses_two_places_raises_an_alarm(
    made_year: QualityYear, people: People
) -> None:
    """Whoever fell by two places or more since the month before, and nobody else."""
    for month in range(2, 13):
        now = {row.code: row for row in ranking(made_year, Month(2019, month))}
        fallen = {code for code, row in now.items() if (row.rank_change or 0) <= -2}
        found = alarms(period_of(people, month), timezone.now())
        raised = {one.court.code: one.values for one in found if one.kind.code == "rank"}
        assert raised.keys() == fallen
        for code, values in raised.items():
            assert values["rank"] == now[code].rank
            assert (
                values["rank"] - values["before"]
                == values["places"]
                == -(now[code].rank_change or 0)
            )


def test_who_may_do_what(made_year: QualityYear, people: People) -> None:
    action = ordered(people, made_year)
    with pytest.raises(PermissionDenied):
        open_action(user=people["centre"], year=made_year, order=order())
    with pytest.raises(ReturnError, match="没有“C1”"):
        ordered(people, made_year, subject="C1")
    with pytest.raises(ReturnError, match="不考核"):
        ordered(people, made_year, court="nowhere")
    with pytest.raises(ReturnError, match="不能早于今天"):
        ordered(people, made_year, due_on=soon(-1))
    for name in ("enforcement", "elsewhere", "office"):
        with pytest.raises(PermissionDenied):
            answer_action(user=people[name], action=action, text="x", files=(), seen=1)
    address = f"{ROOT}{action.pk}/"
    codes = {
        name: client_of(people[name]).get(address).status_code
        for name in ("office", "centre", "leader", "desk", "enforcement", "elsewhere")
    }
    assert codes == {
        **dict.fromkeys(("office", "centre", "leader", "desk", "enforcement"), 200),
        "elsewhere": 403,
    }
    # The list of a court holds its own actions alone.
    assert "没有督导" in client_of(people["elsewhere"]).get(ROOT).content.decode()


def test_a_fallen_rank_is_kept_from_courts_that_see_no_places(
    made_year: QualityYear, people: People
) -> None:
    action = ordered(people, made_year, subject="")
    values = {"rule": "rank_fallen", "before": 2, "rank": 5, "places": 3, "subject": ""}
    action.proposal = Proposal.objects.create(
        quality_year=made_year,
        rule="rank",
        court=action.court,
        side="litigation",
        month=6,
        figures=values | {"side": "litigation"},
        state="taken",
        by=people["office"],
        at=timezone.now(),
    )
    action.save()
    QualityYear.objects.filter(pk=made_year.pk).update(ranking_shown="bands")
    address = f"{ROOT}{action.pk}/"
    assert "第5位" in client_of(people["office"]).get(address).content.decode()
    for path in (address, f"{address}order.html"):
        page = client_of(people["desk"]).get(path).content.decode()
        assert "第5位" not in page
        assert "逐案评查" in page


def test_who_answered_does_not_check(made_year: QualityYear, people: People) -> None:
    """An account with both roles at the intermediate court answers, and another checks."""
    both = account("both", "yanbian", "office", "litigation")
    action = open_action(user=people["office"], year=made_year, order=order(court="yanbian"))
    answer_action(user=both, action=action, text="已查", files=(), seen=1)
    with pytest.raises(PermissionDenied):
        check_answer(user=both, action=action, accepts=True, note="好", seen=2)
    assert not open_work(both, codes=("action_check",))
    assert len(open_work(people["other"], codes=("action_check",)).items) == 1
    check_answer(user=people["other"], action=action, accepts=False, note="请补充", seen=2)
    action.refresh_from_db()
    assert action.state == "returned"
    with pytest.raises(StateError):
        check_answer(user=people["other"], action=action, accepts=True, note="好", seen=3)


def test_both_lists_of_a_desk_say_what_is_mine_and_what_others_owe(
    made_year: QualityYear, people: People
) -> None:
    action = ordered(people, made_year, visit_on=soon(5))
    work = {name: open_work(people[name]) for name in ("desk", "office", "elsewhere")}
    owed = {name: awaited_work(people[name], work[name]) for name in work}
    assert [i.args for i in work["desk"].of("action_answer")] == [("yanbian-2019", action.pk)]
    assert [i.args for i in owed["office"].of("action_answer")] == [("yanbian-2019", action.pk)]
    assert len(work["office"].of("action_visit")) == len(owed["desk"].of("action_visit")) == 1
    assert not work["elsewhere"].of("action_answer")
    assert not owed["elsewhere"].of("action_answer")
    late = timezone.now() + timedelta(days=40)
    assert len(open_work(people["office"], late).of("action_overdue")) == 1
    page = client_of(people["office"]).get("/yanbian-2019/desk/").content.decode()
    assert "我在等" in page


def test_effect_holds_months_after_against_the_variation_before(
    made_year: QualityYear, people: People
) -> None:
    """Yanji reports 20 overturned cases a month (19, 21 in turn), then 5 a month from July on."""
    others = ("appeal_remanded", "retrial_revised", "retrial_remanded", "retrial_directed")
    rows: list[tuple[object, ...]] = []
    total = 0
    for month in range(1, 13):
        total += (19 if month % 2 else 21) if month <= 6 else 5
        rows.append(("yanji", f"2019-{month:02}", "appeal_revised", total))
        rows += [("yanji", f"2019-{month:02}", metric, 0) for metric in others]
    give(made_year, *rows)
    action = ordered(people, made_year)
    metric = ordered(people, made_year, subject="appeal_revised")
    short = ordered(people, made_year, month=3)
    last = ordered(people, made_year, month=12)
    nothing = ordered(people, made_year, subject="")
    found = effects_of(made_year, Action.objects.select_related("court"))
    # Mean 20, moving ranges of 2: limits 20 ± 5.32; 5 lies below.
    assert found[action.pk].outcome == "better"
    assert "月均由20.00件变为5.00件" in found[action.pk].sentence.replace(
        "20件", "20.00件"
    ).replace("5件", "5.00件")
    assert found[metric.pk].outcome == "better"
    assert (found[short.pk].outcome, found[last.pk].outcome) == ("few_before", "none_after")
    assert nothing.pk not in found
    told = told_of_year(made_year)["yanji"]
    assert "向好" in told.actions[0]
    assert told_of_month(made_year, 6, {"enforcement"}) == ()
    assert any("尚未查明" in line for line in told_of_month(made_year, 6, {"litigation"}))
    # Charts mark it in its month, for its item and for the figure behind it.
    marked = events_of(made_year, ["yanji"], ["L1"], 12)
    assert [(one.month, one.subject) for one in marked] == [(3, "L1"), (6, "L1"), (12, "L1")]
    trends = client_of(people["office"]).get(
        "/yanbian-2019/dashboard/2019-12/trends/?item=L1&court=yanji"
    )
    assert "督导1" in trends.content.decode()


def test_the_number_of_queries_does_not_grow_with_actions(
    made_year: QualityYear, people: People
) -> None:
    office = client_of(people["office"])
    first = ordered(people, made_year)
    add_measure(user=people["office"], action=first, text="a", owner="b", due_on=soon(), seen=1)
    office.get(ROOT)
    counts = []
    for more in (0, 12):
        for _number in range(more):
            ordered(people, made_year)
        for address in (ROOT, "/yanbian-2019/desk/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                office.get(address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_findings_of_a_visit_and_the_pages_in_korean(
    made_year: QualityYear, people: People
) -> None:
    action = ordered(people, made_year)
    with pytest.raises(ReturnError, match="不能晚于今天"):
        record_visit(
            user=people["office"],
            action=action,
            visited_on=soon(),
            findings="x",
            cause_code="",
            cause="",
            seen=1,
        )
    record_visit(
        user=people["office"],
        action=action,
        visited_on=timezone.localdate(),
        findings="合议不充分",
        cause_code="law",
        cause="尺度不一",
        seen=1,
    )
    set_cause(user=people["desk"], action=action, cause_code="law", cause="尺度确有不一", seen=2)
    answer_action(user=people["desk"], action=action, text="已查", files=(), seen=3)
    check_answer(user=people["office"], action=action, accepts=True, note="好", seen=4)
    close_action(user=people["office"], action=action, note="到位", seen=5)
    with pytest.raises(StateError):
        finish_measure(
            user=people["office"],
            action=action,
            measure=1,
            done_on=timezone.localdate(),
            note="x",
            seen=6,
        )
    with override("ko"):
        page = action_page(people["desk"], find_action(people["desk"], made_year, action.pk))
        assert page.cause_label == "법률적용 부당 또는 재판척도 불일치"
    korean = client_of(people["desk"])
    korean.cookies["django_language"] = "ko"
    assert "尺度确有不一" in korean.get(f"{ROOT}{action.pk}/").content.decode()
