"""The administration speaks the reader's language: nothing of the packages under it is left."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from courts.admin import site
from courts.models import Court, TakenSupplement, User
from tests.courts.admin_fixtures import client_of, make_account

pytestmark = pytest.mark.django_db

SPOKEN = ("alt", "title", "placeholder", "aria-label", "data-confirm")
BUTTONS = ("submit", "button", "reset")
SILENT = ("script", "style", "code", "pre", "option", "textarea")
# A word of English: two letters or more that are neither a code, a file format nor what is typed.
WORD = re.compile(r"(?<![\w.@/-])[A-Za-z]{3,}(?![\w.@/-])")
# Names of things, and the languages by their own names.
KNOWN = {"CSV", "XLSX", "Excel", "Word", "SQLite", "PostgreSQL", "English"}


class Spoken(HTMLParser):
    """All that a page says: its texts, and what it tells of pictures, fields and buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT or (given.get("lang") or "").startswith("en"):
            self._silent.append(tag)
        self.texts += [given[name] or "" for name in SPOKEN if name in given]
        if tag == "input" and given.get("type") in BUTTONS:
            self.texts.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def english(html: str) -> set[str]:
    page = Spoken()
    page.feed(html)
    page.close()
    return {word for text in page.texts for word in WORD.findall(text)} - KNOWN


def test_what_is_english_is_found() -> None:
    assert english('<p>搜索</p><img alt="Search"><input type="submit" value="Go on">') == {"Search"}
    assert english("<script>let word;</script><p>导出 CSV</p>") == set()


@pytest.mark.parametrize("language", ["zh-hans", "ko"])
def test_no_page_of_the_administration_has_english_words(language: str, year: object) -> None:
    make_account("4711", "yanji", "litigation")
    client = client_of(make_account("4712", "yanbian", "admin", is_superuser=True, is_staff=True))
    client.cookies["django_language"] = language
    court, person = Court.objects.get(code="yanji"), User.objects.get(username="4711")
    # What courts and supplements are called in files, and courts by their English names.
    names = Court.objects.values_list("code", "name_en")
    called = {word for row in names for text in row for word in WORD.findall(text)}
    called |= set(TakenSupplement.objects.values_list("code", flat=True))
    addresses = [
        reverse("admin:index"),
        reverse("admin:app_list", args=["axes"]),
        reverse("admin:password_change"),
        reverse("admin:courts_court_add"),
        reverse("admin:courts_court_change", args=[court.pk]),
        reverse("admin:courts_court_history", args=[court.pk]),
        reverse("admin:courts_user_add"),
        reverse("admin:courts_user_change", args=[person.pk]),
        reverse("admin:courts_user_history", args=[person.pk]),
        reverse("admin:auth_user_password_change", args=[person.pk]),
        *(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            for model in site._registry
        ),
    ]
    found = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'lang="{language}"' in answer.content.decode()
        words = english(answer.content.decode()) - called
        if words:
            found[address] = words
    assert not found
