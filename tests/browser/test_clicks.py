"""A newcomer's tasks take no more clicks than they may, counted from the first page.

Entering a return by keyboard alone is `test_grid.TestTheWayThrough`, casting by keyboard
`test_ballots.test_voting_by_keyboard_in_the_oldest_browser`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from courts.models import Figure, MonthlyReturn, QualityYear, User
from courts.reviews.services.deadlines import set_deadline
from scoring.facts import Month
from scoring.schema import Side
from tests.browser.ballot_steps import address
from tests.courts.ballot_fixtures import Vote, people
from tests.courts.conftest import COURTS
from tests.courts.returns_fixtures import CLEAN_LITIGATION, fill, hand_in, slot_of
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[[User], None]
JANUARY = Month(2019, 1)


class Mouse:
    """Clicks with the real mouse in the middle of what is visible, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, target: Locator) -> None:
        expect(target).to_be_visible()
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.clicks += 1


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year, leaders=3).draft(unit=Decimal("0.5")).ask()


def test_nine_clean_returns_are_verified_by_two_clicks(
    page: Page, log_in: LogIn, year: QualityYear, office: User
) -> None:
    for court in COURTS:
        desk = account(f"{court}-desk", court, "litigation")
        slot = slot_of(year, court, JANUARY, Side.LITIGATION)
        before = Figure.objects.filter(monthly_return__court__code=court)
        figures = dict.fromkeys(CLEAN_LITIGATION, 0) | {"first_instance_closed": 1200}
        figures |= {one.metric: one.value // 12 for one in before if one.value is not None}
        fill(desk, slot, figures | {"effective_judgments": 1150})
        hand_in(desk, slot)
    log_in(office)
    page.goto("/")
    mouse = Mouse(page)
    mouse.click(page.locator("main a[href$='/reviews/']").first)
    # The figures stand there at a glance before they are verified.
    expect(page.locator("input[name=pick]:checked")).to_have_count(9)
    mouse.click(page.get_by_role("button", name="核实所选报表"))
    expect(page.get_by_role("status").first).to_contain_text("9")
    assert mouse.clicks == 2
    assert set(MonthlyReturn.objects.values_list("state", flat=True)) == {"verified"}


def test_who_is_late_stands_on_the_desk(
    page: Page, log_in: LogIn, year: QualityYear, office: User
) -> None:
    """No click: all courts but Yanji owe twelve months of litigation."""
    set_deadline(user=office, year=year, day=8, seen=None, reason="年初通知")
    desk = account("yanji-desk", "yanji", "litigation")
    for number in range(1, 13):
        slot = slot_of(year, "yanji", Month(2019, number), Side.LITIGATION)
        MonthlyReturn.objects.create(
            **slot.fields, state="submitted", submitted_by=desk, submitted_at=timezone.now()
        )
    log_in(office)
    page.goto("/")
    names = page.get_by_role("list", name="未报的法院和张数").get_by_role("listitem")
    expect(names).to_have_count(8)
    expect(names.first).to_be_visible()
    expect(names.filter(has_text="图们法院")).to_have_text("图们法院 12")
    expect(names.filter(has_text="延吉法院")).to_have_count(0)


def test_why_a_court_lost_points_is_two_clicks_away(
    page: Page, log_in: LogIn, made_year: QualityYear
) -> None:
    """The ranking, a court: value, target and what came of it stand at each item."""
    log_in(account("leader", "yanbian", "leader"))
    page.goto("/")
    mouse = Mouse(page)
    mouse.click(page.get_by_role("link", name="排名与得分").first)
    mouse.click(page.locator("main").get_by_role("link", name="图们法院").first)
    lost = page.locator("main summary").filter(has_text="未达标").first
    for part in ("0.00", "目标"):
        expect(lost).to_contain_text(part)
    lost.scroll_into_view_if_needed()
    expect(lost).to_be_in_viewport()
    assert mouse.clicks == 2


def test_an_open_ballot_is_one_click_away_on_a_phone(page: Page, log_in: LogIn, vote: Vote) -> None:
    vote.give().open()
    log_in(vote.leaders[0])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    mouse = Mouse(page)
    mouse.click(page.locator(f"main a[href^='{address(vote)}']").first)
    page.wait_for_url(f"**{address(vote)}**")
    assert mouse.clicks == 1
