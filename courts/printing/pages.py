"""Owns papers as pages of the browser; Word and PDF are drawn without Django in `papers`."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from courts.papers.document import SERIES, Block, Document, HeadLine, Table, groups, to_data
from courts.papers.fitting import fit
from courts.papers.letterhead import head_lines
from courts.papers.printing import printable

# A page has the sizes of red lines in whole points, each a class of `paper.css`.
SMALLEST_RED, LARGEST_RED = 12, 48


def page_of(document: Document) -> str:
    """The document as a file of its own: its style stands in it, nothing is asked from elsewhere.

    No page of the server may hold a style; the file is for taking away.
    """
    return render_to_string(
        "courts/bulletins/paper/file.html", {"paper": paper_data(document), "style": _style()}
    )


def fragment_of(document: Document) -> str:
    """The document as a part of a page, which links `paper.css`."""
    return render_to_string("courts/bulletins/paper/document.html", {"paper": paper_data(document)})


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
