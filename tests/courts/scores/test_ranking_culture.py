"""How much of the ranking courts see: what each setting keeps from whom, on which page."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courts.frame.refusals import ReturnError, StaleError
from courts.models import Court, Event, QualityYear
from courts.permissions import may_view_points, sees_places
from courts.scores.selectors.rankings import ranking_page
from courts.scores.selectors.scores import month_scores
from courts.scores.services.ranking_shown import set_ranking_shown
from scoring.facts import Month
from tests.pages import account, client_of, made_year, more_courts, office, year

__all__ = ["made_year", "office", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

CODE, MONTH = "yanbian-2019", "2019-12"
RESTRICTED = ("bands", "own")
DESKS = ("litigation", "enforcement", "scrutineer", "admin")
SEEING = ("office", "centre", "leader", "party")


def pages(year: QualityYear) -> list[str]:
    """Every address on which points or places of several courts could stand."""
    month = reverse("courts:ranking", args=[CODE, MONTH])
    readings = reverse("courts:readings", args=[CODE])
    edition = reverse("courts:edition_effect", args=[year.edition_id])
    own = [reverse(f"courts:{name}", args=[CODE, MONTH, "yanji"]) for name in OWN_PAGES]
    return [
        *[month + end for end in ("", "?_export=csv", "?_export=xlsx", "?sort=-total", "?page=2")],
        *[readings + end for end in ("", "?_export=csv", "?_export=xlsx", "?step=per_point")],
        reverse("courts:reading", args=[CODE, "step"]),
        *[edition + end for end in ("", "?_export=csv")],
        *own,
        *[f"{address}?_export=csv" for address in own],
        f"{own[2]}?rank=1",
        f"{own[2]}?rank=1&_part=answer",
        reverse("courts:returns", args=[CODE, "yanji"]),
        reverse("courts:return_effect", args=[CODE, "yanji", MONTH, "litigation"]),
        reverse("courts:cases", args=[CODE]),
        reverse("courts:targets", args=[CODE]),
        reverse("courts:caps", args=[CODE]),
        reverse("courts:rulebook", args=[CODE]),
        reverse("courts:rule", args=[CODE, "L2.1"]),
        reverse("courts:dashboard", args=[CODE, MONTH]),
        reverse("courts:trends", args=[CODE, MONTH]),
        reverse("courts:projector", args=[CODE, MONTH]),
        reverse("courts:funnels", args=[CODE, MONTH]),
    ]


OWN_PAGES = ("scorecard", "court_page", "what_if", "outlook", "small_counts", "court_print")


def shown(year: QualityYear, value: str) -> None:
    QualityYear.objects.filter(pk=year.pk).update(ranking_shown=value)


def text_of(response: Any) -> str:
    """What a person can read of an answer; a workbook with all of its parts."""
    if "spreadsheetml" in response.get("Content-Type", ""):
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return html.unescape(response.content.decode())


def totals(year: QualityYear) -> dict[str, str]:
    board = month_scores(year, Month(2019, 12)).scoreboard
    return {card.court: str(card.total) for card in board.scorecards}


def others(year: QualityYear) -> set[str]:
    """Totals of other courts that are not Yanji's too, as they would be written."""
    found = totals(year)
    assert len({*found.values()}) > len(found) // 2
    return {text for code, text in found.items() if code != "yanji"} - {found["yanji"]}


def client(role: str, court: str = "yanji") -> Client:
    return client_of(account(f"{role}-{court}", court, role))


def stands(total: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(total)}(?!\d)", text) is not None


@pytest.mark.parametrize("value", RESTRICTED)
@pytest.mark.parametrize(
    "role",
    [
        # The others see no more than this one; test_hidden_points walks for it too.
        pytest.param(role, marks=[] if role == "litigation" else pytest.mark.nightly)
        for role in DESKS
    ],
)
def test_no_total_of_another_court_stands_anywhere(
    made_year: QualityYear, role: str, value: str
) -> None:
    shown(made_year, value)
    browser, hidden, answered = client(role), others(made_year), 0
    for address in pages(made_year):
        response = browser.get(address)
        if response.status_code == 200:
            answered += 1
            text = text_of(response)
            assert [total for total in hidden if stands(total, text)] == [], address
        else:
            assert response.status_code in (302, 403, 404), address
    assert answered > 8


def test_in_full_the_same_search_finds_them(made_year: QualityYear) -> None:
    browser = client("litigation")
    for name in ("", "?_export=csv", "?_export=xlsx"):
        text = text_of(browser.get(reverse("courts:ranking", args=[CODE, MONTH]) + name))
        assert all(
            stands(total.rstrip("0").rstrip("."), text) or stands(total, text)
            for total in others(made_year)
        )
    readings = text_of(browser.get(reverse("courts:readings", args=[CODE])))
    assert all(stands(total, readings) for total in others(made_year))


@pytest.mark.parametrize("value", RESTRICTED)
@pytest.mark.parametrize("role", SEEING)
def test_who_looks_after_all_sees_all(made_year: QualityYear, role: str, value: str) -> None:
    shown(made_year, value)
    made_year.refresh_from_db()
    user = account(role, "yanbian", role)
    assert sees_places(user, made_year) == "full"
    text = text_of(client_of(user).get(reverse("courts:ranking", args=[CODE, MONTH])))
    assert all(stands(total, text) for total in totals(made_year).values())
    assert "管理部门、领导小组和院党组看得到全部" in text
    card = reverse("courts:scorecard", args=[CODE, MONTH, "dunhua"])
    assert client_of(user).get(card).status_code == 200


@pytest.mark.parametrize("value", RESTRICTED)
@pytest.mark.parametrize("role", DESKS)
def test_other_scorecards_are_refused_in_words(
    made_year: QualityYear, role: str, value: str
) -> None:
    shown(made_year, value)
    browser = client(role)
    for court in Court.objects.exclude(code="yanji"):
        answer = browser.get(reverse("courts:scorecard", args=[CODE, MONTH, court.code]))
        assert answer.status_code == 403
        assert "只能查看本院的得分表" in answer.content.decode()
    own = reverse("courts:scorecard", args=[CODE, MONTH, "yanji"])
    assert browser.get(own).status_code == 200


def test_own_line_says_the_place_among_how_many(made_year: QualityYear) -> None:
    shown(made_year, "own")
    rank = month_scores(made_year, Month(2019, 12)).scoreboard.court("yanji").rank
    address = reverse("courts:ranking", args=[CODE, MONTH])
    text = text_of(client("litigation").get(address))
    assert f"第{rank}名，共8个法院" in text
    assert "本年度法院只看得到本院的得分和名次。" in text
    assert "敦化" not in text
    file = client("enforcement").get(f"{address}?_export=csv").content.decode("utf-8-sig")
    assert f"第{rank}名，共8个法院" in file
    assert "敦化" not in file


def test_the_intermediate_court_has_no_place(made_year: QualityYear) -> None:
    shown(made_year, "own")
    text = text_of(
        client("litigation", "yanbian").get(reverse("courts:ranking", args=[CODE, MONTH]))
    )
    assert "不参与排名" in text
    assert stands(totals(made_year)["yanbian"], text)


def test_bands_are_quarters_in_the_order_of_the_notice(made_year: QualityYear) -> None:
    """Eight courts: the quartiles lie between 2nd and 3rd, 6th and 7th, whoever these are."""
    shown(made_year, "bands")
    response = client("litigation").get(reverse("courts:ranking", args=[CODE, MONTH]))
    bands = response.context["page"].bands
    period = response.context["page"].period
    by_rank = [line.code for line in ranking_page(period).ranked]
    assert [group.label for group in bands] == ["靠前", "居中", "靠后"]
    assert [{court.code for court in group.courts} for group in bands] == [
        set(by_rank[:2]),
        set(by_rank[2:6]),
        set(by_rank[6:]),
    ]
    order = dict(Court.objects.values_list("code", "order"))
    for group in bands:
        places = [order[court.code] for court in group.courts]
        assert places == sorted(places)


def test_too_few_courts_make_no_bands(made_year: QualityYear) -> None:
    shown(made_year, "bands")
    kept = ["yanji", "dunhua", "hunchun"]
    made_year.left_out.set(Court.objects.filter(parent__isnull=False).exclude(code__in=kept))
    response = client("litigation").get(reverse("courts:ranking", args=[CODE, MONTH]))
    assert [group.label for group in response.context["page"].bands] == [
        "有数据的法院太少，不分区间"
    ]


def test_courts_without_figures_stand_apart_from_the_bands(made_year: QualityYear) -> None:
    shown(made_year, "bands")
    more_courts(made_year, 2)
    response = client("litigation").get(reverse("courts:ranking", args=[CODE, MONTH]))
    last = response.context["page"].bands[-1]
    assert last.label == "本月还没有数据"
    assert [court.code for court in last.courts] == ["court-0000", "court-0001"]


def test_readings_and_editions_list_the_own_court_alone(made_year: QualityYear) -> None:
    shown(made_year, "bands")
    browser = client("litigation")
    for address in (
        reverse("courts:readings", args=[CODE]),
        reverse("courts:reading", args=[CODE, "step"]),
        reverse("courts:edition_effect", args=[made_year.edition_id]),
    ):
        response = browser.get(address)
        assert {one.code for one in response.context["page"].courts} == {"yanji"}
        assert "这里只列本院" in response.content.decode()


def test_a_wished_place_is_not_answered_where_places_are_kept(made_year: QualityYear) -> None:
    address = reverse("courts:what_if", args=[CODE, MONTH, "yanji"])
    browser = client("litigation")
    assert 'name="rank"' in browser.get(address).content.decode()
    shown(made_year, "own")
    plain = browser.get(address)
    asked = browser.get(f"{address}?rank=1")
    assert 'name="rank"' not in plain.content.decode()
    assert asked.context["page"].total_after == plain.context["page"].total_after
    assert asked.context["missed"] == plain.context["missed"]


def test_points_are_ones_own_or_published(made_year: QualityYear) -> None:
    user = account("desk", "yanji", "litigation")
    assert may_view_points(user, made_year, "dunhua")
    made_year.ranking_shown = "bands"
    assert may_view_points(user, made_year, "yanji")
    assert not may_view_points(user, made_year, "dunhua")
    assert not may_view_points(user, made_year, "yanbian")


# --- The setting -----------------------------------------------------------------------------


def test_the_office_sets_it_and_it_is_recorded(made_year: QualityYear, office: Any) -> None:
    browser = client_of(office)
    address = reverse("courts:ranking_shown", args=[CODE])
    sent = {"shown": "bands", "seen": "full", "reason": "按上级要求"}
    assert browser.post(address, sent).status_code == 302
    made_year.refresh_from_db()
    assert made_year.ranking_shown == "bands"
    event = Event.objects.get(action="set_ranking_shown")
    assert event.data == {"before": "full", "after": "bands"}
    assert (event.reason, event.actor) == ("按上级要求", office)
    page = browser.get(address).content.decode()
    assert "公布全部得分和名次 → 只公布所在区间" in page
    assert "已设定" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"shown": "secret", "seen": "full", "reason": "试"}, "没有这种显示方式。"),
        ({"shown": "", "seen": "full", "reason": "试"}, "请选择一种显示方式。"),
        ({"shown": "own", "seen": "full", "reason": " "}, "请说明原因。"),
    ],
)
def test_what_is_wrong_is_said_and_not_set(
    made_year: QualityYear, office: Any, sent: dict[str, str], said: str
) -> None:
    answer = client_of(office).post(reverse("courts:ranking_shown", args=[CODE]), sent)
    assert said in answer.content.decode()
    made_year.refresh_from_db()
    assert made_year.ranking_shown == "full"


def test_a_stale_page_changes_nothing(made_year: QualityYear, office: Any) -> None:
    shown(made_year, "own")
    sent = {"shown": "bands", "seen": "full", "reason": "试"}
    address = reverse("courts:ranking_shown", args=[CODE])
    answer = client_of(office).post(address, sent, follow=True)
    assert "刚刚被别人改过" in answer.content.decode()
    made_year.refresh_from_db()
    assert made_year.ranking_shown == "own"
    with pytest.raises(StaleError):
        set_ranking_shown(user=office, year=made_year, shown="bands", seen="full", reason="试")


def test_the_service_keeps_others_and_unknown_values_out(
    made_year: QualityYear, office: Any
) -> None:
    for role in ("litigation", "centre", "leader", "party", "admin"):
        with pytest.raises(PermissionDenied):
            set_ranking_shown(
                user=account(role, "yanbian", role),
                year=made_year,
                shown="own",
                seen="full",
                reason="试",
            )
    with pytest.raises(ValidationError):
        set_ranking_shown(user=office, year=made_year, shown="x", seen="full", reason="试")
    with pytest.raises(ReturnError):
        set_ranking_shown(user=office, year=made_year, shown="own", seen="full", reason=" ")


@pytest.mark.parametrize("value", RESTRICTED)
def test_queries_do_not_grow_with_courts(made_year: QualityYear, value: str) -> None:
    shown(made_year, value)
    browser = client("litigation")
    counts = []
    for number in (0, 30):
        more_courts(made_year, number)
        browser.get(reverse("courts:ranking", args=[CODE, MONTH]))
        with CaptureQueriesContext(
            connection,
        ) as found:
            browser.get(reverse("courts:ranking", args=[CODE, MONTH]))
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_of_the_full_ranking_is_not_shown_after_a_change(
    made_year: QualityYear,
) -> None:
    address = reverse("courts:ranking", args=[CODE, MONTH])
    browser, hidden = client("litigation"), others(made_year)
    for _again in range(2):
        text = text_of(browser.get(address))
        assert all(stands(total, text) for total in hidden)
    for value in RESTRICTED:
        shown(made_year, value)
        for _again in range(2):
            text = text_of(browser.get(address))
            assert [total for total in hidden if stands(total, text)] == []
    shown(made_year, "full")
    assert all(stands(total, text_of(browser.get(address))) for total in hidden)
