"""Tests of the pages: what they show, in which words, to whom it says what, and at what cost."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation

import scoring
from courts.files.lists import defused
from courts.frame.views.errors import server_error
from courts.models import Court, Figure, MonthlyReturn, QualityYear, User
from courts.scores.selectors.rankings import ranking_page
from courts.scores.selectors.scorecards import ItemLine, item_lines, scorecard_page
from courts.scores.selectors.scores import MonthScores
from courts.scores.tables import ranking_table
from courts.years.selectors.periods import open_period
from courts.years.selectors.years import courts_of, rulebook_of
from scoring import CourtFacts, Decision, Level, Month
from tests.courts.conftest import COURTS, GRASSROOTS
from tests.pages import (
    GOLDEN,
    PASSWORD,
    account,
    client_of,
    give,
    mark_as_demo,
    more_courts,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

CODE = "yanbian-2019"
# What annex 2 allows each court of overturned cases, and what it had in 2018.
OVERTURNED = ("appeal_revised", "appeal_remanded", "retrial_revised", "retrial_remanded")


def ranking_address(month: str = "2019-12", **query: str) -> str:
    return reverse("courts:ranking", args=[CODE, month], query=query)


def scorecard_address(court: str, month: str = "2019-12", **query: str) -> str:
    return reverse("courts:scorecard", args=[CODE, month, court], query=query)


def text_of(response: Any) -> str:
    """What a person reads: the page without its tags, blanks run together."""
    content = re.sub(r"<title>.*?</title>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", content))


def item(user: User, court: str, code: str, month: str = "2019-12") -> ItemLine:
    """One item of a court's page."""
    with translation.override("zh-hans"):
        page = scorecard_page(open_period(user, CODE, month, "verified"), court, shows_peers=True)
    return next(
        line
        for half in page.halves
        for group in half.groups
        for line in group.items
        if line.code == code
    )


def golden(name: str = "score-2019-12.csv") -> Mapping[str, Mapping[str, str]]:
    """What the score command printed for the made year, by court."""
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return {row["court"]: row for row in csv.DictReader(file)}


def overturned(year: QualityYear, month: str, cases: Mapping[str, int]) -> None:
    """Give courts that many overturned cases, all of them revised on appeal, and no others."""
    give(
        year,
        *(
            (court, month, metric, number if metric == "appeal_revised" else 0)
            for court, number in cases.items()
            for metric in (*OVERTURNED, "retrial_directed")
        ),
    )


# --- Signing in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title", "error"),
    [
        ("zh-hans", "登录", "账号或密码不对"),
        ("ko", "로그인", "비밀번호가 맞지 않습니다"),
        ("en", "Sign in", "password is wrong"),
    ],
)
def test_login_says_what_is_wrong(office: User, language: str, title: str, error: str) -> None:
    client = Client(headers={"accept-language": language})
    response = client.get("/login/")
    assert f'lang="{language}"' in response.content.decode()
    assert title in text_of(response)
    response = client.post("/login/", {"username": "office", "password": "wrong"})
    assert response.status_code == 200
    assert error in text_of(response)
    assert 'role="alert"' in response.content.decode()


def test_login_leads_where_one_wanted_to_go(made_year: QualityYear, office: User) -> None:
    client = client_of(None)
    response = client.get(ranking_address(), follow=True)
    assert "请先登录" in text_of(response)
    data = {"username": "office", "password": PASSWORD, "next": ranking_address()}
    response = client.post("/login/", data)
    assert response.headers["Location"] == ranking_address()


def test_login_leads_nowhere_else(office: User) -> None:
    data = {"username": "office", "password": PASSWORD, "next": "https://example.com/"}
    assert client_of(None).post("/login/", data).headers["Location"] == "/"


@override_settings(AXES_FAILURE_LIMIT=2)
def test_too_many_wrong_passwords_are_answered_in_words(office: User) -> None:
    client = client_of(None)
    for _ in range(2):
        response = client.post("/login/", {"username": "office", "password": "wrong"})
    assert response.status_code == 429
    assert "请等 5 秒再登录" in text_of(response)
    response = client.post("/login/", {"username": "office", "password": PASSWORD})
    assert response.status_code == 429


def test_logout_wants_a_form(office: User) -> None:
    client = client_of(office)
    assert client.get("/logout/").headers["Location"] == "/"
    assert client.get("/password/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/").headers["Location"].startswith("/login/")


def test_password_can_be_changed(office: User) -> None:
    client = client_of(office)
    assert "修改密码" in text_of(client.get("/password/"))
    new = "another-long-password"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    response = client.post("/password/", data, follow=True)
    assert "密码已修改" in text_of(response)
    assert not list(get_messages(response.wsgi_request))
    office.refresh_from_db()
    assert office.check_password(new)


# --- The way in ------------------------------------------------------------------------------


def test_home_is_the_latest_month_with_figures(made_year: QualityYear) -> None:
    leader = client_of(account("leader", "yanbian", "leader"))
    # Who has neither returns nor a desk is first told what waits, here nothing.
    first = leader.get("/").content.decode()
    assert "没有等您办理" in first
    assert 'href="/ranking/"' in first
    assert leader.get("/ranking/").headers["Location"] == ranking_address("2019-12")
    MonthlyReturn.objects.filter(year=2019, month=12).update(state="submitted")
    assert leader.get("/ranking/").headers["Location"] == ranking_address("2019-06")


def test_home_without_figures_says_what_comes_next(year: QualityYear) -> None:
    response = client_of(account("leader", "yanbian", "leader")).get("/ranking/", follow=True)
    assert response.redirect_chain[0][0] == ranking_address("2019-01")
    assert "下一步：各管理部门导入或核实各院数据" in text_of(response)


def test_home_without_a_year_says_what_comes_next(db: None) -> None:
    court = Court.objects.create(
        code="other", order=1, short_name="别院", name="别院中院", level="intermediate"
    )
    assert court.pk
    response = client_of(account("lonely", "other", "office")).get("/")
    assert "运行 setup_year" in text_of(response)


@pytest.mark.parametrize(
    ("court", "roles", "words"),
    [
        (None, ["office"], "还没有归属法院"),
        ("yanji", [], "还没有分配岗位"),
    ],
)
def test_home_for_an_unfinished_account_says_what_is_missing(
    year: QualityYear, court: str | None, roles: list[str], words: str
) -> None:
    assert words in text_of(client_of(account("new", court, *roles)).get("/"))


def test_year_keeps_the_basis(made_year: QualityYear, office: User) -> None:
    MonthlyReturn.objects.filter(year=2019, month=12).update(
        state="submitted", submitted_by=office, submitted_at="2020-01-02T00:00Z"
    )
    client = client_of(office)
    assert client.get(f"/{CODE}/").headers["Location"] == ranking_address("2019-06")
    response = client.get(f"/{CODE}/?basis=reported")
    assert response.headers["Location"] == ranking_address("2019-12", basis="reported")


# --- The ranking -----------------------------------------------------------------------------


def rows_of(user: User, month: str = "2019-12", sort: str = "rank") -> list[str]:
    """The codes of the ranked courts in the order of the table."""
    with translation.override("zh-hans"):
        table = ranking_table(ranking_page(open_period(user, CODE, month, "verified")))
    table.order_by = sort
    return [row.record.code for row in table.rows]


def test_ranking_shows_what_the_command_prints(made_year: QualityYear, desk: User) -> None:
    expected = golden()
    text = text_of(client_of(desk).get(ranking_address()))
    body = text[text.index("名次较上月") :]
    order = sorted(GRASSROOTS, key=lambda code: int(expected[code]["rank"]))
    for code in (*order, "yanbian"):
        row = expected[code]
        name = Court.objects.get(code=code).short_name
        rank = row["rank"] or "– 不参与排名"
        mark = " 不参与排名" if not row["rank"] else ""
        halves = f"诉讼 {row['litigation']} 执行 {row['enforcement']}"
        start = f" {rank} {name}{mark} {halves} {row['total']} 暂定"
        assert start in body
        body = body[body.index(start) :]


def test_ranking_sorts_by_number_and_keeps_the_intermediate_court_apart(
    made_year: QualityYear, desk: User
) -> None:
    expected = golden()
    for column in ("litigation", "enforcement", "total"):
        found = rows_of(desk, sort=f"-{column}")
        numbers = [Decimal(expected[code][column]) for code in found]
        assert numbers == sorted(numbers, reverse=True)
        assert set(found) == set(GRASSROOTS)
    assert rows_of(desk, sort="court") == list(GRASSROOTS)
    content = client_of(desk).get(ranking_address(sort="-total")).content.decode()
    assert content.count("aria-sort") == 1
    assert 'aria-sort="descending"' in content
    assert client_of(desk).get(ranking_address(sort="nonsense")).status_code == 200


def test_ranking_tells_the_change_against_last_month(year: QualityYear, desk: User) -> None:
    # No case revised or remanded on retrial is left: L4.2 gives everybody its 6 points.
    # Yanji: 252 overturned in 2018, 231 prorated to November: 231 earn nothing, 6 / 2 = 3.00. In
    # December 240 are 12/252 = 4.7619 % less: 4 × 4.7619 = 19.05, (19.05 + 6) / 2 = 12.53.
    # Tumen: 23, prorated 21.083; 18 earn all of L1. On appeal 21, prorated 19.25: 18 are 6.4935 %
    # less, 3.25 in L2.2: (40 + 3.25 + 6) / 2 = 24.63. In December 23 leave 6 / 2 = 3.00.
    overturned(year, "2019-11", {"yanji": 231, "tumen": 18})
    overturned(year, "2019-12", {"yanji": 240, "tumen": 23, "dunhua": 83})
    text = text_of(client_of(desk).get(ranking_address()))
    assert "1 延吉法院 诉讼 25.05 执行 0.00 12.53 暂定 较上月 ▲ 上升 9.53 ▲ 1 名，上升" in text
    assert "2 图们法院 诉讼 6.00 执行 0.00 3.00 暂定 较上月 ▼ 下降 21.63 ▼ 1 名，下降" in text
    assert "2 敦化法院 诉讼 6.00 执行 0.00 3.00 暂定 较上月 – 没有可比的上月" in text
    # A court without a change stands last, whichever way the column is sorted.
    assert rows_of(desk, sort="total_change")[:2] == ["tumen", "yanji"]
    assert rows_of(desk, sort="-total_change")[:2] == ["yanji", "tumen"]


def test_months_without_figures_are_no_links(made_year: QualityYear, desk: User) -> None:
    content = client_of(desk).get(ranking_address()).content.decode()
    links = re.findall(r'href="/yanbian-2019/(2019-\d\d)/"', content)
    assert sorted(set(links)) == ["2019-06", "2019-12"]
    assert text_of(client_of(desk).get(ranking_address())).count("（无数据）") == 10
    response = client_of(desk).get(ranking_address("2019-07"))
    assert "2019年7月没有已核实数据" in text_of(response)
    assert "看最近有数据的 12月" in text_of(response)


def test_basis_is_offered_to_those_who_may_use_it(
    made_year: QualityYear, office: User, desk: User
) -> None:
    assert "已上报数据" in text_of(client_of(office).get(ranking_address()))
    assert "已上报数据" not in text_of(client_of(desk).get(ranking_address()))
    response = client_of(office).get(ranking_address(basis="reported"))
    assert f"{scorecard_address('yanji')}?basis=reported" in response.content.decode()
    response = client_of(desk).get(ranking_address(basis="reported"))
    assert response.status_code == 403
    assert "您的账号不能查看尚未核实的数据" in text_of(response)


def test_ranking_lists_the_readings_in_force(made_year: QualityYear, desk: User) -> None:
    text = text_of(client_of(desk).get(ranking_address()))
    assert "本次计分采用的 11 条解读" in text
    assert text.count("（默认）") == 11
    assert "总分 = 诉讼 × 50% + 执行 × 50%" in text


def test_demonstration_is_marked_on_page_and_file(made_year: QualityYear, desk: User) -> None:
    client = client_of(desk)
    for address in (ranking_address(), scorecard_address("yanji")):
        assert "演示数据" not in text_of(client.get(address))
    assert "演示数据" not in client.get(ranking_address(_export="csv")).content.decode()
    mark_as_demo(made_year)
    for address in (ranking_address(), scorecard_address("yanji"), scorecard_address("yanbian")):
        assert "演示数据" in text_of(client.get(address))
    response = client.get(ranking_address(_export="csv"))
    assert "演示数据" in response.content.decode()
    name = unquote(response.headers["Content-Disposition"])
    assert name.endswith("2019年12月审判执行质量得分排名-演示数据.csv")


def test_many_courts_come_in_pages(year: QualityYear, desk: User) -> None:
    more_courts(year, 60)
    overturned(year, "2019-12", {"yanji": 201})
    response = client_of(desk).get(ranking_address())
    assert response.content.decode().count('role="rowheader"') == 50 + 1
    response = client_of(desk).get(ranking_address(page="2"))
    assert response.content.decode().count('role="rowheader"') == 18 + 1
    assert client_of(desk).get(ranking_address(page="99")).status_code == 200
    rows = client_of(desk).get(ranking_address(_export="csv")).content.decode().splitlines()
    assert sum(",court-" in row for row in rows) == 60


# --- Files -----------------------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_and_says_what_it_is(made_year: QualityYear, desk: User) -> None:
    response = client_of(desk).get(ranking_address(_export="csv"))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = unquote(response.headers["Content-Disposition"])
    assert name.endswith("2019年12月审判执行质量得分排名.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["2019年12月审判执行质量得分排名"]
    labels = {row[0]: row[1] for row in rows if len(row) == 2}
    assert labels["口径"] == "已核实数据"
    assert labels["规则版本"].startswith("yanbian-2019 · ")
    assert "延中法〔2019〕14号" in labels["依据"]
    assert sum(row[0] == "解读" for row in rows if row) == 11
    head = next(place for place, row in enumerate(rows) if row[:2] == ["名次", "法院"])
    expected = golden()
    for row in rows[head + 1 :]:
        court = expected[row[-1]]
        assert row[0] == court["rank"]
        assert row[2:5] == [court["litigation"], court["enforcement"], court["total"]]
    assert len(rows[head + 1 :]) == len(COURTS)


def test_xlsx_holds_numbers(made_year: QualityYear, desk: User) -> None:
    mark_as_demo(made_year)
    response = client_of(desk).get(ranking_address(_export="xlsx", sort="-litigation"))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet, readings = book.worksheets
    rows = list(sheet.iter_rows())
    assert rows[0][0].value == "2019年12月审判执行质量得分排名"
    assert rows[1][0].value == "演示数据"
    head = next(place for place, row in enumerate(rows) if row[0].value == "名次")
    expected = golden()
    order = sorted(GRASSROOTS, key=lambda code: -Decimal(expected[code]["litigation"]))
    found = rows[head + 1 :]
    assert [row[8].value for row in found] == [*order, "yanbian"]
    for row in found:
        assert Decimal(str(row[4].value)) == Decimal(expected[str(row[8].value)]["total"])
        assert row[4].number_format == "0.00"
        assert row[4].data_type == "n"
    assert readings.max_row == 11


def test_a_name_is_never_a_formula(made_year: QualityYear, desk: User) -> None:
    Court.objects.filter(code="yanji").update(short_name='=HYPERLINK("x")')
    client = client_of(desk)
    assert "'=HYPERLINK" in client.get(ranking_address(_export="csv")).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(ranking_address(_export="xlsx")).content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if str(cell.value).startswith("'=HYPERLINK")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", "＝1"])
def test_formulas_are_defused(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert defused(f"a{text}") == f"a{text}"


def test_other_formats_do_not_exist(made_year: QualityYear, desk: User) -> None:
    assert client_of(desk).get(ranking_address(_export="exe")).status_code == 404


# --- The scorecard ---------------------------------------------------------------------------


def test_the_cap_of_annex_2_earns_all_points_of_the_first_item(
    year: QualityYear, office: User
) -> None:
    caps = {cap.court.code: cap.cap_cases for cap in year.caps.select_related("court")}
    assert len(caps) == 9
    overturned(year, "2019-12", caps)
    for court in COURTS:
        line = item(office, court, "L1")
        assert (line.points, line.full, line.mark.kind, line.bar) == (
            "40.00",
            "40.00",
            "full",
            "100.00",
        )


def test_reopened_petitions_of_yanji(year: QualityYear, office: User) -> None:
    # 35/113 − 30/113 = 5/113 = 4.4248 percentage points; half a point each: 2.2124.
    give(
        year,
        ("yanji", "2019-12", "retrial_decided", 30),
        ("yanji", "2019-12", "retrial_escalated", 0),
        ("yanji", "2019-12", "retrial_directed", 0),
        ("yanji", "2019-12", "retrial_designated", 0),
        ("yanji", "2019-12", "retrial_petitions_closed", 113),
    )
    line = item(office, "yanji", "L6.1")
    assert (line.points, line.mark.kind, line.mark.text) == ("2.21", "part", "部分得分")
    (comparison,) = line.comparisons
    assert (comparison.value, comparison.against) == ("4.42个百分点", "30.97%")
    assert "附件1·二·6" in line.paragraph
    assert {figure.value for figure in line.figures if figure.period == "2019年1–12月"} >= {
        "30",
        "113",
    }


def test_missing_zero_and_not_applicable_look_different(year: QualityYear, office: User) -> None:
    give(
        year,
        ("yanji", "2019-12", "appeals_filed", 0),
        ("yanji", "2019-12", "first_instance_closed", 0),
        ("yanji", "2019-12", "enforcement_petitions_received", 0),
        ("yanji", "2019-12", "enforcement_petitions_closed", 0),
        ("yanji", "2019-12", "supervised_matters_due", 4),
        ("yanji", "2019-12", "supervised_matters_in_time", 0),
    )
    zero = item(office, "yanji", "Q8")
    assert (zero.points, zero.gap, zero.comparisons[0].value) == ("0.00", "", "0.00%")
    assert zero.mark.kind == "zero"
    empty = item(office, "yanji", "C3")
    assert (empty.points, empty.gap, empty.mark.kind) == (None, "not-applicable", "no_denominator")
    missing = item(office, "yanji", "Q1")
    assert (missing.points, missing.gap, missing.mark.kind) == (None, "missing", "not_reported")
    assert {figure.value for figure in missing.figures} == {None}
    pending = item(office, "yanji", "L7")
    assert (pending.points, pending.gap, pending.mark.kind) == (None, "pending", "pending")
    untold = item(office, "yanji", "L3.1")
    assert (untold.points, untold.mark.kind) == (None, "no_target")

    text = text_of(client_of(office).get(scorecard_address("yanji")))
    for words in ("未报", "不适用", "待定", "待录目标", "未达标"):
        assert words in text


def test_scorecard_shows_what_the_command_prints(made_year: QualityYear, desk: User) -> None:
    expected = golden()
    for court in ("yanji", "yanbian"):
        with translation.override("zh-hans"):
            page = scorecard_page(
                open_period(desk, CODE, "2019-12", "verified"), court, shows_peers=True
            )
        assert page.total == expected[court]["total"]
        assert {half.code: half.points for half in page.halves} == {
            "litigation": expected[court]["litigation"],
            "enforcement": expected[court]["enforcement"],
        }
        lines = [line for half in page.halves for group in half.groups for line in group.items]
        names = [name for name in expected[court] if re.fullmatch(r"[LCQ]\d.*|GM", name)]
        if court != "yanbian":
            names.remove("GM")
        assert [line.code for line in lines] == names
        for line in lines:
            assert (line.points or "") == expected[court][line.code], line.code


def test_a_group_without_points_is_not_zero(made_year: QualityYear, office: User) -> None:
    with translation.override("zh-hans"):
        page = scorecard_page(
            open_period(office, CODE, "2019-12", "verified"), "yanji", shows_peers=True
        )
    groups = {group.code: group for half in page.halves for group in half.groups}
    # L7 alone, not tallied: nothing to add. A group with some points says that more may come.
    evaluation = groups["evaluation"]
    assert [line.code for line in evaluation.items] == ["L7"]
    assert (evaluation.points, evaluation.provisional) == (None, True)
    for group in groups.values():
        missing = sum(line.points is None for line in group.items)
        assert group.provisional is (missing > 0)
        assert (group.points is None) is (missing == len(group.items))
    text = text_of(client_of(office).get(scorecard_address("yanji")))
    assert "小计 — / 12.00 待定" in text


def test_hints_tell_what_a_court_cannot_reach(made_year: QualityYear, office: User) -> None:
    # 59 of 721 petitions reopened in 2018: 8.183 percentage points at half a point each.
    (hint,) = item(office, "yanbian", "L6.1").hints
    assert "4.09 分" in hint
    assert "6.00 分" in hint
    assert item(office, "yanji", "L6.1").hints == ()


def test_courts_and_months_lead_to_their_neighbours(made_year: QualityYear, desk: User) -> None:
    content = client_of(desk).get(scorecard_address("yanji")).content.decode()
    assert f'href="{scorecard_address("yanbian")}"' in content
    assert f'href="{scorecard_address("tumen")}"' in content
    assert f'href="{scorecard_address("yanji", "2019-06")}"' in content


def test_decided_points_stand_beside_the_computed_ones(year: QualityYear) -> None:
    # 240 of 252: 19.05 points by the figures, 25 by decision.
    facts = CourtFacts(
        court="yanji",
        level=Level.GRASSROOTS,
        current=dict.fromkeys((*OVERTURNED, "retrial_directed"), 48),
        baseline_annual=dict.fromkeys(OVERTURNED, 63) | {"retrial_directed": 0},
        decisions={"L1": Decision(Decimal(25), "第3号")},
    )
    rulebook = rulebook_of(year)
    board = scoring.score(rulebook, Month(2019, 12), [facts])
    scores = MonthScores(board, {court.code: court for court in courts_of(year)}, frozenset())
    with translation.override("zh-hans"):
        line = item_lines(board.court("yanji"), scores, rulebook, shows_peers=True)["L1"]
    assert (line.points, line.computed, line.mark.text) == ("25.00", "19.05", "单独评分")
    text = render_to_string("courts/scores/scorecard/_item.html", {"item": line})
    assert "按数据计 19.05 分，院党组决定 25.00 分" in text


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh-hans", "延吉市人民法院"), ("ko", "연길시인민법원"), ("en", "People’s Court of Yanji")],
)
def test_language_changes_names_and_stays(
    made_year: QualityYear, desk: User, language: str, name: str
) -> None:
    client = client_of(desk)
    address = scorecard_address("yanji")
    response = client.post(
        reverse("set_language"), {"language": language, "next": address}, follow=True
    )
    assert response.redirect_chain == [(address, 302)]
    content = response.content.decode()
    assert f'<html lang="{language}">' in content
    assert re.search(rf"<h1>\s*{name}\s*</h1>", content)
    assert content.count('aria-pressed="true"') == 1


def test_no_page_styles_or_scripts_inline(made_year: QualityYear, desk: User) -> None:
    client = client_of(desk)
    for address in ("/login/", "/password/", ranking_address(), scorecard_address("yanji")):
        content = client.get(address).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>", content), address


# --- What goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/no/such/page/at/all/", "地址可能写错了"),
        ("/beijing-2019/2019-12/", "没有质量年“beijing-2019”"),
        ("/yanbian-2019/2018-12/", "2018年12月不在2019质量年之内"),
        ("/yanbian-2019/2019-12/beijing/", "不考核“beijing”"),
        ("/yanbian-2019/2019-12/?basis=guessed", "没有这种口径"),
    ],
)
def test_what_is_not_there_is_said_in_words(office: User, address: str, words: str) -> None:
    response = client_of(office).get(address)
    assert response.status_code == 404
    assert words in text_of(response)
    assert "返回首页" in text_of(response)


def test_a_stale_form_is_answered_in_words(office: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"})
    client.force_login(office)
    response = client.post("/password/", {})
    assert response.status_code == 403
    assert "没有提交成功" in text_of(response)


def test_a_failure_is_answered_without_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0), translation.override("ko"):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "시스템 오유" in text_of(response)


# --- Cost ------------------------------------------------------------------------------------


def cost(client: Client, address: str) -> int:
    """How many queries a page asks, in a session already begun."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (ranking_address("2019-12"), 21),
        (ranking_address("2019-12", _export="xlsx"), 21),
        (scorecard_address("yanji", "2019-12"), 23),
    ],
)
def test_queries_grow_neither_with_courts_nor_with_months(
    year: QualityYear, desk: User, address: str, most: int
) -> None:
    client = client_of(desk)
    overturned(year, "2019-12", dict.fromkeys(COURTS, 1))
    few = cost(client, address)
    more_courts(year, 31)
    overturned(
        year,
        "2019-12",
        {court.code: 1 for court in Court.objects.filter(code__startswith="court-")},
    )
    for month in range(1, 12):
        overturned(year, f"2019-{month:02d}", {"yanji": 0, "tumen": 1})
    assert Figure.objects.filter(monthly_return__year=2019).count() > 200
    assert cost(client, address) == few
    assert few <= most
