"""Tests of the pages of estimates: who sees them, what they say, that nothing is stored."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

import scoring
from courts.models import QualityYear, User
from courts.outlooks.selectors.outlooks import chance_text
from courts.scores.selectors import scores
from scoring.facts import CourtFacts, Month
from scoring.outlook import known_of, project
from scoring.schema import Level
from scoring.seasons import Season
from tests.pages import client_of, give, mark_as_demo, more_courts

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

ROOT = "/yanbian-2019"
OUTLOOK = f"{ROOT}/2019-06/yanji/outlook/"
MONTHS = f"{ROOT}/2019-06/yanji/small-counts/"
COURT = f"{ROOT}/2019-06/yanji/court/"
TRIAL = f"{ROOT}/2019-06/yanji/what-if/"
FUNNELS = f"{ROOT}/dashboard/2019-06/small-counts/"
FIVE = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)


@pytest.fixture(autouse=True)
def no_earlier_answers() -> None:
    cache.clear()


@pytest.fixture
def june(year: QualityYear) -> QualityYear:
    """Yanji with 120 overturned cases by June, against 252 of 2018 and a cap of 226."""
    values = (80, 25, 10, 3, 2)
    give(year, *(("yanji", "2019-06", m, v) for m, v in zip(FIVE, values, strict=True)))
    return year


def page(user: User, address: str) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


class TestOutlook:
    def test_where_the_year_may_end(self, june: QualityYear, people: dict[str, User]) -> None:
        """The model is worked by hand in tests/scoring/test_outlook.py: the page tells it."""
        facts = CourtFacts(
            "yanji",
            Level.GRASSROOTS,
            current=dict(zip(FIVE, (80, 25, 10, 3, 2), strict=True)),
            baseline_annual=dict(zip(FIVE, (165, 60, 19, 5, 3), strict=True)),
        )
        rulebook = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
        season = Season(rulebook, Month(2019, 6), [facts])
        known = known_of(rulebook, season, facts, FIVE)
        assert known is not None
        found = project(season, known, cap=226)
        low, high, risk = found.low, found.high, round(100 * (found.risk or 0))
        text = page(people["desk"], OUTLOOK)
        assert f"延吉法院至今120件；照目前情况，年底大约在{low}至{high}件之间。" in text
        assert f"上限226件，年底超过的可能性约{risk}%。" in text
        # About as many again: some 20 a month, so not before December.
        assert "照这个速度，2019年12月突破上限。" in text
        assert "估计，不是成绩" in text

    @pytest.mark.usefixtures("all_draws")
    def test_with_files(self, june: QualityYear, people: dict[str, User]) -> None:
        client = client_of(people["office"])
        rows = list(
            csv.reader(
                io.StringIO(client.get(f"{OUTLOOK}?_export=csv").content.decode("utf-8-sig"))
            )
        )
        line = next(row for row in rows if len(row) > 2 and row[1] == "L1" and row[0] == "件数")
        assert (line[3], line[7]) == ("120", "226")
        image = client.get(f"{OUTLOOK}?_chart=year-end&_format=png")
        assert image.content.startswith(b"\x89PNG")
        assert client.get(f"{OUTLOOK}?_chart=gone&_format=png").status_code == 404

    def test_made_up_figures_are_marked(self, june: QualityYear, people: dict[str, User]) -> None:
        mark_as_demo(june)
        assert "演示数据" in page(people["desk"], OUTLOOK)
        file = client_of(people["desk"]).get(f"{OUTLOOK}?_export=csv")
        assert "演示数据" in file.content.decode("utf-8-sig")

    def test_before_there_are_figures(self, year: QualityYear, people: dict[str, User]) -> None:
        assert "这个月还没有数据" in page(people["desk"], OUTLOOK)

    def test_a_year_that_is_over(self, made_year: QualityYear, people: dict[str, User]) -> None:
        text = page(people["desk"], OUTLOOK.replace("2019-06", "2019-12"))
        assert "全年已经结束" in text

    def test_earlier_estimates_are_held_against_what_came(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        text = page(people["desk"], OUTLOOK)
        assert "还没有办法用本院的过去检验" in text
        assert "的年底数落在九成区间内" in text
        give(june, *(("yanji", "2019-12", metric, 150) for metric in FIVE))
        # Five counts in June; of 150 only the largest was to be expected: 80 and 165 last year.
        assert "5次预测中，有1次年底数落在区间内" in page(people["desk"], OUTLOOK)
        # Ten months more of them: 55 forecasts, most of them wrong, so that none is shown.
        others = {number: 0 if number < 6 else 80 for number in range(1, 12) if number != 6}
        give(
            june,
            *(
                ("yanji", f"2019-{month:02}", metric, value)
                for month, value in others.items()
                for metric in FIVE
            ),
        )
        text = page(people["desk"], OUTLOOK)
        assert "因此不显示预测" in text
        for hidden in ("年底大约", "各项件数", "九成区间</th>"):
            assert hidden not in text

    def test_own_court_and_those_who_see_all(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        allowed = {"desk", "desk2", "other side", "office", "office2", "centre", "leader", "party"}
        for name, user in people.items():
            if name == "idle":
                continue
            for address in (OUTLOOK, MONTHS, COURT, TRIAL):
                status = client_of(user).get(address).status_code
                assert (status == 200) is (name in allowed), (name, address, status)

    def test_probabilities_are_not_certain(self) -> None:
        told = [chance_text(chance) for chance in (0.0, 0.004, 0.5, 0.996, 1.0)]
        assert told == ["0%", "<1%", "50%", ">99%", "100%"]

    def test_queries_do_not_grow(self, june: QualityYear, people: dict[str, User]) -> None:
        def count(address: str) -> int:
            client = client_of(people["office"])
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        addresses = (OUTLOOK, MONTHS, FUNNELS, COURT, TRIAL)
        before = [count(address) for address in addresses]
        more_courts(june, 20)
        give(
            june,
            *(
                (court, f"2019-{month:02}", metric, 10 * month)
                for court in ("longjing", "court-0003", "tumen")
                for month in (1, 3, 5, 7)
                for metric in FIVE
            ),
        )
        assert [count(address) for address in addresses] == before


class TestMonths:
    @pytest.fixture
    def monthly(self, year: QualityYear) -> QualityYear:
        """Appeals month by month: 10, 12, 9, 11, then 40 in May; nothing in June."""
        running = 0
        for month, value in enumerate((10, 12, 9, 11, 40), start=1):
            running += value
            give(year, ("yanji", f"2019-{month:02}", "appeals_filed", running))
        return year

    def test_what_stands_out(self, monthly: QualityYear, people: dict[str, User]) -> None:
        # Mean 16.4; ranges 2, 3, 2, 29, mean 9; 16.4 ± 23.94: 40 lies inside, 10 too.
        text = page(people["desk"], MONTHS.replace("2019-06", "2019-05") + "?item=L3.2")
        assert "各月都在平常波动之内" in text
        assert "不足十二个月" in text
        give(monthly, ("yanji", "2019-06", "appeals_filed", 182))
        give(
            monthly,
            *(("yanji", f"2019-{m:02}", "appeals_filed", 182 + 10 * (m - 6)) for m in range(7, 13)),
        )
        # Twelve months: 10 12 9 11 40 100 and six of 10: mean 20.17, ranges sum 217, mean 19.73.
        # 20.17 + 2.66 × 19.73 = 72.6: only June's 100 stands out.
        text = page(people["desk"], MONTHS.replace("2019-06", "2019-12") + "?item=L3.2")
        assert "2019年6月超出平常波动，值得查一查原因" in text
        assert "不足十二个月" not in text

    def test_missing_and_not_applicable_are_told_apart(
        self, monthly: QualityYear, people: dict[str, User]
    ) -> None:
        give(monthly, ("yanji", "2019-02", "first_instance_closed", 300))
        give(monthly, ("yanji", "2019-03", "first_instance_closed", 300))
        text = page(people["desk"], MONTHS + "?item=L3.1")
        for words in ("未报", "上月未报，算不出单月数", "当月没有案件，不适用"):
            assert words in text

    def test_an_unknown_item_shows_the_first(
        self, monthly: QualityYear, people: dict[str, User]
    ) -> None:
        assert "发改指" in page(people["desk"], MONTHS + "?item=XX")


class TestFunnels:
    def test_who_stands_apart(self, year: QualityYear, people: dict[str, User]) -> None:
        # Together 130 of 1,300. Of 100 cases 2 to 20 are within the outer limits: 22 is not.
        parts = {"yanji": (81, 1000), "tumen": (10, 100), "dunhua": (17, 100), "antu": (22, 100)}
        for court, (part, whole) in parts.items():
            give(
                year,
                (court, "2019-06", "appeal_revised", part),
                (court, "2019-06", "appeal_remanded", 0),
                (court, "2019-06", "first_instance_closed", whole),
            )
        text = page(people["office"], FUNNELS + "?item=L2.1")
        assert "安图法院与各院的差别不大可能只是波动" in text
        for words in ("明显偏高", "5.00%–16.00%", "名次有多确定"):
            assert words in text

    def test_without_figures(self, year: QualityYear, people: dict[str, User]) -> None:
        assert "还没有法院报送这一项的数据" in page(people["leader"], FUNNELS)

    def test_courts_have_their_own_pages(self, year: QualityYear, people: dict[str, User]) -> None:
        response = client_of(people["desk"]).get(FUNNELS)
        assert response.status_code == 403
        assert "本院看板" in response.content.decode()


class TestCourtPage:
    @pytest.fixture
    def december(self, year: QualityYear) -> QualityYear:
        """1,030 appeals against 1,085 in 2018: 5.069 % fewer at 0.2, so 1.01 of 3; total 0.51."""
        give(year, ("yanji", "2019-12", "appeals_filed", 1030))
        return year

    def test_how_many_cases_stand_before_the_next_point(
        self, december: QualityYear, people: dict[str, User]
    ) -> None:
        text = page(people["desk"], COURT.replace("2019-06", "2019-12"))
        # 2 points are 10 %: 976.5, so 976, 54 fewer. 109 / 1085 is 10.046 %, 2.01: 1.00 more, and
        # the total goes from 0.505 to 1.005, as printed from 0.51 to 1.01.
        assert "二审立案数少54件，这一项多1.00分，总分多0.50分" in text
        # 3 points are 15 %: 922.25, so 922, 108 fewer; the total is 1.50 then.
        assert "二审立案数少108件，这一项多1.99分，总分多0.99分" in text
        assert "最省的一分：二审立案数降幅——二审立案数少54件" in text
        # Items that were not reported say so in place of a way.
        assert "未报" in text

    def test_the_cheapest_points_come_first(
        self, made_year: QualityYear, people: dict[str, User]
    ) -> None:
        response = client_of(people["desk"]).get(COURT.replace("2019-06", "2019-12"))
        items = response.context["page"].items
        prices = [item.best.order for item in items if item.best]
        assert prices == sorted(prices)
        assert len(prices) > 5
        # What cannot be had stands below, in the notice's order, each with its reason.
        rest = [item for item in items if not item.best]
        assert [item.best for item in items[: len(prices)]].count(None) == 0
        assert all(item.why_not for item in rest)
        order = [item.code for item in response.context["page"].explored.rulebook.items]
        assert [item.code for item in rest] == [c for c in order if c in {i.code for i in rest}]

    def test_cases_days_and_people_have_their_units_and_no_common_price(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        """C2: 480 of 600 closed, 80 cases more. Q7: 400 closed at 153.25 days are 61,300, 200 days
        fewer. Q11: 15 of 100 staff, five people more; 5/10 quota judges are the trial's 5/10."""
        rows = {
            "enforcement_carried_over": 0,
            "enforcement_received": 600,
            "enforcement_closed": 400,
            "closing_days": 61_500,
            "court_staff": 100,
            "enforcement_staff": 10,
            "enforcement_established_staff": 10,
            "enforcement_quota_judges": 5,
            "trial_established_staff": 10,
            "trial_quota_judges": 5,
        }
        give(year, *(("yanji", "2019-12", metric, value) for metric, value in rows.items()))
        response = client_of(people["desk"]).get(COURT.replace("2019-06", "2019-12"))
        text = response.content.decode()
        items = {item.code: item for item in response.context["page"].items}
        assert "多80件，" in items["C2"].best.next_step
        assert [way for way in items["Q7"].ways if "少200天，" in way.next_step]
        assert [way for way in items["Q11"].ways if "多5人，" in way.next_step]
        for wrong in ("员额多1件", "合计少200件", "多5件"):
            assert wrong not in text
        kinds = [item.best.kind for item in items.values() if item.best]
        assert kinds == sorted(kinds, key=["count", "sum", "stock"].index)
        # Five people buy more of a point than 80 cases, and still stand behind them.
        prices = {code: item.best.price for code, item in items.items() if item.best}
        assert prices["Q11"] < prices["C2"]
        order = list(items)
        assert order.index("C2") < order.index("Q7") < order.index("Q11")
        assert "案件最省的一分" in text

    def test_a_plan_moves_cases_alone(self, year: QualityYear, people: dict[str, User]) -> None:
        """Five people would bring eight points of the side; no case brings anything here."""
        staff = {"court_staff": 100, "enforcement_staff": 10, "enforcement_established_staff": 10}
        staff |= {"enforcement_quota_judges": 5, "trial_established_staff": 10}
        staff |= {"trial_quota_judges": 5}
        give(year, *(("yanji", "2019-12", metric, value) for metric, value in staff.items()))
        address = COURT.replace("2019-06", "2019-12")
        text = page(people["desk"], address)
        assert "案件增减都不再得分；可以考虑" in text
        assert "多5人，" in text
        text = page(people["desk"], TRIAL.replace("2019-06", "2019-12") + "?goal=3")
        assert "只靠案件增减到不了这个目标。" in text

    def test_beside_its_own_past_and_the_others(
        self, made_year: QualityYear, people: dict[str, User]
    ) -> None:
        response = client_of(people["desk"]).get(COURT.replace("2019-06", "2019-12"))
        found = response.context["page"]
        line = next(item for item in found.items if item.code == "L1")
        assert line.middle
        assert line.standing in ("低于多数法院", "与多数法院相当", "高于多数法院")
        assert len(line.cents) == 12
        assert found.charts[0].rows[-1][1] == found.total

    def test_files(self, december: QualityYear, people: dict[str, User]) -> None:
        address = COURT.replace("2019-06", "2019-12")
        file = client_of(people["desk"]).get(f"{address}?_export=csv").content.decode("utf-8-sig")
        row = next(row for row in csv.reader(io.StringIO(file)) if row and row[0] == "L3.2")
        assert row[2:5] == ["1.01", "3.00", "1.99"]
        assert "少54件" in row[7]

    def test_without_figures(self, year: QualityYear, people: dict[str, User]) -> None:
        assert "这个月还没有数据" in page(people["desk"], COURT)


class TestTrial:
    @pytest.fixture
    def december(self, year: QualityYear) -> QualityYear:
        """1,030 appeals against 1,085 in 2018: 5.069 % fewer at 0.2, so 1.01 of 3; total 0.51."""
        give(year, ("yanji", "2019-12", "appeals_filed", 1030))
        give(year, ("tumen", "2019-12", "enforcement_carried_over", 0))
        give(year, ("tumen", "2019-12", "enforcement_received", 100))
        give(year, ("tumen", "2019-12", "enforcement_closed", 90))
        return year

    def try_out(self, user: User, **query: str | int) -> Any:
        response: Any = client_of(user).get(TRIAL.replace("2019-06", "2019-12"), query)
        assert response.status_code == 200
        return response.context["page"]

    def test_points_total_and_rank_move(
        self, december: QualityYear, people: dict[str, User]
    ) -> None:
        # Tumen closed 90 of 100 and has 7.5 points of the half, 3.75 in all: first; Yanji second.
        page = self.try_out(people["desk"])
        assert (page.total_before, page.total_after, page.is_changed) == ("0.51", "0.51", False)
        # 922 appeals are 15.02 % fewer: all 3 points, 1.5 in all.
        page = self.try_out(people["desk"], appeals_filed=922)
        assert (page.total_after, page.rank_before, page.rank_after) == ("1.50", 2, 2)
        assert [(one.code, one.before, one.after) for one in page.items] == [
            ("L3.2", "1.01", "3.00")
        ]
        # With all of enforcement closed as well, 1.5 + 3.75 is ahead of Tumen's 3.75.
        more = {"enforcement_carried_over": 0, "enforcement_received": 50, "enforcement_closed": 50}
        page = self.try_out(people["desk"], appeals_filed=922, **more)
        assert page.rank_after == 1
        # Nothing of it is written.
        assert self.try_out(people["desk"]).total_before == "0.51"

    def test_the_same_engine_as_the_scorecard(
        self, made_year: QualityYear, people: dict[str, User]
    ) -> None:
        page = self.try_out(people["office"], appeals_filed=900, enforcement_closed=5000)
        give(made_year, ("yanji", "2019-12", "appeals_filed", 900))
        if not page.faults:
            give(made_year, ("yanji", "2019-12", "enforcement_closed", 5000))
        else:
            page = self.try_out(people["office"], appeals_filed=900)
        card = scores.scoreboard(made_year, Month(2019, 12)).court("yanji")
        assert (page.total_after, page.rank_after) == (str(card.total), card.rank)

    def test_figures_no_return_could_carry(
        self, december: QualityYear, people: dict[str, User]
    ) -> None:
        more = {"enforcement_carried_over": 0, "enforcement_received": 5}
        page = self.try_out(people["desk"], enforcement_closed=9, **more)
        assert any("不得大于" in fault for fault in page.faults)
        assert page.total_after == page.total_before

    @pytest.mark.parametrize("wrong", ["-1", "1.5", "x", "99999999999999", "１"])
    def test_what_is_no_figure_is_told_and_left_out(
        self, december: QualityYear, people: dict[str, User], wrong: str
    ) -> None:
        address = TRIAL.replace("2019-06", "2019-12")
        response: Any = client_of(people["desk"]).get(address, {"appeals_filed": wrong})
        assert "应为不小于0的整数" in response.content.decode()
        assert response.context["page"].is_changed is False

    def test_the_cheapest_way_to_a_total(
        self, december: QualityYear, people: dict[str, User]
    ) -> None:
        # 923 appeals are 14.931 % fewer: 2.99 points, half of which, 1.495, is printed as 1.50.
        page = self.try_out(people["desk"], goal="1.5")
        assert [(move.by, move.to) for move in page.plan.moves] == [("−107件", "923件")]
        assert (page.plan.total, page.plan.query) == ("1.50", "appeals_filed=923")
        # Only appeals are scored: 106 and fewer of them are all there is to try.
        assert page.plan.proof == "总分到 1.50。件数更少的办法都逐一试过，没有一种能到。"
        assert self.try_out(people["desk"], goal="0.5").plan.moves == ()
        page = self.try_out(people["desk"], goal="90")
        assert (page.plan, page.no_plan) == (None, True)

    def test_what_is_not_proven_the_cheapest_says_so(
        self, december: QualityYear, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("scoring.whatif.MOST_TRIED", 105)
        page = self.try_out(people["desk"], goal="1.5")
        assert page.plan.proof == "总分到 1.50。办法太多，没有逐一试完，不保证最省。"
        address = TRIAL.replace("2019-06", "2019-12")
        text = client_of(people["desk"]).get(address).content.decode()
        beside = text.partition("找最省的办法</button>")[2].partition("</form>")[0]
        assert "试不完的，不保证最省。只算案件，天数和人数另算。" in beside

    def test_the_cheapest_way_to_a_rank(
        self, made_year: QualityYear, people: dict[str, User]
    ) -> None:
        board = scores.scoreboard(made_year, Month(2019, 12))
        rank = board.court("yanji").rank
        assert rank is not None
        page = self.try_out(people["desk"], rank=1)
        best = max(c.total for c in board.scorecards if c.rank and c.court != "yanji")
        assert page.plan is None or Decimal(page.plan.total) >= best
        # The rank it has asks for nothing.
        assert self.try_out(people["desk"], rank=rank).plan.moves == ()

    @pytest.mark.parametrize(
        "query", [{"goal": "101"}, {"goal": "1.005"}, {"goal": "NaN"}, {"rank": "0"}, {"rank": "x"}]
    )
    def test_goals_that_are_none(
        self, december: QualityYear, people: dict[str, User], query: dict[str, str]
    ) -> None:
        address = TRIAL.replace("2019-06", "2019-12")
        response: Any = client_of(people["desk"]).get(address, query)
        assert "应" in response.content.decode().split('role="alert"')[1]
        assert response.context["page"].plan is None

    def test_the_answer_alone(self, december: QualityYear, people: dict[str, User]) -> None:
        address = TRIAL.replace("2019-06", "2019-12")
        query = {"_part": "answer", "appeals_filed": "922"}
        text = client_of(people["desk"]).get(address, query).content.decode()
        assert "1.50" in text
        assert "<html" not in text

    def test_without_figures(self, year: QualityYear, people: dict[str, User]) -> None:
        assert "这个月还没有数据" in page(people["desk"], TRIAL)
