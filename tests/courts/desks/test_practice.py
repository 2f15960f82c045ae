"""A server to practise on says so on every page, before anything else; a real one never does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages import account, client_of

BAND = 'class="practice"'
PLACES = ("/login/", "/help/", "/password/", "/nothing-there/", "/admin/")


@pytest.mark.django_db
def test_a_server_to_practise_on_says_so_everywhere(settings: Any) -> None:
    client = client_of(account("root", None, is_staff=True, is_superuser=True))
    for practice in (True, False):
        settings.PRACTICE = practice
        found = {
            place: (client_of(None) if place == "/login/" else client)
            .get(place)
            .content.decode()
            .count(BAND)
            for place in PLACES
        }
        assert found == dict.fromkeys(PLACES, int(practice))
