"""Address × role × court × method: whose court an address names decides, whichever court it is.

The addresses are those of the access matrix, which says by hand who gets where for one court. Here
each address that names a court is asked with every court by accounts of every court. Nothing is
written down for it a second time; three rules hold instead:

* no answer is a fault, and another prefecture's courts, or none, are shown to nobody;
* grassroots courts are alike: what A's desk gets at A, B's gets at B, and at each other's the same;
* a desk gets nothing of another court that its matrix does not give it of a court not its own.

The control takes the question away whose return it is, and the rules must see that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from courts.models import QualityYear
from courts.upkeep.services import health
from courts.years.selectors import slots
from tests.hold.scale import SEED, chance, many
from tests.kept_rows import put_back
from tests.pages import account, client_of
from tests.test_access_matrix import (
    ARGUMENTS,
    EVERYBODY,
    MATRIX,
    PAGE,
    READ,
    VERBS,
    WHO,
    letter,
    make_issuing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.stands_on(EVERYBODY)]

ALIKE = ("yanji", "dunhua")
OURS = ("yanbian", *ALIKE)
# Of another prefecture; and none at all.
NOT_OURS = ("meihekou", "nowhere", "YANJI", "-", "0")
DESKS = ("litigation", "enforcement")
ROLES = WHO[1:8]
GROUPS = many(240, 3)

# Whose last part is a row of the court that the address names.
OF_ROWS = {"courts:scenario"}
# Of every court for whoever sees the year: a line of a list that all are shown (`courts:caps`).
OF_A_LIST = {"courts:cap"}

Ask = Callable[[str, str, str, str, str], str]


def named() -> list[tuple[str, int]]:
    """The addresses that name a court, with its place among their arguments."""
    found = []
    for name in MATRIX.keys() - OF_ROWS:
        arguments = ARGUMENTS.get(name.partition("?")[0], [])
        places = [place for place, one in enumerate(arguments) if one in OURS]
        found += [(name, place) for place in places]
    return sorted(found)


def address_of(name: str, place: int, court: str) -> str:
    route, _, query = name.partition("?")
    arguments = list(ARGUMENTS[route])
    arguments[place] = court
    return reverse(route, args=arguments) + (f"?{query}" if query else "")


@pytest.fixture
def ask(made_year: QualityYear, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask as an account of a role at a court for an address with a court, and take it all back."""
    monkeypatch.setattr(health, "ask", lambda: None)
    put_back(EVERYBODY.name, EVERYBODY.make)
    make_issuing(made_year)
    clients: dict[tuple[str, str], Client] = {("anonymous", ""): client_of(None)}

    def letter_of(role: str, at: str, verb: str, name: str, address: str) -> str:
        if (role, at) not in clients:
            user = account(f"{role}-{at}", at, role)
            clients[role, at] = client_of(user)
        with transaction.atomic():
            found = letter(clients[role, at], verb, address)
            transaction.set_rollback(True)
        return found

    return letter_of


def groups() -> Iterator[tuple[str, int, str, str]]:
    """What is tried: address, place of the court in it, role and verb, in an order of chance."""
    every = [
        (name, place, role, verb)
        for name, place in named()
        for role in ROLES
        for verb in VERBS
        if verb in MATRIX[name] or verb in ("get", "post")
    ]
    chance("cells").shuffle(every)
    yield from every[:GROUPS]


def looked_at(ask: Ask) -> tuple[int, list[str]]:
    """How many cells were asked for, and what breaks a rule."""
    cells, wrong = 0, []
    for name, place, role, verb in groups():
        found: dict[tuple[str, str], str] = {}
        for at in (*ALIKE, "meihekou"):
            for court in (*OURS, *NOT_OURS):
                address = address_of(name, place, court)
                found[at, court] = ask(role, at, verb, name, address)
                cells += 1
        wrong += [f"{verb} {name} by {role}: {one}" for one in broken(name, role, verb, found)]
    return cells, wrong


def broken(name: str, role: str, verb: str, found: dict[tuple[str, str], str]) -> Iterator[str]:
    """The rules that a role's answers at an address break."""
    expected = dict(zip(WHO, MATRIX[name].get(verb, READ), strict=True))
    # Sent on to a page that asks who comes.
    sent_on = "r" if MATRIX[name].get(verb) == PAGE else ""
    for (at, court), one in found.items():
        if (court in NOT_OURS or at not in OURS) and one not in "fnm" + sent_on:
            yield f"of {at} is answered {one} at {court}"
    first, second = ALIKE
    if found[first, first] != found[second, second]:
        yield f"{found[first, first]} at the own court {first}, {found[second, second]} at {second}"
    if found[first, second] != found[second, first]:
        yield f"{found[first, second]} at {second}, the other way round {found[second, first]}"
    if role in DESKS and ARGUMENTS[name.partition("?")[0]].count("yanji"):
        # The matrix asks as the intermediate court's desks for Yanji.
        if found[first, second] != expected[role]:
            yield f"{found[first, second]} at another court, {expected[role]} by the matrix"
    elif name in OF_A_LIST:
        if found[first, second] != found[first, first]:
            yield f"{found[first, second]} at another court, {found[first, first]} at the own"
    elif role in DESKS and found[first, second] in "orb" and found[first, second] != sent_on:
        yield f"of {first} is answered {found[first, second]} at {second}"


def test_whose_court_an_address_names_decides(ask: Ask, record_property: Any) -> None:
    cells, wrong = looked_at(ask)
    assert wrong == []
    assert cells == GROUPS_HERE * (len(ALIKE) + 1) * (len(OURS) + len(NOT_OURS))
    record_property("hold", f"seed {SEED}: {cells} cells of address × role × court × method held")


GROUPS_HERE = len(list(groups()))


def test_without_the_question_whose_it_is_the_rules_see_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """The control: whoever may look at some return may look at every one."""
    monkeypatch.setattr(slots, "may_view_returns", lambda *_who: True)
    shown = {
        (at, court): ask("litigation", at, "get", "courts:return", address_of(*RETURN, court))
        for at in (*ALIKE, "meihekou")
        for court in (*OURS, *NOT_OURS)
    }
    seen = list(broken("courts:return", "litigation", "get", shown))
    assert seen == ["of yanji is answered o at dunhua"]
    record_property("hold", f"control, no question whose return it is: {seen[0]}")


RETURN = ("courts:return", ARGUMENTS["courts:return"].index("yanbian"))
