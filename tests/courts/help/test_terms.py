"""Terms of the glossary on the pages: each has its line, in three languages, from one table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from courts.help.selectors.terms import term_lines
from tests import documents

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
USED = re.compile(r'\{% term "(\w+)"')


def shown(source: str, language: str = "zh-hans", **values: str) -> str:
    with translation.override(language):
        return Template("{% load terms %}" + source).render(Context(values))


def test_every_term_on_a_page_has_a_line_and_every_line_a_page() -> None:
    used = {
        code for path in TEMPLATES.rglob("*.html") for code in USED.findall(path.read_text("utf-8"))
    }
    table = documents.rows(documents.section(documents.read("glossary.md"), "Terms in a line"))
    assert used == {row["code"] for row in table}
    assert len(table) >= 16
    for language in ("zh-hans", "ko", "en"):
        lines = term_lines(language)
        assert set(lines) == used
        assert all(one.word and one.line for one in lines.values())
        # Each has a line of its own.
        assert len({one.line for one in lines.values()}) == len(lines)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "上限"), ("ko", "상한"), ("en", "cap")])
def test_a_term_has_its_word_and_line_in_the_language_of_the_page(language: str, word: str) -> None:
    html = shown('{% term "cap" %}', language)
    (told,) = re.findall(r'aria-describedby="([^"]+)">([^<]+)</dfn>', html)
    assert told == ("term-cap", word)
    assert f'role="tooltip" id="term-cap">{term_lines(language)["cap"].line}</span>' in html
    assert '<dfn tabindex="0"' in html


def test_a_term_is_marked_where_a_page_first_names_it() -> None:
    source = '{% term "cap" first %}|{% term "cap" again %}|{% term "target" %}'
    marked, plain, other = shown(source, first="<甲>", again="乙").split("|")
    assert ">&lt;甲&gt;</dfn>" in marked
    assert plain == "乙"
    assert "term-target" in other


def test_a_part_that_a_page_takes_in_knows_what_the_page_named() -> None:
    part = Template('{% load terms %}{% term "cap" %}')
    page = Template(
        '{% load terms %}{% for one in "ab" %}{% include part %}{% include part with x=1 only %}'
        "{% endfor %}"
    )
    with translation.override("zh-hans"):
        assert page.render(Context({"part": part})).count("<dfn") == 1
