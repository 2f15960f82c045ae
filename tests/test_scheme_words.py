"""No word, item or place of the notice stands in what people read: rulebooks and supplements do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from courts.models import User
from courts.years.selectors.rule_parts import parts_of
from courts.years.selectors.years import rulebook_of
from scoring import BUNDLED, load_rulebook, load_sources
from tests.courts.made_rulebooks import HILLS, LAKES
from tests.courts.ridges import GROUND, ridges
from tests.pages import client_of

ROOT = Path(__file__).parents[1]
# Codes of its items, its own terms, its annexes by number, its prefecture.
SCHEME = re.compile(
    r"发改指|附件\d|改判|发回重审|终本率|延边|全州|\b(?:L[1-7](?:\.\d)?|GM|C[1-4]|Q\d{1,2})\b"
)
# The signs by which an encoding is recognised are no words.
APART = {"courts/files/texts.py"}


def said_in_python() -> Iterator[tuple[str, int, str]]:
    """Every text of the application's own code, docstrings left out."""
    for path in sorted((ROOT / "courts").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "migrations" in path.parts or name in APART:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in docstrings:
                continue
            if isinstance(node.value, str):
                yield name, node.lineno, node.value


def said_in_templates() -> Iterator[tuple[str, int, str]]:
    """Every line of the templates."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            yield path.relative_to(ROOT).as_posix(), number, line


def test_code_and_templates_hold_no_word_of_a_scheme() -> None:
    told = [*said_in_python(), *said_in_templates()]
    assert len(told) > 10_000
    found = [(name, line, text[:60]) for name, line, text in told if SCHEME.search(text)]
    assert found == []


def test_parts_are_those_that_the_rules_have() -> None:
    notice = load_rulebook(BUNDLED / "yanbian-2019")
    everything = {"caps", "base", "readings", "targets", "ballots", "ranks"}
    assert parts_of(notice) == everything
    assert parts_of(load_sources(dict(LAKES.files))) == everything
    assert parts_of(load_sources(dict(HILLS.files))) == {"ranks"}


@pytest.mark.django_db
@pytest.mark.stands_on(GROUND)
def test_menus_name_only_pages_that_have_something_on_them() -> None:
    """These rules compare years and have given points; no caps, readings, targets, ballots."""
    assert parts_of(rulebook_of(ridges())) == {"base", "assessed", "ranks"}
    client: Client = client_of(User.objects.get(username="office"))
    page = client.get("/ridges-2023/rulebook/").content.decode()
    named = ("assessments", "base", "readings", "ballots")
    assert [f"/ridges-2023/{name}/" in page for name in named] == [True, True, False, False]
    assert ("/targets/" in page) is False
