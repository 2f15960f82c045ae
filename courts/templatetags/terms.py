"""Owns the tag that marks a term of the glossary, with its line on hover and on focus."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from courts.help.selectors.terms import term_line

register = template.Library()
SEEN = "terms_seen"


@register.simple_tag(takes_context=True)
def term(context: Context, code: str, text: str = "") -> str | SafeString:
    """A term, or `text` that names it; its line comes along where a page first names it."""
    found = term_line(code)
    # Shared by all parts of a page, as Django keeps what it includes.
    shared: dict[Any, Any] = context.render_context.dicts[0]
    seen = shared.setdefault(SEEN, set())
    if code in seen:
        return text or found.word
    seen.add(code)
    return format_html(
        '<span class="term"><dfn tabindex="0" aria-describedby="term-{code}">{word}</dfn>'
        '<span class="term-line" role="tooltip" id="term-{code}">{line}</span></span>',
        code=code,
        word=text or found.word,
        line=found.line,
    )
