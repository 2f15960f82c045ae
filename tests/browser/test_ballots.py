"""The booth in the browser: the protocol, old browsers, the keyboard, the aspects."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from courts.ballots.protocol.ballot import read_ballot
from courts.ballots.protocol.canonical import parse_canonical
from courts.ballots.protocol.spoiled import read_spoiled
from courts.ballots.services.held_rounds import manifest_of
from courts.models import QualityYear, SealedBallot, User
from tests.ballots import refusals, vectors
from tests.browser.ballot_steps import (
    PATIENCE,
    address,
    choices,
    recognise,
)
from tests.courts.ballot_fixtures import Vote, people
from tests.oldest.removal import removal

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = Path(__file__).with_name("ballot-checks.js")
LogIn = Callable[[User], None]


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year, leaders=3).draft(unit=Decimal("0.5")).ask()


def test_vectors_and_what_qb1_refuses(page: Page, log_in: LogIn, vote: Vote) -> None:
    """The browser makes what Python does, and verifies QB1 as ever.

    What must be refused in QB2 is tried on the same scripts in scrutineer.html.
    """
    page.set_default_timeout(PATIENCE)
    log_in(vote.office)
    page.goto(f"/{vote.year.code}/ballots/")
    found = page.evaluate(
        f"({CHECKS.read_text('utf-8').partition('*/')[2].strip()})",
        {
            "vectors": json.loads(vectors.FILE.read_text("utf-8")),
            "qb1": {
                "vectors": json.loads(vectors.QB1.read_text("utf-8")),
                "refusals": json.loads(refusals.QB1.read_text("utf-8")),
            },
        },
    )
    assert found == []


# Asks the ballot's worker one thing after the other; what it refuses comes back as its code.
ASK = """async ([worker, questions]) => {
  const { Helper } = await import("/static/courts/ballots/ballot-helper.js");
  const helper = new Helper(worker);
  const answers = [];
  for (const question of questions) {
    answers.push(await helper.ask(question).catch((error) => error.code));
  }
  return answers;
}"""


def test_a_ballot_leaves_the_worker_once(page: Page, log_in: LogIn, vote: Vote) -> None:
    """Cast, its randomness is gone; spoiled, it is not cast; cast again, it is the same bytes."""
    page.set_default_timeout(PATIENCE)
    vote.give().open()
    log_in(vote.leaders[0])
    page.goto(f"/{vote.year.code}/ballots/")
    slot = vote.row.voters.get(user=vote.leaders[0]).slot
    manifest = vote.row.manifest
    sealing = {"kind": "seal", "manifest": manifest, "slot": slot, "scores": [15, 23]}
    spoil, cast, forget = {"kind": "spoil"}, {"kind": "cast"}, {"kind": "forget"}
    worker = reverse("courts:ballot_worker")
    asked = [spoil, sealing, spoil, cast, sealing, cast, cast, spoil, forget, cast, spoil]
    answers = page.evaluate(ASK, [worker, asked])
    refused = [place for place, one in enumerate(answers) if one == "nothing-sealed"]
    assert refused == [0, 3, 7, 9, 10]
    first, spoiled, second, sent, again = (answers[place] for place in (1, 2, 4, 5, 6))
    assert first == {"tracker": spoiled["tracker"], "fingerprint": vote.row.fingerprint}
    read = manifest_of(vote.row)
    opened = read_spoiled(parse_canonical(spoiled["spoiled"].encode(), "the file"), read)
    assert (opened.scores, opened.ballot.tracker) == ((15, 23), first["tracker"])
    assert sent == again
    assert set(sent) == {"tracker", "body"}
    ballot = read_ballot(parse_canonical(sent["body"].encode(), "the ballot"), read)
    assert ballot.tracker == sent["tracker"] == second["tracker"] != first["tracker"]
    checked = {"kind": "check_spoiled", "spoiled": spoiled["spoiled"], "manifest": manifest}
    changed = spoiled["spoiled"].replace('"scores":[15,23]', '"scores":[15,22]')
    found, wrong = page.evaluate(ASK, [worker, [checked, checked | {"spoiled": changed}]])
    assert wrong == "spoiled"
    assert (found["scores"], found["tracker"]) == ([15, 23], first["tracker"])
    assert found["isOnBoard"] is False


def test_an_old_browser_is_told_what_is_missing(
    page: Page, context: BrowserContext, log_in: LogIn, vote: Vote
) -> None:
    vote.give().open()
    log_in(vote.leaders[0])
    context.add_init_script("delete window.crypto.getRandomValues; crypto.getRandomValues = null")
    page.goto(address(vote, "booth/"))
    expect(page.locator("[data-unsupported]")).to_contain_text("crypto.getRandomValues")
    expect(page.locator("[data-unsupported]")).to_contain_text("Firefox 102")
    expect(page.locator("[data-booth]")).to_be_hidden()


def test_a_worker_that_lacks_something_is_told_before_a_mark_is_asked_for(
    page: Page, log_in: LogIn, vote: Vote
) -> None:
    vote.give().open()
    log_in(vote.leaders[0])
    in_worker(page, "delete TextEncoder.prototype.encode;")
    page.goto(address(vote, "booth/"))
    expect(page.locator("[data-unsupported]")).to_contain_text("encode", timeout=PATIENCE)
    expect(page.locator("[data-booth]")).to_be_hidden()


def in_worker(page: Page, script: str) -> None:
    """Run a script in the ballot's worker before its own."""

    def prepended(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=script + answer.text())

    page.route("**/ballots/worker.js", prepended)


def test_voting_by_keyboard_in_the_oldest_browser(
    page: Page,
    context: BrowserContext,
    log_in: LogIn,
    assert_accessible: Callable[[Page], None],
    vote: Vote,
) -> None:
    """Without anything newer than Chromium 86 and Firefox 102: mark, Enter, and one last look."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    vote.give().open()
    log_in(vote.leaders[0])
    context.add_init_script(removal())
    in_worker(page, removal())
    page.goto(address(vote, "booth/"))
    # One of the four by its figure: its place is what the page drew.
    page.keyboard.press(str(1 + list(choices(page)).index(vote.row.fingerprint)))
    boxes = page.locator("[data-score]")
    expect(boxes.first).to_be_focused()
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-booth] > [data-status]")).to_contain_text("不在允许的档次")
    expect(boxes.first).to_be_focused()
    boxes.first.select_text()
    page.keyboard.type("１0")
    # A notch of the wheel, or an arrow, does not change a mark.
    boxes.first.hover()
    page.mouse.wheel(0, 100)
    page.keyboard.press("ArrowDown")
    expect(boxes.first).to_have_value("１0")
    page.keyboard.press("Enter")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.type("9.5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-look-rows] tr")).to_have_text(
        ["延吉市人民法院\n10", "图们市人民法院\n9.5"], use_inner_text=True
    )
    expect(page.get_by_role("button", name="加密", exact=True)).to_be_focused()
    page.get_by_role("button", name="回去修改").click()
    expect(boxes.first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="加密", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-sealed]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="投票成功")).to_be_visible()
    assert SealedBallot.objects.filter(round=vote.row, current=True).count() == 1
    expect(page.locator("[data-look-rows] tr")).to_have_count(0)


def test_a_wheel_turns_no_number_anywhere(page: Page, log_in: LogIn, vote: Vote) -> None:
    """Pages with number fields (here the least number of ballots) give up the focus instead."""
    log_in(vote.office)
    page.goto(f"/{vote.year.code}/ballots/new/")
    least = page.locator("#id_min_ballots")
    least.click()
    page.keyboard.type("7")
    page.mouse.wheel(0, -100)
    expect(least).not_to_be_focused()
    expect(least).to_have_value("7")


def test_the_aspects_add_up(page: Page, log_in: LogIn, vote: Vote) -> None:
    vote.give().open()
    log_in(vote.leaders[0])
    page.goto(address(vote, "booth/"))
    recognise(page, vote.row.fingerprint)
    page.get_by_text("分四个方面打").first.click()
    for number, value in enumerate(("3", "2.5", "2", "1.5")):
        page.locator("[data-target]").first.locator("[data-aspect]").nth(number).fill(value)
    expect(page.locator("[data-added]").first).to_have_text("9")
    expect(page.locator("[data-score]").first).to_have_value("9")
    # Three points each: more than that is marked, and does not become a score.
    page.locator("[data-aspect]").first.fill("3.5")
    expect(page.locator("[data-aspect]").first).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-score]").first).to_have_value("9")
