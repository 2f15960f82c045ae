"""Owns turning a document into HTML: anchors of its headings, its links, nothing that could run.

What stands in a document as HTML is left out, so that a comment for whoever writes it is seen by
nobody and a script would be none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_HTML = frozenset({"html_block", "html_inline"})
# A wide table scrolls by itself, and the keyboard reaches it.
_PARSER.add_render_rule(
    "table_open", lambda *_parts: '<div class="help-table" tabindex="0">\n<table>\n'
)
_PARSER.add_render_rule("table_close", lambda *_parts: "</table>\n</div>\n")


@dataclass(frozen=True, slots=True)
class ManualHeading:
    """A heading below the title; `level` is 2 for those of the first rank."""

    title: str
    anchor: str
    level: int


@dataclass(frozen=True, slots=True)
class ManualPassage:
    """What stands below one heading, as plain texts: paragraphs, items of lists, rows of tables."""

    title: str
    anchor: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A rendered document. The title is not part of `html`; the first passage stands below it."""

    title: str
    html: SafeString
    headings: tuple[ManualHeading, ...]
    passages: tuple[ManualPassage, ...]


def anchor_of(title: str) -> str:
    """A heading as an address has it, as the hosts of repositories write it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def anchors_of(text: str) -> tuple[str, ...]:
    """The anchors of all headings of a document, its title first."""
    tokens = _PARSER.parse(text)
    return tuple(anchor_of(inline.content) for _place, inline in _headings(tokens))


def render_document(
    text: str,
    address: Callable[[str], str | None],
    anchors: Sequence[str],
    picture: Callable[[str], str | None] = lambda _target: None,
) -> ManualPage:
    """Render a document that begins with its title; `anchors` has one of each heading.

    `address` says where a link leads, `picture` where a picture is served; of what leads nowhere
    the words alone are left.
    """
    tokens = _PARSER.parse(text)
    headings = []
    for (place, inline), anchor in zip(_headings(tokens), anchors, strict=True):
        tokens[place].attrSet("id", anchor)
        headings.append(ManualHeading(_plain(inline), anchor, int(tokens[place].tag[1:])))
    passages = tuple(_passages(tokens))
    for token in tokens:
        _without_html(token)
        for child in token.children or ():
            _without_html(child)
        if token.children:
            _lead(token.children, address, picture)
    _open_corners(tokens)
    # The title and its two companions stand first; the page shows it above.
    html = _PARSER.renderer.render(tokens[3:], _PARSER.options, {})
    return ManualPage(
        title=headings[0].title,
        html=mark_safe(html),  # noqa: S308 - made of escaped text alone
        headings=tuple(headings[1:]),
        passages=passages,
    )


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Where headings open, and what stands in them."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield place, tokens[place + 1]


def _plain(inline: Token) -> str:
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or ()
        if child.type not in _HTML
    )


def _passages(tokens: Sequence[Token]) -> Iterator[ManualPassage]:
    title, anchor = "", ""
    texts: list[str] = []
    row: list[str] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            if title:
                yield ManualPassage(title, anchor, tuple(texts))
            title, anchor, texts = _plain(tokens[place + 1]), str(token.attrGet("id")), []
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            texts.append(" · ".join(cell for cell in row if cell))
        elif token.type == "fence":
            texts.append(token.content)
        elif token.type == "inline" and tokens[place - 1].type in {"td_open", "th_open"}:
            row.append(_plain(token))
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            texts.append(_plain(token))
    yield ManualPassage(title, anchor, tuple(texts))


def _without_html(token: Token) -> None:
    if token.type in _HTML:
        token.content = ""


def _lead(
    children: Sequence[Token],
    address: Callable[[str], str | None],
    picture: Callable[[str], str | None],
) -> None:
    """Give links and pictures their addresses; leave of others the words."""
    leads = False
    for child in children:
        words = ""
        if child.type == "link_open":
            place = address(str(child.attrGet("href")))
            leads = place is not None
            if place is not None:
                child.attrSet("href", place)
                continue
        elif child.type == "image":
            served = picture(str(child.attrGet("src")))
            if served is not None:
                child.attrSet("src", served)
                child.attrSet("loading", "lazy")
                continue
            words = child.content
        elif child.type != "link_close" or leads:
            continue
        child.type, child.nesting, child.content = "text", 0, words


def _open_corners(tokens: Sequence[Token]) -> None:
    """A cell of a table's head that says nothing heads nothing."""
    for place, token in enumerate(tokens):
        if token.type == "th_open" and not tokens[place + 1].content:
            token.tag = tokens[place + 2].tag = "td"
