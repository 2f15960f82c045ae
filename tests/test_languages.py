"""Walks the pages in English and Korean: nothing is left in Chinese but what is data.

Data are what people typed, names of accounts, the paragraphs of the notice, and documents that are
in Chinese themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from lxml import html

from courts.models import Court, Figure, QualityYear, User
from tests.pages import account, client_of
from tests.walks import walked

HAN = re.compile(r"[\u3400-\u9fff]+")
# 附件1·二·6、附件3, 正文四·1, 三·15, 延中法〔2019〕14号: how paragraphs and papers are cited.
CITED = re.compile(
    r"(?:附件\d+|正文[一二三四五六七八九十]*)(?:[·、]?[一二三四五六七八九十()（）\d·]+)*"
    r"|[一二三四五六七八九十]·\d+|\w+〔\d{4}〕\d+号"
)
# Documents that are read in the language they are written in, files that bring all languages, and
# the form of a round, which names whom its manifest will name.
IN_CHINESE = re.compile(
    r"/help/(?:glossary|readings)/|/help/office/|/bulletins/|/ballots/new/|\.html$"
)
ROLES = {
    "office": ("yanbian", "office"),
    "desk": ("yanji", "litigation"),
    "leader": ("yanbian", "leader"),
    "admin": ("yanbian", "admin"),
}


def texts_of(content: bytes) -> Iterator[str]:
    """What a page says, in its text and in the attributes that are read out."""
    root = html.fromstring(content.decode())
    for one in root.xpath("//script|//style|//code|//textarea|//*[starts-with(@lang,'zh')]"):
        if one.getparent() is not None:
            one.drop_tree()
    yield from root.text_content().splitlines()
    for name in ("title", "aria-label", "alt", "placeholder"):
        yield from root.xpath(f"//@{name}")


def left_in_chinese(user: User, language: str) -> dict[str, str]:
    """Chinese words of pages and where they stand, without what is data."""
    names = {one.name for one in User.objects.all()}
    # What the annexes note beside a figure, and people beside theirs.
    names |= set(Figure.objects.exclude(note="").values_list("note", flat=True))
    data = re.compile("|".join(sorted(map(re.escape, filter(None, names)), key=len, reverse=True)))
    client = client_of(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    found: dict[str, str] = {}
    walked_pages = 0
    for address in walked():
        if IN_CHINESE.search(address):
            continue
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"] or answer.streaming:
            continue
        walked_pages += 1
        for text in texts_of(answer.content):
            for word in HAN.findall(CITED.sub("", data.sub("", text))):
                found.setdefault(word, address)
    assert walked_pages > 15
    return found


@pytest.mark.walk
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "role",
    [
        "office",
        pytest.param("desk", marks=pytest.mark.nightly),
        pytest.param("leader", marks=pytest.mark.nightly),
        pytest.param("admin", marks=pytest.mark.nightly),
    ],
)
def test_nothing_is_left_in_chinese(made_year: QualityYear, language: str, role: str) -> None:
    assert all(court.name_en and court.name_ko for court in Court.objects.of_year(made_year))
    court, group = ROLES[role]
    left = left_in_chinese(account("reader", court, group), language)
    assert left == {}, "\n".join(f"{word}: {address}" for word, address in left.items())


def test_chinese_is_found_where_it_stands() -> None:
    page = "<p>附件1·二·6、附件3 原因</p><p lang='zh'>原文</p><i title='提示'></i>".encode()
    words = [
        word
        for text in texts_of(b"<div>" + page + b"</div>")
        for word in HAN.findall(CITED.sub("", text))
    ]
    assert words == ["原因", "提示"]
