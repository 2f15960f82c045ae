"""Help on every page: its part in the manual, in three languages; and the words looked up in it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from courts.help.parts import ADMINISTRATION, FILES, PAGES_OF, PARTS
from courts.help.rendering import anchor_of, anchors_of, render_document
from courts.help.selectors.manual import (
    GLOSSARY,
    READINGS,
    document_page,
    manual_language,
    manual_pages,
)
from courts.help.selectors.places import help_address, own_pages
from courts.help.selectors.search import search_manual
from courts.models import User
from courts.permissions import Role
from courts.urls import urlpatterns
from tests.pages import account, client_of

LANGUAGES = ("zh-hans", "ko", "en")
# Addresses that nobody has before them as a page: files, data for scripts, and what only sends on.
NO_PAGES = {
    *("logout", "portal", "drafts", "turn", "deadlines_file", "behalf_cells", "edition_files"),
    *("return_template", "action_file", "action_paper", "case_file", "motion_file"),
    *("register_file", "meeting_minutes", "bulletin_file", "acceptance_archive"),
    *("word_template_file", "word_template_trial"),
    *("ballot_verifier", "ballot_verifier_hash", "ballot_worker", "ballot_scrutineer"),
    *("ballot_scrutineer_hash", "ballot_booth_file", "ballot_booth_file_hash", "ballot_state"),
    *("ballot_manifest", "ballot_key", "ballot_nonce", "ballot_rehearsal", "ballot_cast"),
    *("ballot_partial", "ballot_board", "ballot_scan"),
}
HELP = {"help", "help_page", "help_glossary", "help_reading"}


def test_every_page_has_its_part() -> None:
    names = {str(pattern.name) for pattern in urlpatterns}
    assert names == PARTS.keys() | NO_PAGES
    assert not PARTS.keys() & NO_PAGES
    assert {name for name, parts in PARTS.items() if not parts} == HELP
    # A part for each desk at most: the second in the same manual would never be shown.
    for name, parts in PARTS.items():
        assert len({part.partition("#")[0] for part in parts}) == len(parts), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_is_there_in_every_language(language: str) -> None:
    there = {
        f"{name}#{heading.anchor}"
        for name, page in manual_pages(language).items()
        for heading in page.headings
    }
    assert {*(part for parts in PARTS.values() for part in parts), *ADMINISTRATION} - there == set()
    assert PAGES_OF.keys() == set(Role.values)
    assert {page for pages in PAGES_OF.values() for page in pages} < FILES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_between_pages_lead_to_what_is_there(language: str) -> None:
    """The files' own anchors are of their language, those of addresses are English: all meet."""
    with translation.override(language):
        assert manual_language() == language
    pages = manual_pages(language)
    anchors = {f"/help/{name}/": {h.anchor for h in page.headings} for name, page in pages.items()}
    anchors |= {f"/help/readings/{name}/": set() for name in READINGS}
    for path, document in (("glossary.md", "/help/glossary/"),):
        anchors[document] = {heading.anchor for heading in document_page(path).headings}
    inside = 0
    for page in pages.values():
        found = re.findall(r'href="([^"]*)"', page.html)
        inside += len(found)
        for target in found:
            address, _hash, place = target.partition("#")
            assert address in anchors, target
            assert not place or place in anchors[address], target
    assert inside >= 25


def test_what_a_document_holds_beside_text_is_left_out() -> None:
    text = (
        "# Title\n\n## A `b` & <i>c</i>\n\nOne <script>alert(1)</script> [x](javascript:alert(1)) "
        "[in](a.md) **[out](b.md)** ![p](p.png)\nmore<!-- secret -->\n\n<b onclick='x'>\n\n"
        "| | h |\n|---|---|\n| a & b | `c` |\n\n```text\n1 < 2\n```\n"
    )
    page = render_document(
        text, lambda target: "/a/" if target == "a.md" else None, anchors_of(text)
    )
    for gone in ("<script", "<i>", "<b ", "onclick", "secret", "b.md", "p.png", "<img", "style="):
        assert gone not in page.html, gone
    # A link that the parser refuses stays text, and nobody can press it.
    assert re.findall(r'href="([^"]*)"', page.html) == ["/a/"]
    assert "<strong>out</strong>" in page.html
    assert '<h2 id="a-b--ici">' in page.html
    assert "<td></td>" in page.html
    assert "1 &lt; 2" in page.html
    (heading,) = page.headings
    assert (page.title, heading.title, heading.level) == ("Title", "A b & c", 2)
    _title, passage = page.passages
    assert passage.texts[1:] == ("h", "a & b · c", "1 < 2\n")
    assert passage.texts[0].startswith("One alert(1) ")
    assert passage.texts[0].endswith("more")
    assert anchor_of("单独评分（院党组）") == "单独评分院党组"


@pytest.mark.django_db
def test_help_leads_to_the_manual_of_the_own_role() -> None:
    """Worked from the table: the same address asked for by several desks."""
    people = {role: account(role, None, role) for role in Role.values}
    both = account("both", None, "leader", "scrutineer")
    wanted = {
        ("courts:return", "litigation"): "court-desk/#filling-in-as-in-a-spreadsheet",
        ("courts:return", "office"): "office/#verifying-returns",
        ("courts:return", "leader"): "court-desk/#filling-in-as-in-a-spreadsheet",
        ("courts:cases", "party"): "leader/#special-cases-party-group",
        ("courts:cases", "enforcement"): "court-desk/#applying-for-separate-points",
        ("courts:home", "admin"): "administrator/#setting-up",
        ("courts:home", "scrutineer"): "ballot/#the-course-of-a-round",
        ("courts:ballots", "leader"): "ballot/#the-course-of-a-round",
        ("courts:targets", "litigation"): "common/#looking-at-rules-and-targets",
        ("courts:targets", "office"): "office/#targets-and-caps",
        ("admin:courts_user_changelist", "admin"): "administrator/#making-accounts",
        ("admin:index", "centre"): "office/#importing-figures-preview-first-then-write",
        ("courts:ranking", "leader"): "common/#reading-the-ranking",
        ("courts:help", "office"): "",
        ("", "office"): "",
    }
    assert {at: help_address(at[0], people[at[1]]) for at in wanted} == {
        at: f"/help/{part}" for at, part in wanted.items()
    }
    assert own_pages(both) == ("leader", "ballot", "common")
    assert own_pages(account("roleless", None)) == ("common",)


def test_words_are_looked_up_in_headings_first_and_own_pages_before_others() -> None:
    pages = ("office", *(name for name in FILES if name != "office"))
    hits = search_manual("关账", "zh-hans", pages)
    assert hits[0].address == "/help/office/#closing-a-month"
    assert len({hit.address for hit in hits}) == len(hits) > 3
    headed = [("关账" in hit.title) for hit in hits]
    assert headed == sorted(headed, reverse=True)
    for hit in hits:
        assert ("关账", True) in hit.excerpt or "关账" in hit.title
    (both,) = search_manual("seed  DRAW hash", "en", pages)
    assert (both.page, both.title) == (
        "The trial management office and the enforcement command centre",
        "Registers",
    )
    assert {text for text, is_word in both.excerpt if is_word} >= {"seed"}
    assert "".join(text for text, _is_word in both.excerpt).strip("…") in "\n".join(
        text for passage in manual_pages("en")["office"].passages for text in passage.texts
    )
    korean = search_manual("잠금 해제", "ko", ("court-desk", *FILES))
    assert korean
    assert search_manual("", "ko", pages) == search_manual("没有这个词组合", "zh-hans", pages) == ()


@pytest.mark.django_db
def test_the_pages_of_help() -> None:
    """As a desk opens them, without a year and in Korean: text, search, nothing that runs."""
    user: User = account("desk", None, "litigation")
    client: Client = client_of(user)
    client.cookies["django_language"] = "ko"
    first = client.get("/help/").content.decode()
    assert first.index("법원 보고 담당") < first.index("시스템 관리자")
    assert 'class="notices-link" href="/help/" aria-current="true"' in first
    asked = client.get("/help/", {"q": "잠금 <b>"}).content.decode()
    assert "잠금 &lt;b&gt;" in asked
    assert "단어를 줄이거나" in asked
    assert "<mark>스냅숏</mark>" in client.get("/help/", {"q": "스냅숏"}).content.decode()
    # Too long a question is none, and no error.
    assert "<mark>" not in client.get("/help/", {"q": "가" * 101}).content.decode()
    page = client.get("/help/ballot/").content.decode()
    assert "<h1>무기명 투표</h1>" in page
    assert 'id="what-is-not-protected"' in page
    assert "test_dump" not in page
    assert "style=" not in page
    assert 'href="/help/common/#notices"' in client.get("/notices/").content.decode()
    glossary = client.get("/help/glossary/").content.decode()
    assert '<article class="card help-text" lang="en">' in glossary
    assert "投票轮次" in glossary
    assert "附件1" in client.get("/help/readings/step/").content.decode()
    assert document_page(GLOSSARY).title == "Glossary"
    for missing in ("/help/nothing/", "/help/readings/nothing/", "/help/readings/notice/"):
        assert client.get(missing).status_code == 404
