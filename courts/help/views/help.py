"""Owns the pages of help: the list with its search, the manual, readings and the glossary."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts.frame.views.errors import MissingError
from courts.help.forms.search import ManualSearchForm
from courts.help.parts import FILES
from courts.help.selectors.manual import (
    GLOSSARY,
    READINGS,
    document_page,
    manual_language,
    manual_page,
    manual_pages,
)
from courts.help.selectors.places import ordered_pages, own_pages
from courts.help.selectors.search import search_manual

AREA = "help"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The manual's pages and their parts, the account's own first; with a question, its answers."""
    language, pages = manual_language(), ordered_pages(request.user)
    words = ManualSearchForm(request.GET).words
    manual = manual_pages(language)
    context = {
        "area": AREA,
        "words": words,
        "hits": search_manual(words, language, pages),
        "pages": [(name, manual[name], name in own_pages(request.user)) for name in pages],
    }
    return render(request, "courts/help/index.html", context)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the manual in the reader's language."""
    if name not in FILES:
        raise MissingError(_("手册里没有这一页。请从手册的目录里找。"))
    context = {"area": AREA, "manual": manual_page(name, manual_language())}
    return render(request, "courts/help/page.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The glossary, which has its words in Chinese and English side by side."""
    context = {"area": AREA, "manual": document_page(GLOSSARY), "language": "en"}
    return render(request, "courts/help/page.html", context)


@require_safe
def reading(request: HttpRequest, name: str) -> HttpResponse:
    """Where a reading comes from, with its examples; in English."""
    if name not in READINGS:
        raise MissingError(_("手册里没有这一页。请从手册的目录里找。"))
    context = {"area": AREA, "manual": document_page(f"readings/{name}.md"), "language": "en"}
    return render(request, "courts/help/page.html", context)
