"""A document as PDF, set by typst. No Django.

The layout is `templates/paper.typ`; the document reaches it as data. Equal documents with equal
fonts give equal bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_ko
import pylopdf_fonts_zh_cn
import typst

from courts.papers.document import (
    Annex,
    Block,
    Document,
    Heading,
    HeadLine,
    Paragraph,
    Table,
    annex_prefix,
    groups,
    to_data,
    words,
)
from courts.papers.fitting import fit, rows_of_heading
from courts.papers.letterhead import head_lines
from courts.papers.printing import printable
from scoring.listing import PHRASES, listed_in

LAYOUT = Path(__file__).parent / "templates" / "paper.typ"
# The families that the form asks for, by each name a font file may carry; the free ones follow.
_SERIF = ("Noto Serif SC", "Noto Serif KR")
_SANS = ("Noto Sans SC", "Noto Sans KR")
_FANGSONG = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋")
_TITLE = ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05")
_ROLES: dict[str, tuple[str, ...]] = {
    "body": (*_FANGSONG, *_SERIF),
    "script": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", *_SERIF),
    "strong": ("SimHei", "黑体", *_SANS),
    "title": (*_TITLE, *_SERIF),
    "number": ("SimSun", "宋体", *_SERIF),
    "korean": ("Batang", "바탕", *reversed(_SERIF)),
    "korean-strong": ("Dotum", "돋움", "Malgun Gothic", "맑은 고딕", *reversed(_SANS)),
    "korean-title": ("Batang", "바탕", *reversed(_SERIF)),
}


class SettingError(RuntimeError):
    """A document cannot be set; the message is typst's."""


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts that are there, and which families each part of a paper takes in turn."""

    fonts: typst.Fonts
    roles: dict[str, tuple[str, ...]]
    # Whether titles take a regular face, to be made bold.
    bolden: bool


@cache
def font_set(folder: str = "") -> FontSet:
    """The fonts of a folder, if any, and the free ones. Fonts of the machine are left alone."""
    free = {
        str(Path(path).parent)
        for path in (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_ko.serif_path())
    }
    paths = [folder] if folder else []
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[*paths, *sorted(free)],
    )
    return FontSet(fonts, *roles_for(set(fonts.families())))


def roles_for(there: set[str]) -> tuple[dict[str, tuple[str, ...]], bool]:
    """The families of each part of a paper among those there, and whether titles need bold."""
    roles = {
        role: tuple(family for family in families if family in there)
        for role, families in _ROLES.items()
    }
    return roles, not there & set(_TITLE)


def pdf_of(document: Document, fonts: str = "") -> bytes:
    """The document as PDF/A. `fonts` is a folder with the official fonts. `SettingError`."""
    document = printable(document)
    found = font_set(fonts)
    compiler = typst.Compiler(
        LAYOUT.read_bytes(), root=LAYOUT.parent, font_paths=found.fonts, ignore_system_fonts=True
    )
    inputs = {
        "paper": json.dumps(_data(document), ensure_ascii=False),
        "fonts": json.dumps({**found.roles, "bolden": found.bolden}, ensure_ascii=False),
    }
    moment = datetime.fromisoformat(document.day).replace(tzinfo=UTC)
    try:
        made = compiler.compile(
            format="pdf",
            sys_inputs=inputs,
            timestamp=moment,
            pdf_standards="a-2a",
        )
    except typst.TypstError as error:
        raise SettingError(error.message) from error
    if not isinstance(made, bytes):
        raise SettingError("typst gave nothing")
    return made


def _data(document: Document) -> dict[str, Any]:
    """The document as the layout reads it: sentences as one text, tables with their sizes."""
    return {
        **to_data(document),
        "head": [_head_line(line) for line in document.head],
        "author": listed_in(document.language, document.signature, PHRASES) or document.issuer,
        "blocks": [_block(block) for block in document.blocks],
        "annexes": [_annex(annex) for annex in document.annexes],
        "closing_date": document.closing_date,
        "annex_prefix": annex_prefix(document),
    }


def _head_line(line: HeadLine) -> dict[str, Any]:
    lines, size = head_lines(line)
    return {"language": line.language, "lines": lines, "size": size}


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "label": annex.label,
        "title": annex.title,
        "landscape": annex.is_landscape,
        "blocks": [_block(block) for block in annex.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": words(block.runs)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "is_flush": block.is_flush, "text": words(block.runs)}
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    fitted = fit(table)
    heads = rows_of_heading(table.columns)
    return {
        "kind": "table",
        "landscape": table.landscape,
        "caption": words(table.caption),
        "columns": [{"title": column.title, "align": column.align} for column in table.columns],
        "groups": groups(table.columns),
        "grouped": heads > 1,
        "heads": heads,
        "rows": [
            {"is_apart": row.is_apart, "cells": [words(cell.runs) for cell in row.cells]}
            for row in table.rows
        ],
        "notes": [words(note.runs) for note in table.notes],
        "widths": fitted.widths,
        "size": fitted.size,
        "room": fitted.room,
        "keeps_words": fitted.keeps_words,
    }
