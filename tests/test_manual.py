"""Holds the manual against the pages: bold words are on the screen, its files can be imported."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.translation import trans_real
from markdown_it import MarkdownIt

import scoring
from courts import urls
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.permissions import Role
from courts.rulebooks.services.targets import import_targets
from courts.setup.services.setup import setup_year
from courts.wording.catalogues import messages_of_tree
from courts.wording.explanations import sentence
from scoring import CourtFacts, Level, Month
from tests import documents

MANUAL = documents.DOCS / "manual"
PAGES = [pytest.param(path, id=path.stem) for path in sorted(MANUAL.glob("*.md"))]
BOLD = re.compile(r"\*\*(.+?)\*\*")
RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")


@cache
def words_on_screen(language: str) -> frozenset[str]:
    """The project's own messages, those of Django and other packages, and the rulebook's labels.

    Case aside: the administration writes names of tables with a capital, sentences without.
    """
    own = messages_of_tree(documents.DOCS.parent, ("courts", "scoring", "qualityyear"), "templates")
    texts = {message.text for message in own} if language == "zh-hans" else set()
    with translation.override(language):
        catalogue: Any = trans_real.catalog()
        texts |= {str(text) for _, text in catalogue._catalog.items()}
        if language == "en":
            # What foreign packages say is written in English and translated by nobody.
            texts |= {str(key) for key, _ in catalogue._catalog.items()}
            texts |= {str(model._meta.verbose_name_plural) for model in apps.get_models()}
    labels = [*(share.label for share in RULEBOOK.sides)]
    labels += [metric.label for metric in RULEBOOK.metrics.values()]
    texts |= {getattr(label, language[:2]) for label in labels}
    return frozenset(text.casefold() for text in texts)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        pytest.param(path, language, id=f"{language}-{path.stem}")
        for language, folder in {"zh-hans": ".", "ko": "ko", "en": "en"}.items()
        for path in sorted((MANUAL / folder).glob("*.md"))
    ],
)
def test_bold_words_are_on_the_screen(path: Path, language: str) -> None:
    text = documents.prose(path.read_text("utf-8"))
    # A question in bold is the reader's, not the page's.
    bold = {words.casefold() for words in BOLD.findall(text) if words[-1] not in "？?"}
    assert bold
    assert bold - words_on_screen(language) == set()


PARSER = MarkdownIt("commonmark").enable("table")


def shape(path: Path) -> list[str]:
    """What stands in a page, without its words: headings, items, rows, code, pictures, links.

    Links by where they lead, an anchor by the place of its heading; code blocks by their kind;
    examples of files word for word.
    """
    found = []
    for token in PARSER.parse(path.read_text("utf-8")):
        found.append(f"{token.type} {token.tag}")
        if token.type == "fence":
            found.append(token.content if token.info == "csv" else token.info)
        found += sorted(
            leads_to(path, unquote(str(child.attrGet("href") or child.attrGet("src"))))
            for child in token.children or ()
            if child.type in {"link_open", "image"}
        )
    return found


def leads_to(path: Path, target: str) -> str:
    """A link's target, the same whichever language's file it stands in."""
    name, _, place = target.partition("#")
    if name.endswith(".png"):
        return Path(name).name
    to = (path.parent / name).resolve() if name else path
    titles = documents.HEADING.finditer(to.read_text("utf-8"))
    if place:
        anchors = [documents.anchor(found["title"]) for found in titles]
        place = str(anchors.index(place))
    return f"{to.name}#{place}"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_manual_is_whole_in_every_language(language: str) -> None:
    """The same files, headings, lists, tables, pictures and links, in the same order."""
    names = {path.name for path in MANUAL.glob("*.md")}
    assert {path.name for path in (MANUAL / language).glob("*.md")} == names
    for name in sorted(names):
        assert shape(MANUAL / language / name) == shape(MANUAL / name), name


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_translated_manual_says_about_as_much(language: str) -> None:
    """Each part, beside the Chinese one: none is left out or cut short."""
    for path in sorted(MANUAL.glob("*.md")):
        chinese = [len(part) for part in path.read_text("utf-8").split("\n## ")]
        other = (MANUAL / language / path.name).read_text("utf-8").split("\n## ")
        ratios = [len(part) / number for part, number in zip(other, chinese, strict=True)]
        middle = sorted(ratios)[len(ratios) // 2]
        assert [ratio for ratio in ratios if not middle / 2 < ratio < middle * 2] == [], path.name


def test_every_role_has_its_page() -> None:
    with translation.override("zh-hans"):
        labels = {str(label) for label in Role.labels}
    text = (MANUAL / "administrator.md").read_text("utf-8")
    assert labels <= set(BOLD.findall(text))
    index = documents.read("manual/README.md")
    assert {label for label in labels if label not in index} == set()


def test_every_role_is_sent_to_a_page_of_its_own_work() -> None:
    """The party group decides, so its way in must not lead to the common part alone."""
    index = documents.rows(documents.read("manual/README.md"))
    sent = {who: row["请看"] for row in index if "请看" in row for who in [row["您是"]]}
    with translation.override("zh-hans"):
        labels = [str(label) for label in Role.labels]
    assert [label for label in labels if not any(label in who for who in sent)] == []
    for target in sent.values():
        page, _, title = next(documents.links(target)).partition("#")
        text = (MANUAL / page).read_text("utf-8")
        titles = {documents.anchor(found["title"]) for found in documents.HEADING.finditer(text)}
        assert not title or title in titles, target


# What the manual may call missing, by how the addresses of its pages would begin.
NOT_YET = {"督导": "supervision", "通报": "bulletin"}
MISSING = re.compile(r"[^。\n]*(?:还没有(?:开放|页面)|尚未开放|只能查看)[^。\n]*")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_called_missing_that_has_a_page(path: Path) -> None:
    names = [str(pattern.name) for pattern in urls.urlpatterns]
    for sentence_found in MISSING.findall(documents.prose(path.read_text("utf-8"))):
        if "管理员" in sentence_found:
            continue  # Administrators read figures and change none: tests/test_access_matrix.py.
        words = [word for word in NOT_YET if word in sentence_found]
        assert words, sentence_found
        assert not [name for name in names for word in words if name.startswith(NOT_YET[word])]


@pytest.mark.parametrize(("language", "folder"), [("zh-hans", ""), ("ko", "ko/"), ("en", "en/")])
def test_the_explanation_is_the_one_shown(language: str, folder: str) -> None:
    (printed,) = documents.blocks(documents.read(f"manual/{folder}README.md"), "text")
    before = dict(zip(RULEBOOK.item_by_code["L1"].metrics, (165, 60, 19, 5, 3), strict=True))
    now = dict(zip(before, (150, 50, 20, 4, 3), strict=True))
    yanji = CourtFacts("yanji", Level.GRASSROOTS, current=now, baseline_annual=before)
    score = scoring.score(RULEBOOK, Month(2019, 12), [yanji]).court("yanji").item("L1")
    with translation.override(language):
        shown = [
            sentence(step, RULEBOOK, {})
            for step in score.steps
            if step.kind not in {"reading", "paragraph"}
        ]
    assert printed.splitlines() == shown


# What a sentence on the limits of the ballot rests on: tests by name, or why there can be none.
RESTS_ON = re.compile(r"<!-- (?P<tests>(?:tests/\S+\.py::\w+ )+|attack: [^>]+ |fact )-->$")


def test_every_limit_of_the_ballot_rests_on_a_test() -> None:
    """The sentence stands only while the test does, and each test is there."""
    limits = documents.section(documents.read("manual/ballot.md"), "保护不到的地方")
    sentences = [line for line in limits.splitlines() if line.startswith("* ")]
    assert len(sentences) >= 15
    untested = []
    for line in sentences:
        found = RESTS_ON.search(line)
        assert found, line
        for name in found["tests"].split():
            path, _, test = name.partition("::")
            if test:
                text = (documents.DOCS.parent / path).read_text("utf-8")
                assert f"def {test}(" in text, name
        if not found["tests"].startswith("tests/"):
            untested.append(line)
    assert len(untested) == 2


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
