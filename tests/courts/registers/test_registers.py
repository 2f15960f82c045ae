"""Registers end to end: the nine of the scheme, rights, counts, what is kept back, erasure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from courts.actions.services.actions import Order, open_action
from courts.frame.selectors.record import check
from courts.frame.services.record import seal
from courts.models import (
    Court,
    Draft,
    Event,
    Figure,
    QualityYear,
    RecordEntry,
    RecordSalt,
    RegisterChangePayload,
    RegisterFile,
    RegisterLine,
    RegisterLineView,
    WaitingTable,
)
from courts.registers.selectors.causes import causes_of
from courts.registers.selectors.counts import differences
from courts.registers.selectors.described import register_of, registers_of
from courts.registers.selectors.reconciliation import year_gaps
from courts.registers.selectors.statistics import statistics
from courts.registers.services.erasure import erase_year
from courts.registers.services.lines import Values, write_lines
from scoring.registers import Keeper, Sides
from tests.courts.registers.conftest import People
from tests.pages import client_of, made_year, year
from tests.untied import untied

__all__ = ["made_year", "year"]

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019/registers/"
SECRET = "绝密案号七七八八"
PDF = b"%PDF-1.4\n%made up\n"
NINE = {
    *("overturned", "retrials", "petitions", "spot_checks", "supervised"),
    *("reviews", "four_kinds", "trainings", "questions"),
}


def overturned(year: QualityYear, court: str, *kinds: str, **more: str) -> list[RegisterLine]:
    """Lines of March that are reviewed, one for each kind."""
    values: list[tuple[Court, Values]] = [
        (
            Court.objects.get(code=court),
            {
                "case_number": f"{SECRET}{number}",
                "kind": kind,
                "decided_on": "2019-03-22",
                "cause": "writing",
                "judge": "员工007",
                **more,
            },
        )
        for number, kind in enumerate(kinds, start=1)
    ]
    described = register_of(year, "overturned")
    states = ["reviewed"] * len(values)
    return write_lines(
        year=year,
        described=described,
        lines=values,
        user=None,
        at=timezone.now(),
        is_made=True,
        states=states,
    )


def test_nine_registers_open_for_whoever_keeps_them(made_year: QualityYear, people: People) -> None:
    """Each of the nine shows its list, form and statistics to a keeper who may open lines."""
    registers = registers_of(made_year)
    assert {one.code for one in registers} == NINE
    for one in registers:
        keeper = next(k for k in (Keeper.DESK, Keeper.CENTRE) if k in one.register.opened_by)
        if keeper is Keeper.DESK:
            is_one = one.register.side is Sides.ENFORCEMENT
            browser = client_of(people["enforcement" if is_one else "desk"])
        else:
            browser = client_of(people["centre"])
        pages = ["", "statistics/", *(["draws/"] if one.register.draw else ["new/", "import/"])]
        for page in pages:
            answer = browser.get(f"{ROOT}{one.code}/{page}")
            assert (answer.status_code, one.code, page) == (200, one.code, page)
        missing = [field for field in one.register.fields if field.required]
        assert missing, one.code


def test_counts_reconcile_and_fill_a_figure(made_year: QualityYear, people: People) -> None:
    """Two revised cases of March against the figure; the desk fills it after it was asked."""
    overturned(made_year, "yanji", "appeal_revised", "appeal_revised", "appeal_remanded")
    yanji = Court.objects.get(code="yanji")
    (gap,) = [
        one
        for one in differences(made_year, 12, [yanji.pk])
        if (one.register, one.metric) == ("overturned", "appeal_revised")
    ]
    assert gap.lines == 2
    figure = Figure.objects.get(
        metric="appeal_revised",
        monthly_return__court=yanji,
        monthly_return__year=2019,
        monthly_return__month=12,
    )
    assert gap.figure == figure.value
    office, desk = client_of(people["office"]), client_of(people["desk"])
    assert any(row.metric == "appeal_revised" for row in year_gaps(people["office"], made_year, 12))
    for client, address in (
        (office, f"{ROOT}reconciliation/2019-12/"),
        (office, "/yanbian-2019/2019-12/close/"),
        (desk, "/yanbian-2019/returns/yanji/2019-12/litigation/"),
        (desk, f"{ROOT}cases/2019-12/yanji/L1/"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "台账条数" in answer.content.decode(), address
    card = office.get("/yanbian-2019/2019-12/yanji/").content.decode()
    assert f"{ROOT}cases/2019-12/yanji/L1/" in card
    assert "台账与报表不一致" in card
    behind = office.get(f"{ROOT}cases/2019-12/yanji/L1/").content.decode()
    assert "文书说理不足" in behind
    assert SECRET not in behind
    assert [
        (one.code, one.count) for one in causes_of(made_year, yanji.pk, "appeal_revised", 12)
    ] == [("writing", 2)]


def test_a_figure_is_filled_with_one_key_and_never_silently(
    year: QualityYear, people: People
) -> None:
    """April 2019, March is being entered: two lines, no figure; looking at it writes nothing."""
    overturned(year, "yanji", "appeal_revised", "appeal_revised")
    here = "/yanbian-2019/returns/yanji/2019-03/litigation/from-register/appeal_revised/"
    rows = Figure.objects.filter(monthly_return__court__code="yanji", metric="appeal_revised")
    rows = rows.filter(monthly_return__month=3, monthly_return__year=2019)
    with time_machine.travel("2019-04-03 10:00", tick=False):
        desk = client_of(people["desk"])
        assert 'name="lines" value="2"' in desk.get(here).content.decode()
        # Somebody was shown three lines: there are two by now, and nothing is written.
        desk.post(here, {"lines": "3", "seen": "0"})
        assert not rows.exists()
        assert (
            client_of(people["office"]).post(here, {"lines": "2", "seen": "0"}).status_code == 403
        )
        assert desk.post(here, {"lines": "2", "seen": "0"}).status_code == 302
        figure = rows.get()
        assert (figure.value, figure.monthly_return.state) == (2, "entering")
        # Filled twice by two windows: the second saw a version that is gone.
        desk.post(here, {"lines": "2", "seen": "0"})
        figure.refresh_from_db()
        assert figure.version == 1
    kept = figure.history.latest()
    assert (kept.history_user, kept.history_change_reason) == (people["desk"], "用台账数填入")


def test_what_is_personal_stays_with_court_and_office(
    made_year: QualityYear, people: People
) -> None:
    (line,) = overturned(made_year, "yanji", "appeal_revised")
    here = f"{ROOT}overturned/"
    for who in ("office", "desk"):
        assert SECRET in client_of(people[who]).get(f"{here}{line.pk}/").content.decode()
        assert SECRET not in client_of(people[who]).get(f"{here}?_export=csv").content.decode()
    assert {view.by.username for view in RegisterLineView.objects.filter(way="page")} == {
        "office",
        "desk",
    }
    for who in ("leader", "centre", "elsewhere", "enforcement"):
        client = client_of(people[who])
        assert client.get(f"{here}{line.pk}/").status_code == 403, who
        assert SECRET not in client.get(f"{here}statistics/").content.decode(), who
    assert SECRET not in str(list(Event.objects.values_list("data", flat=True)))


def test_numbers_under_three_are_kept_back_elsewhere(
    made_year: QualityYear, people: People
) -> None:
    """One remanded among nine: a leader sees neither it nor what would give it away."""
    overturned(made_year, "yanji", *["appeal_revised"] * 8, "appeal_remanded")
    described = register_of(made_year, "overturned")

    def kinds(who: str) -> tuple[int | None, ...]:
        table = next(
            one for one in statistics(people[who], made_year, described) if one.field.code == "kind"
        )
        yanji = Court.objects.get(code="yanji").label("zh-hans")
        return next(row.numbers for row in table.rows if row.court == yanji)

    exact = kinds("office")
    assert sorted(number for number in exact if number) == [1, 8]
    seen = kinds("leader")
    assert 1 not in seen
    assert seen.count(None) >= 2
    fields = {one.field.code for one in statistics(people["leader"], made_year, described)}
    assert "judge" not in fields
    assert "judge" in {one.field.code for one in statistics(people["desk"], made_year, described)}


def test_no_two_pages_tell_a_small_number_by_subtraction(
    made_year: QualityYear, people: People
) -> None:
    """Whatever a leader reads, of any month or item, is the same table: nothing is left over.

    Four revised for thin reasons in March and a fifth in April; one directed for the same cause:
    April less March, or L1 less L2.2, would be that one case.
    """
    overturned(made_year, "yanji", *["appeal_revised"] * 4)
    late = {"decided_on": "2019-04-22", "case_number": "x"}
    overturned(made_year, "yanji", "appeal_revised", **late)
    overturned(made_year, "yanji", "retrial_directed", cause="evidence")
    overturned(made_year, "yanji", "retrial_remanded")
    leader, office = client_of(people["leader"]), client_of(people["office"])
    said = re.compile(r"<li>\s*(\S+)\s*<strong>(\S+)</strong>")

    def causes(client: Client, item: str, month: int) -> list[tuple[str, str]]:
        page = client.get(f"{ROOT}cases/2019-{month:02}/yanji/{item}/").content.decode()
        return said.findall(page)

    exact = {month: dict(causes(office, "L1", month)) for month in (3, 4)}
    assert exact[4] != exact[3]
    seen = {(i, m): causes(leader, i, m) for i in ("L1", "L2.2", "L4.2") for m in (2, 3, 4, 12)}
    first = seen["L1", 2]
    assert first
    assert [place for place, one in seen.items() if one != first] == []
    # It is the row of the statistics, whatever month is asked for, on page and in the file.
    files = [
        leader.get(f"{ROOT}overturned/statistics/?_export=csv&month={month}")
        .content.decode("utf-8-sig")
        .splitlines()
        for month in ("", "3", "4")
    ]
    rows = [[row for row in file if row.startswith("共性原因,延吉")] for file in files]
    assert rows[0] == rows[1] == rows[2]
    known = {row.split(",")[2]: row.split(",")[3] for row in rows[0]}
    # Six for thin reasons and one for evidence: the one takes the six with it.
    assert {label: known[label] for label in ("文书说理不足", "证据把关不细")} == {
        "文书说理不足": "",
        "证据把关不细": "",
    }
    assert dict(first) == {"文书说理不足": "＊", "证据把关不细": "＊"}
    # Nor does an action about it, or the page of a new one, to whom the lines are no business.
    action = open_action(
        user=people["office"],
        year=made_year,
        order=Order("yanji", "litigation", 4, "逐案评查", date(2030, 1, 1), subject="L1"),
    )
    address = f"/yanbian-2019/actions/{action.pk}/"
    assert "文书说理不足：6件" in office.get(address).content.decode()
    assert "文书说理不足：＊" in " ".join(leader.get(address).content.decode().split())
    new = "/yanbian-2019/actions/new/?court=yanji&subject=L1&month=4"
    assert "件</" not in client_of(people["centre"]).get(new).content.decode()
    assert "文书说理不足：6件" in office.get(new).content.decode()


def test_erasing_leaves_no_word_in_any_table(
    made_year: QualityYear, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    """Entered by a person, with a file, then erased by rule: nothing of it in any column."""
    caplog.set_level("INFO")
    desk = client_of(people["desk"])
    sent = {
        "seen": 0,
        "case_number": SECRET,
        "case_type": "civil",
        "cause_of_action": "借款",
        "kind": "appeal_revised",
        "decided_on": "2019-03-22",
        "court_above": "上级",
        "reason": "facts",
        "judge": "员工007",
    }
    assert desk.post(f"{ROOT}overturned/new/", sent).status_code == 302
    line = RegisterLine.objects.get()
    sheet = SimpleUploadedFile(f"{SECRET}.pdf", PDF)
    given = {
        **sent,
        "seen": 1,
        "explanation": SECRET,
        "explanation_sheet": sheet,
        "to": "explained",
    }
    assert desk.post(f"{ROOT}overturned/{line.pk}/", given).status_code == 302
    assert set(tables_with(SECRET)) == {
        "RegisterLine",
        "RegisterChangePayload",
        "RegisterFile",
    }
    # Typed and not sent, brought in and not confirmed: it waits in two tables more.
    Draft.objects.create(
        user=people["desk"],
        thing=f"{ROOT}overturned/{line.pk}/",
        field="explanation",
        text=SECRET,
        at=timezone.now(),
    )
    rows = (
        "原审案号,案件类型,案由,发改指种类,发改指日期,上级法院,发改指理由,承办法官（编号）\n"
        f"{SECRET}乙,民事,借款,二审改判,2019-03-22,上级,其他,员工007\n"
    )
    table = SimpleUploadedFile("rows.csv", rows.encode(), "text/csv")
    assert SECRET in desk.post(f"{ROOT}overturned/import/", {"file": table}).text
    assert WaitingTable.objects.exists()
    assert "Draft" in tables_with(SECRET)
    # The same case once more is refused; neither that nor anything else is logged with its words.
    assert "已有同样的记录" in desk.post(f"{ROOT}overturned/new/", sent).content.decode()
    assert SECRET not in caplog.text
    now = timezone.now()
    seal(now)
    head = RecordEntry.objects.order_by("-seq")[0].link
    assert check(head).faults == ()
    stored = RegisterLine.objects.filter(pk=line.pk)
    with untied():
        for word, act in (
            ("个人信息", lambda: stored.update(personal={"case_number": "another"})),
            ("个人信息", lambda: RegisterChangePayload.objects.all()._raw_delete("default")),
            ("计数", lambda: line.tallies.update(month=4)),
            (
                "不是按规定",
                lambda: stored.update(
                    erased_at=now - timedelta(days=4000), personal={}, identity=""
                ),
            ),
            ("register_file", lambda: RegisterFile.objects.update(content=b"another")),
        ):
            before = transaction.savepoint()
            act()
            assert any(word in one for one in check(head).faults), word
            transaction.savepoint_rollback(before)
    erase_year(year=made_year, today=date(2024, 12, 31))
    assert tables_with(SECRET)
    erase_year(year=made_year, today=date(2025, 1, 1))
    assert tables_with(SECRET) == []
    assert not WaitingTable.objects.exists()
    for user in ("office", "leader", "centre"):
        assert SECRET not in client_of(people[user]).get(f"{ROOT}overturned/statistics/").text
    line.refresh_from_db()
    assert (line.personal, line.identity, line.tallies.count()) == ({}, "", 1)
    assert line.digest
    # Of what went the record keeps the digests, without what would let them be guessed.
    found = check(head)
    assert (found.faults, found.erased) == ((), 3)
    gone = RecordEntry.objects.filter(erasure__isnull=False)
    assert {one.stream for one in gone} == {"register_text", "register_file"}
    assert not RecordSalt.objects.filter(entry__in=gone).exists()
    assert "已按规定清除" in desk.get(f"{ROOT}overturned/{line.pk}/").content.decode()


def tables_with(word: str) -> list[str]:
    """The models with this word in any column of any row, whatever application they are of."""
    return [
        model.__name__
        for model in apps.get_models()
        if any(word in text_of(v) for row in model._default_manager.values_list() for v in row)
    ]


def text_of(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def test_nothing_outside_registers_reads_a_line() -> None:
    """No bulletin, workbook, interface, acceptance or list of another area can tell of a case.

    They ask the selectors of registers, which count; the demonstration alone writes lines, too. The
    record digests them, and before a court changes its lines are counted.
    """
    lines = re.compile(r"\bRegister(Line|LineChange|ChangePayload|File|Draw|LineView)\b")
    folder = Path(settings.BASE_DIR) / "courts"
    found = {
        module.relative_to(folder).parts[0]
        for module in folder.rglob("*.py")
        if lines.search(module.read_text("utf-8"))
    }
    assert found == {"registers", "models", "migrations", "setup", "frame", "changes"}
    for model in (RegisterLine, RegisterLineView):
        assert not admin.site.is_registered(model)
