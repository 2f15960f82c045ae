"""Pictures of the manual: made by the script, shown at their place, small, in three languages."""

from __future__ import annotations

import re
import struct

import pytest
from django.conf import settings
from django.urls import reverse

from courts.help.selectors.manual import manual_pages
from courts.models import QualityYear
from tests import documents
from tests.manual_pictures import FOLDER, LANGUAGES, SHOTS
from tests.pages import account, client_of

MOST_BYTES = 40_000
PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<target>[^)]+)\)")
FOLDERS = {"zh": "manual", "ko": "manual/ko", "en": "manual/en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_shows_what_the_script_draws_and_nothing_else(language: str) -> None:
    shown = []
    for path in sorted((documents.DOCS / FOLDERS[language]).glob("*.md")):
        for found in PICTURE.finditer(path.read_text("utf-8")):
            file = (path.parent / found["target"]).resolve()
            assert file.parent == FOLDER / language
            assert found["words"].strip()
            shown.append(file.stem)
    assert sorted(shown) == sorted(SHOTS)
    assert {path.stem for path in (FOLDER / language).iterdir()} == set(SHOTS)


def test_pictures_are_small_and_have_a_palette() -> None:
    for path in FOLDER.rglob("*.png"):
        content = path.read_bytes()
        width, _height, _depth, colour = struct.unpack(">IIBB", content[16:26])
        assert (width, colour) == (960, 3), path
        assert len(content) <= MOST_BYTES, (path, len(content))


@pytest.mark.parametrize(("language", "folder"), [("zh-hans", "zh"), ("ko", "ko"), ("en", "en")])
def test_the_help_pages_serve_them_at_their_place(language: str, folder: str) -> None:
    pages = manual_pages(language)
    html = "".join(page.html for page in pages.values())
    for name in SHOTS:
        address = f"{settings.STATIC_URL}courts/help/pictures/{folder}/{name}.png"
        assert f'<img src="{address}" alt="' in html, name


def test_a_reader_finds_the_picture_behind_its_heading(year: QualityYear) -> None:
    client = client_of(account("reader", "yanji", "litigation"))
    page = client.get(reverse("courts:help_page", args=["court-desk"])).content.decode()
    _before, _id, part = page.partition('id="filling-in-as-in-a-spreadsheet"')
    assert part.partition("</h2>")[2].lstrip().startswith("<p><img src=")
