"""Owns one paper as a file of a kind that people open: Word, PDF, or a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpResponse

from courts.files.lists import attachment
from courts.papers.document import Document
from courts.papers.pdf import pdf_of
from courts.papers.word import word_of
from courts.printing.pages import page_of

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
_MAKERS: Mapping[str, Callable[[Document], bytes]] = {
    "docx": word_of,
    "pdf": lambda document: pdf_of(document, settings.DOCUMENT_FONTS),
    "html": lambda document: page_of(document).encode(),
}


def file_of(document: Document, kind: str) -> bytes:
    """The document as a file of one of `TYPES`; KeyError for another kind."""
    return _MAKERS[kind](document)


def response(document: Document, kind: str, name: str) -> HttpResponse:
    """The file to be saved, never shown within the site's own pages.

    `name` is in the reader's language and has no ending; made-up figures are marked in it.
    """
    answer = attachment(
        file_of(document, kind), TYPES[kind], name, kind, is_demo=bool(document.marks.demo)
    )
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
