"""Tests of the rulebook's pages, of readings tried and adopted, and of what scores make of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

import scoring
from courts.frame.refusals import ReturnError, StaleError
from courts.models import Event, QualityYear, ReadingDecision, User
from courts.rulebooks.selectors.rulebook_pages import item_page, rulebook_page
from courts.scores.selectors import scores
from courts.wording import rule_texts
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from tests.courts.motion_fixtures import confirm_waiting, take_reading
from tests.pages import account, client_of, give, more_courts

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019"
DECEMBER, JUNE, MAY = Month(2019, 12), Month(2019, 6), Month(2019, 5)
PAGE = f"{ROOT}/readings/step/"
RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")


def take(user: User, year: QualityYear, **changes: Any) -> ReadingDecision:
    given: dict[str, Any] = {
        "reading": "step",
        "value": "whole",
        "from_month": 6,
        "note": "会议研究决定",
        "document": "延中法〔2019〕20号",
        "decided_on": date(2019, 6, 1),
        "seen": ReadingDecision.objects.filter(reading=changes.get("reading", "step")).count(),
    }
    return take_reading(user=user, year=year, **given | changes)


@pytest.fixture
def scored(year: QualityYear) -> QualityYear:
    """Yanji in two months, a little under last year."""
    # 2018: 1085 appeals filed; 5/12 of it is 452.0833, 12/12 is 1085.
    give(year, ("yanji", "2019-05", "appeals_filed", 430))
    give(year, ("yanji", "2019-12", "appeals_filed", 1030))
    return year


def points(year: QualityYear, month: Month, **readings: str) -> str:
    score = scores.scorecard(year, month, "yanji", readings=readings or None).item("L3.2")
    return str(score.points)


class TestAdopting:
    def test_scores_follow_from_its_month_on(
        self, scored: QualityYear, people: dict[str, User]
    ) -> None:
        # May: (452.0833 - 430) / 452.0833 = 4.885 % at 0.2. December: 55 / 1085 = 5.069 %.
        assert (points(scored, MAY), points(scored, DECEMBER)) == ("0.98", "1.01")
        take(people["office"], scored)
        # From June on whole percents alone count: 5 at 0.2. May keeps its reading.
        assert (points(scored, MAY), points(scored, DECEMBER)) == ("0.98", "1.00")
        # Whoever asks for a reading gets it.
        assert points(scored, DECEMBER, step="pro_rata") == "1.01"
        event = Event.objects.get(action="adopt_reading")
        assert (event.actor, event.reason) == (people["office"], "会议研究决定")

    def test_a_later_decision_prevails_where_it_covers(
        self, scored: QualityYear, people: dict[str, User]
    ) -> None:
        take(people["office"], scored, from_month=1)
        take(people["office2"], scored, from_month=12, value="pro_rata")
        assert (points(scored, MAY), points(scored, DECEMBER)) == ("0.80", "1.01")
        take(people["office"], scored, from_month=3)
        assert points(scored, DECEMBER) == "1.00"

    def test_a_decision_the_rulebook_does_not_know_says_nothing(
        self, scored: QualityYear, people: dict[str, User]
    ) -> None:
        take(people["office"], scored, from_month=1)
        ReadingDecision.objects.update(value="gone")
        rulebook = rulebook_of(scored)
        assert readings_in_force(scored, MAY, rulebook) == rulebook.defaults

    def test_named_on_the_command_line(
        self, scored: QualityYear, people: dict[str, User], capsys: pytest.CaptureFixture[str]
    ) -> None:
        take(people["office"], scored)
        call_command("score", "2019-12", "--format", "json", "--year", "yanbian-2019")
        assert json.loads(capsys.readouterr().out)["readings"]["step"] == "whole"
        call_command("score", "2019-05", "--format", "json", "--year", "yanbian-2019")
        assert json.loads(capsys.readouterr().out)["readings"]["step"] == "pro_rata"

    @pytest.mark.parametrize(
        "changes",
        [
            {"reading": "no_such"},
            {"value": "no_such"},
            {"from_month": 0},
            {"from_month": 13},
            {"note": " "},
            {"note": "x" * 501},
            {"document": "x" * 201},
            {"decided_on": timezone.localdate() + timedelta(days=2)},
        ],
    )
    def test_refused(
        self, year: QualityYear, people: dict[str, User], changes: dict[str, Any]
    ) -> None:
        with pytest.raises(ReturnError):
            take(people["office"], year, **changes)
        assert not ReadingDecision.objects.exists()

    def test_only_by_the_interpreting_office(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        for name in set(people) - {"office", "office2"}:
            with pytest.raises(PermissionDenied):
                take(people[name], year)

    @pytest.mark.database
    def test_two_at_once(self, year: QualityYear, people: dict[str, User]) -> None:
        take(people["office"], year, seen=0)
        with pytest.raises(StaleError):
            take(people["office2"], year, seen=0)
        row = ReadingDecision.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadingDecision.objects.update(from_month=13)


class TestPages:
    def test_each_option_beside_the_other(
        self, scored: QualityYear, people: dict[str, User]
    ) -> None:
        text = client_of(people["desk"]).get(f"{PAGE}?month=2019-12").content.decode()
        assert "L3.2 1.01 → 1.00" in text
        # Half of the 100 points of litigation count: 0.01 of the item is 0.005, rounded half up.
        assert "采用一种理解" not in text
        assert "附件1·二" in text

    def test_tried_together_without_adopting(
        self, scored: QualityYear, people: dict[str, User]
    ) -> None:
        client = client_of(people["leader"])
        text = client.get(f"{ROOT}/readings/").content.decode()
        assert "试算，不是正式得分" not in text
        address = f"{ROOT}/readings/?step=whole&interim_baseline=annual&month=2019-05&x=y"
        text = client.get(address).content.decode()
        assert "试算，不是正式得分" in text
        # May against the whole year: (1085 - 430) / 1085 = 60.37 %, 60 whole percents at 0.2,
        # capped at the item's 3 points.
        assert "L3.2 0.98 → 3.00" in text
        assert not ReadingDecision.objects.exists()
        rows = client.get(f"{address}&_export=csv").content.decode("utf-8-sig")
        assert "解读试算（不是正式得分）" in rows
        assert "L3.2 0.98 → 3.00" in rows

    def test_adopted_after_a_look_at_the_effect(
        self, scored: QualityYear, people: dict[str, User]
    ) -> None:
        client = client_of(people["office"])
        data = {
            "value": "whole",
            "from_month": "6",
            "seen": "0",
            "note": "会议研究决定",
            "document": "",
            "decided_on": "2019-06-01",
        }
        text = client.post(PAGE, data).content.decode()
        assert "提出采用“只计整数百分比”？" in text
        assert not ReadingDecision.objects.exists()
        response = client.post(PAGE, data | {"sure": "yes"}, follow=True)
        assert "由管理部门中的另一人确认后才采用" in response.content.decode()
        assert not ReadingDecision.objects.exists()
        assert points(scored, DECEMBER) == "1.01"
        confirm_waiting(people["centre"])
        decision = ReadingDecision.objects.get()
        assert (decision.by, decision.confirmed_by) == (people["office"], people["centre"])
        text = client.post(PAGE, data | {"sure": "yes"}).content.decode()
        assert "请看过再决定" in text
        ranking = client.get(f"{ROOT}/2019-12/").content.decode()
        assert "采用了与默认不同的解读" in ranking
        assert "采用了与默认不同的解读" not in client.get(f"{ROOT}/2019-05/").content.decode()
        card = client.get(f"{ROOT}/2019-12/yanji/").content.decode()
        assert "只计整数百分比" in card

    @pytest.mark.parametrize(
        "data", [{}, {"note": "x", "value": "whole", "seen": "x"}, {"from_month": "13"}]
    )
    def test_half_an_adoption_is_none(
        self, scored: QualityYear, people: dict[str, User], data: dict[str, str]
    ) -> None:
        response = client_of(people["office"]).post(PAGE, data | {"sure": "yes"})
        assert response.status_code == 200
        assert not ReadingDecision.objects.exists()

    @pytest.mark.parametrize("address", ["readings/no_such/", "rulebook/L99/"])
    def test_there_is_no_such_page(
        self, year: QualityYear, people: dict[str, User], address: str
    ) -> None:
        assert client_of(people["desk"]).get(f"{ROOT}/{address}").status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            "rulebook/",
            "rulebook/?_export=csv",
            "rulebook/L1/",
            "rulebook/GM/",
            "readings/?step=whole",
            "readings/step/",
        ],
    )
    def test_queries_do_not_grow_with_courts(
        self, address: str, made_year: QualityYear, people: dict[str, User]
    ) -> None:
        client = client_of(people["office"])
        client.get(f"{ROOT}/{address}")
        with CaptureQueriesContext(connection) as before:
            assert client.get(f"{ROOT}/{address}").status_code == 200
        more_courts(made_year, 20)
        with CaptureQueriesContext(connection) as after:
            client.get(f"{ROOT}/{address}")
        assert len(after) == len(before)
        assert len(before) <= 25


class TestRulebook:
    def test_every_item_says_its_rule_points_and_paragraph(self, year: QualityYear) -> None:
        page = rulebook_page(year)
        assert [item.code for item in page.items] == [item.code for item in RULEBOOK.items]
        for item in page.items:
            assert item.words
            assert item.symbols
            assert item.paragraph.startswith("附件1")
        lines = {item.code: item for item in page.items}
        # 附件1·二·1 and 附件1·三(二)5, as they stand in the notice.
        assert lines["L1"].points_text == "基层法院 40.00 / 中级法院 40.00"
        assert "每下降1%，得4分" in lines["L1"].words[0]
        assert (lines["Q5"].target, lines["Q5"].points_text) == (
            "不低于 72.45%",
            "基层法院 8.00 / 中级法院 5.20",
        )
        assert lines["Q5"].origin == "2018年延边州平均值提高2个百分点"
        assert lines["L2.1"].target == ""
        assert lines["L2.1"].origin == "按审判绩效考核指标录入"
        assert len(page.metrics) == len(RULEBOOK.metrics)
        assert len(page.checks) == len(RULEBOOK.checks)

    @pytest.mark.parametrize("language", ["zh-hans", "ko", "en"])
    def test_words_and_symbols_of_every_rule(self, language: str) -> None:
        with translation.override(language):
            for item in RULEBOOK.items:
                assert all(rule_texts.in_words(item, RULEBOOK))
                assert rule_texts.in_symbols(item)

    def test_what_a_court_can_reach(self, made_year: QualityYear) -> None:
        page = item_page(account("leader", "yanbian", "leader"), made_year, "L6.1")
        assert {court.court for court in page.courts} >= {"yanji", "antu"}
        board = scores.scoreboard(made_year, DECEMBER)
        for court in page.courts:
            earned = board.court(court.court).item("L6.1").points
            assert court.points is None or earned is None or float(court.points) >= float(earned)
