"""Holds every sentence to the glossary's table of words: one word for one thing, in each language.

Chinese and Korean words are looked for wherever a sentence may stand; English ones in English
sentences alone, since code and comments have words of their own.

Korean texts speak to people in one style as well: 합니다, requests -하십시오. Labels are nouns.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest

from courts.wording import catalogues
from tests import documents

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = {"zh": ("中文", "不用"), "ko": ("한국어", "쓰지 않음"), "en": ("English", "not")}
TABLE = documents.rows(documents.section(documents.read("glossary.md"), "One word for one thing"))
LANGUAGES = tuple(COLUMNS)
LINES = {"zh": ("中文", "一句话"), "ko": ("한국어", "한마디"), "en": ("English", "in a line")}
NONE = "—"

# What stands here and nowhere else is a bulletin's own sentence: a sealed paper, in 한다.
BULLETINS = ROOT / "courts" / "bulletins" / "selectors" / "prose"
# Syllables that end in ㅂ, as before 니다 and 니까.
POLITE = "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 == 17)
END = r"(?=\s*(?:[.!?:;…()”’」》\]<]|$))"
PLAIN = re.compile(
    rf"(?<![{POLITE}]니)다{END}|[하으쓰보치내리키]라{END}|(?<!십)시오{END}|[세해어아]요{END}"
    rf"|(?<![{POLITE}]니)까{END}|[는은인운]지(?=[.?])",
    re.MULTILINE,
)
# 수 hangs on the word before it: 할수 있습니다.
HUNG = "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 == 8)
APART = re.compile(rf"[{HUNG}] 수[는도가]? ?[있없]")


def catalogue(folder: str, language: str) -> Iterator[tuple[str, str, str]]:
    """The messages of a catalogue and their translations."""
    for path in sorted((ROOT / "locale" / folder).rglob("*.po")):
        name = path.relative_to(ROOT)
        for entry in polib.pofile(str(path)):
            if entry.obsolete or "foreign" in entry.comment:
                continue
            place = f"{name}: {entry.msgid[:60]}"
            yield "zh", place, entry.msgid
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                yield language, place, text


def texts_of(value: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """The texts of a rulebook, which stand side by side as zh, ko and en."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in LANGUAGES and isinstance(inner, str):
                yield key, place, inner
            else:
                yield from texts_of(inner, f"{place} {key}")
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, place)


def rulebooks() -> Iterator[tuple[str, str, str]]:
    for path in sorted((ROOT / "scoring").rglob("*.toml")):
        yield from texts_of(tomllib.loads(path.read_text()), str(path.relative_to(ROOT)))


def sentences() -> Iterator[tuple[str, str, str]]:
    """The texts of formulas and findings: `Text(zh, ko, en)`, in code."""
    for folder in ("scoring", "courts"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts or "Text(" not in (source := path.read_text()):
                continue
            for node in ast.walk(ast.parse(source)):
                if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text"):
                    continue
                for language, given in zip(LANGUAGES, node.args, strict=False):
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield language, f"{path.relative_to(ROOT)}:{given.lineno}", given.value


def pages() -> Iterator[tuple[str, str, str]]:
    """Templates, the manual and the readings: Chinese, and what the manual's translations say."""
    for folder, kinds in (("templates", "*.*"), ("docs/manual", "*.md"), ("docs/readings", "*.md")):
        for path in sorted((ROOT / folder).rglob(kinds)):
            name = path.relative_to(ROOT)
            language = path.parent.name if path.parent.name in LANGUAGES else "zh"
            for number, line in enumerate(path.read_text().splitlines(), 1):
                yield language, f"{name}:{number}", line


def terms() -> Iterator[tuple[str, str, str]]:
    """What pages say of a term in a line."""
    for row in documents.rows(documents.section(documents.read("glossary.md"), "Terms in a line")):
        for language, columns in LINES.items():
            for column in columns:
                yield language, f"docs/glossary.md {row['code']}", row[column]


@cache
def all_texts() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for language, place, text in (
        *catalogue("ko", "ko"),
        *catalogue("en", "en"),
        *catalogue("zh_Hans", "zh"),
        *rulebooks(),
        *sentences(),
        *pages(),
        *terms(),
    ):
        found[language].append((place, text))
    return found


def unused(row: dict[str, str], language: str) -> list[str]:
    """The words of a row that are not used."""
    cell = row[COLUMNS[language][1]]
    return [] if cell == NONE else cell.split("、")


def looked_for(word: str, language: str) -> re.Pattern[str]:
    """A word as it stands in a text; an English one whole, in whatever case."""
    if language == "en":
        return re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE)
    return re.compile(re.escape(word))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_uses_the_words_of_the_glossary(language: str) -> None:
    wrong = []
    whole = "\n".join(text for _place, text in all_texts()[language])
    for row in TABLE:
        word = row[COLUMNS[language][0]]
        for other in unused(row, language):
            pattern = looked_for(other, language)
            if not pattern.search(whole):
                continue
            wrong += [
                f"{place}: {other}, should be {word}"
                for place, text in all_texts()[language]
                # A longer word of the table may hold a shorter one that is not used.
                if pattern.search(text if other in word else text.replace(word, ""))
            ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_table_is_used_and_means_one_thing(language: str) -> None:
    words = [row[COLUMNS[language][0]] for row in TABLE]
    assert len(set(words)) == len(words)
    others = [word for row in TABLE for word in unused(row, language)]
    assert len(set(others)) == len(others)
    assert not set(words) & set(others)
    whole = "\n".join(text for _place, text in all_texts()[language]).lower()
    assert [word for word in words if word.lower() not in whole] == []


def own_sentences_of_bulletins() -> set[str]:
    """The messages that only `BULLETINS` has."""
    inside: set[str] = set()
    outside: set[str] = set()
    for folder in ("courts", "qualityyear", "scoring"):
        for path in (ROOT / folder).rglob("*.py"):
            said = inside if path.is_relative_to(BULLETINS) else outside
            found = catalogues.messages_of_python(path.read_text(), str(path))
            said.update(message.text for message in found)
    for path in (ROOT / "templates").rglob("*.*"):
        found = catalogues.messages_of_template(path.read_text(), str(path))
        outside.update(message.text for message in found)
    return inside - outside


def said_in_korean() -> Iterator[tuple[str, str]]:
    """Every translation, those of foreign packages too, and the sentences of formulas."""
    for path in sorted((ROOT / "locale" / "ko").rglob("*.po")):
        for entry in polib.pofile(str(path)):
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                yield entry.msgid, text
    yield from ((place, text) for language, place, text in sentences() if language == "ko")


def test_korean_speaks_to_people_in_one_style() -> None:
    """합니다 wherever people read; the exception is one, and is needed."""
    plain = {said: text for said, text in said_in_korean() if PLAIN.search(text)}
    papers = own_sentences_of_bulletins()
    wrong = [f"{said[:60]}: {text}" for said, text in plain.items() if said not in papers]
    assert wrong == [], "\n".join(wrong)
    assert papers & set(plain)


def test_korean_sets_words_apart_in_one_way() -> None:
    assert APART.search("고칠 수 있습니다.")
    assert APART.search("할 수는 없습니다.")
    assert not APART.search("고칠수 있습니다. 한가지 수 있음")
    apart = [f"{said[:60]}: {text}" for said, text in said_in_korean() if APART.search(text)]
    assert apart == [], "\n".join(apart)


@pytest.mark.parametrize(
    "text",
    [
        "저장하였다. 마감 전에는 고칠수 있습니다.",
        "정정되였다(통보 발표). 여기에 있습니다.",
        "Word 문서가 아니다",
        "다른 사람이 고쳤다: 새로 고치십시오.",
        "첫줄은 나란히 보인다.\n둘째 줄입니다.",
        "대조한 다음 저장하라.",
        "리유를 적으라",
        "서식을 삭제하시오.",
        "잠시 후 다시 시도하세요.",
        "정말 지울까?",
        "어느 지역의 규칙인지.",
    ],
)
def test_a_plain_sentence_is_seen(text: str) -> None:
    assert PLAIN.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "저장했습니다. 마감 전에는 고칠수 있습니다.",
        "정말 지우시겠습니까?",
        "새로 고치십시오",
        "지난해보다 다섯건 많음",
        "최대 2000자.",
        "어느 지역의 규칙인지 나타냅니다.",
        "필요",
    ],
)
def test_a_polite_sentence_or_a_label_is_left_alone(text: str) -> None:
    assert not PLAIN.search(text)


def test_texts_of_all_kinds_are_read() -> None:
    """A walk that finds nothing would hold nothing to the table."""
    for texts, least in ((rulebooks(), 300), (sentences(), 300), (pages(), 5_000)):
        assert sum(1 for _text in texts) >= least
    assert all(len(all_texts()[language]) > 1_000 for language in LANGUAGES)
