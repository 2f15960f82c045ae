"""What browsers keep: of some areas nothing; of all else nothing that another one is shown.

That every address says one of the two, to everybody, is asserted where all are walked
(tests/test_access_matrix.py).
"""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse

from courts.frame.views.caching import ASK_AGAIN, STORE_NOTHING
from courts.models import QualityYear
from tests.pages import account, client_of, give
from tests.test_access_matrix import addresses

pytestmark = pytest.mark.django_db
RANKING = "/yanbian-2019/2019-12/"
# Whose answers are never kept, by what their names begin with.
NEVER_KEPT = {
    "courts:login": "accounts",
    "courts:logout": "accounts",
    "courts:password": "accounts",
    "courts:password_done": "accounts",
    "courts:second_factor": "accounts",
    "courts:sessions": "accounts",
    "courts:ballot": "ballots, keys, slips",
    "courts:case": "cases",
    "courts:register": "personal fields",
    "courts:drafts": "what was typed",
    "courts:api_token": "tokens",
}


def test_of_some_areas_nothing_is_kept_whatever_they_answer(year: QualityYear) -> None:
    """Every address of these areas, even where it refuses or is sent elsewhere."""
    office = client_of(account("office", "yanbian", "office"))
    found = set()
    for name in addresses(get_resolver()):
        begins = [one for one in NEVER_KEPT if name.startswith(one)]
        for arguments in ([], [year.code], [year.code, 1], [year.code, "overturned"], [1]):
            try:
                address = reverse(name, args=arguments)
            except Exception:  # noqa: BLE001
                continue
            if begins:
                found |= {*begins}
                answer = office.get(address)
                assert "no-store" in answer.headers["Cache-Control"], name
            break
    assert found >= NEVER_KEPT.keys() - {"courts:logout"}


@time_machine.travel("2019-12-31 23:58:00+08:00", tick=False)
def test_a_page_is_asked_for_again_and_told_apart(made_year: QualityYear) -> None:
    """By account, role, language and data; the negative control takes the account away."""
    user = account("office", "yanbian", "office")
    browser = client_of(user)
    first = browser.get(RANKING)
    assert first.headers["Cache-Control"] == ASK_AGAIN
    tag = first.headers["ETag"]
    again = browser.get(RANKING, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == ASK_AGAIN

    def whole(client: Any, **headers: str) -> bool:
        told = {
            "if-none-match": tag,
            **{key.replace("_", "-"): one for key, one in headers.items()},
        }
        return bool(client.get(RANKING, headers=told).status_code == 200)

    # The same page byte for byte, of another account with the same name, court and roles.
    twin = account("office2", "yanbian", "office", name=str(user))
    user.name = str(user)
    user.save()
    tag = browser.get(RANKING).headers["ETag"]
    assert not whole(browser)
    assert whole(client_of(twin))
    assert whole(browser, accept_language="ko")
    user.groups.set([Group.objects.get(name="leader")])
    assert whole(browser)
    user.groups.set([Group.objects.get(name="office")])
    assert not whole(browser)
    # The foot of its paper says on which day it was fetched.
    with time_machine.travel("2019-12-31 23:59:59+08:00", tick=False):
        assert not whole(browser)
    with time_machine.travel("2020-01-01 00:01:00+08:00", tick=False):
        assert whole(browser)
    assert not whole(browser)
    give(made_year, ("yanji", "2019-12", "first_instance_closed", 9999))
    assert whole(browser)


def test_without_the_middleware_nothing_is_said(year: QualityYear, settings: Any) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "caching" not in one]
    browser = client_of(account("office", "yanbian", "office"))
    assert "Cache-Control" not in browser.get(RANKING).headers


def test_files_of_cases_and_what_is_posted(year: QualityYear) -> None:
    browser = client_of(account("office", "yanbian", "office"))
    answer = browser.post(RANKING)
    assert answer.headers["Cache-Control"] == ASK_AGAIN
    assert "ETag" not in answer.headers
    assert browser.get("/no-such-page/").headers["Cache-Control"] == ASK_AGAIN
    assert (
        browser.get(f"/{year.code}/cases/999/").headers["Cache-Control"].startswith(STORE_NOTHING)
        or "no-store" in browser.get(f"/{year.code}/cases/999/").headers["Cache-Control"]
    )
