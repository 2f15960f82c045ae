"""Whether indicators rose or fell: the page, its file, the dashboard's headlines, who sees what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.models import Court, QualityYear, TakenSupplement, User
from courts.outlooks.selectors.directions import Scope, direction_page
from courts.years.selectors.periods import open_period
from tests.pages import client_of, desk, give, made_year, more_courts, office, year

__all__ = ["desk", "made_year", "office", "year"]

PAGE = "/yanbian-2019/2019-12/direction/"


def page_for(user: User, court: str = "", month: str = "2019-12"):
    return direction_page(user, open_period(user, "yanbian-2019", month, "verified"), court)


def line(scope: Scope, code: str):
    return next(one for goal in scope.goals for one in goal.lines if one.code == code)


def appeals(year: QualityYear, cases: int, *courts: str, month: str = "2019-12") -> None:
    """The two parts of L2.2."""
    rows = []
    for court in courts:
        rows += [
            (court, month, "appeal_revised", cases),
            (court, month, "appeal_remanded", 0),
        ]
    give(year, *rows)


def test_a_court_against_last_year(year: QualityYear, office: User) -> None:
    """Yanji had 165 + 60 = 225; 180 are 20 percent fewer. Q2: 40 of 100 against 29 percent."""
    appeals(year, 180, "yanji")
    give(
        year,
        ("yanji", "2019-12", "enforcement_carried_over", 40),
        ("yanji", "2019-12", "enforcement_received", 60),
        ("yanji", "2019-12", "fully_enforced", 40),
        ("yanji", "2019-12", "procedure_terminated", 10),
    )
    scope = page_for(office, "yanji").scope
    assert [goal.label for goal in scope.goals] == ["正升逆降", "稳步优化"]
    fallen = line(scope, "L2.2")
    assert (fallen.before, fallen.now, fallen.change) == ("225件", "180件", "−20.00%")
    assert (fallen.verdict_label, fallen.better, fallen.basis) == ("向好", "越低越好", "2018年同期")
    rate = line(scope, "Q2")
    assert (rate.before, rate.now, rate.change) == ("29.00%", "40.00%", "+11.00个百分点")
    assert (rate.verdict_label, rate.basis) == ("向好", "延边州平均值，由文件推算")
    # 10 of 100 against 20.70 percent, where higher is better.
    assert line(scope, "Q3").verdict_label == "变差"
    assert line(scope, "L3.1").verdict_label == "无可比数"
    litigation, enforcement = scope.goals
    assert (litigation.good, litigation.compared) == (1, 1)
    assert litigation.sentence == "可比的逆向指标1项，下降1项。"
    assert (enforcement.good, enforcement.compared) == (1, 2)
    assert "优于2018年平均值" in enforcement.sentence


def test_the_prefecture_adds_what_was_reported(year: QualityYear, office: User) -> None:
    """Yanji 225 and Tumen 17 + 4 = 21 before: 246. Now 200 + 46 = 246: equal."""
    appeals(year, 200, "yanji")
    appeals(year, 46, "tumen")
    page = page_for(office)
    assert page.scope.name == "全部法院"
    whole = line(page.scope, "L2.2")
    assert (whole.before, whole.now, whole.change) == ("246件", "246件", "0.00%")
    assert whole.verdict_label == "持平"
    assert [line(one, "L2.2").mark for one in page.scopes[:4]] == ["＝", "", "▲", "▼"]


def test_half_a_year_is_compared_by_the_month(year: QualityYear, office: User) -> None:
    appeals(year, 100, "yanji", month="2019-06")
    found = line(page_for(office, "yanji", "2019-06").scope, "L2.2")
    # 225 × 6 / 12 = 112.5; (100 − 112.5) / 112.5 = −11.11 percent.
    assert (found.before, found.change) == ("112.50件", "−11.11%")
    assert found.basis == "2018年全年按月折算"


def test_the_page_and_its_file(made_year: QualityYear, office: User) -> None:
    client = client_of(office)
    text = client.get(PAGE).content.decode()
    assert "正升逆降" in text
    assert "各院对照" in text
    assert "敦化法院 · 正升逆降" in client.get(PAGE, {"court": "dunhua"}).content.decode()
    assert client.get(PAGE, {"court": "nowhere"}).status_code == 404
    listed = client.get(PAGE, {"_export": "csv"}).content.decode("utf-8-sig")
    assert listed.count("稳步优化,Q2,") == 10
    assert client.get(PAGE, {"_export": "xlsx"}).status_code == 200
    board = client.get("/yanbian-2019/dashboard/2019-12/").content.decode()
    assert f'href="{PAGE}"' in board
    assert board.count('class="card tile headline"') >= 3
    one_side = client.get("/yanbian-2019/dashboard/2019-12/", {"side": "litigation"})
    assert "稳步优化" not in one_side.content.decode()


@pytest.mark.parametrize("shown", ["own", "bands"])
def test_a_court_sees_itself_and_all_together(
    made_year: QualityYear, desk: User, shown: str
) -> None:
    made_year.ranking_shown = shown
    made_year.save(update_fields=["ranking_shown"])
    page = page_for(desk)
    assert [scope.code for scope in page.scopes] == ["", "yanji"]
    client = client_of(desk)
    assert "敦化" not in client.get(PAGE).content.decode()
    assert client.get(PAGE, {"court": "dunhua"}).status_code == 404
    assert line(page.scope, "L2.2").now
    assert page.scope.name == "基层法院"
    # Of fewer than four others not even a sum is shown.
    for code in ("tumen", "dunhua", "longjing", "hunchun", "helong"):
        made_year.left_out.add(Court.objects.get(code=code))
    assert [scope.code for scope in page_for(desk).scopes] == ["yanji"]


def test_a_sum_without_one_court_is_not_told_to_another(year: QualityYear, desk: User) -> None:
    """Items share figures: sums over other courts than all of them would tell a single one."""
    rows = Court.objects.of_year(year).filter(level="grassroots")
    codes = list(rows.values_list("code", flat=True))
    appeals(year, 10, *codes[:-1])
    year.ranking_shown = "own"
    year.save(update_fields=["ranking_shown"])
    assert line(page_for(desk).scope, "L2.2").now == ""
    appeals(year, 10, codes[-1])
    assert line(page_for(desk).scope, "L2.2").now == "80件"


def test_without_supplements_there_is_nothing_to_say(made_year: QualityYear, office: User) -> None:
    TakenSupplement.objects.filter(code="bulletin").delete()
    assert [goal.label for goal in page_for(office).scope.goals] == ["诉讼", "执行"]
    TakenSupplement.objects.all().delete()
    assert "还没有指明哪个方向好" in client_of(office).get(PAGE).content.decode()
    assert client_of(office).get("/yanbian-2019/dashboard/2019-12/").status_code == 200


def test_constant_queries(made_year: QualityYear, office: User, django_assert_num_queries) -> None:
    client = client_of(office)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    more_courts(made_year, 8)
    with django_assert_num_queries(len(few)):
        client.get(PAGE)
