"""Owns the documents that are shown as help: the manual in three languages, readings, glossary.

Documents are read from docs/ once. A heading's anchor is that of the English manual in every
language, so that an address of a part is the same whatever language its reader chose.
"""

from __future__ import annotations

import posixpath
from functools import cache, partial
from urllib.parse import unquote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from courts.help.parts import FILES
from courts.help.rendering import ManualPage, anchors_of, render_document

_ROOT = settings.BASE_DIR / "docs"
GLOSSARY = "glossary.md"
_STATIC = "static/"
# Folders of languages below docs/manual; Chinese stands in it itself.
_FOLDERS = {"zh-hans": "manual", "ko": "manual/ko", "en": "manual/en"}
_PATHS = {
    f"{folder}/{file}": (name, language)
    for language, folder in _FOLDERS.items()
    for name, file in FILES.items()
}
# Readings are written in English.
READINGS = tuple(sorted(path.stem for path in (_ROOT / "readings").glob("*.md")))


def manual_language() -> str:
    """The language in which the manual is read now."""
    language = get_language() or ""
    return next((code for code in _FOLDERS if language.startswith(code)), "zh-hans")


@cache
def manual_page(name: str, language: str) -> ManualPage:
    """A page of the manual by its name."""
    path = f"{_FOLDERS[language]}/{FILES[name]}"
    anchors = _local_anchors(f"{_FOLDERS['en']}/{FILES[name]}")
    address, picture = partial(_address, path), partial(_picture, path)
    return render_document(document_text(path), address, anchors, picture)


@cache
def document_page(path: str) -> ManualPage:
    """A document that there is in English alone: the glossary, or a reading."""
    return render_document(document_text(path), partial(_address, path), _local_anchors(path))


def manual_pages(language: str) -> dict[str, ManualPage]:
    """All pages of the manual by name, in their order."""
    return {name: manual_page(name, language) for name in FILES}


def _picture(path: str, target: str) -> str | None:
    """Where a picture of the document at `path` is served; nowhere, if it is no static file."""
    to = posixpath.normpath(posixpath.join("docs", posixpath.dirname(path), target))
    return static(to.removeprefix(_STATIC)) if to.startswith(_STATIC) else None


def document_text(path: str) -> str:
    """A document below docs/ as it is written."""
    return (_ROOT / path).read_text("utf-8")


@cache
def _local_anchors(path: str) -> tuple[str, ...]:
    return anchors_of(document_text(path))


def _address(path: str, target: str) -> str | None:
    """Where a link of the document at `path` leads inside these pages; nowhere, if outside."""
    file, _hash, place = unquote(target).partition("#")
    to = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    if to in _PATHS:
        name, _language = _PATHS[to]
        page = reverse("courts:help_page", args=[name])
        if place:
            english = _local_anchors(f"{_FOLDERS['en']}/{FILES[name]}")
            place = english[_local_anchors(to).index(place)]
    elif to == GLOSSARY:
        page = reverse("courts:help_glossary")
    elif to.startswith("readings/") and (name := to[9:].removesuffix(".md")) in READINGS:
        page = reverse("courts:help_reading", args=[name])
    else:
        return None
    return f"{page}#{place}" if place else page
