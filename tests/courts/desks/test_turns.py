"""Tests of the turn of the year: two years side by side, on every page, for every role."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from html import unescape
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from courts.desks.selectors.landings import own_returns
from courts.desks.selectors.turns import INSTEAD
from courts.models import BallotRound, Court, MonthlyReturn, QualityYear, User
from courts.returns.selectors.homes import court_home
from courts.returns.services.unlocks import request_unlock
from courts.urls import urlpatterns
from courts.years.selectors.periods import current_year, landing_month
from courts.years.selectors.years import NoYearError, year_of_months
from scoring.facts import Month
from tests.courts.desks.test_open_work import a_round, staff
from tests.courts.returns_fixtures import bring_to, shanghai, slot_of
from tests.pages import client_of, give, year_after
from tests.test_access_matrix import ARGUMENTS

__all__ = ["staff"]

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

OLD, NEW = "yanbian-2019", "yanbian-2020"
DECEMBER, NOVEMBER = Month(2019, 12), Month(2019, 11)
# The next year is set up, December's returns are in, and January's are due.
NOW = shanghai("2020-02-03")
People = dict[str, User]


@pytest.fixture
def two_years(year: QualityYear, staff: People) -> Iterator[People]:
    """2020 beside 2019, which left a returned return, an unlock request and a half-voted ballot."""
    with time_machine.travel(NOW, tick=False):
        bring_to("returned", slot_of(year, month=DECEMBER), staff)
        bring_to(
            "verified", slot_of(year, "tumen", NOVEMBER), staff | {"desk": staff["other court"]}
        )
        request_unlock(
            user=staff["other court"], slot=slot_of(year, "tumen", NOVEMBER), reason="漏录一件"
        )
        a_round(year, staff, 12, "open")
        QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
        year.refresh_from_db()
        year_after(year)
        yield staff


def text_of(user: User, address: str) -> str:
    response = client_of(user).get(address, follow=True)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def turned(user: User, code: str, path: str) -> str:
    """Where the year switch on a page leads."""
    response = client_of(user).get(f"/{code}/turn/?from={quote(path, safe='')}")
    assert response.status_code == 302, path
    return str(response.headers["Location"])


class TestLanding:
    def test_a_desk_lands_in_the_year_with_the_oldest_open_month(self, two_years: People) -> None:
        assert own_returns(two_years["desk"]) == (OLD, "yanji")
        text = text_of(two_years["desk"], "/")
        assert "退回待改的报表" in text
        assert f"/{OLD}/returns/yanji/2019-12/litigation/" in text
        # A desk that owes nothing of 2019 which can still be entered lands in January.
        assert own_returns(two_years["other court"]) == (NEW, "tumen")

    def test_the_present_month_is_that_of_one_year_alone(
        self, year: QualityYear, two_years: People
    ) -> None:
        court = Court.objects.select_related("parent").get(code="yanji")
        after = QualityYear.objects.select_related("court", "edition").get(code=NEW)
        present = [
            month.month
            for one in (year, after)
            for month in court_home(two_years["desk"], one, court).months
            if month.is_present
        ]
        assert present == [DECEMBER]
        # The other year opens with its own oldest month that can be entered.
        due = court_home(two_years["desk"], after, court).due
        assert due is not None
        assert (due.month, due.is_present) == (Month(2020, 1), False)

    def test_an_office_finds_both_years_at_its_desk(self, two_years: People) -> None:
        client = client_of(two_years["office"])
        assert client.get("/").headers["Location"] == f"/{NEW}/desk/"
        text = text_of(two_years["office"], "/")
        assert f'href="/{OLD}/unlocks/"' in text
        assert f'href="/{OLD}/completeness/#remind"' in text
        assert f'href="/{NEW}/completeness/#remind"' in text

    def test_lists_name_what_waits_in_other_years(self, two_years: People) -> None:
        for name, page in (("unlocks", "解锁申请"), ("completeness", "未报报表")):
            text = " ".join(text_of(two_years["office"], f"/{NEW}/{name}/").split())
            assert f"2019年{page}（" in text
            assert "其他年度还有" in text
        assert "其他年度还有" not in text_of(two_years["office"], f"/{OLD}/unlocks/")

    def test_a_voter_is_told_on_landing(self, two_years: People) -> None:
        text = text_of(two_years["voter"], "/")
        assert "等待您办理" in text
        assert "12月评价" in text
        assert f"/{OLD}/ballots/{OLD}-12-open/booth/" in text
        assert "2月6日12时00分前（还有3天）" in text
        # Whoever voted has nothing to do, and is told so.
        done = text_of(two_years["voted"], "/")
        assert "12月评价" not in done
        assert "现在没有等您办理的事项" in done

    def test_a_scrutineer_is_told_on_landing(self, two_years: People) -> None:
        assert "12月评价" not in text_of(two_years["holder"], "/")
        BallotRound.objects.update(state="keys")
        text = text_of(two_years["holder"], "/")
        assert "待制作的密钥" in text
        assert f"/{OLD}/ballots/{OLD}-12-open/keys/" in text

    def test_a_voter_at_a_desk_is_told_there(self, two_years: People) -> None:
        round_ = BallotRound.objects.get(quality_year__code=OLD)
        round_.scrutineers.update(user=two_years["other court"])
        BallotRound.objects.update(state="keys")
        assert "待制作的密钥" in text_of(two_years["other court"], "/")

    def test_the_ballot_list_of_either_year_has_the_open_round(self, two_years: People) -> None:
        for code in (OLD, NEW):
            text = text_of(two_years["voter"], f"/{code}/ballots/")
            assert f"/{OLD}/ballots/{OLD}-12-open/booth/" in text

    def test_the_ranking_lands_where_figures_are(self, two_years: People) -> None:
        assert landing_month(two_years["party"]) == (OLD, NOVEMBER)


@pytest.mark.parametrize(
    ("day", "number"),
    [("2019-12-31", 2019), ("2020-01-31", 2019), ("2020-02-01", 2020), ("2026-01-01", 2020)],
)
def test_the_current_year_begins_when_its_january_is_over(
    year: QualityYear, day: str, number: int
) -> None:
    years = [year_after(year), year]
    found = current_year(years, shanghai(day))
    assert found is not None
    assert found.year == number
    assert current_year([], shanghai(day)) is None


def test_before_the_first_year_begins(year: QualityYear) -> None:
    assert current_year([year_after(year), year], shanghai("2018-11-01")) == year


class TestSwitch:
    def test_it_stands_on_every_page_with_the_years_of_the_prefecture_alone(
        self, two_years: People
    ) -> None:
        for name, page in (
            ("desk", "returns/yanji/"),
            ("office", "desk/"),
            ("leader", "dashboard/"),
        ):
            text = text_of(two_years[name], f"/{NEW}/{page}")
            assert f'href="/{OLD}/turn/?from=' in text
            assert "tonghua" not in text
        # One year alone leaves nothing to choose.
        assert "/turn/" not in text_of(two_years["far office"], "/tonghua-2019/desk/")
        response = client_of(two_years["far office"]).get(f"/{OLD}/turn/?from=/tonghua-2019/desk/")
        assert response.status_code == 404

    def test_links_keep_to_the_year_of_the_page(self, two_years: People) -> None:
        text = text_of(two_years["office"], f"/{OLD}/audit/")
        for page in ("desk", "reviews", "completeness", "grid", "dashboard", "ballots"):
            assert f'href="/{OLD}/{page}/"' in text
        assert f'href="/{OLD}/returns/yanji/"' in text_of(two_years["desk"], f"/{OLD}/audit/")

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (f"/{NEW}/desk/", f"/{OLD}/desk/"),
            (f"/{NEW}/completeness/?side=both", f"/{OLD}/completeness/?side=both"),
            (f"/{NEW}/grid/2020-03/litigation/", f"/{OLD}/grid/2019-03/litigation/"),
            (
                f"/{NEW}/returns/yanji/2020-12/litigation/",
                f"/{OLD}/returns/yanji/2019-12/litigation/",
            ),
            (
                f"/{NEW}/returns/yanji/2020-12/litigation/submit/",
                f"/{OLD}/returns/yanji/2019-12/litigation/",
            ),
            # Only November has figures.
            (f"/{NEW}/2020-05/", f"/{OLD}/2019-11/"),
            (
                f"/{NEW}/2020-05/yanji/court/?basis=reported",
                f"/{OLD}/2019-11/yanji/court/?basis=reported",
            ),
            (f"/{NEW}/rulebook/L1/", f"/{OLD}/rulebook/L1/"),
            (f"/{NEW}/readings/step/", f"/{OLD}/readings/step/"),
            (f"/{NEW}/rulebook/none/", f"/{OLD}/rulebook/"),
            (f"/{NEW}/cases/77/", f"/{OLD}/cases/"),
            (f"/{NEW}/ballots/some-round/booth/", f"/{OLD}/ballots/"),
            (f"/{NEW}/2020-05/nowhere/", f"/{OLD}/desk/"),
            ("/editions/5/", f"/{OLD}/rulebook/"),
            ("/password/", f"/{OLD}/desk/"),
            ("/no/such/page/at/all/", f"/{OLD}/desk/"),
            ("https://example.com/", f"/{OLD}/desk/"),
            ("", f"/{OLD}/desk/"),
        ],
    )
    def test_it_keeps_the_kind_of_page(self, path: str, expected: str, two_years: People) -> None:
        assert turned(two_years["office"], OLD, path) == expected

    def test_a_court_left_out_of_the_year_begins_elsewhere(self, two_years: People) -> None:
        path = f"/{NEW}/returns/yanji/2020-01/litigation/"
        QualityYear.objects.get(code=OLD).left_out.add(Court.objects.get(code="yanji"))
        assert turned(two_years["desk"], OLD, path) == f"/{OLD}/"
        assert turned(two_years["desk"], NEW, path) == path

    def test_every_page_has_one_to_turn_to(self, two_years: People) -> None:
        """Whatever page an office has before it, the switch leads to a page, not to an error."""
        client = client_of(two_years["office"])
        names = [p.name for p in urlpatterns if "year_code" in p.pattern.converters and p.name]
        assert len(names) > 80
        assert set(INSTEAD) <= set(names)
        wrong = {}
        for name in names:
            address = reverse(f"courts:{name}", args=ARGUMENTS.get(f"courts:{name}"))
            landed = client.get(f"/{NEW}/turn/?from={quote(address, safe='')}", follow=True)
            # Pages on which a desk or a voter acts are shut to an office, as in every year.
            if landed.status_code not in (200, 403) or OLD in landed.request["PATH_INFO"]:
                wrong[name] = (landed.request["PATH_INFO"], landed.status_code)
        assert wrong == {}


class TestCommands:
    def test_a_month_finds_its_year_before_the_one_it_is_a_baseline_of(
        self, year: QualityYear
    ) -> None:
        after = year_after(year)
        assert year_of_months([DECEMBER]) == year
        assert year_of_months([Month(2020, 1)]) == after
        assert year_of_months([Month(2018, 12)]) == year
        # December 2019 with January 2020: only 2020 has both, one as its baseline.
        assert year_of_months([DECEMBER, Month(2020, 1)]) == after
        assert year_of_months([DECEMBER, Month(2018, 12)]) == year
        # Without a month, or with one of no year, the latest.
        assert year_of_months([]) == year_of_months([Month(2031, 1)]) == after

    def test_several_years_are_named(self, year: QualityYear, elsewhere: QualityYear) -> None:
        year_after(year)
        with pytest.raises(NoYearError, match="yanbian-2019"):
            year_of_months([DECEMBER])
        with pytest.raises(CommandError, match="tonghua-2019、yanbian-2019") as told:
            call_command("score", "2019-12")
        assert told.value.returncode == 1
        # 2020 stands alone.
        assert year_of_months([Month(2020, 1)]).code == NEW

    def test_score_and_imports_take_the_year_of_the_month(
        self, year: QualityYear, tmp_path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        year_after(year)
        call_command("score", "2019-12", "--format", "json")
        assert '"2019-12"' in capsys.readouterr().out
        file = tmp_path / "figures.csv"
        file.write_text("court,month,metric,value\nyanji,2019-12,appeals_filed,1000\n", "utf-8")
        with redirect_stderr(io.StringIO()):
            call_command("import_figures", str(file))
            call_command("import_extract", str(file), "--source", "系统")
        row = MonthlyReturn.objects.get(court__code="yanji", year=2019, month=12)
        assert row.figures.get(metric="appeals_filed").value == 1000


def test_another_prefecture_s_figures_are_no_landing(
    year: QualityYear, elsewhere: QualityYear, people: People
) -> None:
    give(year, ("yanji", "2019-03", "appeals_filed", 100))
    assert landing_month(people["leader"]) == (OLD, Month(2019, 3))
    assert landing_month(people["far office"]) == ("tonghua-2019", Month(2019, 7))
