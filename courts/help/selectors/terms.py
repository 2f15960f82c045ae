"""Owns what a term means in a line, in three languages: read from the glossary, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from courts.help.selectors.manual import GLOSSARY, document_text, manual_language

HEADING = "## Terms in a line\n"
# Where the word and the line stand in a row of the table, behind the code.
_PLACES = {"zh-hans": (1, 2), "ko": (3, 4), "en": (5, 6)}


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term of the glossary: its word, and what it means in a line."""

    word: str
    line: str


def term_line(code: str) -> TermLine:
    """A term by its code, in the language in which the manual is read now; KeyError for none."""
    return term_lines(manual_language())[code]


@cache
def term_lines(language: str) -> Mapping[str, TermLine]:
    """All terms by code."""
    text = document_text(GLOSSARY).partition(HEADING)[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    word, line = _PLACES[language]
    return {
        row[0].strip().strip("`"): TermLine(row[word].strip(), row[line].strip()) for row in rows
    }
