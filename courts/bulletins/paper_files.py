"""Owns the papers of an issue: one document as Word, PDF and a page, with the hash of each.

Making a document is `selectors.prose`'s affair, keeping the bytes that of whoever publishes. The
same document and template give the same bytes again; what was issued is kept nevertheless.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from courts.bulletins.template_trials import word_by
from courts.papers.document import Document
from courts.papers.pdf import pdf_of
from courts.papers.word import word_of
from courts.papers.word_file import built_in_template
from courts.printing.pages import page_of


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
