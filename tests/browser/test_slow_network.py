"""Tests of pages whose script comes late: what was typed before it is not lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from courts.meetings.services.meetings import add_topic, call_meeting
from courts.models import Draft, Figure, MeetingTopic, QualityYear, User
from tests.browser.test_returns import METRICS, field

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/yanbian-2019/"
RETURN = f"{ROOT}returns/yanji/2019-01/litigation/"


@contextmanager
def late(page: Page, script: str) -> Iterator[None]:
    """Hold a script back while the block runs, as a slow network does."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    # By its name with or without a digest in it, and not the modules it asks for.
    address = re.compile(rf"/{script}(\.\w+)?\.js$")
    page.route(address, hold)
    yield
    assert held
    with page.expect_event("load"):
        for route in held:
            route.continue_()
    page.unroute(address)


def test_figures_typed_before_the_script_are_saved(
    page: Page, log_in: Callable[[User], None], desk: User
) -> None:
    log_in(desk)
    with late(page, "returns/returns"):
        page.goto(RETURN, wait_until="commit")
        field(page, METRICS[0]).fill("8")
        # The cursor still stands in the second one when the script comes.
        field(page, METRICS[1]).focus()
        page.keyboard.type("3")
    row = page.locator(f"tr[data-metric={METRICS[0]}]")
    expect(row).to_have_attribute("data-state", "saved")
    expect(field(page, METRICS[1])).to_have_value("3")
    page.keyboard.press("Enter")
    row = page.locator(f"tr[data-metric={METRICS[1]}]")
    expect(row).to_have_attribute("data-state", "saved")
    stored = Figure.objects.reported().filter(monthly_return__month=1)
    assert dict(stored.values_list("metric", "value")) == {METRICS[0]: 8, METRICS[1]: 3}


def test_the_offices_grid_counts_what_was_typed_before_the_script(
    page: Page, log_in: Callable[[User], None], office: User
) -> None:
    log_in(office)
    with late(page, "returns/office-grid"):
        page.goto(f"{ROOT}grid/2019-01/litigation/", wait_until="commit")
        cell = page.locator(f"input[data-court=yanji][data-metric={METRICS[0]}]")
        cell.fill("8")
        page.keyboard.press("Tab")
    expect(cell).to_have_value("8")
    expect(page.locator("[data-count]")).to_contain_text("1")
    page.reload()
    expect(cell).to_have_value("8")
    expect(page.locator("[data-count]")).to_contain_text("1")


def test_a_decision_typed_before_the_script_is_saved(
    page: Page, log_in: Callable[[User], None], office: User, year: QualityYear
) -> None:
    held_on = dt.date(2026, 1, 5)
    meeting = call_meeting(
        user=office, year=year, month=6, title="六月会商", held_on=held_on, present=""
    )
    add_topic(user=office, meeting=meeting, title="培训")
    log_in(office)
    with late(page, "meetings/meeting"):
        page.goto(f"{ROOT}meetings/{meeting.pk}/topics/1/", wait_until="commit")
        page.get_by_role("textbox", name="决定").fill("逐案评查")
    expect(page.locator("[data-saved]")).to_have_text("已保存。")
    assert MeetingTopic.objects.get().decision == "逐案评查"


def test_text_of_a_form_typed_before_the_script_is_kept(
    page: Page, log_in: Callable[[User], None], office: User
) -> None:
    log_in(office)
    with page.expect_response("**/drafts/"), late(page, "courts/drafts"):
        page.goto(f"{ROOT}actions/new/", wait_until="commit")
        page.get_by_label("督导要求").fill("逐案评查")
    assert "逐案评查" in Draft.objects.values_list("text", flat=True)
