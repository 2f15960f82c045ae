"""A long part of a page is drawn once for the same values and language, and for nothing else."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from courts.frame.views import parts
from courts.frame.views.parts import kept_part

PART = "{% load i18n %}{% translate '得分' %} {{ points }} {{ may_change|yesno:'button,' }}"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What was drawn, in order."""
    found: list[dict[str, object]] = []

    def draws(_name: str, shown: dict[str, object]) -> str:
        found.append(shown)
        return Template(PART).render(Context(shown))

    monkeypatch.setattr(parts, "render_to_string", draws)
    parts._drawn.cache_clear()
    return found


def test_drawn_once_for_the_same_values_and_language(drawn: list[dict[str, object]]) -> None:
    with translation.override("zh-hans"):
        first = kept_part("part.html", points="1.5", may_change=False)
        assert first == "得分 1.5 "
        assert kept_part("part.html", may_change=False, points="1.5") == first
        assert len(drawn) == 1
        # Who may more, is handed more and shown more.
        assert kept_part("part.html", points="1.5", may_change=True) == "得分 1.5 button"
        assert kept_part("part.html", points="2", may_change=False) == "得分 2 "
    with translation.override("ko"):
        assert kept_part("part.html", points="1.5", may_change=False) != first
    assert len(drawn) == 4


def test_what_can_change_is_no_value(drawn: list[dict[str, object]]) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        kept_part("part.html", points=["1.5"])  # type: ignore[arg-type]
    assert drawn == []
