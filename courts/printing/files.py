"""Owns one paper as a file of a kind that people open: Word, PDF, or a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

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
    """The file to be saved, never shown within the site's own pages; `name` has no ending."""
    answer = HttpResponse(file_of(document, kind), content_type=TYPES[kind])
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}")
    answer["Content-Disposition"] = disposition or "attachment"
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
