"""Owns the papers of an issue: one document as Word, PDF and a page, with the hash of each.

Making a document is `selectors.prose`'s affair, keeping the bytes that of whoever publishes. The
same document and template give the same bytes again; what was issued is kept nevertheless.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from courts.bulletins.template_trials import word_by
from courts.papers.document import SERIES, Block, Document, HeadLine, Table, groups, to_data
from courts.papers.fitting import fit
from courts.papers.letterhead import head_lines
from courts.papers.pdf import pdf_of
from courts.papers.printing import printable
from courts.papers.word import word_of
from courts.papers.word_file import built_in_template

# A page has the sizes of red lines in whole points, each a class of `paper.css`.
SMALLEST_RED, LARGEST_RED = 12, 48
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One file of an issue: `kind` is one of `TYPES`, `sha256` that of its bytes."""

    kind: str
    language: str
    content: bytes
    sha256: str


def paper_makers(
    document: Document, template: bytes | None = None
) -> dict[str, Callable[[], bytes]]:
    """How each file of a document is made, by its kind, in the order of `TYPES`.

    `template` is the office's own, which passed its trial; None is the built-in one. A maker raises
    `FileUnmadeError` when the template fails now, `pdf.SettingError` when typst does.
    """
    return {
        "docx": lambda: word_of(document) if template is None else word_by(template, document),
        "pdf": lambda: pdf_of(document, settings.DOCUMENT_FONTS),
        "html": lambda: page_of(document).encode(),
    }


def paper_files(document: Document, template: bytes | None = None) -> tuple[PaperFile, ...]:
    """Every file of a document; raises what the makers do."""
    made = ((kind, make()) for kind, make in paper_makers(document, template).items())
    return tuple(
        PaperFile(kind, document.language, content, hashlib.sha256(content).hexdigest())
        for kind, content in made
    )


def template_hash(template: bytes | None = None) -> str:
    """SHA-256 of the Word template that an issue is made with."""
    return hashlib.sha256(template or built_in_template()).hexdigest()


def page_of(document: Document) -> str:
    """The document as a file of its own: its style stands in it, nothing is asked from elsewhere.

    No page of the server may hold a style; the file is for taking away.
    """
    return render_to_string(
        "courts/bulletins/paper/file.html", {"paper": paper_data(document), "style": _style()}
    )


def paper_data(document: Document) -> dict[str, Any]:
    """What the templates of a page read: the document's plain data, tables with their headings."""
    document = printable(document)
    data = to_data(document)
    return {
        **data,
        "head": [_red_line(line) for line in document.head],
        "is_series": document.carrier == SERIES,
        "closing_date": document.closing_date,
        "blocks": _blocks(data["blocks"], document.blocks),
        "annexes": [
            {
                **annex,
                "is_landscape": held.is_landscape,
                "blocks": _blocks(annex["blocks"], held.blocks),
            }
            for annex, held in zip(data["annexes"], document.annexes, strict=True)
        ],
    }


def _red_line(line: HeadLine) -> dict[str, Any]:
    lines, size = head_lines(line)
    points = min(LARGEST_RED, max(SMALLEST_RED, size // 10))
    return {"language": line.language, "lines": lines, "points": points}


def _blocks(data: list[dict[str, Any]], held: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [
        _table(each, block) if isinstance(block, Table) else each
        for each, block in zip(data, held, strict=True)
    ]


def _table(data: dict[str, Any], table: Table) -> dict[str, Any]:
    grouped = groups(table.columns)
    titles = [column.title for column in table.columns]
    upper: list[tuple[str, int]] = []
    lower: list[str] = []
    place = 0
    for title, count in grouped:
        upper.append((title, count) if title else (titles[place], 0))
        lower.extend(titles[place : place + count] if title else [])
        place += count
    is_grouped = any(title for title, _count in grouped)
    return {
        **data,
        "size": fit(table).size,
        "upper": upper if is_grouped else [],
        "titles": lower if is_grouped else titles,
        "rows": [
            {
                "is_apart": row["is_apart"],
                "cells": [
                    {"runs": cell["runs"], "align": column.align}
                    for cell, column in zip(row["cells"], table.columns, strict=True)
                ],
            }
            for row in data["rows"]
        ],
    }


@cache
def _style() -> str:
    path = settings.BASE_DIR / "static" / "courts" / "papers" / "paper.css"
    return mark_safe(path.read_text(encoding="utf-8"))  # noqa: S308
