"""What a page draws is kept for the same values and language, and for nothing else."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from courts import database_clock
from courts.frame.views import parts
from courts.frame.views.parts import kept_part
from tests import conftest

PART = "{% load i18n %}{% translate '得分' %} {{ points }} {{ may_change|yesno:'button,' }}"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What was drawn, in order."""
    found: list[dict[str, object]] = []

    def draws(_name: str, shown: dict[str, object]) -> str:
        found.append(shown)
        return Template(PART).render(Context(shown))

    monkeypatch.setattr(parts, "render_to_string", draws)
    parts.parts.clear()
    return found


@pytest.fixture
def keeps_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps as the product does, without the comparison that all tests make."""
    monkeypatch.setattr(parts.Drawn, "__call__", conftest.AS_KEPT)
    parts.bodies.clear()
    parts.parts.clear()


def test_drawn_once_for_the_same_values_and_language(drawn: list[dict[str, object]]) -> None:
    with translation.override("zh-hans"):
        first = kept_part("part.html", points="1.5", may_change=False)
        assert first == "得分 1.5 "
        assert kept_part("part.html", may_change=False, points="1.5") == first
        # Of what is shown again every test draws a second time, to compare (conftest).
        assert len(drawn) == 2
        # Who may more, is handed more and shown more.
        assert kept_part("part.html", points="1.5", may_change=True) == "得分 1.5 button"
        assert kept_part("part.html", points="2", may_change=False) == "得分 2 "
    with translation.override("ko"):
        assert kept_part("part.html", points="1.5", may_change=False) != first
    assert len(drawn) == 5


def test_what_can_change_is_no_value(drawn: list[dict[str, object]]) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        kept_part("part.html", points=["1.5"])  # type: ignore[arg-type]
    assert drawn == []


class Told:
    """A value that says another thing each time it is drawn: so a second drawing shows."""

    def __init__(self) -> None:
        self.times = 0

    def __str__(self) -> str:
        self.times += 1
        return str(self.times)


def body(told: Told, stamp: str = "a", path: str = "/x/", account: int = 1) -> str:
    """What the block draws for that account at that address."""
    request: Any = RequestFactory().get(path)
    request.user = SimpleNamespace(pk=account)
    template = Template("{% load kept %}{% kept_body stamp %}{{ told }}{% endkept_body %}")
    return template.render(Context({"told": told, "stamp": stamp, "request": request}))


@pytest.mark.usefixtures("keeps_unasked")
class TestBodies:
    def test_kept_for_the_same_account_address_and_stamp(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = Told()
        monkeypatch.setattr(database_clock, "today", lambda: date(2019, 3, 1))
        assert [body(told), body(told)] == ["1", "1"]
        # Whatever differs is drawn anew, the old one stays.
        assert body(told, stamp="b") == "2"
        assert body(told, path="/x/?page=2") == "3"
        assert body(told, account=2) == "4"
        with translation.override("ko"):
            assert body(told) == "5"
        assert body(told) == "1"
        monkeypatch.setattr(database_clock, "today", lambda: date(2019, 3, 2))
        assert body(told) == "6"

    def test_without_a_stamp_nothing_is_kept(self) -> None:
        told = Told()
        assert [body(told, stamp=""), body(told, stamp="")] == ["1", "2"]

    def test_only_the_last_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts.bodies, "_most", 2)
        told = Told()
        drawn = [body(told, path=f"/{place}/") for place in (1, 2, 1, 3, 1, 2)]
        # The third put out the second, which was longest unused.
        assert drawn == ["1", "2", "1", "3", "1", "4"]


@pytest.mark.usefixtures("keeps_unasked")
def test_a_block_is_kept_for_its_values_alone() -> None:
    told = Told()
    template = Template("{% load kept %}{% kept_of a b %}{{ a }}{{ told }}{% endkept_of %}")

    def drawn(a: object, b: object) -> str:
        return template.render(Context({"a": a, "b": b, "told": told}))

    assert [drawn("x", 1), drawn("x", 1), drawn("x", 2), drawn("y", 1)] == ["x1", "x1", "x2", "y3"]
    with translation.override("ko"):
        assert drawn("x", 1) == "x4"


def test_what_is_kept_is_compared_in_every_test() -> None:
    """The guard of all tests finds a block that hangs on more than it names."""
    told = Told()
    parts.bodies.clear()
    assert body(told) == "1"
    with pytest.raises(AssertionError, match="does not name all"):
        body(told)
