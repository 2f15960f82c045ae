"""The tour of a first sign-in: five steps for each role, skipped for good, found again in help."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from courts.desks.selectors.tours import tour_strip
from courts.desks.tour_steps import FIRST_PAGES, NUMBER_OF_STEPS, STEPS
from courts.help.selectors.manual import manual_pages
from courts.models import QualityYear, User
from courts.permissions import Role
from tests.pages import account, client_of

STRIP = 'class="tour"'


def press(client: Client, act: str, number: int) -> User:
    answer = client.post("/help/tour/", {"act": act, "number": number})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    return User.objects.get(pk=int(client.session["_auth_user_id"]))


def test_every_role_has_five_steps_that_lead_somewhere() -> None:
    assert STEPS.keys() == FIRST_PAGES.keys() == set(Role.values)
    anchors = {
        f"{name}#{heading.anchor}"
        for name, page in manual_pages("en").items()
        for heading in page.headings
    }
    for role, steps in STEPS.items():
        assert len(steps) == NUMBER_OF_STEPS == len({str(step.text) for step in steps}), role
        assert {step.part for step in steps if step.part} <= anchors
        assert steps[-1].area == "help"


def test_the_first_page_of_every_role_has_the_strip_with_its_five_places(
    year: QualityYear,
) -> None:
    """Worked by hand from the steps: where the links of each role's five steps lead."""
    code = year.code
    help_, ranking = "/help/", "/ranking/"
    board = f"/{code}/dashboard/"
    wanted = {
        "litigation": [
            "",
            "/help/court-desk/#filling-in-as-in-a-spreadsheet",
            "/notices/",
            ranking,
            help_,
        ],
        "office": [
            "",
            f"/{code}/reviews/",
            "/help/office/#what-takes-two-people",
            f"/{code}/bulletins/",
            help_,
        ],
        "leader": ["", board, ranking, f"/{code}/ballots/", help_],
        "party": ["", f"/{code}/cases/", board, ranking, help_],
        "scrutineer": [
            "",
            f"/{code}/ballots/",
            "/help/ballot/#scrutineers",
            "/help/ballot/#what-is-not-protected",
            help_,
        ],
        "admin": [
            "",
            "/accounts/",
            "/help/administrator/#a-second-person-confirms-an-account",
            "/admin/",
            help_,
        ],
    }
    for role, places in wanted.items():
        client = client_of(account(f"new-{role}", "yanbian", role))
        for number, place in enumerate(places, 1):
            page = client.get("/", follow=True)
            strip = page.context["tour"]
            assert (strip.number, strip.on_first_page) == (number, True), role
            found = page.content.decode()
            assert found.count(STRIP) == 1, (role, number)
            # The ranking's entry names the year of the page that it stands on.
            assert strip.address in {place, f"/{code}/" if place == ranking else place}, role
            assert ("上一步" in found) == (number > 1)
            assert ("完成引导" in found) == (number == NUMBER_OF_STEPS)
            press(client, "next", number)
        assert STRIP not in client.get("/", follow=True).content.decode()


def test_steps_go_on_once_and_back_and_are_skipped_and_seen_again(year: QualityYear) -> None:
    new = account("new", "yanbian", "centre")
    client, kept = client_of(new), new.history.count()
    assert client.get("/help/tour/")["Location"] == "/help/"
    assert press(client, "next", 1).tour_step == 1
    # Pressed twice, or in another window: it goes on once.
    assert press(client, "next", 1).tour_step == 1
    assert press(client, "back", 2).tour_step == 0
    assert press(client, "back", 1).tour_step == 0
    assert press(client, "nonsense", 1).tour_step == 0
    assert press(client, "next", 9).tour_step == 0
    assert press(client, "next", 1).tour_step == 1
    # On a page that the step is about, and on no other.
    assert STRIP in client.get(f"/{year.code}/reviews/").content.decode()
    assert STRIP not in client.get("/notices/").content.decode()
    user = press(client, "skip", 2)
    assert user.tour_step == NUMBER_OF_STEPS
    assert user.history.count() == kept
    assert STRIP not in client.get("/", follow=True).content.decode()
    assert "再看一遍引导" in client.get("/help/").content.decode()
    assert press(client, "again", 1).tour_step == 0
    assert STRIP in client.get("/", follow=True).content.decode()


def test_who_has_no_role_has_no_tour(year: QualityYear) -> None:
    roleless = account("roleless", "yanbian")
    assert tour_strip(roleless, "courts:home", ()) is None
    assert "再看一遍引导" not in client_of(roleless).get("/help/").content.decode()
    assert client_of(None).post("/help/tour/", {"act": "again"}).status_code == 302


@pytest.mark.database
def test_the_database_knows_five_steps(year: QualityYear) -> None:
    user = account("new", "yanbian", "leader")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(tour_step=NUMBER_OF_STEPS + 1)
