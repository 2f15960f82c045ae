"""Hostile texts through every field and out of every page and export: none does what it wants.

Through fields: each form of each page is sent with a hostile text in every field that takes texts,
and the answer is looked at. Out again: the texts of all rows are hostile, past what any form would
take, and every page and file of the access matrix is looked at. The controls turn the escaping of
pages and the defusing of lists off, and both must be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.http import QueryDict
from django.template import Engine
from django.test import Client
from django.urls import reverse

from courts.files import lists
from courts.models import QualityYear
from courts.upkeep.services import health
from tests.hold.payloads import ALL, PAYLOADS, SHORT, TOGETHER, harm
from tests.hold.scale import SCALE, SEED, chance, many
from tests.kept_rows import put_back
from tests.pages import client_of
from tests.test_access_matrix import (
    ARGUMENTS,
    COOKIES,
    EVERYBODY,
    MATRIX,
    WHO,
    make_issue,
    make_issuing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.stands_on(EVERYBODY)]

# Forms are many; with every change some are sent, each with one text.
FORMS = many(10_000, 8)
PAGES = many(10_000, 15)
TEXTS_A_FORM = many(len(ALL), 1)
TYPED = {"text", "search", "url", "email", "number", "date", "month", "password", "datetime-local"}
# Texts that name something of the program: another text there is no text but another thing.
NAMES = {
    *("code", "item", "metric", "metrics", "kind", "state", "side", "sides", "basis", "register"),
    *(
        "sha256",
        "digest",
        "salt",
        "key",
        "hash",
        "prev",
        "head",
        "seed",
        "value",
        "password",
        "slot",
    ),
    *("session_key", "session_data", "codename", "app_label", "model", "app", "name_in_code"),
    *("reading", "choice", "carrier", "subject", "sees", "sends", "line", "action", "username"),
    *(
        "thing",
        "field",
        "tracker",
        "fingerprint",
        "close_hash",
        "manifest",
        "stage",
        "area",
        "part",
    ),
    *(
        "chapter",
        "source_key",
        "form",
        "level",
        "answer",
        "silence",
        "media_type",
        "format",
        "table",
    ),
}

# Texts that the program reads: files of rules, and snapshots under a digest.
READ_BY_PROGRAM = {("TakenSupplement", "text"), ("Snapshot", "text")}


@pytest.fixture
def clients(made_year: QualityYear, monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    monkeypatch.setattr(health, "ask", lambda: None)
    put_back(EVERYBODY.name, EVERYBODY.make)
    make_issuing(made_year)
    make_issue()
    found = {}
    for who in WHO:
        found[who] = client_of(None)
        found[who].cookies.update(COOKIES[who])
    return found


def pages() -> list[tuple[str, str]]:
    """Each address of the matrix with the account that is shown it last, in an order of chance."""
    found = []
    for name, verbs in MATRIX.items():
        shown = [who for who, one in zip(WHO, verbs.get("get", ""), strict=False) if one == "o"]
        if shown and name != "courts:logout":
            route, _, query = name.partition("?")
            address = reverse(route, args=ARGUMENTS.get(route)) + (f"?{query}" if query else "")
            found += [(who, address) for who in dict.fromkeys([shown[0], *shown[2:3]])]
    chance("pages").shuffle(found)
    return found


# --- Through every field ---------------------------------------------------------------------


@dataclass
class SentForm:
    """A form as a browser has it: where it goes, its fields with their values, those one types."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    is_upload: bool = False


class _Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[SentForm] = []
        self._by_id: dict[str, SentForm] = {}
        self._open: SentForm | None = None
        self._select: tuple[SentForm | None, str] = (None, "")
        self._chosen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = SentForm(found.get("action", ""), found.get("method", "get").lower())
            self._open.is_upload = "multipart" in found.get("enctype", "")
            self.forms.append(self._open)
            self._by_id[found.get("id", "")] = self._open
            return
        form = self._by_id.get(found["form"]) if "form" in found else self._open
        name, kind = found.get("name", ""), found.get("type", "text")
        owner, chosen = self._select
        if tag == "option" and owner is not None:
            if not self._chosen or "selected" in found:
                if self._chosen:
                    owner.values.pop()
                owner.values.append((chosen, found.get("value", "")))
                self._chosen = True
            return
        if form is None or not name:
            return
        if tag == "select":
            self._select, self._chosen = (form, name), False
        elif tag == "textarea" or (tag == "input" and kind in TYPED):
            form.typed.append(name)
        elif tag == "input" and kind in {"radio", "checkbox"}:
            if "checked" in found or kind == "radio":
                form.values.append((name, found.get("value", "on")))
        elif (tag == "input" and kind == "hidden") or tag == "button":
            form.values.append((name, found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = (None, "")


def forms_of(response: Any) -> list[SentForm]:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    page = _Forms()
    page.feed(response.content.decode())
    return [form for form in page.forms if form.typed]


def send(client: Client, address: str, form: SentForm, text: str) -> Any:
    """Send a form with the text in all it takes."""
    data = QueryDict(mutable=True)
    for name, value in form.values:
        data.appendlist(name, value)
    for name in form.typed:
        data.appendlist(name, text)
    where = form.action or address.partition("?")[0]
    if form.method != "post":
        return client.get(where.partition("?")[0], data)
    kind = "application/x-www-form-urlencoded"
    return client.post(where, data.urlencode(), content_type=kind)


def test_every_field(clients: dict[str, Client], record_property: Any) -> None:
    draw = chance("fields")
    sent, fields, forms = 0, set(), 0
    for who, address in pages():
        if forms >= FORMS:
            break
        for form in forms_of(clients[who].get(address)):
            if form.action.startswith(("/logout", "/i18n")):
                continue
            forms += 1
            fields |= {(form.action or address, name) for name in form.typed}
            for text in draw.sample(ALL, TEXTS_A_FORM):
                with transaction.atomic():
                    response = send(clients[who], address, form, text)
                    assert response.status_code < 500, (who, address, form, text)
                    assert list(harm(response)) == [], (who, address, text)
                    if response.status_code == 302 and response.headers["Location"][:1] == "/":
                        after = clients[who].get(response.headers["Location"])
                        assert after.status_code < 500, (who, address, form, text)
                        assert list(harm(after)) == [], (who, address, text)
                    transaction.set_rollback(True)
                sent += 1
    kinds = {kind: len(texts) for kind, texts in PAYLOADS.items()}
    told = f"{sent} forms sent, {len(fields)} fields, {len(ALL)} texts {kinds}: 0 faults, 0 harm"
    record_property("hold", f"seed {SEED}: {told}")


# --- Out of every page and export ------------------------------------------------------------


def poisoned() -> int:
    """Make the texts of all rows hostile; how many columns took it."""
    columns = 0
    for model in apps.get_models():
        for one in model._meta.local_concrete_fields:
            if not isinstance(one, (models.CharField, models.TextField)) or one.choices:
                continue
            if one.name in NAMES or isinstance(one, models.SlugField) or one.primary_key:
                continue
            if model._meta.app_label != "courts" or one.name.endswith(("_hash", "_key")):
                continue
            if (model.__name__, one.name) not in READ_BY_PROGRAM:
                columns += _poison(model, one)
    return columns


def _poison(model: Any, one: models.Field) -> bool:
    """Whether the column of any row took it: some are kept by triggers, some are unique."""
    longest = one.max_length or len(TOGETHER)
    text = TOGETHER if longest >= len(TOGETHER) else SHORT
    if longest < len(SHORT) + 3:
        return False
    took = False
    for key, value in model.objects.exclude(**{one.name: ""}).values_list("pk", one.name)[:20]:
        if value is None:
            continue
        try:
            with transaction.atomic():
                new = f"{text}{key}"[:longest]
                model.objects.filter(pk=key).update(**{one.name: new})
                took = True
        except DatabaseError:
            continue
    return took


def walked(clients: dict[str, Client]) -> Iterator[tuple[str, str]]:
    """What is harmful on a page or in a file: the address and the harm."""
    for who, address in pages()[:PAGES]:
        response = clients[who].get(address)
        assert response.status_code < 500, (who, address)
        for one in harm(response):
            yield address, one


def test_every_page_and_export(clients: dict[str, Client], record_property: Any) -> None:
    columns = poisoned()
    assert columns > 25
    assert list(walked(clients)) == []
    looked = min(PAGES, len(pages()))
    told = f"{looked} pages and files of {columns} columns of hostile texts: 0 harm"
    record_property("hold", f"seed {SEED}: {told}")


def test_without_escaping_and_defusing_the_texts_do_harm(
    clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """The controls: a page with escaping off, a list that is not defused."""
    poisoned()
    page, table = reverse("courts:sessions"), reverse("courts:cases", args=["yanbian-2019"])
    clients["office"].defaults["HTTP_USER_AGENT"] = TOGETHER
    for address in (page, table, f"{table}?_export=csv"):
        assert list(harm(clients["office"].get(address))) == []
    with monkeypatch.context() as patch:
        patch.setattr(Engine.get_default(), "autoescape", False)
        shown = list(harm(clients["office"].get(table)))
    assert "an element qyx" in shown
    with monkeypatch.context() as patch:
        patch.setattr(lists, "defused", str)
        ran = list(harm(clients["office"].get(f"{table}?_export=csv")))
    assert any(one.startswith("a cell '=") for one in ran)
    told = f"control, escaping off: {len(shown)} on one page; defusing off: {len(ran)} in one list"
    record_property("hold", told)


def test_enough_texts() -> None:
    assert len(set(ALL)) >= 54
    assert SCALE or TEXTS_A_FORM == 1
