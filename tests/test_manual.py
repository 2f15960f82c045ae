"""Holds the manual against the pages: bold words are on the screen, its files can be imported."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

import scoring
from courts.catalogues import messages_of_tree
from courts.explanations import sentence
from courts.permissions import Role
from courts.services.imports import import_figures
from courts.services.setup import setup_year
from courts.services.sheets import SourceFile
from courts.services.targets import import_targets
from scoring import CourtFacts, Level, Month
from tests import documents

MANUAL = documents.DOCS / "manual"
PAGES = [pytest.param(path, id=path.stem) for path in sorted(MANUAL.glob("*.md"))]
BOLD = re.compile(r"\*\*(.+?)\*\*")
RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")


@cache
def words_on_screen() -> frozenset[str]:
    """The project's own messages, those of Django and other packages, and the rulebook's labels."""
    own = messages_of_tree(documents.DOCS.parent, ("courts", "scoring", "qualityyear"), "templates")
    with translation.override("zh-hans"):
        catalogue: Any = trans_real.catalog()
        foreign = [str(text) for _, text in catalogue._catalog.items()]
    rulebook = (share.label.zh for share in RULEBOOK.sides)
    metrics = (metric.label.zh for metric in RULEBOOK.metrics.values())
    texts = {message.text for message in own}
    return frozenset(texts.union(foreign, rulebook, metrics))


@pytest.mark.parametrize("path", PAGES)
def test_bold_words_are_on_the_screen(path: Path) -> None:
    text = documents.prose(path.read_text("utf-8"))
    # A question in bold is the reader's, not the page's.
    bold = {words for words in BOLD.findall(text) if not words.endswith("？")}
    assert bold
    assert bold - words_on_screen() == set()


def test_every_role_has_its_page() -> None:
    with translation.override("zh-hans"):
        labels = {str(label) for label in Role.labels}
    text = (MANUAL / "administrator.md").read_text("utf-8")
    assert labels <= set(BOLD.findall(text))
    index = documents.read("manual/README.md")
    assert {label for label in labels if label not in index} == set()


def test_the_explanation_is_the_one_shown() -> None:
    (printed,) = documents.blocks(documents.read("manual/README.md"), "text")
    before = dict(zip(RULEBOOK.item_by_code["L1"].metrics, (165, 60, 19, 5, 3), strict=True))
    now = dict(zip(before, (150, 50, 20, 4, 3), strict=True))
    yanji = CourtFacts("yanji", Level.GRASSROOTS, current=now, baseline_annual=before)
    score = scoring.score(RULEBOOK, Month(2019, 12), [yanji]).court("yanji").item("L1")
    with translation.override("zh-hans"):
        shown = [
            sentence(step, RULEBOOK, {})
            for step in score.steps
            if step.kind not in {"reading", "paragraph"}
        ]
    assert printed.splitlines() == shown


@pytest.mark.django_db
def test_the_files_of_the_office_can_be_imported() -> None:
    year = setup_year(folder=scoring.BUNDLED / "yanbian-2019").year
    figures, targets = (
        SourceFile("example.csv", text.encode())
        for text in documents.blocks(documents.read("manual/office.md"), "csv")
    )
    found = import_figures(year=year, files=[figures], apply=False)
    assert (found.errors, found.new) == ((), 2)
    wanted = import_targets(year=year, files=[targets], apply=False)
    assert (wanted.errors, wanted.new) == ((), 3)
